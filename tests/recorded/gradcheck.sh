#!/bin/sh
# gradcheck.sh: what nnrun gradcheck says of layers, networks, and what is neither.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
lacks "$other_bits"
record "a type" nnrun gradcheck scale
record "in JSON" sh -c 'nnrun gradcheck relu --json | sed "s/\"levels\":.*//" | tail -n 2'
record "quietly" nnrun gradcheck flatten -q
record "each layer of a config, and the whole" nnrun gradcheck good.cfg
record "overrides count" nnrun gradcheck good.cfg network.relu1.type=tanh
lacks ''
record "a setting of a type that no case can have" nnrun gradcheck pool kernel=1000
record "one that is wrong" nnrun gradcheck pool kernel=0 stride=x
record "and one that it does not have" nnrun gradcheck pool padding=1
record "an unknown type gets a suggestion" nnrun gradcheck rleu
record "a missing file is named" nnrun gradcheck ./missing.so
record "a missing config too" nnrun gradcheck missing.cfg
record "a wrong setting of a config" nnrun gradcheck good.cfg network.relu1.type=dropout network.relu1.rate=2
record_end
