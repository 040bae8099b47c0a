#!/bin/sh
# hardening.sh READELF CXX PROGRAM...
# A program that is linked to a shared libc is loaded anywhere, has nothing writable that need not be, finds its stack and
# its copies checked, and runs nothing in its data. Fails as well when it takes a program that is none of it for hardened.
set -eu
readelf=$1
compiler=$2
shift 2

# lacks PROGRAM: what is missing, a line each; nothing about a static one.
lacks() {
    segments=$("$readelf" -lW "$1")
    case $segments in *INTERP*) ;; *) return 0 ;; esac
    dynamic=$("$readelf" -dW "$1")
    symbols=$("$readelf" --dyn-syms -W "$1")
    "$readelf" -h "$1" | grep -q 'Type: *DYN' || echo "$1: one fixed address, not PIE"
    case $dynamic in *TEXTREL*) echo "$1: code that is relocated" ;; esac
    case $segments in *GNU_RELRO*) ;; *) echo "$1: no RELRO" ;; esac
    case $dynamic in *BIND_NOW*) ;; *) echo "$1: functions bound late, so their table stays writable" ;; esac
    echo "$segments" | grep 'GNU_STACK' | grep -qw 'RW' || echo "$1: an executable stack"
    echo "$segments" | grep 'LOAD' | grep -qw 'RWE' && echo "$1: memory that is both writable and executable"
    case $symbols in *__stack_chk_fail*) ;; *) echo "$1: no stack protector" ;; esac
    case $symbols in
    *GLIBC_*_chk@* | *_chk@GLIBC_*) ;;
    *GLIBC_*) echo "$1: no FORTIFY" ;;  # other libcs have none
    esac
    return 0
}

code=0
for program in "$@"; do
    found=$(lacks "$program")
    [ -z "$found" ] || { echo "$found"; code=1; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/soft.cpp" <<'SOURCE'
#include <cstdio>
int main() { return std::puts("") < 0; }
SOURCE
"$compiler" -fno-pie -no-pie -fno-stack-protector -U_FORTIFY_SOURCE -Wl,-z,norelro -Wl,-z,lazy -Wl,-z,execstack \
    -o "$scratch/soft" "$scratch/soft.cpp" || { echo "skipped: no such program can be made here"; exit 77; }
for word in PIE RELRO 'bound late' 'executable stack' 'no stack protector'; do
    lacks "$scratch/soft" | grep -q "$word" || { echo "The check misses a program without: $word"; code=1; }
done
exit $code
