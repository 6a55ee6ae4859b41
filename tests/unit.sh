#!/bin/bash
# unit.sh FOLDER: runs the cmocka programs in it and adds up their tests.
set -u
passed=0
failed=0
for program in "$1"/*_test; do
    [ -x "$program" ] || continue
    # A program whose source has gone is a left-over of an earlier build.
    [ -f "tests/unit/$(basename "$program").c" ] || continue
    run=$program
    # The thread sanitizer wants a layout of memory that newer kernels do not
    # give to a randomised process.
    case $1 in *tsan*) run="setarch -R $program" ;; esac
    rc=0
    out=$(timeout 300 $run 2>&1) || rc=$?
    p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' <<<"$out" |
        awk '{ n += $1 } END { print n + 0 }')
    f=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' <<<"$out" |
        awk '{ n += $1 } END { print n + 0 }')
    if [ "$rc" -ne 0 ]; then
        [ "$f" -gt 0 ] || f=1
        echo "FAIL  $program (exit $rc)"
        grep -v '^\[ *\(RUN\|OK\) *\]' <<<"$out" | head -n 80
    fi
    passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
