#!/bin/bash
# `make install` into a folder of its own; then what was installed is used as a
# user would: messages, manual, completion, a new portal that builds.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
top=$PWD
loa=$(realpath "${LOA:-build/san/loa}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset LOA_LANG LANGUAGE MAKEFLAGS MAKELEVEL MFLAGS

check 'make install' make --no-print-directory \
    O="$(dirname "$(realpath "${LOA_RELEASE:-build/loa}")")" \
    DESTDIR="$tmp/dest" PREFIX=/usr install
at=$tmp/dest/usr
loa_there=$at/bin/loa
check 'the program' [ -x "$loa_there" ]
cd "$tmp" || exit 3

# The default language is Vietnamese; the catalogue lies beside the program.
check 'Vietnamese by default' sh -c "LC_ALL=C.UTF-8 '$loa_there' help | grep -q 'trang web'"
check 'English when asked' sh -c "LOA_LANG=en '$loa_there' help | grep -q 'usage: loa'"

# --- a portal that builds without a warning

new_site() {
    "$loa_there" new site cong-thong-tin --clock 2026-11-21T08:00:00+07:00
}
builds() {
    (cd cong-thong-tin && "$loa_there" build -q --record --clock "$1" 2>"$tmp/said") &&
        [ ! -s "$tmp/said" ] && return
    cat "$tmp/said"
    return 1
}
check 'loa new site' new_site
check 'it builds without a word' builds 2026-11-21T08:00:00+07:00
check 'and a year later' builds 2027-10-21T08:00:00+07:00
for page in index.html 404.html index.xml sitemap.xml \
    tin-tuc/mo-trang-thong-tin/index.html su-kien/hoi-nghi-doan-vien/index.html \
    guong-sang/to-co-khi/index.html hoi-dap/vao-cong-doan-o-dau/index.html \
    chinh-sach/quyen-gia-nhap-cong-doan/index.html \
    van-ban/luat-cong-doan-2024/index.html don-vi/cong-doan-co-so/index.html \
    css/site.css; do
    check "it has $page" [ -s "cong-thong-tin/public/$page" ]
done
check 'no @WORD@ is left' sh -c "! grep -rE '@[A-Z]+@' cong-thong-tin"
check 'the theme has no start/ there' [ ! -e cong-thong-tin/themes/congdoan/start ]

# Each type of the theme: a new piece is a good draft as it is.
pieces() {
    local dir name
    cd cong-thong-tin || return 1
    for name in themes/congdoan/types/[a-z]*.yaml; do
        dir=$(sed -n 's/^section: *//p' "$name")
        [ -n "$dir" ] || continue
        "$loa_there" new "$dir/bai-thu-nghiem-$dir" >/dev/null || return 1
        [ -s "content/$dir/bai-thu-nghiem-$dir.md" ] || return 1
    done
    "$loa_there" build -q -D -d "$tmp/drafts" 2>"$tmp/said" && [ ! -s "$tmp/said" ] ||
        { cat "$tmp/said"; return 1; }
    "$loa_there" list drafts | grep -c bai-thu-nghiem | {
        read -r n
        [ "$n" -ge 10 ]
    }
}
check 'a new piece of each type' pieces

# --- manual

man_page=$at/share/man/man1/loa.1
check 'manual' [ -s "$man_page" ]
check 'Vietnamese manual' grep -q '^\.TH LOA' "$at/share/man/vi/man1/loa.1"
if command -v groff >/dev/null; then
    quiet_groff() {
        local said
        said=$(groff -ww -Kutf8 -Tutf8 -man -z "$1" 2>&1) && [ -z "$said" ] &&
            return
        echo "$said"
        return 1
    }
    check 'groff says nothing' quiet_groff "$man_page"
    check 'groff says nothing, Vietnamese' quiet_groff \
        "$at/share/man/vi/man1/loa.1"
fi
if command -v mandoc >/dev/null; then
    lint() { # no date, because the page is the same every day
        local said
        said=$(mandoc -T lint -W warning "$1" | grep -v 'missing date')
        [ -z "$said" ] && return
        echo "$said"
        return 1
    }
    check 'mandoc lint' lint "$man_page"
    check 'mandoc lint, Vietnamese' lint "$at/share/man/vi/man1/loa.1"
fi

# --- completion, and that every option is everywhere

bash_file=$at/share/bash-completion/completions/loa
zsh_file=$at/share/zsh/site-functions/_loa
fish_file=$at/share/fish/vendor_completions.d/loa.fish
check 'bash -n' bash -n "$bash_file"
command -v zsh >/dev/null && check 'zsh -n' zsh -n "$zsh_file"
command -v fish >/dev/null && check 'fish --no-execute' fish --no-execute "$fish_file"

# What bash offers for a line whose last word is being typed.
offers() {
    bash -c '. "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _loa; printf "%s\n" "${COMPREPLY[@]}"' - "$bash_file" "$@"
}
commands=$(LOA_LANG=en "$loa" help | sed -n 's/^  \([a-z]*\) .*/\1/p')
check 'there are commands' [ "$(wc -w <<<"$commands")" -ge 10 ]
missing() { echo "$2 has no $1"; return 1; }
everywhere() { # COMMAND
    local option
    grep -q "^\.SS loa $1" "$man_page" || missing "$1" manual || return 1
    offers loa '' | grep -qx "$1" || missing "$1" bash || return 1
    grep -q "'$1:" "$zsh_file" || missing "$1" zsh || return 1
    grep -q -- "-a $1 " "$fish_file" || missing "$1" fish || return 1
    for option in $(LOA_LANG=en "$loa" help "$1" | grep -oE '^ +(-., )?--[A-Za-z-]+' |
        grep -oE -- '--[A-Za-z-]+'); do
        offers loa "$1" - | grep -qx -- "$option" || missing "$option" bash ||
            return 1
        sed -n "/^    $1)/,/;;/p" "$zsh_file" | grep -q -e "$option" ||
            missing "$option" zsh || return 1
        grep -q "from $1' -l ${option#--}\( \|$\)" "$fish_file" ||
            missing "$option" fish || return 1
        sed -n "/^\.SS loa $1/,/^\.S[SH] [^l]/p" "$man_page" |
            grep -qF -- "$(sed 's/-/\\-/g' <<<"$option")" ||
            missing "$option" manual || return 1
    done
}
for command in $commands; do
    check "everything of loa $command" everywhere "$command"
done
check 'words of a command' sh -c "[ '$(offers loa config '' | tr '\n' ' ')' = 'nginx caddy ' ]"
check 'no options after a folder option' [ -z "$(offers loa build --jobs '')" ]
finish
