# CUnit programs for units, shell scripts (TAP) for the program's behaviour.
AM_TESTS_ENVIRONMENT = NNRUN_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs'; export NNRUN_PLUGIN_PATH; \
	NNRUN_BUILD='$(abs_top_builddir)'; export NNRUN_BUILD; NNRUN_SOURCE='$(abs_top_srcdir)'; export NNRUN_SOURCE; \
	NNRUN_SANITIZED='$(NNRUN_SANITIZE)'; export NNRUN_SANITIZED; \
	NNRUN_CC='$(CC)'; export NNRUN_CC; NNRUN_CXX='$(CXX)'; export NNRUN_CXX; \
	NNRUN_CPPFLAGS='$(CPPFLAGS)'; export NNRUN_CPPFLAGS; \
	if test -z "$$NNRUN_MNIST" && test -d '$(abs_top_srcdir)/../shared/mnist'; then \
	NNRUN_MNIST='$(abs_top_srcdir)/../shared/mnist'; export NNRUN_MNIST; fi;
TEST_EXTENSIONS = .sh
SH_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_COMPILER = $(SHELL)

tests_helpers = tests/tap.sh tests/nnrun.sh tests/recorded.sh tests/screen.py
tests_scripts = tests/overrides.sh tests/bad_settings.sh tests/full_disk.sh tests/usage.sh tests/live.sh tests/completion.sh tests/train.sh tests/test.sh tests/report.sh tests/chromium.sh \
	tests/resume.sh tests/golden.sh tests/frozen.sh tests/bits.sh tests/labels.sh tests/digits.sh tests/fetch.sh tests/quickstart.sh tests/header.sh tests/house.sh \
	tests/plugins.sh tests/abi.sh tests/new_layer.sh tests/gradcheck.sh tests/augment.sh tests/residual.sh tests/memory.sh \
	tests/no_memory.sh tests/time.sh tests/predict.sh tests/serve.sh tests/serve_load.sh tests/serve_page.sh tests/manual.sh
EXTRA_DIST += tests/house/rooms tests/house/owed
EXTRA_DIST += $(tests_helpers) $(tests_scripts) tests/page_check.py tests/browser.py tests/serve_page.py tests/plugins/softsign.c tests/plugins/fixture.h tests/plugins/add2.c \
	tests/plugins/noise.c tests/plugins/running.c tests/plugins/square.c tests/plugins/headers.c tests/plugins/liar.c
# Frozen: what was compiled for an ABI is loaded for ever.
EXTRA_DIST += tests/abi/1.0/README.md tests/abi/1.0/.clang-format tests/abi/1.0/SUMS tests/abi/1.0/layout.h \
	tests/abi/1.0/every.c tests/abi/1.0/ends.cc tests/abi/1.0/nnrun/layer.h tests/abi/1.0/nnrun/math.h \
	tests/abi/1.0/nnrun/math_end.h
# What training and answers gave before: the bits of golden.sh.
EXTRA_DIST += tests/golden/hashes tests/golden/test.json tests/golden/samples.json tests/golden/pictures.json
# Frozen: what an earlier version trained is opened for ever.
EXTRA_DIST += tests/frozen/0.1.0/README.md tests/frozen/0.1.0/SHA256SUMS tests/frozen/0.1.0/digit.pgm \
	tests/frozen/0.1.0/digits/t10k-images-idx3-ubyte.gz tests/frozen/0.1.0/digits/t10k-labels-idx1-ubyte.gz \
	tests/frozen/0.1.0/digits/train-images-idx3-ubyte.gz tests/frozen/0.1.0/digits/train-labels-idx1-ubyte.gz \
	tests/frozen/0.1.0/expected/layers-predict.json tests/frozen/0.1.0/expected/layers-test.json \
	tests/frozen/0.1.0/expected/resumed tests/frozen/0.1.0/expected/runs-finished-best-predict.json \
	tests/frozen/0.1.0/expected/runs-finished-best-test.json \
	tests/frozen/0.1.0/expected/runs-interrupted-best-predict.json \
	tests/frozen/0.1.0/expected/runs-interrupted-best-test.json tests/frozen/0.1.0/layers.safetensors \
	tests/frozen/0.1.0/make.sh tests/frozen/0.1.0/runs/finished/best.safetensors tests/frozen/0.1.0/runs/finished/log.csv \
	tests/frozen/0.1.0/runs/finished/log.jsonl tests/frozen/0.1.0/runs/finished/run.json \
	tests/frozen/0.1.0/runs/finished/step-000000042.safetensors \
	tests/frozen/0.1.0/runs/finished/step-000000048.safetensors tests/frozen/0.1.0/runs/interrupted/best.safetensors \
	tests/frozen/0.1.0/runs/interrupted/log.csv tests/frozen/0.1.0/runs/interrupted/log.jsonl \
	tests/frozen/0.1.0/runs/interrupted/run.json tests/frozen/0.1.0/runs/interrupted/step-000000045.safetensors \
	tests/frozen/0.1.0/runs/interrupted/step-000000053.safetensors
