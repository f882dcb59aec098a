# What looks at the sources, and builds of other kinds. A line "## TARGET: what it does" here or in another of these
# files is what `make help` prints.
EXTRA_DIST += \
	.clang-tidy \
	.editorconfig \
	tests/bindist.sh \
	tools/bindist.sh \
	tools/build_as.sh \
	tools/compile_commands.py \
	tools/coverage.py \
	tools/coverage.sh \
	tools/fuzz.sh \
	tools/lint.sh \
	tools/reproducible.sh

help:
	@sed -n 's/^## \([a-z][^:]*\): /\1\t/p' '$(srcdir)/Makefile.am' '$(srcdir)'/*/local.mk '$(srcdir)'/*/*/local.mk | \
	    awk -F '\t' '{ printf "%-22s %s\n", $$1, $$2 }'

## compile_commands.json: write the compiler's command for each C file, for clangd and clang-tidy
# What make would do if every C file were new. The files that make makes are there first.
compile_commands_targets = $(PROGRAMS) $(LIBRARIES) $(LTLIBRARIES) $(check_PROGRAMS) $(check_LIBRARIES) $(check_LTLIBRARIES)
compile_commands.json: Makefile $(nodist_src_program_libprogram_a_SOURCES)
	$(AM_V_GEN)new=`find '$(srcdir)/src' '$(srcdir)/plugins' '$(srcdir)/data' '$(srcdir)/tests' -name '*.c' | \
	    sed 's,^$(srcdir)/\(.*\),-W \1 -W &,'` && \
	$(MAKE) -n V=1 $$new -W src/program/serve/pages.c -W src/program/cli/layer_template.c $(compile_commands_targets) | \
	    python3 '$(srcdir)/tools/compile_commands.py' '$(srcdir)' . $@
CLEANFILES += compile_commands.json

## lint: run every lint-* check below
## lint-format: check the format of C files with clang-format
## lint-shell: check shell scripts with shellcheck
## lint-manuals: check manuals with mandoc
## lint-c: check src and plugins with clang-tidy; .clang-tidy lists the checks
lint: lint-format lint-shell lint-manuals lint-c
lint-format lint-shell lint-manuals:
	@$(SHELL) '$(srcdir)/tools/lint.sh' $@ '$(srcdir)'
lint-c: compile_commands.json
	@$(SHELL) '$(srcdir)/tools/lint.sh' $@ '$(srcdir)'

## check-clang: build with clang in build-clang, then run the test suite
## check-wide: build AVX-512 code for AVX2, then run the tests of kernels
## check-asan: build with AddressSanitizer and UBSan, then run the tests of compiled code
## check-tsan: build with ThreadSanitizer, then run the tests of threads
## check-mpich: build with MPICH beside Open MPI (Debian: libmpich-dev, mpich), then run the test of MPI
check-clang check-wide check-asan check-tsan check-mpich:
	+@$(SHELL) '$(srcdir)/tools/build_as.sh' $@ '$(abs_srcdir)'

## check-clang-short: check-clang with only the unit tests and the tests of bits
check-clang-short:
	+@$(MAKE) check-clang TESTS='$(compiler_tests)'

## fuzz: build the fuzz targets with libFuzzer in build-fuzz, then run each for FUZZ_SECONDS=1800 on all cores
## fuzz-short: fuzz with 20 seconds each
## fuzz-keep: make the inputs auto-* in tests/fuzz anew, of what fuzz learned
FUZZ_SECONDS = 1800
# Some of them: FUZZ_TARGETS='config http'
FUZZ_TARGETS =
fuzz:
	+@$(SHELL) '$(srcdir)/tools/fuzz.sh' run '$(abs_srcdir)' $(FUZZ_SECONDS) $(FUZZ_TARGETS)
fuzz-short:
	+@$(SHELL) '$(srcdir)/tools/fuzz.sh' run '$(abs_srcdir)' 20 $(FUZZ_TARGETS)
fuzz-keep:
	+@$(SHELL) '$(srcdir)/tools/fuzz.sh' keep '$(abs_srcdir)' $(FUZZ_TARGETS)

## distcheck-short: distcheck with a few tests, and check that the tarball has every tracked file
# That every file is there is asked of git, so that few tests will do.
not_in_tarball = .ci/run .git-blame-ignore-revs .gitignore
distcheck-short:
	+$(MAKE) distcheck TESTS='$(tarball_tests)'
	@git -c safe.directory='$(abs_srcdir)' -C '$(srcdir)' ls-files >tracked || exit 1; \
	    { tar tf '$(distdir).tar.xz' | sed 's,^[^/]*/,,'; printf '%s\n' $(not_in_tarball); } >packed; \
	    missing=`grep -vxFf packed tracked`; rm -f tracked packed; \
	    test -z "$$missing" || { echo "not in the tarball: $$missing" >&2; exit 1; }

