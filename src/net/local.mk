src_libcore_a_SOURCES += \
	src/net/plugin.h src/net/plugin.c \
	src/net/plugin_check.h src/net/plugin_check.c \
	src/net/net.h src/net/net.c \
	src/net/net_plan.h src/net/net_plan.c \
	src/net/net_graph.h src/net/net_graph.c \
	src/net/net_memory.h src/net/net_memory.c \
	src/net/net_run.c \
	src/net/net_init.c
