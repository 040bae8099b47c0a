#!/bin/sh
# names.sh ROOT: the top level has the names that everybody relies on, and no others.
set -eu
cd "$1"
code=0
for name in CMakeLists.txt CMakePresets.json LICENSE README.md lib tests examples; do
    [ -e "$name" ] || { echo "missing: $name"; code=1; }
done
for name in *; do
    case $name in
    CMakeLists.txt | CMakePresets.json | LICENSE | README.md | lib | tests | examples | build) ;;
    CHANGELOG.md | CONTRIBUTING.md | SECURITY.md) ;;
    runsvdir | runsv | sv | chpst | svlogd | init) ;;
    *) echo "does not belong here: $name"; code=1 ;;
    esac
done
exit $code
