# The programs' own rooms: commands, reports, the server.
noinst_LIBRARIES += src/program/libprogram.a
src_program_libprogram_a_SOURCES = \
	src/program/cli/advice.c \
	src/program/cli/advice.h \
	src/program/cli/algorithms.c \
	src/program/cli/algorithms.h \
	src/program/cli/bar.c \
	src/program/cli/bar.h \
	src/program/cli/column.c \
	src/program/cli/column.h \
	src/program/cli/command.c \
	src/program/cli/command.h \
	src/program/cli/command_export.c \
	src/program/cli/command_gradcheck.c \
	src/program/cli/command_layers.c \
	src/program/cli/command_layers_new.c \
	src/program/cli/command_pack.c \
	src/program/cli/command_plugin.c \
	src/program/cli/command_plugin.h \
	src/program/cli/command_predict.c \
	src/program/cli/command_report.c \
	src/program/cli/command_serve.c \
	src/program/cli/command_show.c \
	src/program/cli/command_show_keys.c \
	src/program/cli/command_sweep.c \
	src/program/cli/command_test.c \
	src/program/cli/command_time.c \
	src/program/cli/command_train.c \
	src/program/cli/command_table.h \
	src/program/cli/compiled_c.c \
	src/program/cli/compiled_c.h \
	src/program/cli/config_file.c \
	src/program/cli/config_file.h \
	src/program/cli/crash.c \
	src/program/cli/crash.h \
	src/program/cli/crash_apart.c \
	src/program/cli/crash_apart.h \
	src/program/cli/crash_library.c \
	src/program/cli/crash_library.h \
	src/program/cli/crash_text.c \
	src/program/cli/crash_text.h \
	src/program/cli/environment.c \
	src/program/cli/environment.h \
	src/program/cli/exit_status.c \
	src/program/cli/exit_status.h \
	src/program/cli/fixed_settings.c \
	src/program/cli/fixed_settings.h \
	src/program/cli/help.c \
	src/program/cli/help.h \
	src/program/cli/inner_options.c \
	src/program/cli/inner_options.h \
	src/program/cli/layer_template.h \
	src/program/cli/library_error.c \
	src/program/cli/library_error.h \
	src/program/cli/memory_plan.c \
	src/program/cli/memory_plan.h \
	src/program/cli/near_file.c \
	src/program/cli/near_file.h \
	src/program/cli/output_paths.c \
	src/program/cli/output_paths.h \
	src/program/cli/pack_config.c \
	src/program/cli/pack_config.h \
	src/program/cli/pack_paths.c \
	src/program/cli/pack_paths.h \
	src/program/cli/packed_name.c \
	src/program/cli/packed_name.h \
	src/program/cli/pack_words.c \
	src/program/cli/pack_words.h \
	src/program/cli/option_table.c \
	src/program/cli/options.c \
	src/program/cli/options.h \
	src/program/cli/picture_text.c \
	src/program/cli/picture_text.h \
	src/program/cli/predict_answers.c \
	src/program/cli/predict_answers.h \
	src/program/cli/rank_refusal.c \
	src/program/cli/rank_refusal.h \
	src/program/cli/sample_sheet.c \
	src/program/cli/sample_sheet.h \
	src/program/cli/say.c \
	src/program/cli/screen.c \
	src/program/cli/say.h \
	src/program/cli/screen.h \
	src/program/cli/setting_json.c \
	src/program/cli/setting_json.h \
	src/program/cli/shell.c \
	src/program/cli/shell.h \
	src/program/cli/signals.c \
	src/program/cli/signals.h \
	src/program/cli/stack_room.c \
	src/program/cli/stack_room.h \
	src/program/cli/standard_files.c \
	src/program/cli/standard_files.h \
	src/program/cli/subject.c \
	src/program/cli/subject.h \
	src/program/cli/sweep_board.c \
	src/program/cli/sweep_board.h \
	src/program/cli/sweep_child.c \
	src/program/cli/sweep_child.h \
	src/program/cli/sweep_command.c \
	src/program/cli/sweep_command.h \
	src/program/cli/sweep_end.c \
	src/program/cli/sweep_end.h \
	src/program/cli/sweep_jobs.c \
	src/program/cli/sweep_jobs.h \
	src/program/cli/sweep_json.c \
	src/program/cli/sweep_json.h \
	src/program/cli/sweep_state.h \
	src/program/cli/terminal.c \
	src/program/cli/terminal.h \
	src/program/cli/test_tables.c \
	src/program/cli/test_tables.h \
	src/program/cli/training_page.c \
	src/program/cli/training_page.h \
	src/program/cli/wrong_word.c \
	src/program/cli/wrong_word.h \
	src/program/cli/trend.c \
	src/program/cli/trend.h \
	src/program/event/predict_event.c \
	src/program/event/predict_event.h \
	src/program/event/told_p.h \
	src/program/report/chart_axis.c \
	src/program/report/chart_axis.h \
	src/program/report/class_sections.c \
	src/program/report/class_sections.h \
	src/program/report/comparison_page.c \
	src/program/report/comparison_page.h \
	src/program/report/heat_map.c \
	src/program/report/heat_map.h \
	src/program/report/html.c \
	src/program/report/html.h \
	src/program/report/page_parts.c \
	src/program/report/page_parts.h \
	src/program/report/page_style.c \
	src/program/report/page_style.h \
	src/program/report/report.c \
	src/program/report/report.h \
	src/program/report/run_facts.c \
	src/program/report/run_facts.h \
	src/program/report/run_page.c \
	src/program/report/run_page.h \
	src/program/report/run_record.c \
	src/program/report/run_record.h \
	src/program/report/settings_apart.c \
	src/program/report/settings_apart.h \
	src/program/report/svg_chart.c \
	src/program/report/svg_chart.h \
	src/program/report/weight_pictures.c \
	src/program/report/weight_pictures.h \
	src/program/sweep/axis.c \
	src/program/sweep/axis.h \
	src/program/sweep/combinations.c \
	src/program/sweep/combinations.h \
	src/program/sweep/identity.c \
	src/program/sweep/identity.h \
	src/program/sweep/outcome.c \
	src/program/sweep/outcome.h \
	src/program/sweep/plan.c \
	src/program/sweep/plan.h \
	src/program/sweep/plan_type.h \
	src/program/sweep/seed_list.c \
	src/program/sweep/seed_list.h \
	src/program/sweep/statistics_of_runs.c \
	src/program/sweep/statistics_of_runs.h \
	src/program/sweep/summary.c \
	src/program/sweep/summary.h \
	src/program/sweep/sweep_csv.c \
	src/program/sweep/sweep_csv.h \
	src/program/sweep/sweep_folder.c \
	src/program/sweep/sweep_folder.h \
	src/program/sweep/sweep_info.c \
	src/program/sweep/sweep_info.h \
	src/program/sweep/sweep_page.c \
	src/program/sweep/sweep_page.h \
	src/program/sweep/sweep_words.c \
	src/program/sweep/sweep_words.h \
	src/program/sweep/t_distribution.c \
	src/program/sweep/t_distribution.h
