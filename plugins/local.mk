# One shared object a layer type. Plugins see <nnrun/...> and the C library, nothing of the core.
EXTRA_DIST += plugins/README.md
plugin_cppflags = -I$(top_srcdir)/src
plugin_cflags = -std=c11 $(NNRUN_WARNINGS) $(NNRUN_FLOAT) $(NNRUN_SANITIZE) -fvisibility=hidden
plugin_ldflags = -module -avoid-version -export-symbols-regex '^nnrun_plugin$$' $(NNRUN_SANITIZE)

plugin_LTLIBRARIES += plugins/add.la plugins/batchnorm.la plugins/concat.la plugins/conv.la plugins/dense.la \
	plugins/dropout.la plugins/elu.la plugins/flatten.la plugins/gelu.la plugins/global_pool.la \
	plugins/leaky_relu.la plugins/logistic.la plugins/mse.la plugins/pool.la plugins/relu.la plugins/scale.la \
	plugins/sigmoid.la plugins/softmax.la plugins/swish.la plugins/tanh.la
plugins_conv_la_SOURCES = plugins/conv.c plugins/conv_kernels.h plugins/conv.h plugins/conv_tiles.h plugins/channels.h
plugins_conv_la_CPPFLAGS = $(plugin_cppflags)
plugins_conv_la_CFLAGS = $(plugin_cflags)
plugins_conv_la_LDFLAGS = $(plugin_ldflags)
plugins_dense_la_SOURCES = plugins/dense.c plugins/dense_kernels.h
plugins_dense_la_CPPFLAGS = $(plugin_cppflags)
plugins_dense_la_CFLAGS = $(plugin_cflags)
plugins_dense_la_LDFLAGS = $(plugin_ldflags)
plugins_pool_la_SOURCES = plugins/pool.c plugins/pool_kernels.h plugins/channels.h
plugins_pool_la_CPPFLAGS = $(plugin_cppflags)
plugins_pool_la_CFLAGS = $(plugin_cflags)
plugins_pool_la_LDFLAGS = $(plugin_ldflags)
plugins_relu_la_SOURCES = plugins/relu.c plugins/relu_kernels.h
plugins_relu_la_CPPFLAGS = $(plugin_cppflags)
plugins_relu_la_CFLAGS = $(plugin_cflags)
plugins_relu_la_LDFLAGS = $(plugin_ldflags)
plugins_softmax_la_SOURCES = plugins/softmax.c plugins/softmax_kernels.h
plugins_softmax_la_CPPFLAGS = $(plugin_cppflags)
plugins_softmax_la_CFLAGS = $(plugin_cflags)
plugins_softmax_la_LDFLAGS = $(plugin_ldflags)
plugins_add_la_SOURCES = plugins/add.c plugins/add_kernels.h
plugins_add_la_CPPFLAGS = $(plugin_cppflags)
plugins_add_la_CFLAGS = $(plugin_cflags)
plugins_add_la_LDFLAGS = $(plugin_ldflags)
plugins_batchnorm_la_SOURCES = plugins/batchnorm.c plugins/batchnorm_kernels.h plugins/channels.h
plugins_batchnorm_la_CPPFLAGS = $(plugin_cppflags)
plugins_batchnorm_la_CFLAGS = $(plugin_cflags)
plugins_batchnorm_la_LDFLAGS = $(plugin_ldflags)
plugins_concat_la_SOURCES = plugins/concat.c
plugins_concat_la_CPPFLAGS = $(plugin_cppflags)
plugins_concat_la_CFLAGS = $(plugin_cflags)
plugins_concat_la_LDFLAGS = $(plugin_ldflags)
plugins_dropout_la_SOURCES = plugins/dropout.c plugins/dropout_kernels.h
plugins_dropout_la_CPPFLAGS = $(plugin_cppflags)
plugins_dropout_la_CFLAGS = $(plugin_cflags)
plugins_dropout_la_LDFLAGS = $(plugin_ldflags)
plugins_elu_la_SOURCES = plugins/elu.c plugins/elu_kernels.h plugins/elementwise.h plugins/elementwise_kernels.h
plugins_elu_la_CPPFLAGS = $(plugin_cppflags)
plugins_elu_la_CFLAGS = $(plugin_cflags)
plugins_elu_la_LDFLAGS = $(plugin_ldflags)
plugins_flatten_la_SOURCES = plugins/flatten.c
plugins_flatten_la_CPPFLAGS = $(plugin_cppflags)
plugins_flatten_la_CFLAGS = $(plugin_cflags)
plugins_flatten_la_LDFLAGS = $(plugin_ldflags)
plugins_gelu_la_SOURCES = plugins/gelu.c plugins/gelu_kernels.h plugins/elementwise.h plugins/elementwise_kernels.h
plugins_gelu_la_CPPFLAGS = $(plugin_cppflags)
plugins_gelu_la_CFLAGS = $(plugin_cflags)
plugins_gelu_la_LDFLAGS = $(plugin_ldflags)
plugins_global_pool_la_SOURCES = plugins/global_pool.c plugins/global_pool_kernels.h plugins/channels.h
plugins_global_pool_la_CPPFLAGS = $(plugin_cppflags)
plugins_global_pool_la_CFLAGS = $(plugin_cflags)
plugins_global_pool_la_LDFLAGS = $(plugin_ldflags)
plugins_leaky_relu_la_SOURCES = plugins/leaky_relu.c plugins/leaky_relu_kernels.h plugins/elementwise.h \
	plugins/elementwise_kernels.h
