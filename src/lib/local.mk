# The library, libnnrun, and its public headers. Everything is compiled once, position-independent and hidden, into two
# convenience archives: the program and the tests link these as they are, libnnrun.so and libnnrun.a are made of them.
nnrunincludedir = $(includedir)/nnrun
nnruninclude_HEADERS = \
	src/nnrun/comm.h \
	src/nnrun/layer.h \
	src/nnrun/layer_one.h \
	src/nnrun/layer_operators.h \
	src/nnrun/layer_traits.h \
	src/nnrun/math.h \
	src/nnrun/math_end.h \
	src/nnrun/math_functions.h \
	src/nnrun/nnrun.h \
	src/nnrun/rows.h \
	src/nnrun/training.h

# Rooms, lowest first: none sees one below it in these lists (tests/house.sh). First what a program on libnnrun.so may
# have of its own, too: errors, memory, files, JSON, tables of settings.
noinst_LTLIBRARIES += src/lib/libbase.la
src_lib_libbase_la_CPPFLAGS = $(library_cppflags)
src_lib_libbase_la_CFLAGS = $(library_cflags)
src_lib_libbase_la_SOURCES = \
	src/lib/base/clock.h \
	src/lib/base/error.c \
	src/lib/base/error.h \
	src/lib/base/file_io.c \
	src/lib/base/file_io.h \
	src/lib/base/file_kind.c \
	src/lib/base/file_kind.h \
	src/lib/base/folder_io.c \
	src/lib/base/folder_io.h \
	src/lib/base/installed.c \
	src/lib/base/installed.h \
	src/lib/base/json_parse.c \
	src/lib/base/json_parse.h \
	src/lib/base/json_text.c \
	src/lib/base/json_text.h \
	src/lib/base/memory.c \
	src/lib/base/memory.h \
	src/lib/base/planes.c \
	src/lib/base/planes.h \
	src/lib/base/random.c \
	src/lib/base/random.h \
	src/lib/base/random_lanes.c \
	src/lib/base/random_lanes.h \
	src/lib/base/half.c \
	src/lib/base/half.h \
	src/lib/base/sha256.c \
	src/lib/base/sha256.h \
	src/lib/base/memory_file.c \
	src/lib/base/memory_file.h \
	src/lib/base/text.c \
	src/lib/base/text.h \
	src/lib/base/thread_pool.c \
	src/lib/base/thread_pool.h \
	src/lib/base/thread_signals.c \
	src/lib/base/thread_signals.h \
	src/lib/setting/choices.c \
	src/lib/setting/choices.h \
	src/lib/setting/foreign.c \
	src/lib/setting/foreign.h \
	src/lib/setting/name_word.c \
	src/lib/setting/name_word.h \
	src/lib/setting/nearest.c \
	src/lib/setting/nearest.h \
	src/lib/setting/setting.c \
	src/lib/setting/setting.h \
	src/lib/setting/setting_text.c \
	src/lib/setting/setting_text.h \
	src/lib/setting/setting_words.c \
	src/lib/setting/setting_words.h

