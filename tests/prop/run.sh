#!/bin/bash
# Random sites for about 35 seconds; random edits, 1,000 of them with the usual
# program and some with the sanitized one. `sites.py SEED` and `edits.py --seed SEED`
# repeat a run. What an edit makes anew: exact.py.
cd "$(dirname "$0")/../.." || exit 3
passed=0 failed=0
run() {
    local out
    out=$("$@" 2>&1)
    printf '%s\n' "$out"
    [[ $out =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] || {
        failed=$((failed + 1))
        return
    }
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
}
run python3 tests/prop/sites.py "$@"
run python3 tests/prop/exact.py
run env LOA="${LOA_RELEASE:-build/loa}" python3 tests/prop/edits.py --edits 1000 --least 1000 --seconds 540
run python3 tests/prop/edits.py --edits 60 --rounds 8 --seconds 60
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
