#!/bin/sh
# lint.sh: looks at the sources; run by make lint and its parts, in the build folder.
#
#   lint.sh lint-format|lint-shell|lint-manuals|lint-c SOURCE-FOLDER
set -eu
what=$1
source=$2
build=$PWD
files=$build/$what.files
errors=$build/$what.errors

need() {
    command -v "$1" >/dev/null 2>&1 || { echo "$what needs $1" >&2; exit 1; }
}
trap 'rm -f "$files" "$files.all" "$errors"' EXIT
cd "$source"
here=$PWD

# sources PATTERN: puts those of our files whose names match into $files: what git tracks or, without git, all outside
# of builds.
sources() {
    if [ -e .git ]; then
        need git
        git -c safe.directory="$here" ls-files >"$files.all"
    else
        find . -type d \( -name 'build*' -o -name .local -o -name autom4te.cache -o -name 'nnrun-*' \) -prune -o \
            -type f -print | sed 's,^\./,,' >"$files.all"
    fi
    grep -E "$1" "$files.all" >"$files"
}

case $what in
lint-format)
    need clang-format
    sources '\.(c|h|cc)$'
    grep -v '^tests/abi/' "$files" | xargs clang-format --dry-run -Werror
    ;;
lint-shell)
    need shellcheck
    sources '\.sh$|^(quickstart|\.ci/run|data/fetch-mnist|data/bash-completion/nnrun)$'
    xargs shellcheck -x <"$files"
    ;;
lint-manuals)
    need mandoc
    sources '^man/.*\.[1-8]$'
    # That a manual of ours is not installed yet is no fault of the page that names it.
    xargs mandoc -Tlint <"$files" >"$errors" || :
    ! grep -v 'STYLE: referenced manual not found: Xr nnrun' "$errors" || exit 1
    ;;
lint-c)
    need clang-tidy
    sed -n 's/^  "file": "\(.*\)",$/\1/p' "$build/compile_commands.json" >"$files.all"
    grep -E "^$here/(src|plugins)/" "$files.all" >"$files"
    # One file a process: from the second one on clang-tidy 14 takes each va_list for uninitialised.
    xargs -n 1 -P "$(nproc)" clang-tidy --quiet -p "$build" <"$files" 2>"$errors" || {
        grep -v ' warnings\? .*generated\.$' "$errors" >&2 || :
        exit 1
    }
    ;;
*)
    echo "lint.sh: $what?" >&2
    exit 2
    ;;
esac