TESTS += $(tests_scripts)

# Commands with all that they print, see recorded.sh.
recorded_scripts = tests/recorded/config_syntax.sh tests/recorded/config_keys.sh tests/recorded/network.sh \
	tests/recorded/overrides.sh tests/recorded/usage.sh tests/recorded/data.sh tests/recorded/checkpoint.sh \
	tests/recorded/output.sh tests/recorded/show.sh tests/recorded/layers.sh tests/recorded/run.sh tests/recorded/gradcheck.sh
EXTRA_DIST += $(recorded_scripts) $(recorded_scripts:.sh=.expected)
TESTS += $(recorded_scripts)
check-rewrite: all
	$(AM_TESTS_ENVIRONMENT) for script in $(recorded_scripts); do \
	    NNRUN_REWRITE=1 $(SHELL) '$(srcdir)'/$$script | grep '^not ok'; done; cd '$(srcdir)' && git diff --stat -- tests/recorded

# Those that run kernels, and those with threads: make check TESTS='$(kernel_tests)'
kernel_tests = tests/recorded/run.sh tests/train.sh tests/test.sh tests/resume.sh tests/golden.sh tests/frozen.sh tests/bits.sh tests/labels.sh tests/gradcheck.sh tests/augment.sh \
	tests/residual.sh tests/memory.sh tests/time.sh tests/predict.sh tests/every_float $(unit_programs)
thread_tests = tests/recorded/data.sh tests/recorded/output.sh tests/recorded/run.sh tests/full_disk.sh tests/train.sh tests/test.sh tests/report.sh tests/resume.sh \
	tests/bits.sh tests/labels.sh tests/augment.sh tests/residual.sh tests/no_memory.sh tests/time.sh tests/predict.sh \
	tests/serve.sh tests/serve_load.sh $(unit_programs)

# Makes calls of the C library fail, or the process die, at a chosen instant.
check_LTLIBRARIES += tests/fault.la
tests_fault_la_SOURCES = tests/fault.c
tests_fault_la_CFLAGS = -std=gnu11 $(NNRUN_WARNINGS)
tests_fault_la_LDFLAGS = -module -avoid-version -rpath /nowhere

# Draws the pictures that predict.sh reads.
check_PROGRAMS += tests/draw_pictures
tests_draw_pictures_SOURCES = tests/draw_pictures.c data/digit-draw.c data/digit-styles.c
tests_draw_pictures_LDADD = $(program_libs)

unit_programs = tests/unit_augment \
	tests/unit_base \
	tests/unit_config \
	tests/unit_config_files \
	tests/unit_config_override \
	tests/unit_error \
	tests/unit_checkpoint \
	tests/unit_crash \
	tests/unit_evaluate \
	tests/unit_run_folder \
	tests/unit_samples \
	tests/unit_screen \
	tests/unit_idx \
	tests/unit_json \
	tests/unit_layers \
	tests/unit_manual \
	tests/unit_math \
	tests/unit_net \
	tests/unit_net_memory \
	tests/unit_plugin \
	tests/unit_picture \
	tests/unit_predictor \
	tests/unit_prepare \
	tests/unit_reference \
	tests/unit_reference_layers \
	tests/unit_report \
	tests/unit_train
