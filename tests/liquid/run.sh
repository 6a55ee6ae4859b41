#!/bin/bash
# The conformance suite of Liquid, through the library, under the sanitizers.
#
#   tests/liquid/run.sh [SUITE.json]
set -u
cd "$(dirname "$0")/../.." || exit 3
suite=${1:-../shared/spec/liquid.json}
san=${SAN:-build/san}
program=$san/liquid-conformance
libs=$(pkg-config --libs yaml-0.1 libutf8proc icu-i18n jansson libxxhash libcmark)
# shellcheck disable=SC2086 # a list of words
${CC:-gcc} -std=c11 -D_GNU_SOURCE -Isrc -Wall -Wextra -Wpedantic -Wshadow \
    -Wconversion -Wstrict-prototypes -O1 -g -fno-omit-frame-pointer \
    -fno-sanitize-recover=all -fsanitize=address,undefined -o "$program" \
    tests/liquid/conformance.c "$san/libloa.a" $libs -pthread -lm || {
    echo '0 passed, 1 failed'
    exit 1
}
"$program" "$suite" tests/liquid/exceptions.txt
