src_libcore_a_SOURCES += \
	src/base/clock.h \
	src/base/error.h src/base/error.c \
	src/base/memory.h src/base/memory.c \
	src/base/random.h src/base/random.c \
	src/base/shell.h src/base/shell.c \
	src/base/random_lanes.h src/base/random_lanes.c \
	src/base/pool.h src/base/pool.c
