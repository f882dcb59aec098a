configdir = $(pkgdatadir)/configs
dist_config_DATA = configs/lenet.cfg configs/mlp.cfg configs/caffe-lenet.cfg configs/linear.cfg
