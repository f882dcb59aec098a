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
