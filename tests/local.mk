# CUnit programs for units, shell scripts (TAP) for the program's behaviour.
AM_TESTS_ENVIRONMENT = NNRUN_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs'; export NNRUN_PLUGIN_PATH; \
	NNRUN_BUILD='$(abs_top_builddir)'; export NNRUN_BUILD; NNRUN_SOURCE='$(abs_top_srcdir)'; export NNRUN_SOURCE; \
	NNRUN_SANITIZED='$(NNRUN_SANITIZE)'; export NNRUN_SANITIZED; \
	NNRUN_CC='$(CC)'; export NNRUN_CC; NNRUN_CXX='$(CXX)'; export NNRUN_CXX; \
	NNRUN_CPPFLAGS='$(CPPFLAGS)'; export NNRUN_CPPFLAGS; \
	NNRUN_PREFIX='$(prefix)'; export NNRUN_PREFIX; \
	NNRUN_PKG_CONFIG='$(PKG_CONFIG)'; export NNRUN_PKG_CONFIG; NNRUN_LIBDIR='$(libdir)'; export NNRUN_LIBDIR; \
	NNRUN_PKGCONFIGDIR='$(pkgconfigdir)'; export NNRUN_PKGCONFIGDIR; \
	NNRUN_PLUGINDIR='$(plugindir)'; export NNRUN_PLUGINDIR; \
	PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE; \
	if test -z "$$NNRUN_MNIST" && test -d '$(abs_top_srcdir)/../shared/mnist'; then \
	NNRUN_MNIST='$(abs_top_srcdir)/../shared/mnist'; export NNRUN_MNIST; fi;
TEST_EXTENSIONS = .sh
SH_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_COMPILER = $(SHELL)

# ---- Scripts (TAP): what the program does. Sorted, one a line.
program_tests = \
	tests/abi.sh \
	tests/abi_comm.sh \
	tests/augment.sh \
	tests/bad_settings.sh \
	tests/bits.sh \
	tests/clients.sh \
	tests/capabilities.sh \
	tests/colour.sh \
	tests/communicators.sh \
	tests/completion.sh \
	tests/crash.sh \
	tests/digits.sh \
	tests/export.sh \
	tests/export_boards.sh \
	tests/export_random.sh \
	tests/five_commands.sh \
	tests/frozen.sh \
	tests/frozen_layers.sh \
	tests/full_disk.sh \
	tests/golden.sh \
	tests/gradcheck.sh \
	tests/killed.sh \
	tests/labels.sh \
	tests/layer_page.sh \
	tests/library.sh \
	tests/live.sh \
	tests/machine_memory.sh \
	tests/memory.sh \
	tests/mpi.sh \
	tests/moved.sh \
	tests/new_layer.sh \
	tests/no_answer.sh \
	tests/numbers.sh \
	tests/onnx_cases.sh \
	tests/no_memory.sh \
	tests/overrides.sh \
	tests/ask_tables.sh \
	tests/own_data.sh \
	tests/pack.sh \
	tests/pack_pictures.sh \
	tests/pack_sources.sh \
	tests/photographs.sh \
	tests/plugins.sh \
	tests/predict.sh \
	tests/prepared.sh \
	tests/prose.sh \
	tests/ranks.sh \
	tests/rare.sh \
	tests/raw_names.sh \
	tests/report.sh \
	tests/residual.sh \
	tests/resume.sh \
	tests/serve.sh \
	tests/serve_hostile.sh \
	tests/serve_library.sh \
	tests/serve_load.sh \
	tests/serve_numbers.sh \
	tests/signals.sh \
	tests/small_files.sh \
	tests/sweep.sh \
	tests/test.sh \
	tests/time.sh \
	tests/torch.sh \
	tests/train.sh \
	tests/trust.sh \
	tests/underflow.sh \
	tests/unread.sh \
	tests/usage.sh \
	tests/warnings.sh \
	tests/weights_in.sh
