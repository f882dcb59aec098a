# What the data comes from: the generators and the fetch script.
bin_PROGRAMS += nnrun-make-digits nnrun-make-sensors
make_samples = data/make-samples.h data/make-samples.c data/sample-files.h data/sample-files.c data/dice.h data/dice.c
nnrun_make_digits_SOURCES = data/make-digits.c $(make_samples) \
	data/digit-files.h data/digit-files.c data/digit-sheet.c \
	data/digit-draw.h data/digit-draw.c \
	data/digit-styles.h data/digit-styles.c
# GCC 12 fuses alternating a * b +- c into vfmaddsub in spite of -ffp-contract=off when it vectorises for FMA.
nnrun_make_digits_CFLAGS = $(AM_CFLAGS) -fno-tree-vectorize
nnrun_make_digits_LDADD = src/lib/libcore.la src/lib/libbase.la $(LIBPNG_LIBS) $(ZLIB_LIBS) -lm
nnrun_make_sensors_SOURCES = data/make-sensors.c $(make_samples) data/sensor-draw.h data/sensor-draw.c
nnrun_make_sensors_CFLAGS = $(nnrun_make_digits_CFLAGS)
nnrun_make_sensors_LDADD = src/lib/libbase.la $(ZLIB_LIBS) -lm

bin_SCRIPTS += nnrun-fetch-mnist
nnrun-fetch-mnist: data/fetch-mnist
	$(AM_V_GEN)rm -f $@ && cp '$(srcdir)/data/fetch-mnist' $@ && chmod a+rx,u+w $@
CLEANFILES += nnrun-fetch-mnist
# Where bash-completion looks for it, below the same prefix.
completiondir = $(datadir)/bash-completion/completions
dist_completion_DATA = data/bash-completion/nnrun
# The tutorial with its pictures; nnrun-tutorial(7) is made from it.
dist_doc_DATA = data/tutorial.md data/tutorial-answers.md
tutorialpicturedir = $(docdir)/tutorial
dist_tutorialpicture_DATA = data/tutorial/1-weights.png data/tutorial/2-flat.svg data/tutorial/3-accuracy.svg \
	data/tutorial/3-weights.png data/tutorial/4-accuracy.svg data/tutorial/5-loss.svg data/tutorial/5-paper.svg \
	data/tutorial/6-convolution.svg data/tutorial/6-filters.png data/tutorial/7-accuracy.svg data/tutorial/7-pooling.svg \
	data/tutorial/8-mistakes.png data/tutorial/9-dead.svg data/tutorial/9-few.svg data/tutorial/9-norm.svg \
	data/tutorial/10-clamp.svg
EXTRA_DIST += data/fetch-mnist data/README.md data/digits.png data/augmented.png data/serve.png data/speed.svg
