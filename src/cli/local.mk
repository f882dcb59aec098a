src_libcore_a_SOURCES += \
	src/cli/command.h src/cli/command.c \
	src/cli/options.h src/cli/options.c \
	src/cli/signals.h src/cli/signals.c \
	src/cli/terminal.h src/cli/terminal.c \
	src/cli/command_train.c src/cli/command_test.c src/cli/command_show.c src/cli/command_layers.c \
	src/cli/command_gradcheck.c src/cli/command_time.c