# Commands with all that they print, see recorded.sh.
recorded_tests = \
	tests/recorded/beginner.sh \
	tests/recorded/checkpoint.sh \
	tests/recorded/classes.sh \
	tests/recorded/config_keys.sh \
	tests/recorded/config_syntax.sh \
	tests/recorded/data.sh \
	tests/recorded/gradcheck.sh \
	tests/recorded/layers.sh \
	tests/recorded/network.sh \
	tests/recorded/output.sh \
	tests/recorded/overrides.sh \
	tests/recorded/pack.sh \
	tests/recorded/pack_tables.sh \
	tests/recorded/run.sh \
	tests/recorded/show.sh \
	tests/recorded/usage.sh \
	tests/recorded/validation.sh \
	tests/recorded/warnings.sh
# Those that look at pages in a browser, and those that run nothing of nnrun: manuals, headers, symbols, scripts. No
# sanitizer would find more.
browser_tests = \
	tests/chromium.sh \
	tests/serve_page.sh \
	tests/export_html.sh
document_tests = \
	tests/fetch.sh \
	tests/header.sh \
	tests/house.sh \
	tests/manual.sh \
	tests/quickstart.sh \
	tests/symbols.sh \
	tests/tutorial.sh
EXTRA_DIST += \
	tests/README.md \
	$(program_tests) \
	$(browser_tests) \
	$(document_tests) \
	$(recorded_tests) \
	$(recorded_tests:.sh=.expected) \
	$(fault_walks) \
	tests/allocation_limits.txt \
	tests/allocation_walk.py \
	tests/browser.py \
	tests/export_html.py \
	tests/export_pictures.py \
	tests/faults.py \
	tests/kill.py \
	tests/leaves.sh \
	tests/nnrun.sh \
	tests/c_text.awk \
	tests/house/inner \
	tests/house/owed \
	tests/house/rooms \
	tests/prose/phrases \
	tests/page_check.py \
	tests/c_answers.c \
	tests/c_answers.py \
	tests/onnx_answers.js \
	tests/onnx_cases.py \
	tests/onnx_check.py \
	tests/ask_tables.py \
	tests/pack_sources.py \
	tests/random_network.py \
	tests/recorded.sh \
	tests/run_judge.py \
	tests/screen.py \
	tests/serve_client.py \
	tests/serve_mixes.py \
	tests/serve_page.py \
	tests/tap.sh \
	tests/tutorial.py \
	tests/tutorial_pictures.py
# The longest first, so that no core is idle at the end.
TESTS += $(browser_tests) $(document_tests) $(program_tests) $(fault_walks) $(recorded_tests)
## check-rewrite: write what recorded commands print anew, after a message was changed on purpose
check-rewrite: all
	$(AM_TESTS_ENVIRONMENT) for script in $(recorded_tests); do \
	    NNRUN_REWRITE=1 $(SHELL) '$(srcdir)'/$$script | grep '^not ok'; done; cd '$(srcdir)' && git diff --stat -- tests/recorded

# tutorial.sh at length.
## check-tutorial: run the tutorial with MNIST from $NNRUN_MNIST and compare every figure; NNRUN_REWRITE=1 writes them anew
check-tutorial: all
	@$(AM_TESTS_ENVIRONMENT) NNRUN_TUTORIAL=all $(SHELL) '$(srcdir)/tests/tutorial.sh' >tutorial.out; cat tutorial.out; \
	    tail -n 1 tutorial.out | grep -q '^1\.\.' && ! grep -q '^not ok' tutorial.out
CLEANFILES += tutorial.out
.PHONY: check-tutorial

# export.sh at length.
## check-export-all: hold ONNX Runtime and compiled C against 10,000 test samples of MNIST, from $NNRUN_MNIST, for each config
check-export-all: all
	@$(AM_TESTS_ENVIRONMENT) NNRUN_EXPORT=all $(SHELL) '$(srcdir)/tests/export.sh' >export.out; cat export.out; \
	    tail -n 1 export.out | grep -q '^1\.\.' && ! grep -q '^not ok' export.out
