configdir = $(pkgdatadir)/configs
dist_config_DATA = configs/lenet.cfg configs/mlp.cfg configs/caffe-lenet.cfg configs/linear.cfg \
	configs/lenet-1998.cfg configs/resnet-mini.cfg configs/fashion.cfg configs/cnn.cfg
