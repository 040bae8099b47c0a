#!/bin/sh
# static.sh ROOT BUILD [CMAKE ARGUMENT...]
# Builds what looks up names, and two that are everywhere, statically in BUILD: neither the compiler nor the linker has
# anything to say, and what is promised to need no library needs none.
set -eu
root=$1
build=$2
shift 2
cmake -S "$root" -B "$build" "$@" -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON -DRUNSUITE_TESTS=OFF \
    >"$build.log" 2>&1 &&
    cmake --build "$build" --parallel 2 --target runsv sv svlogd chpst >>"$build.log" 2>&1 ||
    { cat "$build.log"; exit 1; }
if grep -i -A 3 'warning' "$build.log"; then exit 1; fi

code=0
for program in runsv sv; do
    if ldd "$build/bin/$program" >/dev/null 2>&1; then echo "$program needs a library"; code=1; fi
done
exit $code