## check-export-random: hold exports of random networks against predict, by several compilers, of NNRUN_SEEDS='1 2', else of 200
check-export-random: all
	@$(AM_TESTS_ENVIRONMENT) NNRUN_EXPORT=random $(SHELL) '$(srcdir)/tests/export_random.sh' >export-random.out; cat export-random.out; \
	    tail -n 1 export-random.out | grep -q '^1\.\.' && ! grep -q '^not ok' export-random.out
CLEANFILES += export.out export-random.out
.PHONY: check-export-all check-export-random

# killed.sh at length.
## check-kill: kill training and resuming at 200 random instants each, and at every file operation; KILL='--seed 7' repeats
check-kill: all tests/fault.la
	$(AM_TESTS_ENVIRONMENT) python3 '$(srcdir)/tests/kill.py' $(KILL)

# Plugins that the scripts compile.
EXTRA_DIST += \
	tests/plugins/add2.c \
	tests/plugins/alone.c \
	tests/plugins/claims.c \
	tests/plugins/crasher.c \
	tests/plugins/describes.c \
	tests/plugins/every_operator.c \
	tests/plugins/fixture.h \
	tests/plugins/headers.c \
	tests/plugins/liar.c \
	tests/plugins/narrow.c \
	tests/plugins/noise.c \
	tests/plugins/packed.c \
	tests/plugins/ranges.c \
	tests/plugins/running.c \
	tests/plugins/seen.c \
	tests/plugins/softsign.c \
	tests/plugins/square.c
# Programs on the installed library.
EXTRA_DIST += \
	tests/client/version.c \
	tests/client/version.cc \
	tests/client/version.py
# What libnnrun.so is for programs that are compiled: symbols.sh.
EXTRA_DIST += tests/library/libnnrun.abi
# Programs on libnnrun that library.sh compiles.
EXTRA_DIST += \
	tests/library/ask.c \
	tests/library/ask.py \
	tests/library/module.py \
	tests/library/ask_cxx.cc \
	tests/library/crashing.c \
	tests/library/failing.c \
	tests/library/host_state.c \
	tests/library/host_state.h \
	tests/library/hostile.c \
	tests/library/json.h \
	tests/library/learn.c \
	tests/library/stage.sh \
	tests/library/staged.h \
	tests/library/threads.c
# Frozen: what was compiled for an ABI is loaded for ever.
EXTRA_DIST += \
	tests/abi/1.0/.clang-format \
	tests/abi/1.0/README.md \
	tests/abi/1.0/SUMS \
	tests/abi/1.0/ends.cc \
	tests/abi/1.0/every.c \
	tests/abi/1.0/layout.h \
	tests/abi/1.0/nnrun/layer.h \
	tests/abi/1.0/nnrun/math.h \
	tests/abi/1.0/nnrun/math_end.h \
	tests/abi/comm/1.0/.clang-format \
	tests/abi/comm/1.0/README.md \
	tests/abi/comm/1.0/SUMS \
	tests/abi/comm/1.0/comm_pairs.c \
	tests/abi/comm/1.0/layout.h \
	tests/abi/comm/1.0/nnrun/comm.h

# What training and answers gave before: the bits of golden.sh.
EXTRA_DIST += \
	tests/golden/hashes \
	tests/golden/pictures.json \
	tests/golden/resumed \
	tests/golden/samples.json \
	tests/golden/test.json
