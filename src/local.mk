# The core is one convenience library, so that the unit tests link what the program is made of.
nnrunincludedir = $(includedir)/nnrun
nnruninclude_HEADERS = src/nnrun/layer.h src/nnrun/math.h src/nnrun/math_end.h

noinst_LIBRARIES += src/libcore.a
src_libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBCONFIG_CFLAGS) $(ZLIB_CFLAGS) $(JANSSON_CFLAGS)
if HAVE_LIBPNG
src_libcore_a_CPPFLAGS += -DHAVE_LIBPNG $(LIBPNG_CFLAGS)
endif
src_libcore_a_SOURCES =
nodist_src_libcore_a_SOURCES =
# A text file as the lines of an array of strings.
lines_as_strings = $(SED) 's/[\\"]/\\&/g; s/^/"/; s/$$/\\n",/'
include src/base/local.mk
include src/config/local.mk
include src/data/local.mk
include src/net/local.mk
include src/train/local.mk
include src/report/local.mk
include src/serve/local.mk
include src/cli/local.mk

core_libs = src/libcore.a $(LIBCONFIG_LIBS) $(ZLIB_LIBS) $(JANSSON_LIBS) $(LIBPNG_LIBS) $(MICROHTTPD_LIBS) -lm

bin_PROGRAMS += nnrun
nnrun_SOURCES = src/main.c
nnrun_LDADD = $(core_libs)
