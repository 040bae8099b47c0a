#!/bin/sh
# pages.sh PAGE...: mandoc has nothing to say about the manual pages. Fails as well when it would not notice.
set -eu
command -v mandoc >/dev/null || { echo "skipped: there is no mandoc here"; exit 77; }
code=0
for page in "$@"; do
    mandoc -T lint -W warning,stop "$page" || code=1
    if grep -HnE '^\.S[hs] (.* )?In ' "$page"; then
        echo "In is a macro there: \\&In is the word"
        code=1
    fi
done
if printf '.Dd today\n.Nm x\n' | mandoc -T lint -W warning,stop >/dev/null 2>&1; then
    echo "mandoc accepts a page that is none"
    code=1
fi
exit $code
