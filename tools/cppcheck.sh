#!/bin/sh
# cppcheck over src/, as `make lint` wants it.
#
# cppcheck 2.10 gives up on a file at `a ? (Str){0} : b`: it looks at a copy
# in which such a literal stands in parentheses. Lines stay where they are.
set -eu
cd "$(dirname "$0")/.."
copy=build/cppcheck
rm -rf "$copy/src"
mkdir -p "$copy"
cp -r src "$copy/src"
find "$copy/src" -name '*.[ch]' -print0 | xargs -0 sed -i -E \
    's/\? (\([A-Z][A-Za-z]*\)\{[^{}]*\})/? (\1)/'
list=$PWD/tools/cppcheck.txt
cd "$copy"
exec cppcheck --quiet --std=c11 --language=c --error-exitcode=1 -j 2 \
    --enable=warning,performance,portability --inline-suppr \
    --suppressions-list="$list" -D_GNU_SOURCE -Isrc src
