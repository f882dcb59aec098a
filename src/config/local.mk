src_libcore_a_SOURCES += \
	src/config/config.h src/config/config_internal.h \
	src/config/config.c \
	src/config/config_check.c \
	src/config/config_each.c \
	src/config/config_include.c \
	src/config/config_layer_names.c \
	src/config/config_layers.c \
	src/config/config_meant.c \
	src/config/config_nearest.c \
	src/config/config_number.c \
	src/config/config_override.c \
	src/config/config_scan.c \
	src/config/config_text.c \
	src/config/config_tree.c \
	src/config/config_words.c