# All else.
noinst_LTLIBRARIES += src/lib/libcore.la
src_lib_libcore_la_CPPFLAGS = $(library_cppflags)
src_lib_libcore_la_CFLAGS = $(library_cflags)
src_lib_libcore_la_SOURCES = \
	src/lib/config/config.h \
	src/lib/config/config_check.c \
	src/lib/config/config_each.c \
	src/lib/config/config_find.c \
	src/lib/config/config_group.c \
	src/lib/config/config_held.c \
	src/lib/config/config_include.c \
	src/lib/config/config_internal.h \
	src/lib/config/config_kept.c \
	src/lib/config/config_layer_names.c \
	src/lib/config/config_layers.c \
	src/lib/config/config_lost.c \
	src/lib/config/config_meant.c \
	src/lib/config/config_number.c \
	src/lib/config/config_open.c \
	src/lib/config/config_override.c \
	src/lib/config/config_override_keys.c \
	src/lib/config/config_fold.c \
	src/lib/config/config_report.c \
	src/lib/config/config_scan.c \
	src/lib/config/config_text.c \
	src/lib/config/config_token.c \
	src/lib/config/config_token.h \
	src/lib/config/config_tree.c \
	src/lib/config/config_unexpected.c \
	src/lib/config/config_unknown.c \
	src/lib/data/augment.c \
	src/lib/data/augment.h \
	src/lib/data/augment_kernels.c \
	src/lib/data/augment_kernels.h \
	src/lib/data/csv_dialect.c \
	src/lib/data/csv_dialect.h \
	src/lib/data/csv_number.c \
	src/lib/data/csv_number.h \
	src/lib/data/csv_reader.c \
	src/lib/data/csv_reader.h \
	src/lib/data/idx_file.c \
	src/lib/data/idx_file.h \
	src/lib/data/idx_numbers.c \
	src/lib/data/idx_numbers.h \
	src/lib/data/idx_values.c \
	src/lib/data/idx_values.h \
	src/lib/data/inflate_stream.c \
	src/lib/data/inflate_stream.h \
	src/lib/data/label_rule.h \
	src/lib/data/jpeg_file.c \
	src/lib/data/jpeg_file.h \
	src/lib/data/lanes.c \
	src/lib/data/lanes.h \
	src/lib/data/packed_folder.c \
	src/lib/data/packed_folder.h \
	src/lib/data/picture.c \
	src/lib/data/picture.h \
	src/lib/data/picture_blobs.c \
	src/lib/data/picture_blobs.h \
	src/lib/data/picture_digits.c \
	src/lib/data/picture_digits.h \
	src/lib/data/picture_file.c \
	src/lib/data/picture_file.h \
	src/lib/data/picture_ink.c \
	src/lib/data/picture_ink.h \
	src/lib/data/picture_rows.h \
	src/lib/data/picture_ruling.c \
	src/lib/data/picture_ruling.h \
	src/lib/data/picture_size.c \
	src/lib/data/picture_size.h \
	src/lib/data/picture_turn.c \
	src/lib/data/picture_turn.h \
	src/lib/data/pixel_columns.c \
	src/lib/data/pixel_columns.h \
	src/lib/data/png_file.c \
	src/lib/data/png_file.h \
	src/lib/data/pnm_file.c \
	src/lib/data/pnm_file.h \
	src/lib/data/prepare_picture.c \
	src/lib/data/prepare_picture.h \
	src/lib/data/row_columns.c \
	src/lib/data/row_columns.h \
	src/lib/data/row_file.c \
	src/lib/data/row_file.h \
	src/lib/data/sample_picture.c \
	src/lib/data/sample_picture.h \
	src/lib/data/samples.c \
	src/lib/data/samples.h \
	src/lib/data/samples_walk.h \
	src/lib/data/split.c \
	src/lib/data/split.h \
	src/lib/data/window.c \
	src/lib/data/window.h \
	src/lib/data/window_reader.c \
	src/lib/data/window_reader.h \
	src/lib/net/elf_image.c \
	src/lib/net/elf_image.h \
	src/lib/net/elf_loader.c \
	src/lib/net/elf_loader.h \
	src/lib/net/gradient_sum.c \
	src/lib/net/gradient_sum.h \
	src/lib/net/net.c \
	src/lib/net/net.h \
	src/lib/net/net_create.c \
	src/lib/net/net_create.h \
	src/lib/net/net_derived.c \
	src/lib/net/net_derived.h \
	src/lib/net/net_fault.c \
	src/lib/net/net_fault.h \
	src/lib/net/net_graph.c \
	src/lib/net/net_graph.h \
	src/lib/net/net_init.c \
	src/lib/net/net_memory.c \
	src/lib/net/net_memory.h \
	src/lib/net/net_one.c \
	src/lib/net/net_one.h \
	src/lib/net/net_pack.c \
	src/lib/net/net_pack.h \
	src/lib/net/net_plan.c \
	src/lib/net/net_plan.h \
	src/lib/net/net_run.c \
	src/lib/net/net_watch.c \
	src/lib/net/net_watch.h \
	src/lib/net/net_weights.c \
	src/lib/net/net_weights.h \
	src/lib/net/plugin.c \
	src/lib/net/plugin.h \
	src/lib/net/plugin_capability.c \
	src/lib/net/plugin_capability.h \
	src/lib/net/plugin_check.c \
	src/lib/net/plugin_check.h \
	src/lib/net/plugin_check_setting.c \
	src/lib/net/plugin_check_setting.h \
	src/lib/net/plugin_file.c \
	src/lib/net/plugin_file.h \
	src/lib/net/plugin_home.c \
	src/lib/net/plugin_home.h \
	src/lib/net/plugin_meant.c \
	src/lib/net/plugin_meant.h \
	src/lib/net/plugin_object.c \
	src/lib/net/plugin_object.h \
	src/lib/net/trust_path.c \
	src/lib/net/trust_path.h \
	src/lib/net/trust_refusal.c \
	src/lib/net/trust_refusal.h \
	src/lib/net/trust_rule.c \
	src/lib/net/trust_rule.h \
	src/lib/net/plugin_call.c \
	src/lib/net/plugin_call.h \
	src/lib/net/plugin_watch.c \
	src/lib/net/plugin_watch.h \
	src/lib/net/plugin_words.c \
	src/lib/net/plugin_words.h \
	src/lib/net/plugin_kind.h \
	src/lib/comm/comm.c \
	src/lib/comm/comm.h \
	src/lib/comm/comm_check.c \
	src/lib/comm/comm_check.h \
	src/lib/checkpoint/safetensors_format.c \
	src/lib/checkpoint/safetensors_format.h \
	src/lib/checkpoint/safetensors_header.c \
	src/lib/checkpoint/safetensors_header.h \
	src/lib/checkpoint/safetensors_read.c \
	src/lib/checkpoint/safetensors_read.h \
	src/lib/checkpoint/safetensors_write.c \
	src/lib/checkpoint/safetensors_write.h \
	src/lib/checkpoint/tensor.c \
	src/lib/checkpoint/tensor.h \
	src/lib/model/model.c \
	src/lib/model/model.h \
	src/lib/model/model_classes.c \
	src/lib/model/model_classes.h \
	src/lib/model/model_fit.c \
	src/lib/model/model_fit.h \
	src/lib/model/model_kind.c \
	src/lib/model/model_kind.h \
	src/lib/model/model_names.c \
	src/lib/model/model_names.h \
	src/lib/model/model_network.c \
	src/lib/model/model_network.h \
	src/lib/model/model_open.c \
	src/lib/model/model_paths.c \
	src/lib/model/model_paths.h \
	src/lib/model/model_sample.c \
	src/lib/model/model_sample.h \
	src/lib/model/settings.h \
	src/lib/model/settings_read.c \
	src/lib/model/settings_tables.c \
	src/lib/model/settings_tables.h \
	src/lib/model/settings_words.c \
	src/lib/model/warning.c \
	src/lib/model/warning.h \
	src/lib/model/warning_model.c \
	src/lib/model/warning_network.c \
	src/lib/model/warning_override.c \
	src/lib/run/log_csv.c \
	src/lib/run/log_csv.h \
	src/lib/run/run_checkpoints.c \
	src/lib/run/run_checkpoints.h \
	src/lib/run/run_files.c \
	src/lib/run/run_files.h \
	src/lib/run/run_folder.c \
	src/lib/run/run_folder.h \
	src/lib/run/run_info.c \
	src/lib/run/run_info.h \
	src/lib/run/run_log.c \
	src/lib/run/run_log.h \
	src/lib/run/run_model.c \
	src/lib/run/run_model.h \
	src/lib/train/areas.c \
	src/lib/train/areas.h \
	src/lib/train/arithmetic.c \
	src/lib/train/arithmetic.h \
	src/lib/train/epoch.c \
	src/lib/train/epoch.h \
	src/lib/train/evaluate.c \
	src/lib/train/evaluate.h \
	src/lib/train/class_weights.c \
	src/lib/train/class_weights.h \
	src/lib/train/data_look.c \
	src/lib/train/data_look.h \
	src/lib/train/events.c \
	src/lib/train/events.h \
	src/lib/train/executor.c \
	src/lib/train/executor.h \
	src/lib/train/executor_spec.h \
	src/lib/train/final_test.c \
	src/lib/train/final_test.h \
	src/lib/train/loss_watch.c \
	src/lib/train/loss_watch.h \
	src/lib/train/mcnemar.c \
	src/lib/train/mcnemar.h \
	src/lib/train/memory_need.c \
	src/lib/train/memory_need.h \
	src/lib/train/mistakes.c \
	src/lib/train/mistakes.h \
	src/lib/train/normalization.c \
	src/lib/train/normalization.h \
	src/lib/train/optimizer.c \
	src/lib/train/optimizer.h \
	src/lib/train/optimizer_kernels.c \
	src/lib/train/pretrained.c \
	src/lib/train/pretrained.h \
	src/lib/train/pretrained_fit.c \
	src/lib/train/pretrained_fit.h \
	src/lib/train/pretrained_text.c \
	src/lib/train/pretrained_text.h \
	src/lib/train/rank_check.c \
	src/lib/train/rank_check.h \
	src/lib/train/rank_model.c \
	src/lib/train/rank_model.h \
	src/lib/train/rank_sum.c \
	src/lib/train/rank_sum.h \
	src/lib/train/ranks.c \
	src/lib/train/ranks.h \
	src/lib/train/resumption.c \
	src/lib/train/resumption.h \
	src/lib/train/schedule.c \
	src/lib/train/schedule.h \
	src/lib/train/slices.c \
	src/lib/train/slices.h \
	src/lib/train/step_times.h \
	src/lib/train/tester.c \
	src/lib/train/tester.h \
	src/lib/train/train_state.c \
	src/lib/train/train_state.h \
	src/lib/train/train_state_file.c \
	src/lib/train/trainer.c \
	src/lib/train/trainer.h \
	src/lib/train/trainer_spec.h \
	src/lib/train/training.c \
	src/lib/train/training.h \
	src/lib/train/training_open.c \
	src/lib/train/training_open.h \
	src/lib/train/training_warn.c \
	src/lib/train/training_warn.h \
	src/lib/train/weight_update.c \
	src/lib/train/weight_update.h \
	src/lib/predict/predictor.c \
	src/lib/predict/predictor.h \
	src/lib/api/host.c \
	src/lib/api/host.h \
	src/lib/api/nnrun_describe.c \
	src/lib/api/nnrun_error.c \
	src/lib/api/nnrun_evaluation.c \
	src/lib/api/nnrun_open.c \
	src/lib/api/nnrun_pictures.c \
	src/lib/api/nnrun_predict.c \
	src/lib/api/nnrun_rows.c \
	src/lib/api/nnrun_save.c \
	src/lib/api/nnrun_test.c \
	src/lib/api/nnrun_train.c \
	src/lib/api/nnrun_version.c \
	src/lib/api/nnrun_watch.c \
	src/lib/api/public_argument.c \
	src/lib/api/public_argument.h \
	src/lib/api/public_error.h \
	src/lib/api/public_evaluation.h \
	src/lib/api/public_listener.c \
	src/lib/api/public_listener.h \
	src/lib/api/public_model.c \
	src/lib/api/public_model.h \
	src/lib/api/public_struct.c \
	src/lib/api/public_struct.h \
	src/lib/api/public_watch.h

