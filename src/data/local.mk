src_libcore_a_SOURCES += \
	src/data/inflate_stream.h src/data/inflate_stream.c \
	src/data/idx_file.h src/data/idx_file.c \
	src/data/window.h src/data/window.c \
	src/data/window_reader.h src/data/window_reader.c \
	src/data/samples.h src/data/samples.c \
	src/data/lanes.h src/data/lanes.c \
	src/data/augment.h src/data/augment.c src/data/augment_kernels.h src/data/augment_kernels.c \
	src/data/picture.h src/data/picture.c \
	src/data/picture_file.h src/data/picture_file.c \
	src/data/png_file.h src/data/png_file.c \
	src/data/pnm_file.h src/data/pnm_file.c \
	src/data/resize.h src/data/resize.c \
	src/data/prepare.h src/data/prepare.c \
	src/data/sample_picture.h src/data/sample_picture.c
