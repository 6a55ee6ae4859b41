#!/bin/bash
# Random sites for about 35 seconds; a seed as argument repeats a run.
cd "$(dirname "$0")/../.." || exit 3
exec python3 tests/prop/sites.py "$@"
