#!/bin/sh
# sh tests/soak/run.sh MINUTES SEED [PROGRAMS_DIR]
#
# A hundred services under one runsvdir, with four clients, and somebody who kills, moves and replaces whatever there is. What must
# hold is looked at all the time, see soak.py; each violation is told, and the exit code is 1 if there was any. The seed
# gives the sequence of the actions. PROGRAMS_DIR is build/release/bin by default.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 2 ]; then
    echo "usage: sh tests/soak/run.sh MINUTES SEED [PROGRAMS_DIR]" >&2
    exit 100
fi
if ! command -v python3 >/dev/null 2>&1; then
    echo "skipped: python3 is missing"
    exit 77
fi
programs=$(cd "${3:-$here/../../build/release/bin}" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/runsuite-soak-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
service=${RUNSUITE_SOAK_SERVICE:-}
if [ -z "$service" ]; then
    service=$scratch/soak-service
    "${CXX:-c++}" -std=c++20 -O1 "$here/service.cpp" -o "$service"
fi
python3 "$here/soak.py" "$1" "$2" "$programs" "$service" "$scratch"
