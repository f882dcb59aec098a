# Communicators: one shared object each, beside the layers. They see <nnrun/comm.h> and what carries the bytes, which
# nothing else is linked with.
comms_cflags = -std=c11 $(NNRUN_WARNINGS) $(NNRUN_NO_PATHS) $(NNRUN_SANITIZE) -fvisibility=hidden
comms_ldflags = -module -avoid-version -export-symbols-regex '^nnrun_comm$$' $(NNRUN_SANITIZE)
if HAVE_MPI
plugin_LTLIBRARIES += comms/comm_mpi.la
endif
comms_comm_mpi_la_SOURCES = comms/comm_mpi.c
comms_comm_mpi_la_CPPFLAGS = -I$(top_srcdir)/src $(MPI_CPPFLAGS)
comms_comm_mpi_la_CFLAGS = $(comms_cflags)
comms_comm_mpi_la_LDFLAGS = $(comms_ldflags)
comms_comm_mpi_la_LIBADD = $(MPI_LIBS)
