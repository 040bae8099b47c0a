#!/bin/sh
# libc.sh PROGRAM
# Prints the C library that is in a static program, glibc or musl. 1 for a program that needs libraries.
set -eu
[ -r "$1" ] || { echo "there is no $1" >&2; exit 1; }
# Only what starts a static program of glibc reads that variable itself; without it there is only a loader's name.
if grep -q GLIBC_TUNABLES "$1"; then echo glibc
elif grep -q -e '/ld-linux' -e '/ld-musl' -e '/ld64\.so' "$1"; then
    echo "$1 needs libraries: a machine wants static programs" >&2
    exit 1
else echo musl
fi
