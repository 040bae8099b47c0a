#!/bin/sh
# sh tests/bench/container.sh [ROUNDS]
#
# Measures runsvdir as the first process of a pid namespace beside the distribution's and beside s6, dinit, tini and catatonit
# as far as they are there, in one interleaved run, and prints a Markdown table: the default build, and, where the
# compiler of tests/support/musl-toolchain.sh is (or MUSL_CXX names it), the static musl one. Needs to be root. Builds go
# to build/bench/.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
rounds=${1:-10}
. tests/support/packages.sh
need_build_tools
need python3 python3-minimal python3
need runsvdir runit runit
want s6-svscan s6 s6 'its column'
want dinit dinit dinit 'its column'
want tini tini tini 'its column'
want catatonit catatonit catatonit 'its column'
install_missing >&2

out=$root/build/bench
mkdir -p "$out"

# build NAME [cmake arguments]: installs the stripped programs in $out/NAME
build() {
    name=$1
    shift
    {
        cmake -G "$(generator)" -B "$out/build-$name" -DRUNSUITE_TESTS=OFF "$@" . &&
            cmake --build "$out/build-$name" --parallel "$(nproc)" &&
            cmake --install "$out/build-$name" --strip --prefix "$out/$name"
    } >"$out/build-$name.log" 2>&1 || { cat "$out/build-$name.log" >&2; exit 1; }
}

build glibc -DCMAKE_BUILD_TYPE=Release
ours="--ours glibc=$out/glibc/sbin"
musl=${MUSL_CXX:-$root/build/musl-toolchain/bin/musl-g++}
if [ -x "$musl" ]; then
    CXX=$musl build musl -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON
    ours="$ours --ours musl=$out/musl/sbin"
else
    echo "No musl column: there is no $musl; tests/support/musl-toolchain.sh makes it." >&2
fi

c++ -O2 -static -nostdlib -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables -DIDLE -o "$out/idle" tests/bench/idle.cpp
c++ -O2 -std=c++20 -Wall -Wextra -static -o "$out/container" tests/bench/container.cpp
reference=$(dirname "$(PATH=/usr/bin:/usr/sbin:/sbin:/bin command -v runsvdir)")
# shellcheck disable=SC2086 # a list
exec python3 tests/bench/container.py --tools "$out" --reference "$reference" --rounds "$rounds" $ours