# What the program alone has: own data packed, gradcheck, and the time that networks take.
noinst_LTLIBRARIES += src/lib/libcheck.la
src_lib_libcheck_la_CPPFLAGS = $(library_cppflags)
src_lib_libcheck_la_CFLAGS = $(library_cflags)
src_lib_libcheck_la_SOURCES = \
	src/lib/pack/channel_order.c \
	src/lib/pack/channel_order.h \
	src/lib/pack/cifar_files.c \
	src/lib/pack/cifar_files.h \
	src/lib/pack/class_names.c \
	src/lib/pack/class_names.h \
	src/lib/pack/class_order.c \
	src/lib/pack/class_order.h \
	src/lib/pack/column_names.c \
	src/lib/pack/column_names.h \
	src/lib/pack/csv_columns.c \
	src/lib/pack/csv_columns.h \
	src/lib/pack/csv_folder.c \
	src/lib/pack/csv_folder.h \
	src/lib/pack/csv_label.c \
	src/lib/pack/csv_label.h \
	src/lib/pack/csv_layout.c \
	src/lib/pack/csv_layout.h \
	src/lib/pack/digit_form.c \
	src/lib/pack/digit_form.h \
	src/lib/pack/csv_look.h \
	src/lib/pack/csv_pixels.c \
	src/lib/pack/csv_pixels.h \
	src/lib/pack/csv_values.c \
	src/lib/pack/csv_values.h \
	src/lib/pack/folder_files.c \
	src/lib/pack/folder_files.h \
	src/lib/pack/folder_names.c \
	src/lib/pack/folder_names.h \
	src/lib/pack/folder_scan.c \
	src/lib/pack/folder_scan.h \
	src/lib/pack/folder_slot.c \
	src/lib/pack/folder_slot.h \
	src/lib/pack/folder_walk.c \
	src/lib/pack/folder_walk.h \
	src/lib/pack/gzip_blocks.c \
	src/lib/pack/gzip_blocks.h \
	src/lib/pack/idx_content.c \
	src/lib/pack/idx_content.h \
	src/lib/pack/idx_labels.c \
	src/lib/pack/idx_labels.h \
	src/lib/pack/idx_mapping.c \
	src/lib/pack/idx_mapping.h \
	src/lib/pack/idx_name.c \
	src/lib/pack/idx_packed.c \
	src/lib/pack/idx_packed.h \
	src/lib/pack/idx_pairs.c \
	src/lib/pack/idx_pairs.h \
	src/lib/pack/look.c \
	src/lib/pack/look.h \
	src/lib/pack/look_classes.c \
	src/lib/pack/npy_header.c \
	src/lib/pack/npy_header.h \
	src/lib/pack/npz_arrays.c \
	src/lib/pack/npz_arrays.h \
	src/lib/pack/orientation.c \
	src/lib/pack/orientation.h \
	src/lib/pack/older_pack.c \
	src/lib/pack/older_pack.h \
	src/lib/pack/output.c \
	src/lib/pack/output.h \
	src/lib/pack/output_place.c \
	src/lib/pack/output_place.h \
	src/lib/pack/pack.c \
	src/lib/pack/pack.h \
	src/lib/pack/pack_facts.c \
	src/lib/pack/pack_facts.h \
	src/lib/pack/pack_result.c \
	src/lib/pack/pack_result.h \
	src/lib/pack/pack_split.c \
	src/lib/pack/pack_split.h \
	src/lib/pack/part_name.c \
	src/lib/pack/part_name.h \
	src/lib/pack/path_look.c \
	src/lib/pack/path_look.h \
	src/lib/pack/picture_shrink.c \
	src/lib/pack/picture_shrink.h \
	src/lib/pack/remark.c \
	src/lib/pack/remark.h \
	src/lib/pack/sink.c \
	src/lib/pack/sink.h \
	src/lib/pack/source.c \
	src/lib/pack/source.h \
	src/lib/pack/source_cifar.c \
	src/lib/pack/source_csv.c \
	src/lib/pack/source_folder.c \
	src/lib/pack/source_idx.c \
	src/lib/pack/source_npz.c \
	src/lib/pack/spool.c \
	src/lib/pack/spool.h \
	src/lib/pack/statistics.c \
	src/lib/pack/statistics.h \
	src/lib/pack/table_fault.c \
	src/lib/pack/table_fault.h \
	src/lib/pack/wanted_size.c \
	src/lib/pack/wanted_size.h \
	src/lib/pack/zip_directory.c \
	src/lib/pack/zip_directory.h \
	src/lib/pack/zip_file.c \
	src/lib/pack/zip_file.h \
	src/lib/operators/describe.c \
	src/lib/operators/describe.h \
	src/lib/operators/graph.c \
	src/lib/operators/graph.h \
	src/lib/operators/graph_shapes.c \
	src/lib/operators/graph_shapes.h \
	src/lib/operators/operator_types.c \
	src/lib/operators/operator_types.h \
	src/lib/operators/reference.c \
	src/lib/operators/reference.h \
	src/lib/operators/reference_call.h \
	src/lib/operators/reference_simple.c \
	src/lib/operators/reference_simple.h \
	src/lib/operators/reference_windows.c \
	src/lib/operators/reference_windows.h \
	src/lib/export/c_chain.c \
	src/lib/export/c_others.c \
	src/lib/export/c_source.c \
	src/lib/export/c_source.h \
	src/lib/export/c_stage_text.c \
	src/lib/export/c_stages.c \
	src/lib/export/c_stages.h \
	src/lib/export/c_text.c \
	src/lib/export/c_windows.c \
	src/lib/export/c_writer.h \
	src/lib/export/export_about.c \
	src/lib/export/export_about.h \
	src/lib/export/export_check.c \
	src/lib/export/export_check.h \
	src/lib/export/export_facts.h \
	src/lib/export/export_network.c \
	src/lib/export/export_network.h \
	src/lib/export/html_graph.c \
	src/lib/export/html_graph.h \
	src/lib/export/html_lines.h \
	src/lib/export/html_page.c \
	src/lib/export/html_page.h \
	src/lib/export/network_graph.c \
	src/lib/export/network_graph.h \
	src/lib/export/onnx_model.c \
	src/lib/export/onnx_model.h \
	src/lib/export/wire.c \
	src/lib/export/wire.h \
	src/lib/check/contract.c \
	src/lib/check/contract.h \
	src/lib/check/contract_derived.c \
	src/lib/check/contract_derived.h \
	src/lib/check/contract_one.c \
	src/lib/check/contract_one.h \
	src/lib/check/contract_operators.c \
	src/lib/check/contract_operators.h \
	src/lib/check/contract_plan.c \
	src/lib/check/contract_plan.h \
	src/lib/check/contract_traits.c \
	src/lib/check/contract_traits.h \
	src/lib/check/failure.c \
	src/lib/check/failure.h \
	src/lib/check/findings.c \
	src/lib/check/findings.h \
	src/lib/check/elf_symbols.c \
	src/lib/check/elf_symbols.h \
	src/lib/check/foreign_calls.c \
	src/lib/check/foreign_calls.h \
	src/lib/check/gradcheck.c \
	src/lib/check/gradcheck.h \
	src/lib/check/gradcheck_cases.c \
	src/lib/check/gradcheck_file.c \
	src/lib/check/gradcheck_file.h \
	src/lib/check/gradcheck_memory.c \
	src/lib/check/gradcheck_net.c \
	src/lib/check/guarded.c \
	src/lib/check/guarded.h \
	src/lib/check/probe.c \
	src/lib/check/probe.h \
	src/lib/check/rig.c \
	src/lib/check/rig.h \
	src/lib/check/rig_call.c \
	src/lib/check/rig_call.h \
	src/lib/check/rig_derive.c \
	src/lib/check/rig_derive.h \
	src/lib/measure/bench.c \
	src/lib/measure/bench.h \
	src/lib/measure/layer_timing.c \
	src/lib/measure/layer_timing.h \
	src/lib/measure/peak.c \
	src/lib/measure/peak.h \
	src/lib/measure/step_timing.c \
	src/lib/measure/step_timing.h \
	src/lib/measure/timing.c \
	src/lib/measure/timing.h
