#!/bin/bash
# run.sh NAME...: each fuzz target for FUZZ_SECONDS, two at a time. New inputs
# go to build/fuzz/found/NAME, a crash to build/fuzz/crash/NAME-*, which is to
# be copied into tests/fuzz/corpus/NAME with its mending.
set -u
cd "$(dirname "$0")/../.." || exit 3
seconds=${FUZZ_SECONDS:-600}
mkdir -p build/fuzz/crash

one() {
    local name=$1 dict=
    mkdir -p "build/fuzz/found/$name" "tests/fuzz/corpus/$name"
    [ ! -f "tests/fuzz/$name.dict" ] || dict=-dict=tests/fuzz/$name.dict
    if "build/fuzz/fuzz/$name" $dict -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=2048 -artifact_prefix="build/fuzz/crash/$name-" \
        -print_final_stats=1 "build/fuzz/found/$name" \
        "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
        echo "$name: nothing found in $seconds s, $(grep -o \
            'number_of_executed_units: [0-9]*' "build/fuzz/$name.log")"
    else
        echo "$name: FOUND something, see build/fuzz/$name.log"
        grep -E 'ERROR|SUMMARY|Test unit written' "build/fuzz/$name.log"
        return 1
    fi
}
export -f one
export seconds
[ $# -gt 0 ] || { echo 'no fuzz targets'; exit 0; }
printf '%s\n' "$@" | xargs -P 2 -I{} bash -c 'one "$1"' - {}
