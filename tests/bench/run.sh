#!/bin/sh
# sh tests/bench/run.sh [ROUNDS]
#
# Measures the programs beside the distribution's runit in one interleaved run and prints a Markdown table: the default
# build, a static one, and, where the compiler of tests/support/musl-toolchain.sh is (or the system is one of musl), the
# static musl build. Builds go to build/bench/.
set -eu

cd "$(dirname "$0")/../.."
rounds=${1:-5}
. tests/bench/builds.sh
need python3 python3-minimal python3
need runsvdir runit runit
want strace strace strace 'the row of system calls'
install_missing >&2

build_ours
build glibc-static -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON
suites="--ours glibc=$out/glibc/sbin --ours glibc-static=$out/glibc-static/sbin"
! has_musl || suites="$suites --ours musl=$out/musl/sbin"

# shellcheck disable=SC2086 # a list
for kind in idle crash log; do
    c++ $bare -D"$(echo $kind | tr a-z A-Z)" -o "$out/$kind" tests/bench/idle.cpp
done
c++ -O2 -std=c++20 -Wall -Wextra -o "$out/measure" tests/bench/measure.cpp
# shellcheck disable=SC2086
exec python3 tests/bench/bench.py --tools "$out" --reference "$(dirname "$(reference runsvdir)")" --rounds "$rounds" $suites
