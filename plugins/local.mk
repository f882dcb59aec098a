# One shared object per layer type, of the file with its name. Plugins see <nnrun/...>, the C library and these headers,
# nothing of the core: what is compiled here has flags of its own. A new one is two lines.
plugin_cppflags = -I$(top_srcdir)/src
plugin_cflags = -std=c11 $(NNRUN_WARNINGS) $(NNRUN_FLOAT) $(NNRUN_NO_PATHS) $(NNRUN_SANITIZE) -fvisibility=hidden
plugin_ldflags = -module -avoid-version -export-symbols-regex '^nnrun_plugin$$' $(NNRUN_SANITIZE)
plugins/%.lo: AM_CPPFLAGS = $(plugin_cppflags)
plugins/%.lo: AM_CFLAGS = $(plugin_cflags)

EXTRA_DIST += \
	plugins/README.md \
	plugins/add_kernels.h \
	plugins/batchnorm_kernels.h \
	plugins/channels.h \
	plugins/conv.h \
	plugins/conv_direct.h \
	plugins/conv_kernels.h \
	plugins/conv_one.h \
	plugins/conv_one_kernels.h \
	plugins/conv_tiles.h \
	plugins/conv_toom.h \
	plugins/conv_toom_few.h \
	plugins/conv_toom_kernels.h \
	plugins/conv_toom_tiles.h \
	plugins/dense_kernels.h \
	plugins/dropout_kernels.h \
	plugins/elementwise.h \
	plugins/elementwise_kernels.h \
	plugins/elu_kernels.h \
	plugins/gelu_kernels.h \
	plugins/global_pool_kernels.h \
	plugins/hidden.h \
	plugins/leaky_relu_kernels.h \
	plugins/logistic_kernels.h \
	plugins/mse_kernels.h \
	plugins/operators.h \
	plugins/pool_kernels.h \
	plugins/relu_kernels.h \
	plugins/scale_kernels.h \
	plugins/sigmoid_kernels.h \
	plugins/softmax_kernels.h \
	plugins/swish_kernels.h \
	plugins/tails.h \
	plugins/tanh_kernels.h \
	plugins/words.h
plugin_LTLIBRARIES += \
	plugins/add.la \
	plugins/batchnorm.la \
	plugins/concat.la \
	plugins/conv.la \
	plugins/dense.la \
	plugins/dropout.la \
	plugins/elu.la \
	plugins/flatten.la \
	plugins/gelu.la \
	plugins/global_pool.la \
	plugins/leaky_relu.la \
	plugins/logistic.la \
	plugins/mse.la \
	plugins/pool.la \
	plugins/relu.la \
	plugins/scale.la \
	plugins/sigmoid.la \
	plugins/softmax.la \
	plugins/swish.la \
	plugins/tanh.la
plugins_add_la_LDFLAGS = $(plugin_ldflags)
plugins_batchnorm_la_LDFLAGS = $(plugin_ldflags)
plugins_concat_la_LDFLAGS = $(plugin_ldflags)
plugins_conv_la_LDFLAGS = $(plugin_ldflags)
plugins_dense_la_LDFLAGS = $(plugin_ldflags)
plugins_dropout_la_LDFLAGS = $(plugin_ldflags)
plugins_elu_la_LDFLAGS = $(plugin_ldflags)
plugins_flatten_la_LDFLAGS = $(plugin_ldflags)
plugins_gelu_la_LDFLAGS = $(plugin_ldflags)
plugins_global_pool_la_LDFLAGS = $(plugin_ldflags)
plugins_leaky_relu_la_LDFLAGS = $(plugin_ldflags)
plugins_logistic_la_LDFLAGS = $(plugin_ldflags)
plugins_mse_la_LDFLAGS = $(plugin_ldflags)
plugins_pool_la_LDFLAGS = $(plugin_ldflags)
plugins_relu_la_LDFLAGS = $(plugin_ldflags)
plugins_scale_la_LDFLAGS = $(plugin_ldflags)
plugins_sigmoid_la_LDFLAGS = $(plugin_ldflags)
plugins_softmax_la_LDFLAGS = $(plugin_ldflags)
plugins_swish_la_LDFLAGS = $(plugin_ldflags)
plugins_tanh_la_LDFLAGS = $(plugin_ldflags)

# The same with level 2 compiled for AVX2, so that tests compare its bits on processors without AVX-512. Passing
# vectors wider than the processor's draws a note about the calling convention: all such calls are inlined.
wide_cppflags = $(plugin_cppflags) -DNNRUN_WIDE_ON_AVX2
wide_cflags = $(plugin_cflags) -Wno-psabi
wide_ldflags = $(plugin_ldflags) -rpath /nowhere
check_LTLIBRARIES += \
	plugins/wide/conv.la \
	plugins/wide/dense.la \
	plugins/wide/pool.la \
	plugins/wide/relu.la \
	plugins/wide/softmax.la
plugins_wide_conv_la_SOURCES = plugins/conv.c
plugins_wide_conv_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_conv_la_CFLAGS = $(wide_cflags)
plugins_wide_conv_la_LDFLAGS = $(wide_ldflags)
plugins_wide_dense_la_SOURCES = plugins/dense.c
plugins_wide_dense_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_dense_la_CFLAGS = $(wide_cflags)
plugins_wide_dense_la_LDFLAGS = $(wide_ldflags)
plugins_wide_pool_la_SOURCES = plugins/pool.c
plugins_wide_pool_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_pool_la_CFLAGS = $(wide_cflags)
plugins_wide_pool_la_LDFLAGS = $(wide_ldflags)
plugins_wide_relu_la_SOURCES = plugins/relu.c
plugins_wide_relu_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_relu_la_CFLAGS = $(wide_cflags)
plugins_wide_relu_la_LDFLAGS = $(wide_ldflags)
plugins_wide_softmax_la_SOURCES = plugins/softmax.c
plugins_wide_softmax_la_CPPFLAGS = $(wide_cppflags)
plugins_wide_softmax_la_CFLAGS = $(wide_cflags)
plugins_wide_softmax_la_LDFLAGS = $(wide_ldflags)
