#!/bin/sh
# sh tests/bench/container.sh [ROUNDS]
#
# Measures runsvdir as the first process of a pid namespace beside the distribution's and beside s6, dinit, tini and catatonit
# as far as they are there, in one interleaved run, and prints a Markdown table: the default build, and, where the
# compiler of tests/support/musl-toolchain.sh is (or MUSL_CXX names it), the static musl one. Needs to be root. Builds go
# to build/bench/.
set -eu

cd "$(dirname "$0")/../.."
rounds=${1:-10}
. tests/bench/builds.sh
need python3 python3-minimal python3
need runsvdir runit runit
want s6-svscan s6 s6 'its column'
want dinit dinit dinit 'its column'
want tini tini tini 'its column'
want catatonit catatonit catatonit 'its column'
install_missing >&2

build_ours
ours="--ours glibc=$out/glibc/sbin"
if has_musl; then  # as they are in the base image, by the script that builds it
    CXX=$musl BUILD=$out/build-image CMAKE_GENERATOR=$(generator) sh examples/alpine-base/build.sh "$out/image" \
        >"$out/build-image.log" 2>&1 || { cat "$out/build-image.log" >&2; exit 1; }
    ours="$ours --ours musl=$out/image/usr/sbin"
fi
# shellcheck disable=SC2086 # a list
c++ $bare -DIDLE -o "$out/idle" tests/bench/idle.cpp
c++ -O2 -std=c++20 -Wall -Wextra -static -o "$out/container" tests/bench/container.cpp
# shellcheck disable=SC2086
exec python3 tests/bench/container.py --tools "$out" --reference "$(dirname "$(reference runsvdir)")" --rounds "$rounds" $ours
