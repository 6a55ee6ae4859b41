#!/bin/bash
# CommonMark's examples, and the comparison with cmark-gfm, against a small
# program that is linked with the library under test (SAN, else build/san).
set -u
cd "$(dirname "$0")/../.." || exit 3
export LC_ALL=C.UTF-8 LOA_LANG=en
lib=${SAN:-build/san}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
libs=$(pkg-config --libs libcmark yaml-0.1 libutf8proc icu-i18n jansson \
    libxxhash libmicrohttpd 2>/dev/null)
flags=()
# A sanitized library needs its runtime.
if nm "$lib/libloa.a" 2>/dev/null | grep -q __asan_; then
    flags=(-fsanitize=address,undefined)
fi
# shellcheck disable=SC2086
if ! ${CC:-cc} -std=c11 -D_GNU_SOURCE -Isrc -g "${flags[@]}" \
    -o "$work/md_driver" tests/markdown/md_driver.c "$lib/libloa.a" \
    $libs -pthread; then
    echo '0 passed, 1 failed'
    exit 1
fi
passed=0
failed=0
# add COMMAND...: runs it, shows what it says and adds up its last line.
add() {
    local out line
    out=$("$@" 2>&1)
    line=$(tail -n 1 <<<"$out")
    sed '$d' <<<"$out"
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        echo "$line"
        failed=$((failed + 1))
    fi
}
add python3 tests/markdown/spec.py "$work/md_driver"
add python3 tests/markdown/gfm_diff.py "$work/md_driver"
add python3 tests/markdown/own.py "$work/md_driver"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
