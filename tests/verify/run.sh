#!/bin/bash
# loa build --verify after builds of every kind: good when what is published is
# what is made now, and only then. It writes nothing and needs little memory.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
loa=$(realpath "${LOA:-build/san/loa}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LOA_LANG=en LC_ALL=C.UTF-8
clock=2026-11-21T08:00:00+07:00
site=$tmp/site

piece() { # NAME TITLE BODY
    mkdir -p "$(dirname "$site/content/$1")"
    printf -- '---\ntitle: "%s"\ndate: 2026-11-1%s\n---\n%s\n' \
        "$2" $((${#2} % 10)) "$3" >"$site/content/$1.md"
}

make_site() {
    rm -rf "$site"
    mkdir -p "$site/layouts" "$site/static" "$site/content"
    cat >"$site/loa.yaml" <<'END'
baseURL: https://tin.example/doan/
title: Tin
languageCode: vi
timeZone: Asia/Ho_Chi_Minh
END
    echo '<h1>{{ page.title }}</h1>{{ page.content }}' \
        >"$site/layouts/single.html"
    cat >"$site/layouts/list.html" <<'END'
---
select:
  items: {in: ".", per_page: 3, lineage: true}
---
{{ page.title }}{% for p in items %} {{ p.title }}{% endfor %}
END
    head -c 300000 /dev/urandom >"$site/static/large.bin"
    echo one >"$site/static/công văn 1.txt"
    local i
    for i in 1 2 3 4 5 6 7 8 9; do piece "tin/bai-$i" "Bài $i" "Văn $i."; done
    piece tin/tron "Trỏ" "[một](bai-1.md)"
}

build() { "$loa" build -q -s "$site" --clock $clock "$@"; }
verify() { build --verify "$@"; }

exits() { # CODE COMMAND...
    local want=$1 rc=0
    shift
    "$@" || rc=$?
    [ "$rc" -eq "$want" ] || echo "exit code $rc, not $want"
    [ "$rc" -eq "$want" ]
}

# What stands in the site and beside it, but for who had a lock last.
state() {
    (cd "$site" && find . ! -name lock -printf '%p %s %T@ %i\n' | sort)
}

quiet_state() { state | grep -v '^\. \|^./.loa/cache '; }

verified() { # NAME: a build, and all is well
    check "$1: builds" build
    quiet_state >"$tmp/before"
    check "$1: is verified" verify -j 1
    check "$1: with many threads" verify -j 8
    quiet_state >"$tmp/after"
    check "$1: nothing was written" diff "$tmp/before" "$tmp/after"
}

make_site
verified 'first build'
verified 'nothing changed'
piece tin/bai-1 "Bài một mới" "Văn khác."
check 'an edit is seen' exits 5 verify 2>/dev/null
verified 'an edit'
piece tin/bai-10 "Bài 10" "Văn 10."
verified 'a new piece'
rm "$site/content/tin/bai-2.md"
check 'a piece taken away is seen' exits 5 verify
verified 'a piece taken away'
mv "$site/content/tin/bai-3.md" "$site/content/bai-3.md"
verified 'a piece that moved'
echo '<h2>{{ page.title }}</h2>' >"$site/layouts/single.html"
verified 'a layout'
rm -rf "$site/.loa"
verified 'without a cache'

# Another hand.
public=$site/public
cp -a "$public" "$tmp/good"
restore() { rm -rf "$public" && cp -a "$tmp/good" "$public"; }
spoil() { # NAME COMMAND...: what it does to the output is found
    local name=$1
    shift
    "$@"
    check "$name" exits 5 verify
    check "$name, with many threads" exits 5 verify -j 8
    restore
}
one=$public/tin/bai-1/index.html
spoil 'a byte more' eval "echo >>$one"
spoil 'a byte less' truncate -s -1 "$one"
spoil 'an empty file' truncate -s 0 "$one"
spoil 'a byte of a copy' eval \
    "printf X | dd of=$public/large.bin bs=1 seek=200000 conv=notrunc 2>&-"
spoil 'a copy cut at a piece' truncate -s 65536 "$public/large.bin"
spoil 'a missing file' rm "$one"
spoil 'a missing folder' rm -r "$public/tin"
spoil 'all is missing' rm -r "$public"
spoil 'a link' ln -sfn bai-4/index.html "$one"
spoil 'a folder for a file' eval "rm $one; mkdir $one"
spoil 'a file for a folder' eval "rm -r $public/tin; touch $public/tin"
spoil 'a fifo' eval "rm $one; mkfifo $one"
touch "$one" "$public/mine.txt"
check 'touched, and a file of somebody' verify
restore

# A publication that was cut short is finished first.
piece tin/bai-1 "Bài một nữa" "Văn."
cut_short() { # the first file is removed by nobody: what is new is there
    (strace -f -o /dev/null -e trace=unlinkat \
        -e inject=unlinkat:signal=KILL:when=1 \
        "$loa" build -q -s "$site" --clock $clock) >"$tmp/log" 2>&1
}
if command -v strace >/dev/null; then
    rm "$site/content/tin/bai-4.md"
    cut_short
    if [ -f "$site/.public.loa/journal" ]; then
        verify 2>"$tmp/said"
        check 'finishes what was begun' grep -q E-JOURNAL "$tmp/said"
        check 'and then it is good' verify
    else
        fail 'the build was not cut short where it should be'
    fi
fi

# It waits as a build does.
exec 9<"$site/.loa/cache/lock"
flock 9
check 'another build has the site' exits 4 verify --no-wait 9<&-
exec 9<&-
exec 9<"$site/.public.loa/lock"
flock 9
check 'another build has the output' exits 4 verify --no-wait 9<&-
exec 9<&-

# With files left out, what is published without them is compared.
for i in $(seq 40); do piece "day/b-$i" "Bài đầy $i" "Văn."; done
build
printf -- '---\ntitle: A\ndate: mai\n---\n' >"$site/content/hong.md"
check 'errors: nothing is compared' exits 1 verify
check 'left out, and the rest is good' exits 1 verify --keep-going
echo >>"$public/index.html"
check 'left out, and the rest differs' exits 5 verify --keep-going

finish
