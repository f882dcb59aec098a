configdir = $(pkgdatadir)/configs
dist_config_DATA = configs/lenet.cfg configs/mlp.cfg configs/caffe-lenet.cfg configs/linear.cfg \
	configs/lenet-1998.cfg configs/resnet-mini.cfg configs/fashion.cfg configs/cnn.cfg configs/sensors.cfg \
	configs/colour.cfg
# What nnrun-tutorial(7) works with.
tutorialconfigdir = $(configdir)/tutorial
dist_tutorialconfig_DATA = configs/tutorial/1-linear.cfg configs/tutorial/2-hidden.cfg configs/tutorial/3-relu.cfg \
	configs/tutorial/4-squares.cfg configs/tutorial/5-paper.cfg configs/tutorial/6-conv.cfg configs/tutorial/7-pool.cfg \
	configs/tutorial/8-lenet.cfg configs/tutorial/9-deep.cfg configs/tutorial/9-few.cfg configs/tutorial/9-norm.cfg \
	configs/tutorial/clamp.c configs/tutorial/limit.c
