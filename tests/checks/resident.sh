#!/bin/sh
# resident.sh NM FORBIDDEN OBJECT...
# A resident program neither sleeps, nor ends outside main, nor allocates once its loop runs: its objects import none
# of FORBIDDEN, a list of symbols in one word.
set -eu
nm=$1
forbidden=$2
shift 2
code=0
for symbol in $forbidden; do
    for object in "$@"; do
        if "$nm" --undefined-only "$object" | grep -qw "$symbol"; then
            echo "$object calls $symbol"
            code=1
        fi
    done
done
exit $code
