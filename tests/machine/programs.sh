#!/bin/sh
# programs.sh ROOT BUILD
# Builds the static programs that are booted in BUILD/bin: with a compiler for musl where there is one
# (RUNSUITE_MUSL_CXX, or build/musl-toolchain), else with the system's.
set -eu

musl=${RUNSUITE_MUSL_CXX:-$1/build/musl-toolchain/bin/musl-g++}
set -- "$1" "$2" -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON -DRUNSUITE_TESTS=OFF -DRUNSUITE_SERVICE_DIR=/etc/service
[ ! -x "$musl" ] || set -- "$@" "-DCMAKE_CXX_COMPILER=$musl"
root=$1
build=$2
shift 2
generator='Unix Makefiles'
if command -v ninja >/dev/null || command -v samu >/dev/null; then generator=Ninja; fi
[ -e "$build/CMakeCache.txt" ] || cmake -S "$root" -B "$build" -G "$generator" "$@"
targets='runit runit-init runsv runsvdir sv svlogd'
[ ! -e "$root/runsvdir/runsvchdir.cpp" ] || targets="$targets runsvchdir"
[ ! -e "$root/init/utmpset.cpp" ] || targets="$targets utmpset"
# shellcheck disable=SC2086 # a list
cmake --build "$build" --parallel 2 --target $targets
