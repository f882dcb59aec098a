src_libcore_a_SOURCES += \
	src/net/plugin.h src/net/plugin.c \
	src/net/plugin_check.h src/net/plugin_check.c src/net/plugin_check_setting.c \
	src/net/net.h src/net/net.c \
	src/net/net_plan.h src/net/net_plan.c \
	src/net/net_graph.h src/net/net_graph.c \
	src/net/net_memory.h src/net/net_memory.c \
	src/net/net_pack.h src/net/net_pack.c \
	src/net/net_run.c \
	src/net/gradient_sum.h src/net/gradient_sum.c \
	src/net/net_init.c \
	src/net/gradcheck.h src/net/gradcheck.c \
	src/net/gradcheck_cases.c \
	src/net/gradcheck_contract.h src/net/gradcheck_contract.c \
	src/net/gradcheck_direction.h src/net/gradcheck_direction.c \
	src/net/gradcheck_net.c \
	src/net/gradcheck_rig.h src/net/gradcheck_rig.c
