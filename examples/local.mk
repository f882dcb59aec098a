# Small programs on libnnrun, installed to be read, copied and changed. tests/library.sh builds and runs them. What starts a
# program on a board is for networks as C files: tests/export_boards.sh.
exampledir = $(pkgdatadir)/examples
dist_example_DATA = examples/classify.c examples/cortex_m4.c examples/cortex_m4.ld examples/nnrun_predict.py \
	examples/torch_lenet.py