# Frozen: what an earlier version trained is opened for ever.
EXTRA_DIST += \
	tests/frozen/0.1.0/README.md \
	tests/frozen/0.1.0/SHA256SUMS \
	tests/frozen/0.1.0/digit.pgm \
	tests/frozen/0.1.0/digits/t10k-images-idx3-ubyte.gz \
	tests/frozen/0.1.0/digits/t10k-labels-idx1-ubyte.gz \
	tests/frozen/0.1.0/digits/train-images-idx3-ubyte.gz \
	tests/frozen/0.1.0/digits/train-labels-idx1-ubyte.gz \
	tests/frozen/0.1.0/expected/layers-predict.json \
	tests/frozen/0.1.0/expected/layers-test.json \
	tests/frozen/0.1.0/expected/resumed \
	tests/frozen/0.1.0/expected/runs-finished-best-predict.json \
	tests/frozen/0.1.0/expected/runs-finished-best-test.json \
	tests/frozen/0.1.0/expected/runs-interrupted-best-predict.json \
	tests/frozen/0.1.0/expected/runs-interrupted-best-test.json \
	tests/frozen/0.1.0/layers.safetensors \
	tests/frozen/0.1.0/make.sh \
	tests/frozen/0.1.0/runs/finished/best.safetensors \
	tests/frozen/0.1.0/runs/finished/log.csv \
	tests/frozen/0.1.0/runs/finished/log.jsonl \
	tests/frozen/0.1.0/runs/finished/run.json \
	tests/frozen/0.1.0/runs/finished/step-000000042.safetensors \
	tests/frozen/0.1.0/runs/finished/step-000000048.safetensors \
	tests/frozen/0.1.0/runs/interrupted/best.safetensors \
	tests/frozen/0.1.0/runs/interrupted/log.csv \
	tests/frozen/0.1.0/runs/interrupted/log.jsonl \
	tests/frozen/0.1.0/runs/interrupted/run.json \
	tests/frozen/0.1.0/runs/interrupted/step-000000045.safetensors \
	tests/frozen/0.1.0/runs/interrupted/step-000000053.safetensors

# These walk through some of their cases in `make check`, and through all in `make check-faults`.
fault_walks = \
	tests/allocation.sh \
	tests/failing_calls.sh
## check-faults: make each single allocation and system call of each command fail, and judge what the command does then
check-faults: all tests/fault.la
	$(AM_TESTS_ENVIRONMENT) failed=0; for script in $(fault_walks); do \
	    NNRUN_WALK=all $(SHELL) '$(srcdir)'/$$script >$$script.out || failed=1; cat $$script.out; \
	    ! grep -q '^not ok' $$script.out || failed=1; done; \
	cat $(fault_walks:=.out) | awk '/^ok/ { held++ } /^not ok/ { failed++ } END { \
	    printf "check-faults: %d walks, %d failed\n", held + failed, failed }'; exit $$failed
CLEANFILES += $(fault_walks:=.out)

# Makes calls of the C library fail, or the process die, at a chosen instant.
check_LTLIBRARIES += tests/fault.la
tests_fault_la_SOURCES = tests/fault.c
tests_fault_la_CFLAGS = -std=gnu11 $(NNRUN_WARNINGS)
tests_fault_la_LDFLAGS = -module -avoid-version -rpath /nowhere

# Several ranks of a training without MPI: a communicator, and what starts them.
check_LTLIBRARIES += tests/comm_sockets.la
tests_comm_sockets_la_SOURCES = tests/comm_sockets.c
tests_comm_sockets_la_CPPFLAGS = -I$(top_srcdir)/src
tests_comm_sockets_la_CFLAGS = -std=gnu11 $(NNRUN_WARNINGS) $(NNRUN_SANITIZE) -fvisibility=hidden
tests_comm_sockets_la_LDFLAGS = $(comms_ldflags) -rpath /nowhere
check_PROGRAMS += tests/ranks
tests_ranks_LDADD =

# What small_files.sh opens, and what that may take.
check_PROGRAMS += tests/change_checkpoint tests/peak_memory
tests_change_checkpoint_LDADD = $(program_libs)

