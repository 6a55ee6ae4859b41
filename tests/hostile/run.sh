#!/bin/bash
# Hostile text in every text field of every type of the theme, parsed back from
# everything that is made of it: hostile.py says how.
set -u
cd "$(dirname "$0")/../.." || exit 3
export LOA_LANG=en LC_ALL=C.UTF-8
exec python3 tests/hostile/hostile.py "$(realpath "${LOA:-build/san/loa}")"
