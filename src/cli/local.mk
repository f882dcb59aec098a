src_libcore_a_SOURCES += \
	src/cli/command.h src/cli/command.c \
	src/cli/options.h src/cli/options.c src/cli/option_table.c \
	src/cli/help.h src/cli/help.c \
	src/cli/subject.h src/cli/subject.c \
	src/cli/signals.h src/cli/signals.c \
	src/cli/terminal.h src/cli/terminal.c \
	src/cli/screen.h src/cli/screen.c src/cli/bar.h src/cli/bar.c src/cli/trend.h src/cli/trend.c \
	src/cli/memory_plan.h src/cli/memory_plan.c \
	src/cli/command_predict.c src/cli/command_serve.c src/cli/picture_text.h src/cli/picture_text.c \
	src/cli/test_tables.h src/cli/test_tables.c \
	src/cli/command_train.c src/cli/command_test.c src/cli/command_report.c src/cli/command_show.c src/cli/command_show_keys.c \
	src/cli/setting_text.h src/cli/setting_text.c src/cli/command_layers.c \
	src/cli/command_layers_new.c src/cli/layer_template.h \
	src/cli/command_gradcheck.c src/cli/failure_kinds.h src/cli/failure_kinds.c src/cli/command_time.c

# What "nnrun layers --new" prints: the lines of plugins/template.c as strings.
EXTRA_DIST += plugins/template.c
nodist_src_libcore_a_SOURCES += src/cli/layer_template.c
src/cli/layer_template.c: plugins/template.c
	$(AM_V_GEN)$(MKDIR_P) src/cli && { \
	    echo '#include "cli/layer_template.h"' && echo 'const char *const layer_template[] = {' && \
	    $(lines_as_strings) '$(srcdir)/plugins/template.c' && echo '0};'; \
	} >$@.new && mv -f $@.new $@
CLEANFILES += src/cli/layer_template.c src/cli/layer_template.c.new