## coverage: build with counters in build-coverage, run the tests, and print what lines and branches they reach
# tests/coverage-left says what they do not.
EXTRA_DIST += tests/coverage-left tests/coverage.h
coverage:
	+@$(SHELL) '$(srcdir)/tools/coverage.sh' '$(abs_srcdir)'

## check-reproducible: build once more elsewhere, at another time, and compare what is installed byte for byte
check-reproducible: all
	+@$(SHELL) '$(srcdir)/tools/reproducible.sh' '$(distdir)'

## bindist: a tarball with the libraries that nnrun needs, whose programs run where it is unpacked
## check-bindist: make it, unpack it elsewhere, and train with it
bindist_name = $(PACKAGE)-$(PACKAGE_VERSION)-$(host_cpu)-$(host_os)
# What follows finds libraries in the tree, also those that libraries need: hence DT_RPATH.
bindist_ldflags = -Wl,--disable-new-dtags -Wl,-rpath,'$$ORIGIN/$(shell realpath -ms --relative-to='$(1)' '$(pkglibdir)')'
EXTRA_PROGRAMS += bindist/nnrun bindist/nnrun-make-digits bindist/nnrun-make-sensors
bindist_nnrun_SOURCES = $(nnrun_SOURCES)
bindist_nnrun_LDADD = $(nnrun_LDADD)
bindist_nnrun_LDFLAGS = $(nnrun_LDFLAGS) $(call bindist_ldflags,$(bindir))
bindist_nnrun_make_digits_SOURCES = $(nnrun_make_digits_SOURCES)
bindist_nnrun_make_digits_CFLAGS = $(nnrun_make_digits_CFLAGS)
bindist_nnrun_make_digits_LDADD = $(nnrun_make_digits_LDADD)
bindist_nnrun_make_digits_LDFLAGS = $(AM_LDFLAGS) $(call bindist_ldflags,$(bindir))
bindist_nnrun_make_sensors_SOURCES = $(nnrun_make_sensors_SOURCES)
bindist_nnrun_make_sensors_CFLAGS = $(nnrun_make_sensors_CFLAGS)
bindist_nnrun_make_sensors_LDADD = $(nnrun_make_sensors_LDADD)
bindist_nnrun_make_sensors_LDFLAGS = $(AM_LDFLAGS) $(call bindist_ldflags,$(bindir))
EXTRA_LTLIBRARIES += bindist/libnnrun.la
bindist_libnnrun_la_SOURCES =
bindist_libnnrun_la_LIBADD = $(libnnrun_la_LIBADD)
bindist_libnnrun_la_LDFLAGS = $(libnnrun_la_LDFLAGS) -rpath $(libdir) $(call bindist_ldflags,$(libdir))
bindist_libnnrun_la_DEPENDENCIES = $(libnnrun_la_DEPENDENCIES)
bindist_environment = NNRUN_SOURCE='$(abs_top_srcdir)' NNRUN_PREFIX='$(prefix)' NNRUN_LIBDIR='$(libdir)' \
	NNRUN_PLUGINDIR='$(plugindir)' CC='$(CC)' STRIP='$(STRIP)' PKG_CONFIG='$(PKG_CONFIG)' NNRUN_SERVE='$(MICROHTTPD_SONAME)'
bindist: all bindist/nnrun bindist/nnrun-make-digits bindist/nnrun-make-sensors bindist/libnnrun.la
	@$(bindist_environment) $(SHELL) '$(srcdir)/tools/bindist.sh' $(bindist_name) $(host_cpu)
check-bindist: bindist
	@$(AM_TESTS_ENVIRONMENT) NNRUN_BINDIST='$(bindist_name)' NNRUN_SERVE='$(MICROHTTPD_SONAME)' \
	    $(SHELL) '$(srcdir)/tests/bindist.sh'
clean-local:
	rm -rf bindist $(bindist_name).tar.gz

.PHONY: bindist check-bindist help lint lint-format lint-shell lint-manuals lint-c check-clang check-wide check-asan check-tsan check-mpich \
	check-clang-short coverage check-reproducible distcheck-short fuzz fuzz-short fuzz-keep

distclean-local:
	rm -rf build-clang build-wide build-asan build-tsan build-mpich build-fuzz build-O0 build-O3 build-Os build-v3 build-lto \
	    build-coverage
