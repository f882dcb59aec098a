# NNRUN_TRY_FLAG(FLAG, ACTION): runs ACTION if the C compiler takes FLAG without a warning.
AC_DEFUN([NNRUN_TRY_FLAG], [
    nnrun_saved_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_MSG_CHECKING([whether $CC takes $1])
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
        [AC_MSG_RESULT([yes]); nnrun_flag=yes], [AC_MSG_RESULT([no]); nnrun_flag=no])
    CFLAGS=$nnrun_saved_CFLAGS
    AS_IF([test "$nnrun_flag" = yes], [$2])
])

# NNRUN_PTHREAD: -pthread, without a macro archive.
AC_DEFUN([NNRUN_PTHREAD], [
    AC_SUBST([PTHREAD_FLAGS], [-pthread])
    AC_CHECK_HEADER([pthread.h], [], [AC_MSG_ERROR([pthreads are needed])])
])

# NNRUN_TRY_LINK_FLAG(FLAG, ACTION): runs ACTION if the linker takes FLAG.
AC_DEFUN([NNRUN_TRY_LINK_FLAG], [
    nnrun_saved_LDFLAGS=$LDFLAGS
    LDFLAGS="$LDFLAGS $1"
    AC_MSG_CHECKING([whether $CC links with $1])
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
        [AC_MSG_RESULT([yes]); nnrun_flag=yes], [AC_MSG_RESULT([no]); nnrun_flag=no])
    LDFLAGS=$nnrun_saved_LDFLAGS
    AS_IF([test "$nnrun_flag" = yes], [$2])
])

# NNRUN_SONAME(NAME, LIBRARY, FUNCTION): NAME_SONAME is what a program that links LIBRARY by NAME_LIBS needs at run time;
# empty: no shared object. FUNCTION is one of LIBRARY's.
AC_DEFUN([NNRUN_SONAME], [
    AC_CHECK_TOOL([READELF], [readelf], [:])
    AC_MSG_CHECKING([for the soname of $2])
    nnrun_saved_LIBS=$LIBS
    LIBS="$LIBS $$1_LIBS"
    $1_SONAME=
    AC_LINK_IFELSE([AC_LANG_CALL([], [$3])],
        [$1_SONAME=$($READELF -d conftest$EXEEXT | $SED -n 's/.*(NEEDED).*\@<:@\($2\.so@<:@^@:>@@:>@*\)\@:>@.*/\1/p')])
    LIBS=$nnrun_saved_LIBS
    AC_MSG_RESULT([${$1_SONAME:-none}])
    AC_SUBST([$1_SONAME])
])

# NNRUN_PC_FOLDERS: for nnrun.pc, which lies in pkgconfig below libdir: pc_prefix, from where it lies, and from that
# pc_exec_prefix, pc_libdir, pc_includedir and pc_datadir, so that the tree can be moved. What is installed into /usr stays there,
# and so does what is not below prefix.
AC_DEFUN([NNRUN_PC_FOLDER], [
    nnrun_value=`prefix=$nnrun_prefix; test "$exec_prefix" != NONE || exec_prefix=$prefix
        eval "nnrun_value=\"$$1\""; eval "printf '%s\n' \"$nnrun_value\""`
    AS_CASE([$nnrun_value], [$nnrun_prefix | $nnrun_prefix/*],
        [nnrun_value=`printf '%s\n' "$nnrun_value" | $SED "s|^$nnrun_prefix|\\\${prefix}|"`])
    AC_SUBST([pc_$1], [$nnrun_value])
])
AC_DEFUN([NNRUN_PC_FOLDERS], [
    nnrun_prefix=$prefix
    test "$nnrun_prefix" != NONE || nnrun_prefix=$ac_default_prefix
    NNRUN_PC_FOLDER([exec_prefix])
    NNRUN_PC_FOLDER([libdir])
    NNRUN_PC_FOLDER([includedir])
    NNRUN_PC_FOLDER([datadir])
    AS_CASE([$nnrun_prefix:$pc_libdir],
        [/usr:*], [pc_prefix=/usr],
        [*:*prefix}*], [pc_prefix='${pcfiledir}'`printf '%s\n' "$pc_libdir/pkgconfig" | $SED 's|.*}||; s|[[^/]][[^/]]*|..|g'`],
        [pc_prefix=$nnrun_prefix])
    AC_SUBST([pc_prefix])
])

# NNRUN_MPI(auto|yes|no): have_mpi, and MPI_CPPFLAGS and MPI_LIBS as $MPICC says them (Open MPI and MPICH): the compiler stays
# ours, so that only what is linked with MPI differs.
AC_DEFUN([NNRUN_MPI], [
    AC_ARG_VAR([MPICC], [the compiler of MPI, which is asked for its flags])
    have_mpi=no
    AS_IF([test "$1" != no], [
        AC_CHECK_PROGS([MPICC], [mpicc])
        for nnrun_word in `test -z "$MPICC" || $MPICC -show 2>/dev/null`; do
            AS_CASE([$nnrun_word],
                [-I*], [MPI_CPPFLAGS="$MPI_CPPFLAGS -isystem `echo "$nnrun_word" | $SED 's/^-I//'`"],
                [-L* | -l* | -Wl,*], [MPI_LIBS="$MPI_LIBS $nnrun_word"])
        done
        AC_MSG_CHECKING([for MPI])
        nnrun_saved_CPPFLAGS=$CPPFLAGS nnrun_saved_LIBS=$LIBS
        CPPFLAGS="$CPPFLAGS $MPI_CPPFLAGS" LIBS="$LIBS $MPI_LIBS"
        AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <mpi.h>]], [[return MPI_Init(0, 0);]])], [have_mpi=yes])
        CPPFLAGS=$nnrun_saved_CPPFLAGS LIBS=$nnrun_saved_LIBS
        AC_MSG_RESULT([$have_mpi])
        AS_IF([test "$1" = yes && test "$have_mpi" = no], [AC_MSG_ERROR([--with-mpi=yes, but mpicc finds no MPI])])
    ])
    AC_SUBST([MPI_CPPFLAGS])
    AC_SUBST([MPI_LIBS])
])
