#!/bin/sh
# sh tests/bench/svlogd.sh [ROUNDS [LINES]]
#
# Measures svlogd beside the distribution's, multilog, s6-log, `cat >file` and a mere copy of a pipe in one interleaved
# run, and prints Markdown tables: the default build, and, where the compiler of tests/support/musl-toolchain.sh is (or
# MUSL_CXX names it), the static musl one. What of ours misses its aim is marked, and makes the exit code 1. Builds go to
# build/bench/.
set -eu

cd "$(dirname "$0")/../.."
rounds=${1:-5}
lines=${2:-1000000}
. tests/bench/builds.sh
need python3 python3-minimal python3
need svlogd runit runit
want multilog daemontools daemontools 'its column'
want s6-log s6 s6 'its column'
install_missing >&2

build_ours
ours="--program ours-glibc=$out/glibc/sbin/svlogd"
! has_musl || ours="$ours --program ours-musl=$out/musl/sbin/svlogd"
c++ -O2 -std=c++20 -Wall -Wextra -o "$out/log_writer" tests/bench/log_writer.cpp
# shellcheck disable=SC2086 # a list
exec python3 tests/bench/svlogd.py --writer "$out/log_writer" --rounds "$rounds" --lines "$lines" \
    --program "reference=$(reference svlogd)" $ours
