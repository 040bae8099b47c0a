#!/bin/sh
# bugs.sh ROOT: each bug of the reference that these programs are free of has a test, tagged [bug-NUMBER]. The numbers
# are those of svlogd, runsv, sv, runsvdir and chpst in the list of what the reference does.
set -eu
cd "$1/tests"
code=0
for number in $(seq 1 43); do
    grep -rqF --include='*.cpp' "[bug-$number]" . || { echo "no test is tagged [bug-$number]"; code=1; }
done
exit $code
