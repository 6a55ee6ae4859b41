#!/bin/bash
# The repository's own site in a real browser (reader.mjs says what is looked
# at). Without Chromium or the packages of tests/package.json it is left out.
#
#   LOA=build/loa tests/browser/run.sh
#   SITE=/tmp/out tests/browser/run.sh    a site that is built already
set -u
cd "$(dirname "$0")/../.." || exit 3
chromium=${CHROMIUM:-/usr/bin/chromium}

left_out() {
    echo "browser: left out, $1 (make deps installs it)"
    echo '0 passed, 0 failed'
    exit 0
}

[ -x "$chromium" ] || left_out "there is no $chromium"
for package in playwright-core @axe-core/playwright; do
    [ -d "tests/node_modules/$package" ] ||
        left_out "tests/node_modules/$package is missing"
done

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
site=${SITE:-}
if [ -z "$site" ]; then
    site=$tmp/site
    loa=$(realpath "${LOA:-build/loa}")
    LOA_LANG=en "$loa" build --quiet -s . -d "$site" \
        --clock 2026-11-21T08:00:00+07:00 || {
        echo 'FAIL  the site is built'
        echo '0 passed, 1 failed'
        exit 1
    }
fi
# Its profile and caches go where they are removed with the rest.
HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_CACHE_HOME=$tmp CHROMIUM=$chromium \
    timeout 300 node tests/browser/reader.mjs "$site" \
    "$(sed -n 's/^baseURL: *//p' loa.yaml)"
