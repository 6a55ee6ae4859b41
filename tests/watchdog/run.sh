#!/bin/bash
# A file that is worked on for too long ends the build: its name is said, the
# code is 1, and the site stays as it was. strace holds the opening of one file
# up for longer than the limit of twenty seconds (and the leak checker cannot
# work where strace does).
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
export LOA_LANG=en LC_ALL=C.UTF-8
loa=$(realpath "${LOA:-build/san/loa}")
if ! command -v strace >/dev/null; then
    echo 'strace is not installed; nothing can be held up'
    echo '0 passed, 1 failed'
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 3
mkdir content layouts
printf 'baseURL: https://tin.example/\ntimeZone: UTC\n' >loa.yaml
echo '{{ page.title }}' | tee layouts/single.html >layouts/list.html
printf -- '---\ntitle: A\n---\n' | tee content/cham.md >content/nhanh.md

check 'the first build' "$loa" build -q
cp -r public before
echo 'Mới.' | tee -a content/nhanh.md >>content/cham.md # else not opened
ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -P content/cham.md -e trace=openat2 \
    -e inject=openat2:delay_enter=21500000 \
    "$loa" build -q 2>said
code=$?
grep -v '^strace: ' said >errors
printf '%s\n' \
    'content/cham.md: error: this file takes too long to process [E-WATCHDOG]' \
    '    the build was stopped and nothing was published; take the file out or make it simpler' \
    >wanted
check 'the code is 1' test "$code" -eq 1
check 'what is said' diff wanted errors
check 'the site is as it was' diff -r before public
check 'the next build is good' "$loa" build -q
finish
