#!/bin/sh
# torch.sh: PyTorch reads a checkpoint as nnrun(1) shows, and its network gives the same answers.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
same_answers="PyTorch gives the answers of nnrun with the weights of a checkpoint"
if ! command -v python3 >/dev/null 2>&1 || ! python3 -c 'import torch' 2>/dev/null; then
    skip "$same_answers" "no PyTorch"
    tap_end
    exit
fi
digits 600 100
"$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits data.validation=100 train.epochs=2 -q -o run || exit 99
images=digits/t10k-images-idx3-ubyte.gz
"$nnrun" predict -q run/best.safetensors $images | sed -n 's/^.*\]: \([0-9]*\).*/\1/p' | head -n 10 >wanted
answers() {
    python3 "$NNRUN_SOURCE/examples/torch_lenet.py" run/best.safetensors $images | tr -d '[] ' | tr , '\n' >given &&
        test "$(sort -u wanted | wc -l)" -gt 2 && diff wanted given
}
check "$same_answers" answers
tap_end
