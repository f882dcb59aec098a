src_libcore_a_SOURCES += \
	src/report/html.h src/report/html.c \
	src/report/chart_axis.h src/report/chart_axis.c \
	src/report/svg_chart.h src/report/svg_chart.c \
	src/report/heat_map.h src/report/heat_map.c \
	src/report/weight_pictures.h src/report/weight_pictures.c \
	src/report/class_sections.h src/report/class_sections.c \
	src/report/run_record.h src/report/run_record.c \
	src/report/page_style.h src/report/page_style.c \
	src/report/page_parts.h src/report/page_parts.c \
	src/report/run_facts.h src/report/run_facts.c src/report/run_page.h src/report/run_page.c \
	src/report/settings_apart.h src/report/settings_apart.c \
	src/report/comparison_page.h src/report/comparison_page.c \
	src/report/report.h src/report/report.c