if HAVE_MICROHTTPD
unit_programs += tests/unit_serve
endif
if HAVE_CUNIT
check_PROGRAMS += $(unit_programs)
TESTS += $(unit_programs)
endif
unit_sources = tests/unit.h tests/unit.c
unit_libs = $(program_libs) $(CUNIT_LIBS)
unit_cppflags = $(program_cppflags) $(CUNIT_CFLAGS) $(ZLIB_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_augment_SOURCES = tests/unit_augment.c $(unit_sources)
tests_unit_augment_CPPFLAGS = $(unit_cppflags)
tests_unit_augment_LDADD = $(unit_libs)
tests_unit_base_SOURCES = tests/unit_base.c $(unit_sources)
tests_unit_base_CPPFLAGS = $(unit_cppflags)
tests_unit_base_LDADD = $(unit_libs)
tests_unit_error_SOURCES = tests/unit_error.c $(unit_sources)
tests_unit_error_CPPFLAGS = $(unit_cppflags)
tests_unit_error_LDADD = $(unit_libs)
tests_unit_error_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=realloc
tests_unit_config_SOURCES = tests/unit_config.c tests/config_said.h tests/config_said.c $(unit_sources)
tests_unit_config_CPPFLAGS = $(unit_cppflags)
tests_unit_config_LDADD = $(unit_libs)
tests_unit_config_files_SOURCES = tests/unit_config_files.c tests/config_said.h tests/config_said.c $(unit_sources)
tests_unit_config_files_CPPFLAGS = $(unit_cppflags)
tests_unit_config_files_LDADD = $(unit_libs)
tests_unit_config_override_SOURCES = tests/unit_config_override.c tests/config_said.h tests/config_said.c $(unit_sources)
tests_unit_config_override_CPPFLAGS = $(unit_cppflags)
tests_unit_config_override_LDADD = $(unit_libs)
tests_unit_checkpoint_SOURCES = tests/unit_checkpoint.c $(unit_sources)
tests_unit_checkpoint_CPPFLAGS = $(unit_cppflags)
tests_unit_checkpoint_LDADD = $(unit_libs)
tests_unit_crash_SOURCES = tests/unit_crash.c $(unit_sources)
tests_unit_crash_CPPFLAGS = $(unit_cppflags)
tests_unit_crash_LDADD = $(unit_libs)
tests_unit_evaluate_SOURCES = tests/unit_evaluate.c $(unit_sources)
tests_unit_evaluate_CPPFLAGS = $(unit_cppflags)
tests_unit_evaluate_LDADD = $(unit_libs)
tests_unit_run_folder_SOURCES = tests/unit_run_folder.c $(unit_sources)
tests_unit_run_folder_CPPFLAGS = $(unit_cppflags)
tests_unit_run_folder_LDADD = $(unit_libs)
tests_unit_samples_SOURCES = tests/unit_samples.c tests/idx_maker.h tests/idx_maker.c $(unit_sources)
tests_unit_samples_CPPFLAGS = $(unit_cppflags)
tests_unit_samples_LDADD = $(unit_libs)
tests_unit_screen_SOURCES = tests/unit_screen.c $(unit_sources)
tests_unit_screen_CPPFLAGS = $(unit_cppflags)
tests_unit_screen_LDADD = $(unit_libs)
tests_unit_idx_SOURCES = tests/unit_idx.c tests/idx_maker.h tests/idx_maker.c $(unit_sources)
tests_unit_idx_CPPFLAGS = $(unit_cppflags)
tests_unit_idx_LDADD = $(unit_libs)
tests_unit_json_SOURCES = tests/unit_json.c $(unit_sources)
tests_unit_json_CPPFLAGS = $(unit_cppflags)
tests_unit_json_LDADD = $(unit_libs)
tests_unit_layers_SOURCES = tests/unit_layers.c tests/layer_harness.h tests/layer_harness.c $(unit_sources)
tests_unit_layers_CPPFLAGS = $(unit_cppflags)
tests_unit_layers_LDADD = $(unit_libs)
tests_unit_math_SOURCES = tests/unit_math.c tests/layer_harness.h tests/layer_harness.c $(unit_sources)
tests_unit_math_CPPFLAGS = $(unit_cppflags)
tests_unit_math_LDADD = $(unit_libs)
tests_unit_manual_SOURCES = tests/unit_manual.c $(unit_sources)
tests_unit_manual_CPPFLAGS = $(unit_cppflags)
tests_unit_manual_LDADD = $(unit_libs)
tests_unit_net_SOURCES = tests/unit_net.c tests/probe_layer.h tests/probe_layer.c $(unit_sources)
tests_unit_net_CPPFLAGS = $(unit_cppflags)
tests_unit_net_LDADD = $(unit_libs)
tests_unit_net_memory_SOURCES = tests/unit_net_memory.c tests/probe_layer.h tests/probe_layer.c $(unit_sources)
tests_unit_net_memory_CPPFLAGS = $(unit_cppflags)
tests_unit_net_memory_LDADD = $(unit_libs)
tests_unit_plugin_SOURCES = tests/unit_plugin.c tests/abi/1.0/layout.h $(unit_sources)
tests_unit_plugin_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_LDADD = $(unit_libs)
tests_unit_picture_SOURCES = tests/unit_picture.c tests/idx_maker.h tests/idx_maker.c $(unit_sources)
tests_unit_picture_CPPFLAGS = $(unit_cppflags)
tests_unit_picture_LDADD = $(unit_libs)
if HAVE_LIBPNG
tests_unit_picture_SOURCES += tests/png_maker.h tests/png_maker.c
tests_unit_picture_CPPFLAGS += -DHAVE_LIBPNG $(LIBPNG_CFLAGS)
endif
tests_unit_predictor_SOURCES = tests/unit_predictor.c $(unit_sources)
tests_unit_predictor_CPPFLAGS = $(unit_cppflags)
tests_unit_predictor_LDADD = $(unit_libs)
tests_unit_prepare_SOURCES = tests/unit_prepare.c $(unit_sources)
tests_unit_prepare_CPPFLAGS = $(unit_cppflags)
tests_unit_prepare_LDADD = $(unit_libs)
tests_unit_reference_SOURCES = tests/unit_reference.c $(unit_sources)
tests_unit_reference_CPPFLAGS = $(unit_cppflags)
tests_unit_reference_LDADD = $(unit_libs)
tests_unit_reference_layers_SOURCES = tests/unit_reference_layers.c tests/layer_harness.h tests/layer_harness.c $(unit_sources)
tests_unit_reference_layers_CPPFLAGS = $(unit_cppflags)
tests_unit_reference_layers_LDADD = $(unit_libs)
tests_unit_report_SOURCES = tests/unit_report.c $(unit_sources)
tests_unit_report_CPPFLAGS = $(unit_cppflags)
tests_unit_report_LDADD = $(unit_libs)
tests_unit_serve_SOURCES = tests/unit_serve.c $(unit_sources)
tests_unit_serve_CPPFLAGS = $(unit_cppflags) $(MICROHTTPD_CFLAGS)
tests_unit_serve_LDADD = $(unit_libs)
tests_unit_train_SOURCES = tests/unit_train.c $(unit_sources)
tests_unit_train_CPPFLAGS = $(unit_cppflags)
tests_unit_train_LDADD = $(unit_libs)
EXTRA_DIST += tests/reference/make_reference.py tests/reference/make_layers.py tests/reference/layers.safetensors \
	tests/reference/lenet-images-idx3-ubyte tests/reference/lenet-labels-idx1-ubyte tests/reference/lenet.safetensors \
	tests/reference/small-images-idx3-ubyte tests/reference/small-labels-idx1-ubyte tests/reference/small.safetensors \
	tests/reference/odd-images-idx4-ubyte tests/reference/odd-labels-idx1-ubyte tests/reference/odd.safetensors \
	tests/reference/vector-images-idx2-ubyte tests/reference/vector-labels-idx1-ubyte tests/reference/vector.safetensors \
	tests/reference/graph-images-idx4-ubyte tests/reference/graph-labels-idx1-ubyte tests/reference/graph.safetensors \
	tests/reference/norm-images-idx3-ubyte tests/reference/norm-labels-idx1-ubyte tests/reference/norm.safetensors \
	tests/reference/regress-images-idx2-ubyte tests/reference/regress-labels-idx1-ubyte tests/reference/regress.safetensors \
	tests/reference/graph.cfg tests/reference/norm.cfg tests/reference/regress.cfg \
	tests/reference/small.cfg tests/reference/odd.cfg tests/reference/vector.cfg

# Fuzz targets: run over their own inputs here, under libFuzzer by hand.
fuzz_programs = tests/fuzz_config tests/fuzz_idx tests/fuzz_picture tests/fuzz_safetensors
if HAVE_CUNIT
check_PROGRAMS += $(fuzz_programs)
TESTS += $(fuzz_programs)
endif
tests_fuzz_config_SOURCES = tests/fuzz_config.c tests/config_said.h tests/config_said.c
tests_fuzz_config_CPPFLAGS = $(unit_cppflags)
tests_fuzz_config_LDADD = $(unit_libs)
tests_fuzz_idx_SOURCES = tests/fuzz_idx.c
tests_fuzz_idx_CPPFLAGS = $(program_cppflags) $(ZLIB_CFLAGS)
tests_fuzz_idx_LDADD = $(program_libs)
tests_fuzz_picture_SOURCES = tests/fuzz_picture.c
tests_fuzz_picture_CPPFLAGS = $(program_cppflags) $(ZLIB_CFLAGS)
tests_fuzz_picture_LDADD = $(program_libs)
tests_fuzz_safetensors_SOURCES = tests/fuzz_safetensors.c
tests_fuzz_safetensors_CPPFLAGS = $(program_cppflags) $(JANSSON_CFLAGS) $(ZLIB_CFLAGS)
tests_fuzz_safetensors_LDADD = $(program_libs)

# exp, log and tanh: a sample of the floats in `make check`, all of them here.
check_PROGRAMS += tests/every_float
TESTS += tests/every_float
tests_every_float_SOURCES = tests/every_float.c
tests_every_float_LDADD = $(program_libs)
check-every-float: tests/every_float$(EXEEXT)
	NNRUN_EVERY_FLOAT=1 tests/every_float$(EXEEXT)

# Follows nnrun-layer(3) with nothing but what is installed.
EXTRA_DIST += tests/installed.sh
installcheck-local:
	@NNRUN_BUILD='$(abs_top_builddir)' NNRUN_SOURCE='$(abs_top_srcdir)' DESTDIR='$(DESTDIR)' \
	    NNRUN_BINDIR='$(bindir)' NNRUN_PKGCONFIGDIR='$(pkgconfigdir)' NNRUN_CONFIGDIR='$(configdir)' \
	    NNRUN_COMPLETIONDIR='$(completiondir)' \
	    NNRUN_MANDIR='$(mandir)' NNRUN_PLUGINDIR='$(plugindir)' NNRUN_CC='$(CC)' NNRUN_CXX='$(CXX)' \
	    NNRUN_PKG_CONFIG='$(PKG_CONFIG)' $(SHELL) '$(srcdir)/tests/installed.sh'

# serve_load.sh at length.
check-serve-load: all
	$(AM_TESTS_ENVIRONMENT) NNRUN_REQUESTS=1000000 $(SHELL) $(srcdir)/tests/serve_load.sh

# The README's table of figures, measured on this machine with real MNIST.
EXTRA_DIST += tests/measure.sh
measure: all
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/measure.sh --into $(srcdir)/README.md

# The README's table of speed; NNRUN_TORCH names a script that measures PyTorch.
EXTRA_DIST += tests/bench.py
bench: all
	$(AM_TESTS_ENVIRONMENT) NNRUN_CFLAGS='$(CFLAGS)' python3 $(srcdir)/tests/bench.py --into $(srcdir)/README.md \
		--plot $(srcdir)/data/speed.svg
.PHONY: check-every-float check-rewrite check-serve-load measure bench
