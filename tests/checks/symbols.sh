#!/bin/sh
# symbols.sh NM EXTRA LIBRARY... -- COUNTEREXAMPLE
# A rule is pure: what its library takes from outside is on this list, which has nothing that reads a clock, opens,
# waits, starts, ends or allocates. EXTRA is one word of more symbols. Fails as well when COUNTEREXAMPLE, a library that
# does I/O, goes through.
set -eu

allowed='
memcpy memmove memset memcmp memchr memrchr strlen strnlen strcmp strncmp strchr strrchr bcmp abort
__memcpy_chk __memmove_chk __memset_chk __stack_chk_fail __stack_chk_guard _GLOBAL_OFFSET_TABLE_
std::from_chars std::to_chars std::__detail:: std::__glibcxx_assert_fail std::__throw_out_of_range_fmt'

nm=$1
allowed="$allowed $2"
shift 2

# Undefined symbols of the libraries that none of them defines and the list lacks.
foreign_symbols() {
    for library in "$@"; do
        "$nm" -C --defined-only "$library" | sed -n 's/^[0-9a-f]* [A-Za-z] //p' | sed 's/^/= /'
        "$nm" -C --undefined-only "$library" | sed -n 's/^ *[Uw] //p' | sed 's/^/? /'
    done | awk -v allowed="$allowed" '
        BEGIN { count = split(allowed, word, /[ \n]+/); for (i = 1; i <= count; ++i) ok[word[i]] = 1 }
        function is_allowed(name,   bare, w) {
            bare = name
            sub(/[(].*/, "", bare)
            if (bare in ok || name in ok) return 1
            for (w in ok) if (w ~ /^std::/ && index(name, w)) return 1
            return 0
        }
        $1 == "=" { defined[substr($0, 3)] = 1 }
        $1 == "?" { wanted[substr($0, 3)] = 1 }
        END { for (name in wanted) if (!(name in defined) && !is_allowed(name)) print "  " name }' | sort
}

libraries=''
while [ "$1" != -- ]; do
    libraries="$libraries $1"
    shift
done
counterexample=$2

# shellcheck disable=SC2086 # a list
found=$(foreign_symbols $libraries)
[ -z "$found" ] || { echo "Rules import what is not on the list:"; echo "$found"; exit 1; }
found=$(foreign_symbols "$counterexample")
echo "$found" | grep -qx '  openat' || { echo "The check does not see that $counterexample opens files."; exit 1; }
echo "Pure:$libraries"