nodist_src_lib_libcheck_la_SOURCES = src/lib/export/html_lines.c

# A text file as the lines of an array of strings.
lines_as_strings = $(SED) 's/[\\"]/\\&/g; s/^/"/; s/$$/\\n",/'

# A page in which a line "#include FILE..." stands for these files, without comments and indentation, so that it is small.
page_with_files = $(AWK) -v folder='$(srcdir)/src/' '!/^\043include / { print; next } \
	{ for (i = 2; i <= NF; i++) { got = 0; while ((getline line < (folder $$i)) > 0) { got = 1; \
	    sub(/^ +/, "", line); sub(/ +\/\/ [^"`\047]*$$/, "", line); if (line !~ /^\/\/ |^$$/) print line }; if (!got) exit 1 } }'

# What pages share: how they are drawn on, and how answers and layers look.
shared_html = src/web/draw.html src/web/answer.html src/web/layers.html
shared_page = $(shared_html) src/web/page.css src/web/show.js src/web/draw.js
EXTRA_DIST += $(shared_page)

# The page of an exported network.
export_page = src/lib/export/page/page.css src/lib/export/page/operators.js src/lib/export/page/png.js \
	src/lib/export/page/picture.js src/lib/export/page/ink.js src/lib/export/page/ruling.js src/lib/export/page/prepare.js \
	src/lib/export/page/row.js src/lib/export/page/page.js
