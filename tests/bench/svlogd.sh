#!/bin/sh
# sh tests/bench/svlogd.sh [ROUNDS [LINES]]
#
# Measures svlogd beside the distribution's, multilog, s6-log and `cat >file` in one interleaved run, and prints a
# Markdown table: the default build, and, where the compiler of tests/support/musl-toolchain.sh is (or MUSL_CXX names
# it), the static musl one. Builds go to build/bench/.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
rounds=${1:-5}
lines=${2:-1000000}
. tests/support/packages.sh
need_build_tools
need python3 python3-minimal python3
need svlogd runit runit
want multilog daemontools daemontools 'its column'
want s6-log s6 s6 'its column'
install_missing >&2

out=$root/build/bench
mkdir -p "$out"

# build NAME [cmake arguments]
build() {
    name=$1
    shift
    {
        cmake -G "$(generator)" -B "$out/build-$name" -DRUNSUITE_TESTS=OFF "$@" . &&
            cmake --build "$out/build-$name" --parallel "$(nproc)" --target svlogd
    } >"$out/build-$name.log" 2>&1 || { cat "$out/build-$name.log" >&2; exit 1; }
}

build glibc -DCMAKE_BUILD_TYPE=Release
ours="--program ours-glibc=$out/build-glibc/bin/svlogd"
musl=${MUSL_CXX:-$root/build/musl-toolchain/bin/musl-g++}
if [ -x "$musl" ]; then
    CXX=$musl build musl -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON
    ours="$ours --program ours-musl=$out/build-musl/bin/svlogd"
else
    echo "No musl column: there is no $musl; tests/support/musl-toolchain.sh makes it." >&2
fi
c++ -O2 -std=c++20 -Wall -Wextra -o "$out/log_writer" tests/bench/log_writer.cpp
reference=$(PATH=/usr/bin:/usr/sbin:/sbin:/bin command -v svlogd)
# shellcheck disable=SC2086 # a list
exec python3 tests/bench/svlogd.py --writer "$out/log_writer" --rounds "$rounds" --lines "$lines" \
    --program "reference=$reference" $ours
