#!/bin/sh
# build.sh DEST: static programs, and all else that the image gets, below DEST.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build/image}
# Small before all else; the build type MinSizeRel has svlogd, which moves most bytes, optimized for speed.
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="-Oz -DNDEBUG" -DRUNSUITE_STATIC=ON \
    -DRUNSUITE_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr
cmake --build "$build" --parallel "$(nproc)"
DESTDIR=$1 cmake --install "$build" --strip
# What only a whole machine has a use for stays out.
(cd "$1/usr" && rm -rf share sbin/runit sbin/runit-init sbin/utmpset sbin/runsvchdir)
find "$1/usr/sbin" -type f ! -name start-services -exec strip -R .comment {} +
mkdir -p "$1/etc/service" "$1/etc/runit/boot.d"
cp examples/alpine-base/start-services "$1/usr/sbin/"
