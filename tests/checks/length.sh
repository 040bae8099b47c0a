#!/bin/sh
# length.sh ROOT: no source of the programs has more than 300 lines beside comments and empty ones.
set -eu
cd "$1"
find lib runsv runsvdir sv chpst svlogd init -name '*.[ch]pp' 2>/dev/null | xargs awk '
    FNR == 1 && name { check() }
    FNR == 1 { name = FILENAME; count = 0 }
    !/^ *(\/\/.*)?$/ { ++count }
    function check() { if (count > 300) { print name " has " count " lines"; bad = 1 } }
    END { check(); exit bad }'
