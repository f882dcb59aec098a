#!/bin/sh
# layers.sh: what nnrun layers says of each type, and of what is none.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"

record "all layers are listed" nnrun layers
for type in $("$nnrun" layers --json | sed 's/.*"type":"\([a-z0-9_]*\)".*/\1/'); do
    record "$type" nnrun layers "$type"
    record "$type as JSON" nnrun layers "$type" --json
done
record "a layer to start from" nnrun layers --new swish
for type in Swish 1d '' a-b ../x "$(printf 'a%.0s' $(seq 64))"; do
    record "\"$type\" names no layer" nnrun layers --new "$type"
done
record "an unknown type gets a suggestion, and the option" nnrun layers cnov
record "one like no other is sent to the list" nnrun layers xyzzy
record "a file that is missing" nnrun layers ./missing.so
echo text >text.so
record "two at once are refused" nnrun layers conv dense
# shellcheck disable=SC2016 # for that shell
record "more folders than there may be" sh -c 'NNRUN_PLUGIN_PATH=$(seq -s: 65) nnrun layers'
record "a file that is no shared object" nnrun layers ./text.so
: >empty.so
record "an empty one" nnrun layers ./empty.so
mkdir folder.so
record "a folder" nnrun layers ./folder.so
cp "$NNRUN_BUILD/plugins/.libs/relu.so" other.so
record "a file of another name is refused" nnrun layers ./other.so
cp "$NNRUN_BUILD/plugins/.libs/relu.so" .
record "a plugin's file" nnrun layers ./relu.so
chmod o+w relu.so
record "a world-writable file is refused" nnrun layers ./relu.so
chmod o-w relu.so
mkdir open && cp relu.so open && chmod 777 open
record "a world-writable folder is refused" nnrun layers ./open/relu.so
record_end