# Draws the pictures that predict.sh reads.
check_PROGRAMS += tests/draw_pictures
tests_draw_pictures_SOURCES = tests/draw_pictures.c data/digit-draw.c data/digit-styles.c data/dice.c
tests_draw_pictures_LDADD = $(program_libs)
# Writes what a network sees in pictures, for prepared.sh.
check_PROGRAMS += tests/prepare_files
tests_prepare_files_LDADD = libnnrun.la
# Draws the road signs of colour.sh and warnings.sh.
check_PROGRAMS += tests/draw_signs
tests_draw_signs_SOURCES = tests/draw_signs.c data/dice.c data/dice.h
tests_draw_signs_LDADD = $(program_libs)
# Draws those that photographs.sh reads.
check_PROGRAMS += tests/draw_photographs
tests_draw_photographs_SOURCES = tests/draw_photographs.c data/digit-draw.c data/digit-styles.c data/dice.c
if HAVE_LIBJPEG
tests_draw_photographs_SOURCES += tests/jpeg_maker.c tests/jpeg_maker.h
endif
tests_draw_photographs_LDADD = $(program_libs)

# Whatever no bit may depend on, over builds of several kinds.
EXTRA_DIST += tests/bits_matrix.sh
check_PROGRAMS += tests/compare_checkpoints
tests_compare_checkpoints_LDADD = $(program_libs)
## check-bits: compare checkpoints over threads, processors, compilers, flags and kills; CELLS='lenet:clang,threads=3' some
## check-bits-short: some of these cells, with the builds that are there
check-bits check-bits-short: all tests/compare_checkpoints$(EXEEXT) tests/fault.la
	+@$(AM_TESTS_ENVIRONMENT) NNRUN_CELLS='$(CELLS)' $(SHELL) '$(srcdir)/tests/bits_matrix.sh' $@
.PHONY: check-bits check-bits-short

# What five commands need of the library is in libnnrun.so.
check_PROGRAMS += tests/five_commands
tests_five_commands_LDADD = src/program/libprogram.a libnnrun.la src/lib/libbase.la $(JANSSON_LIBS) -lm

# What onnx_cases.sh asks of operators.
check_PROGRAMS += tests/onnx_cases
tests_onnx_cases_LDADD = $(program_libs)

# exp, log and tanh: a sample of the floats in `make check`, all of them in `make check-every-float`.
check_PROGRAMS += tests/every_float
TESTS += tests/every_float
tests_every_float_LDADD = $(program_libs)
## check-every-float: exp, log and tanh of all 2^32 floats, a minute or two
check-every-float: tests/every_float$(EXEEXT)
	NNRUN_EVERY_FLOAT=1 tests/every_float$(EXEEXT)

# ---- Programs (CUnit): tests/unit_NAME.c, each linked with what it calls of libunit.a and the core. A new one is a line
# here.
unit_programs =
if HAVE_CUNIT
unit_programs += \
	tests/unit_advice \
	tests/unit_augment \
	tests/unit_base \
	tests/unit_checkpoint \
	tests/unit_class_weights \
	tests/unit_classes \
	tests/unit_config \
	tests/unit_config_files \
	tests/unit_config_override \
	tests/unit_crash \
	tests/unit_columns \
	tests/unit_csv \
	tests/unit_error \
	tests/unit_evaluate \
	tests/unit_html_page \
	tests/unit_idx \
	tests/unit_jpeg \
	tests/unit_json \
	tests/unit_layers \
	tests/unit_manual \
	tests/unit_math \
	tests/unit_model \
	tests/unit_net \
	tests/unit_net_memory \
	tests/unit_npz \
	tests/unit_numbers \
	tests/unit_one \
	tests/unit_operators \
	tests/unit_optimizer \
	tests/unit_pack \
	tests/unit_picture \
	tests/unit_plugin \
	tests/unit_ask \
	tests/unit_prepare \
	tests/unit_reference \
	tests/unit_reference_layers \
	tests/unit_report \
	tests/unit_rows \
	tests/unit_run_folder \
	tests/unit_samples \
	tests/unit_screen \
	tests/unit_sources \
	tests/unit_sweep \
	tests/unit_train \
	tests/unit_trust \
	tests/unit_watch \
	tests/unit_words
if HAVE_MICROHTTPD
unit_programs += tests/unit_serve
endif
# It counts what asking about one sample may not do.
tests_unit_one_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc \
	-Wl,--wrap=pthread_mutex_lock,--wrap=pthread_cond_signal,--wrap=pthread_cond_broadcast,--wrap=pthread_create
