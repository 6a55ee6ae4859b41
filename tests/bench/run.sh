#!/bin/sh
# make bench: loa against the floor and, where installed, Hugo.
#   N=3 SIZES="1000 10000" LOA=build/loa tests/bench/run.sh
set -eu
cd "$(dirname "$0")/../.."
for need in python3 pkg-config gcc; do
    command -v $need >/dev/null || {
        echo "bench: no $need; make deps installs it" >&2
        exit 3
    }
done
mkdir -p build/bench
gcc -std=c11 -O2 -g -Wall -Wextra -o build/bench/floor \
    tests/bench/floor/floor.c tests/bench/floor/common.c \
    $(pkg-config --cflags --libs libcmark yaml-0.1) -pthread
exec python3 tests/bench/run.py --loa "${LOA:-build/loa}" \
    --floor build/bench/floor --rounds "${N:-3}" ${SIZES:-1000 10000}
