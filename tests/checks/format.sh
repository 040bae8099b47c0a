#!/bin/sh
# format.sh ROOT: every source is as clang-format 14 leaves it. Other versions differ in details, so they do not count.
set -eu
cd "$1"
formatter=''
for candidate in clang-format-14 clang-format; do
    case $($candidate --version 2>/dev/null) in *'version 14.'*) formatter=$candidate; break ;; esac
done
[ -n "$formatter" ] || { echo "skipped: there is no clang-format 14 here"; exit 77; }
find lib runsv runsvdir sv chpst svlogd init tests examples -name '*.[ch]pp' 2>/dev/null |
    xargs "$formatter" --dry-run -Werror
