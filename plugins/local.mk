# One shared object a layer type. Plugins see <nnrun/...> and the C library, nothing of the core.
EXTRA_DIST += plugins/README.md
plugin_cppflags = -I$(top_srcdir)/src
plugin_cflags = -std=c11 $(NNRUN_WARNINGS) $(NNRUN_FLOAT) $(NNRUN_SANITIZE) -fvisibility=hidden
plugin_ldflags = -module -avoid-version -export-symbols-regex '^nnrun_plugin$$' $(NNRUN_SANITIZE)

plugin_LTLIBRARIES += plugins/conv.la plugins/dense.la plugins/pool.la plugins/relu.la plugins/softmax.la
plugins_conv_la_SOURCES = plugins/conv.c plugins/conv_tiles.h
plugins_conv_la_CPPFLAGS = $(plugin_cppflags)
plugins_conv_la_CFLAGS = $(plugin_cflags)
plugins_conv_la_LDFLAGS = $(plugin_ldflags)
plugins_dense_la_SOURCES = plugins/dense.c
plugins_dense_la_CPPFLAGS = $(plugin_cppflags)
plugins_dense_la_CFLAGS = $(plugin_cflags)
plugins_dense_la_LDFLAGS = $(plugin_ldflags)
plugins_pool_la_SOURCES = plugins/pool.c
plugins_pool_la_CPPFLAGS = $(plugin_cppflags)
plugins_pool_la_CFLAGS = $(plugin_cflags)
plugins_pool_la_LDFLAGS = $(plugin_ldflags)
plugins_relu_la_SOURCES = plugins/relu.c
plugins_relu_la_CPPFLAGS = $(plugin_cppflags)
plugins_relu_la_CFLAGS = $(plugin_cflags)
plugins_relu_la_LDFLAGS = $(plugin_ldflags)
plugins_softmax_la_SOURCES = plugins/softmax.c
plugins_softmax_la_CPPFLAGS = $(plugin_cppflags)
plugins_softmax_la_CFLAGS = $(plugin_cflags)
plugins_softmax_la_LDFLAGS = $(plugin_ldflags)

# The same with level 2 compiled for AVX2, so that tests compare its bits on processors without AVX-512. Passing
# vectors wider than the processor's draws a note about the calling convention: all such calls are inlined.
wide_cppflags = $(plugin_cppflags) -DNNRUN_WIDE_ON_AVX2
wide_cflags = $(plugin_cflags) -Wno-psabi
wide_ldflags = $(plugin_ldflags) -rpath /nowhere
check_LTLIBRARIES += plugins/wide/conv.la plugins/wide/dense.la plugins/wide/pool.la plugins/wide/relu.la \
	plugins/wide/softmax.la
plugins_wide_conv_la_SOURCES = plugins/conv.c plugins/conv_tiles.h
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