nodist_src_program_libprogram_a_SOURCES = src/program/cli/layer_template.c

# What "nnrun layers --new" prints: the lines of plugins/template.c as strings.
EXTRA_DIST += plugins/template.c
src/program/cli/layer_template.c: plugins/template.c
	$(AM_V_GEN)$(MKDIR_P) src/program/cli && { \
	    echo '#include "cli/layer_template.h"' && echo 'const char *const layer_template[] = {' && \
	    $(lines_as_strings) '$(srcdir)/plugins/template.c' && echo '0};'; \
	} >$@.new && mv -f $@.new $@
CLEANFILES += src/program/cli/layer_template.c src/program/cli/layer_template.c.new

# What answers over HTTP, where there is libmicrohttpd.
EXTRA_DIST += src/program/serve/web/index.html src/program/serve/web/page.js src/program/serve/web/icon.svg
if HAVE_MICROHTTPD
src_program_libprogram_a_SOURCES += \
	src/program/serve/answer.c \
	src/program/serve/answer.h \
	src/program/serve/asker.c \
	src/program/serve/asker.h \
	src/program/serve/clients.c \
	src/program/serve/clients.h \
	src/program/serve/host.c \
	src/program/serve/host.h \
	src/program/serve/http_library.c \
	src/program/serve/http_library.h \
	src/program/serve/limits.h \
	src/program/serve/listener.c \
	src/program/serve/listener.h \
	src/program/serve/model_json.c \
	src/program/serve/model_json.h \
	src/program/serve/numbers_json.c \
	src/program/serve/numbers_json.h \
	src/program/serve/open_files.c \
	src/program/serve/open_files.h \
	src/program/serve/pages.h \
	src/program/serve/picture_header.c \
	src/program/serve/picture_header.h \
	src/program/serve/pixels_json.c \
	src/program/serve/pixels_json.h \
	src/program/serve/predict_route.c \
	src/program/serve/predict_route.h \
	src/program/serve/question.c \
	src/program/serve/question.h \
	src/program/serve/question_cost.c \
	src/program/serve/question_cost.h \
	src/program/serve/request.c \
	src/program/serve/request.h \
	src/program/serve/server.c \
	src/program/serve/server.h \
	src/program/serve/server_memory.c \
	src/program/serve/server_memory.h \
	src/program/serve/strict.c \
	src/program/serve/strict.h \
	src/program/serve/table_answer.c \
	src/program/serve/table_answer.h \
	src/program/serve/turns.c \
	src/program/serve/turns.h
nodist_src_program_libprogram_a_SOURCES += src/program/serve/pages.c
endif

# The files of the page as strings, each the array page_ + the end of its name; its script is of three files.
own_page = $(srcdir)/src/program/serve/web
page_scripts = $(srcdir)/src/web/show.js $(srcdir)/src/web/draw.js $(own_page)/page.js
src/program/serve/pages.c: $(own_page)/index.html $(shared_html) $(srcdir)/src/web/page.css $(page_scripts) $(own_page)/icon.svg
	$(AM_V_GEN)$(MKDIR_P) src/program/serve && { \
	    echo '#include "serve/pages.h"' && \
	    $(page_with_files) $(own_page)/index.html >$@.page && \
	    echo 'const char *const page_html[] = {' && $(lines_as_strings) $@.page && echo '0};' && \
	    echo 'const char *const page_css[] = {' && $(lines_as_strings) $(srcdir)/src/web/page.css && echo '0};' && \
	    echo 'const char *const page_js[] = {' && $(lines_as_strings) $(page_scripts) && echo '0};' && \
	    echo 'const char *const page_svg[] = {' && $(lines_as_strings) $(own_page)/icon.svg && echo '0};'; \
	} >$@.new && mv -f $@.new $@ && rm -f $@.page
CLEANFILES += src/program/serve/pages.c src/program/serve/pages.c.new src/program/serve/pages.c.page

program_libs = src/program/libprogram.a $(inner_libs)

bin_PROGRAMS += nnrun
nnrun_SOURCES = src/program/main.c
nnrun_LDADD = $(program_libs)
# The unwinder of crash_library.c, which is to cost no time at start.
nnrun_LDFLAGS = $(AM_LDFLAGS) -static-libgcc
