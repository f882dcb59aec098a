src_libcore_a_SOURCES += \
	src/train/file_io.h src/train/file_io.c \
	src/train/safetensors.h src/train/safetensors_read.c src/train/safetensors_write.c \
	src/train/safetensors_format.h src/train/safetensors_format.c \
	src/train/json_parse.h src/train/json_parse.c src/train/log_csv.h src/train/log_csv.c \
	src/train/json_text.h src/train/json_text.c \
	src/train/folder_io.h src/train/folder_io.c \
	src/train/run_folder.h src/train/run_folder.c src/train/run_log.c \
	src/train/run_steps.h src/train/run_steps.c
src_libcore_a_SOURCES += \
	src/train/settings.h src/train/settings.c \
	src/train/optimizer.h src/train/optimizer.c src/train/optimizer_kernels.c \
	src/train/schedule.h src/train/schedule.c \
	src/train/step.h src/train/step.c \
	src/train/mistakes.h src/train/mistakes.c \
	src/train/evaluate.h src/train/evaluate.c \
	src/train/predictor.h src/train/predictor.c \
	src/train/prediction.h src/train/prediction.c \
	src/train/test_set.h src/train/test_set.c \
	src/train/job.h src/train/job.c \
	src/train/job_network.h src/train/job_network.c \
	src/train/sample_sheet.h src/train/sample_sheet.c \
	src/train/train_state.h src/train/train_state.c \
	src/train/events.h src/train/events.c \
	src/train/run_info.h src/train/run_info.c \
	src/train/trainer.h src/train/trainer.c \
	src/train/peak.h src/train/peak.c \
	src/train/timing.h src/train/timing.c
