#!/bin/bash
# The repository's own site, built and looked at from outside: the same bytes
# every time, feeds and calendars that validators accept, valid pages, and no
# link to nowhere.
set -u
cd "$(dirname "$0")/.." || exit 3
. tests/lib/tally.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
loa=$(realpath "${LOA:-build/san/loa}")
release=$(realpath "${LOA_RELEASE:-build/loa}")
tsan=$(realpath "${LOA_TSAN:-build/tsan/loa}")
clock=2026-11-21T08:00:00+07:00
export LOA_LANG=en LC_ALL=C.UTF-8
tools=$PWD/tests/tools

build() { # OUT PROGRAM... then options
    local out=$1
    shift
    timeout 300 "$@" --quiet -s . -d "$tmp/$out" --clock "$clock"
}

# Builds and says nothing: a warning is a failure here.
silent() {
    local said rc=0
    said=$(build "$@" 2>&1) || rc=$?
    [ -z "$said" ] || printf '%s\n' "$said"
    [ "$rc" -eq 0 ] && [ -z "$said" ]
}

same() { diff -r "$tmp/$1" "$tmp/$2"; }

# each NAME PATTERN COMMAND...: the command with all files that match
each() {
    local pattern=$1
    shift
    local files=()
    mapfile -d '' files < <(find "$tmp/one" -name "$pattern" -print0 | sort -z)
    [ ${#files[@]} -gt 0 ] || {
        echo "no $pattern in the output"
        return 1
    }
    "$@" "${files[@]}"
}

rss_only() {
    local file bad=0
    for file; do
        grep -q '<rss' "$file" || continue
        xmllint --noout --nonet --relaxng tests/rss.rng "$file" || bad=1
    done
    return $bad
}

well_formed() { xmllint --noout --nonet "$@"; }

pages_valid() {
    # Not --quiet: its exit code tells, what it says shows where.
    java -Xss2m -jar tests/node_modules/vnu-jar/build/dist/vnu.jar \
        --errors-only --skip-non-html "$tmp/one"
}

no_left_overs() {
    ! find "$tmp" -path "$tmp/.*.loa/*" | grep -vE '/(lock|manifest|told|history)$'
}

# Nothing of a piece that is held back may be in any file.
no_hidden() {
    local marks
    marks=$(grep -rlE '^(draft: *(true|yes|on)|published: *(false|no|off))' \
        content --include='*.md' | while read -r f; do
        sed -n 's/^title: *//p' "$f" | head -n 1 | tr -d "\"'"
    done | sed '/^ *$/d')
    [ -n "$marks" ] || return 0
    ! grep -rF -e "$marks" "$tmp/one"
}

check 'builds without a word, one thread' silent one "$loa" build -j 1
check 'builds without a word, eight threads' silent eight "$loa" build -j 8
check 'one and eight threads: the same bytes' same one eight
check 'built again' silent eight "$loa" build -j 8
check 'built again: the same bytes' same one eight
check 'release build' silent release "$release" build -j 2
check 'release build: the same bytes' same one release
check 'under the thread sanitizer' silent tsan setarch -R "$tsan" build -j 4
check 'under the thread sanitizer: the same bytes' same one tsan
if command -v faketime >/dev/null; then
    check 'on another day' silent later faketime '2027-03-04 05:06:07' \
        "$release" build -j 2
    check 'on another day: the same bytes' same one later
fi
check 'nothing left over' no_left_overs
check 'nothing of a draft anywhere' no_hidden
check 'every XML file is well formed' each '*.xml' well_formed
check 'every RSS file has the form of RSS 2.0' each '*.xml' rss_only
check 'every RSS feed is understood by a feed parser' each 'index.xml' \
    node "$tools/feed_check.mjs"
check 'every Atom feed is, too' each 'atom.xml' node "$tools/feed_check.mjs"
check 'and every JSON feed' each 'feed.json' node "$tools/feed_check.mjs"
check 'every sitemap names pages of the site' node "$tools/sitemap_check.mjs" \
    "$tmp/one" "$(sed -n 's/^baseURL: *//p' loa.yaml)" "$clock"
# Every class that a type of the theme says it is.
classes=$(sed -n 's/^schema_org: *//p' themes/congdoan/types/*.yaml | sort -u)
check 'structured data has what search engines ask for' \
    node "$tools/jsonld_check.mjs" "$tmp/one" WebSite BreadcrumbList $classes
check 'every calendar is strict RFC 5545' each '*.ics' \
    node "$tools/ics_lint.mjs"
check 'every page is valid HTML' pages_valid
check 'every internal link leads somewhere' node "$tools/linkcheck.mjs" \
    "$tmp/one" "$(sed -n 's/^baseURL: *//p' loa.yaml)"
finish
