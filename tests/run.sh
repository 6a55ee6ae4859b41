#!/bin/bash
# Every test, as named steps, each with its time. A step that fails does not
# stop the others. The last line is 'N passed, N failed' over all of them.
#
#   tests/run.sh             all steps
#   tests/run.sh unit cli    these only
#   VERBOSE=1 tests/run.sh   shows what good steps print, too
#
# A step is a program whose last line of that form is counted; without one it
# counts as one test that passed or failed. What it prints is kept in
# build/test-logs/ and shown when it fails. Steps find the programs by LOA
# (sanitized), LOA_RELEASE and LOA_TSAN.
set -u
cd "$(dirname "$0")/.." || exit 3
top=$PWD

export LOA=${LOA:-$top/build/san/loa}
export LOA_RELEASE=${LOA_RELEASE:-$top/build/loa}
export LOA_TSAN=${LOA_TSAN:-$top/build/tsan/loa}
export SAN=${SAN:-$top/build/san} TSAN=${TSAN:-$top/build/tsan}
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1}
export LC_ALL=C.UTF-8
unset LOA_LANG LANGUAGE
logs=$top/build/test-logs
mkdir -p "$logs"

only=$*
passed=0
failed=0
broken=

# step NAME COMMAND...
step() {
    local name=$1 log=$logs/$1.log start=$SECONDS rc=0 line p f
    shift
    [ -z "$only" ] || [[ " $only " == *" $name "* ]] || return 0
    printf '  %-16s ' "$name"
    # A step may take a quarter of an hour, no more: a hang is a failure.
    timeout --kill-after=20 900 "$@" >"$log" 2>&1 </dev/null || rc=$?
    line=$(tail -n 1 "$log" | grep -Ex '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?')
    if [ -n "$line" ]; then
        p=${line%% *} f=${line#*, } f=${f%% *}
        [ "$rc" -eq 0 ] || [ "$f" -gt 0 ] || f=1
    else
        p=$((rc == 0)) f=$((rc != 0))
    fi
    [ $((p + f)) -gt 0 ] || f=1 # what tested nothing is no good
    passed=$((passed + p)) failed=$((failed + f))
    printf '%5d good %4d bad %5d s\n' "$p" "$f" $((SECONDS - start))
    [ "$f" -eq 0 ] || broken="$broken $name"
    if [ "$f" -gt 0 ] || [ -n "${VERBOSE:-}" ]; then
        tail -n 150 "$log" | sed 's/^/    | /'
    fi
}

say() {
    [ -n "$only" ] || printf '  %s\n' "$*"
}

# The runners that lie in folders of their own: tests/NAME/run.sh and such.
step_of() {
    local name=$1 file
    for file in "tests/$name/run.sh" "tests/$name/run.mjs" \
        "tests/$name/run.py"; do
        [ -f "$file" ] || continue
        case $file in
        *.sh) step "$name" bash "$file" ;;
        *.mjs) step "$name" node "$file" ;;
        *.py) step "$name" python3 "$file" ;;
        esac
        return
    done
    say "$name: no such runner yet"
}

echo "tests: $LOA"
step unit tests/unit.sh "$SAN/unit"
step threads tests/unit.sh "$TSAN/unit"
step corpora tests/fuzz/corpora.sh
step cli bash tests/cli/run.sh
step golden bash tests/golden/run.sh
step golden-threads env LOA="$LOA_TSAN" QUICK=1 bash tests/golden/run.sh
if [ -f ../shared/spec/liquid.json ]; then
    step_of liquid
else
    say 'liquid: ../shared/spec/liquid.json is not there, left out'
fi
step_of markdown
step_of faults
step publish bash tests/publish.sh
step idle bash tests/idle.sh
# Runners nobody named above.
for dir in tests/*/; do
    name=$(basename "$dir")
    case $name in
    unit | cli | golden | liquid | markdown | faults | fuzz | bench | lib) ;;
    node_modules | tools) ;;
    *) ! ls "$dir"run.* >/dev/null 2>&1 || step_of "$name" ;;
    esac
done
step tools node tests/tools/selftest.mjs
step site bash tests/site.sh
step guide bash tests/guide.sh

[ -z "$broken" ] || echo "failed:$broken (build/test-logs/ has all they said)"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