EXTRA_DIST += src/lib/export/page/index.html $(export_page)
src/lib/export/html_lines.c: src/lib/export/page/index.html $(export_page) $(shared_page)
	$(AM_V_GEN)$(MKDIR_P) src/lib/export && { \
	    echo '#include "export/html_lines.h"' && echo 'const char *const html_lines[] = {' && \
	    $(page_with_files) '$(srcdir)/src/lib/export/page/index.html' >$@.page && \
	    $(lines_as_strings) $@.page && echo '0};'; \
	} >$@.new && mv -f $@.new $@ && rm -f $@.page
CLEANFILES += src/lib/export/html_lines.c src/lib/export/html_lines.c.new src/lib/export/html_lines.c.page

# What the convenience archives need, in the order of a static link.
outside_libs = $(LIBCONFIG_LIBS) $(JANSSON_LIBS) $(LIBPNG_LIBS) $(LIBJPEG_LIBS) $(ZLIB_LIBS) -lm
library_libs = src/lib/libcore.la src/lib/libbase.la $(outside_libs)
inner_libs = src/lib/libcheck.la $(library_libs)

# src/lib/nnrun.sym lists what leaves libnnrun.so. CONTRIBUTING.md says when -version-info changes.
EXTRA_DIST += src/lib/nnrun.sym
lib_LTLIBRARIES += libnnrun.la
libnnrun_la_SOURCES =
libnnrun_la_LIBADD = $(library_libs)
libnnrun_la_LIBTOOLFLAGS = $(LIBRARY_KIND)
libnnrun_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined $(NNRUN_NO_UNDEFINED) \
	-Wl,--version-script=src/lib/nnrun.map
libnnrun_la_DEPENDENCIES = src/lib/libcore.la src/lib/libbase.la src/lib/nnrun.map
src/lib/nnrun.map: src/lib/nnrun.sym
	$(AM_V_GEN)$(MKDIR_P) src/lib && { \
	    echo 'NNRUN_0 {' && echo 'global:' && $(SED) 's/$$/;/' '$(srcdir)/src/lib/nnrun.sym' && echo 'local: *; };'; \
	} >$@.new && mv -f $@.new $@
CLEANFILES += src/lib/nnrun.map src/lib/nnrun.map.new

# In libnnrun.a everything inner becomes local, as it is in libnnrun.so: a program may have an error_set of its own.
install-exec-hook:
	cd '$(DESTDIR)$(libdir)' && if test -f libnnrun.a && test '$(OBJCOPY)' != :; then \
	    $(LD) -r -o libnnrun.all.o --whole-archive libnnrun.a && $(OBJCOPY) --localize-hidden libnnrun.all.o && \
	    rm -f libnnrun.a && $(AR) crsD libnnrun.a libnnrun.all.o && rm -f libnnrun.all.o && chmod 644 libnnrun.a; fi
