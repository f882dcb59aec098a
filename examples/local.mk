# Small programs on libnnrun, installed to be read, copied and changed. tests/library.sh builds and runs them.
exampledir = $(pkgdatadir)/examples
dist_example_DATA = examples/classify.c examples/nnrun_predict.py examples/torch_lenet.py