check_LIBRARIES += tests/libunit.a
endif

# ---- Fuzz targets: tests/fuzz_NAME.c, its inputs in tests/fuzz/NAME, where NAME.dict may be beside. With libFuzzer
# (tools/fuzz.sh) FUZZ_ENGINE brings the main program, here fuzz_driver.c has it.
fuzz_programs = \
	tests/fuzz_checkpoint \
	tests/fuzz_config \
	tests/fuzz_csv \
	tests/fuzz_elf \
	tests/fuzz_idx \
	tests/fuzz_log \
	tests/fuzz_npz \
	tests/fuzz_picture \
	tests/fuzz_safetensors
if HAVE_MICROHTTPD
fuzz_programs += \
	tests/fuzz_http \
	tests/fuzz_pixels
endif
FUZZ_ENGINE =
fuzz_ldflags = $(AM_LDFLAGS) $(FUZZ_ENGINE)
fuzz_libs = tests/libfuzz.a $(program_libs)
tests_fuzz_checkpoint_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_checkpoint_LDADD = $(fuzz_libs)
tests_fuzz_config_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_config_LDADD = $(fuzz_libs)
tests_fuzz_csv_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_csv_LDADD = $(fuzz_libs)
tests_fuzz_elf_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_elf_LDADD = $(fuzz_libs)
tests_fuzz_http_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_http_LDADD = $(fuzz_libs)
tests_fuzz_idx_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_idx_LDADD = $(fuzz_libs)
tests_fuzz_log_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_log_LDADD = $(fuzz_libs)
tests_fuzz_npz_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_npz_LDADD = $(fuzz_libs)
tests_fuzz_picture_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_picture_LDADD = $(fuzz_libs)
tests_fuzz_pixels_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_pixels_LDADD = $(fuzz_libs)
tests_fuzz_safetensors_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_safetensors_LDADD = $(fuzz_libs)
check_LIBRARIES += tests/libfuzz.a
tests_libfuzz_a_SOURCES = \
	tests/fuzz.h \
	tests/fuzz_driver.c \
	tests/fuzz_header.c \
	tests/fuzz_header.h \
	tests/fuzz_sink.c \
	tests/fuzz_sink.h \
	tests/fuzz_support.c
EXTRA_DIST += tests/fuzz
CLEANFILES += $(fuzz_programs:tests/%=%.failed)
# What they take to run.
fuzz-programs: $(fuzz_programs) $(plugin_LTLIBRARIES)
.PHONY: fuzz-programs
check_PROGRAMS += $(unit_programs) $(fuzz_programs)
TESTS += $(unit_programs) $(fuzz_programs)
# Its own allocator fails when told to.
tests_unit_error_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=realloc
LDADD = tests/libunit.a $(program_libs) $(CUNIT_LIBS)
tests_libunit_a_SOURCES = \
	tests/config_said.c \
	tests/config_said.h \
	tests/idx_maker.c \
	tests/idx_maker.h \
	tests/layer_harness.c \
	tests/layer_harness.h \
	tests/pack_collector.c \
	tests/pack_collector.h \
	tests/probe_layer.c \
	tests/probe_layer.h \
	tests/unit.c \
	tests/unit.h \
	tests/unit_options.h
if HAVE_LIBPNG
tests_libunit_a_SOURCES += \
	tests/png_maker.c \
	tests/png_maker.h
endif
if HAVE_LIBJPEG
tests_libunit_a_SOURCES += \
	tests/jpeg_maker.c \
	tests/jpeg_maker.h
endif
# What unit_npz reads: NumPy wrote it.
EXTRA_DIST += \
	tests/npz/big.npz \
	tests/npz/bomb.npz \
	tests/npz/channels.npz \
	tests/npz/counts.npz \
	tests/npz/fortran.npz \
	tests/npz/grey.npz \
	tests/npz/half.npz \
	tests/npz/keras.npz \
	tests/npz/lone-imgs.npz \
	tests/npz/lone-labels.npz \
	tests/npz/make.py \
	tests/npz/names.npz \
	tests/npz/nan.npz \
	tests/npz/rgb.npz \
	tests/npz/several.npz \
	tests/npz/text.npz \
	tests/npz/two.npz \
	tests/npz/wide.npz \
	tests/npz/zip64.npz