plugins_leaky_relu_la_CPPFLAGS = $(plugin_cppflags)
plugins_leaky_relu_la_CFLAGS = $(plugin_cflags)
plugins_leaky_relu_la_LDFLAGS = $(plugin_ldflags)
plugins_logistic_la_SOURCES = plugins/logistic.c plugins/logistic_kernels.h
plugins_logistic_la_CPPFLAGS = $(plugin_cppflags)
plugins_logistic_la_CFLAGS = $(plugin_cflags)
plugins_logistic_la_LDFLAGS = $(plugin_ldflags)
plugins_mse_la_SOURCES = plugins/mse.c plugins/mse_kernels.h
plugins_mse_la_CPPFLAGS = $(plugin_cppflags)
plugins_mse_la_CFLAGS = $(plugin_cflags)
plugins_mse_la_LDFLAGS = $(plugin_ldflags)
plugins_scale_la_SOURCES = plugins/scale.c plugins/scale_kernels.h plugins/channels.h
plugins_scale_la_CPPFLAGS = $(plugin_cppflags)
plugins_scale_la_CFLAGS = $(plugin_cflags)
plugins_scale_la_LDFLAGS = $(plugin_ldflags)
plugins_sigmoid_la_SOURCES = plugins/sigmoid.c plugins/sigmoid_kernels.h plugins/elementwise.h \
	plugins/elementwise_kernels.h
plugins_sigmoid_la_CPPFLAGS = $(plugin_cppflags)
plugins_sigmoid_la_CFLAGS = $(plugin_cflags)
plugins_sigmoid_la_LDFLAGS = $(plugin_ldflags)
plugins_swish_la_SOURCES = plugins/swish.c plugins/swish_kernels.h plugins/elementwise.h plugins/elementwise_kernels.h
plugins_swish_la_CPPFLAGS = $(plugin_cppflags)
plugins_swish_la_CFLAGS = $(plugin_cflags)
plugins_swish_la_LDFLAGS = $(plugin_ldflags)
plugins_tanh_la_SOURCES = plugins/tanh.c plugins/tanh_kernels.h plugins/elementwise.h plugins/elementwise_kernels.h
plugins_tanh_la_CPPFLAGS = $(plugin_cppflags)
plugins_tanh_la_CFLAGS = $(plugin_cflags)
plugins_tanh_la_LDFLAGS = $(plugin_ldflags)

# The same with level 2 compiled for AVX2, so that tests compare its bits on processors without AVX-512. Passing
# vectors wider than the processor's draws a note about the calling convention: all such calls are inlined.
wide_cppflags = $(plugin_cppflags) -DNNRUN_WIDE_ON_AVX2
wide_cflags = $(plugin_cflags) -Wno-psabi
wide_ldflags = $(plugin_ldflags) -rpath /nowhere
check_LTLIBRARIES += plugins/wide/conv.la plugins/wide/dense.la plugins/wide/pool.la plugins/wide/relu.la \
	plugins/wide/softmax.la
plugins_wide_conv_la_SOURCES = plugins/conv.c plugins/conv_kernels.h plugins/conv.h plugins/conv_tiles.h \
	plugins/channels.h
plugins_wide_conv_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_conv_la_CFLAGS = $(wide_cflags)
plugins_wide_conv_la_LDFLAGS = $(wide_ldflags)
plugins_wide_dense_la_SOURCES = plugins/dense.c plugins/dense_kernels.h
plugins_wide_dense_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_dense_la_CFLAGS = $(wide_cflags)
plugins_wide_dense_la_LDFLAGS = $(wide_ldflags)
plugins_wide_pool_la_SOURCES = plugins/pool.c plugins/pool_kernels.h plugins/channels.h
plugins_wide_pool_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_pool_la_CFLAGS = $(wide_cflags)
plugins_wide_pool_la_LDFLAGS = $(wide_ldflags)
plugins_wide_relu_la_SOURCES = plugins/relu.c plugins/relu_kernels.h
plugins_wide_relu_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_relu_la_CFLAGS = $(wide_cflags)
plugins_wide_relu_la_LDFLAGS = $(wide_ldflags)
plugins_wide_softmax_la_SOURCES = plugins/softmax.c plugins/softmax_kernels.h
plugins_wide_softmax_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_softmax_la_CFLAGS = $(wide_cflags)
plugins_wide_softmax_la_LDFLAGS = $(wide_ldflags)
