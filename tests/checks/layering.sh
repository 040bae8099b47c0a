#!/bin/sh
# layering.sh ROOT
# Who may include whom: base <- model <- app <- programs, base <- posix <- app; a program never looks into another
# program's folder; what makes a program big is in none of them. Fails as well when it misses a violation.
set -eu

violations() {
    find "$1/lib" "$1/runsv" "$1/runsvdir" "$1/sv" "$1/chpst" "$1/svlogd" "$1/init" \
        -name '*.[ch]pp' 2>/dev/null | while read -r file; do
        layer=${file#"$1"/}
        layer=${layer#lib/}
        layer=${layer%%/*}
        case $layer in
        base) may='base' ;;
        model) may='base model' ;;
        posix) may='base posix' ;;
        app) may='base model posix app' ;;
        *) may="base model posix app $layer" ;;
        esac
        sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file" | while read -r included; do
            case " $may " in
            *" ${included%%/*} "*) ;;
            *) echo "$file includes \"$included\"" ;;
            esac
        done
        sed -n 's/^ *# *include *<\(iostream\|fstream\|sstream\|regex\|filesystem\|locale\)>.*/\1/p' "$file" |
            while read -r included; do echo "$file includes <$included>"; done
    done
}

found=$(violations "$1")
[ -z "$found" ] || { echo "$found"; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/lib/model" "$scratch/sv"
echo '#include "posix/file.hpp"' >"$scratch/lib/model/wrong.hpp"
printf '#include "runsv/service.hpp"\n#include <iostream>\n#include "sv/right.hpp"\n' >"$scratch/sv/wrong.cpp"
[ "$(violations "$scratch" | wc -l)" -eq 3 ] || { echo "The check misses violations."; exit 1; }