# PyTorch's answers, which the unit programs compare with.
EXTRA_DIST += \
	tests/reference/graph-images-idx4-ubyte \
	tests/reference/graph-labels-idx1-ubyte \
	tests/reference/graph.cfg \
	tests/reference/graph.safetensors \
	tests/reference/layers.safetensors \
	tests/reference/lenet-images-idx3-ubyte \
	tests/reference/lenet-labels-idx1-ubyte \
	tests/reference/lenet.safetensors \
	tests/reference/make_layers.py \
	tests/reference/make_reference.py \
	tests/reference/norm-images-idx3-ubyte \
	tests/reference/norm-labels-idx1-ubyte \
	tests/reference/norm.cfg \
	tests/reference/norm.safetensors \
	tests/reference/odd-images-idx4-ubyte \
	tests/reference/odd-labels-idx1-ubyte \
	tests/reference/odd.cfg \
	tests/reference/odd.safetensors \
	tests/reference/regress-images-idx2-ubyte \
	tests/reference/regress-labels-idx1-ubyte \
	tests/reference/regress.cfg \
	tests/reference/regress.safetensors \
	tests/reference/small-images-idx3-ubyte \
	tests/reference/small-labels-idx1-ubyte \
	tests/reference/small.cfg \
	tests/reference/small.safetensors \
	tests/reference/vector-images-idx2-ubyte \
	tests/reference/vector-labels-idx1-ubyte \
	tests/reference/vector.cfg \
	tests/reference/vector.safetensors

# ---- Parts of the suite: make check TESTS='$(kernel_tests)'. Those that run kernels; those with threads; those worth
# a sanitizer; those that show that another compiler's nnrun, and one built from the tarball, work.
kernel_tests = \
	tests/augment.sh \
	tests/bits.sh \
	tests/capabilities.sh \
	tests/every_float \
	tests/frozen.sh \
	tests/frozen_layers.sh \
	tests/golden.sh \
	tests/gradcheck.sh \
	tests/labels.sh \
	tests/memory.sh \
	tests/mpi.sh \
	tests/predict.sh \
	tests/recorded/run.sh \
	tests/residual.sh \
	tests/resume.sh \
	tests/test.sh \
	tests/time.sh \
	tests/train.sh \
	$(unit_programs)
thread_tests = \
	tests/augment.sh \
	tests/bits.sh \
	tests/clients.sh \
	tests/capabilities.sh \
	tests/full_disk.sh \
	tests/labels.sh \
	tests/library.sh \
	tests/no_answer.sh \
	tests/numbers.sh \
	tests/no_memory.sh \
	tests/predict.sh \
	tests/recorded/data.sh \
	tests/recorded/output.sh \
	tests/recorded/run.sh \
	tests/report.sh \
	tests/residual.sh \
	tests/resume.sh \
	tests/serve.sh \
	tests/serve_hostile.sh \
	tests/serve_load.sh \
	tests/signals.sh \
	tests/sweep.sh \
	tests/test.sh \
	tests/time.sh \
	tests/train.sh \
	$(fuzz_programs) \
	$(unit_programs)
# golden.sh trains what train.sh, bits.sh and augment.sh do, 300 times over: its bits are no matter of memory.
memory_tests = \
	$(recorded_tests) \
	tests/every_float \
	$(filter-out tests/golden.sh,$(program_tests)) \
	$(unit_programs) \
	$(fuzz_programs)
# All but those that look at the objects and sources, which counters would change.
coverage_tests = \
	$(browser_tests) \
	tests/manual.sh \
	$(program_tests) \
	$(recorded_tests) \
	tests/every_float \
	$(unit_programs) \
	$(fuzz_programs)
