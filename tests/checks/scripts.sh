#!/bin/sh
# scripts.sh ROOT: every script parses, and no file has the marks of a merge that was not finished.
set -eu
cd "$1"
code=0
for script in $(find tests examples svlogd chpst sv runsv runsvdir init .ci -type f 2>/dev/null); do
    case $(head -c 64 "$script" | head -n 1 | tr -d '\0') in
    '#!/bin/sh'*) sh -n "$script" || code=1 ;;
    '#!/bin/bash'*) ! command -v bash >/dev/null || bash -n "$script" || code=1 ;;
    '#!'*python3*)
        ! command -v python3 >/dev/null ||
            python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$script" || code=1
        ;;
    esac
done
if grep -rn --exclude-dir=build --exclude-dir=.git '^<<<<<<<\|^>>>>>>>' .; then code=1; fi
exit $code
