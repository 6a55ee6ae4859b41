#!/bin/bash
# Every fuzz target over the files of its corpus, under the sanitizers: the
# seeds and whatever a run of `make fuzz` once found.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
programs=${SAN:-build/san}/corpus
log=$(mktemp)
for target in tests/fuzz/fuzz_*.c; do
    [ -f "$target" ] || continue
    name=$(basename "$target" .c)
    name=${name#fuzz_}
    files=$(find "tests/fuzz/corpus/$name" -type f 2>/dev/null | sort)
    if [ -z "$files" ]; then
        echo "no files in tests/fuzz/corpus/$name" >"$log"
        fail "$name" "$log"
        continue
    fi
    if printf '%s\n' "$files" |
        timeout 300 xargs -d '\n' "$programs/$name" >"$log" 2>&1; then
        passed=$((passed + $(wc -l <<<"$files")))
    else
        tail -n 50 "$log" >"$log.tail"
        fail "$name" "$log.tail"
    fi
done
rm -f "$log" "$log.tail"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