# Those of MPI, by another one.
mpi_tests = tests/mpi.sh
compiler_tests = \
	tests/abi.sh \
	tests/abi_comm.sh \
	tests/bits.sh \
	tests/clients.sh \
	tests/every_float \
	tests/golden.sh \
	tests/symbols.sh \
	$(unit_programs)
tarball_tests = \
	tests/abi.sh \
	tests/abi_comm.sh \
	tests/clients.sh \
	tests/labels.sh \
	tests/new_layer.sh \
	tests/symbols.sh \
	tests/usage.sh \
	tests/unit_manual \
	tests/unit_reference \
	tests/unit_reference_layers

# Follow nnrun-layer(3), and compile programs, with nothing but what is installed.
EXTRA_DIST += tests/installed.sh
installcheck-local:
	@NNRUN_BUILD='$(abs_top_builddir)' NNRUN_SOURCE='$(abs_top_srcdir)' DESTDIR='$(DESTDIR)' \
	    NNRUN_BINDIR='$(bindir)' NNRUN_PKGCONFIGDIR='$(pkgconfigdir)' NNRUN_CONFIGDIR='$(configdir)' \
	    NNRUN_COMPLETIONDIR='$(completiondir)' \
	    NNRUN_MANDIR='$(mandir)' NNRUN_PLUGINDIR='$(plugindir)' NNRUN_CC='$(CC)' NNRUN_CXX='$(CXX)' \
	    NNRUN_PKG_CONFIG='$(PKG_CONFIG)' $(SHELL) '$(srcdir)/tests/installed.sh'
	@$(AM_TESTS_ENVIRONMENT) NNRUN_INSTALLED=yes DESTDIR='$(DESTDIR)' $(SHELL) '$(srcdir)/tests/clients.sh'
	@$(AM_TESTS_ENVIRONMENT) NNRUN_INSTALLED=yes DESTDIR='$(DESTDIR)' NNRUN_BINDIR='$(bindir)' NNRUN_MANDIR='$(mandir)' \
	    NNRUN_CONFIGDIR='$(configdir)' NNRUN_EXAMPLEDIR='$(exampledir)' $(SHELL) '$(srcdir)/tests/library.sh'

# serve_load.sh at length.
## check-serve-load: a million requests to nnrun serve
check-serve-load: all
	$(AM_TESTS_ENVIRONMENT) NNRUN_REQUESTS=1000000 $(SHELL) $(srcdir)/tests/serve_load.sh

# What runs for long holds no more than at its beginning.
EXTRA_DIST += tests/soak.sh tests/library/soak.c
## soak: a million steps, a million requests, 100,000 networks opened, with memory, descriptors and threads watched
soak: all
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/soak.sh
	@$(AM_TESTS_ENVIRONMENT) NNRUN_REQUESTS=1000000 $(SHELL) $(srcdir)/tests/serve_load.sh

# The table of figures in PERFORMANCE.md, measured on this machine with real MNIST.
EXTRA_DIST += tests/measure.sh tests/library/cost.c tests/library/cost.sh
## measure: the table of figures in PERFORMANCE.md, with MNIST in $NNRUN_MNIST
measure: all
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/measure.sh --into $(srcdir)/PERFORMANCE.md

## measure-library: what it costs to open a network and ask it once, alone
measure-library: all
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/library/cost.sh

# The tables of speed in PERFORMANCE.md; bench.py tells of what it measures besides.
EXTRA_DIST += tests/bench.py tests/bench_ranks.py
## bench: the tables of speed in PERFORMANCE.md, beside PyTorch if $NNRUN_TORCH names a script
bench: all tests/draw_photographs tests/peak_memory tests/ranks tests/comm_sockets.la
	$(AM_TESTS_ENVIRONMENT) NNRUN_CFLAGS='$(CFLAGS)' python3 $(srcdir)/tests/bench.py --into $(srcdir)/PERFORMANCE.md \
		--plot $(srcdir)/data/speed.svg
.PHONY: check-every-float check-faults check-kill check-rewrite check-serve-load soak measure measure-library bench
