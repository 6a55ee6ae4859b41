#!/bin/sh
# po.sh update FILE...: brings src/po/*.po up to date with the sources.
# po.sh check FILE...:  fails when a message of the sources has no translation.
set -eu
cd "$(dirname "$0")/.."
what=$1
shift

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Sorted by name, so that the catalogue does not move when a folder is listed
# in another order. No creation date: it would change in every run.
printf '%s\n' "$@" | LC_ALL=C sort |
    xgettext --files-from=- --output="$tmp/loa.pot" --language=C \
        --keyword=_ --keyword=N_ --from-code=UTF-8 --add-comments=TRANSLATORS \
        --flag=_:1:pass-c-format --flag=N_:1:pass-c-format \
        --package-name=loa --copyright-holder='the loa authors' --no-wrap
sed -i '/^"POT-Creation-Date:/d' "$tmp/loa.pot"

if [ "$what" = update ]; then
    for po in src/po/vi.po; do
        if [ -f "$po" ]; then
            msgmerge --quiet --update --backup=none --no-wrap \
                --no-fuzzy-matching "$po" "$tmp/loa.pot"
        else
            msginit --no-translator --locale=vi --no-wrap \
                --input="$tmp/loa.pot" --output-file="$po" 2>/dev/null
            sed -i -e 's/charset=ASCII/charset=UTF-8/' \
                -e 's/^"PO-Revision-Date:.*/"PO-Revision-Date: 2026-11-21 08:00+0700\\n"/' "$po"
        fi
        msgfmt --statistics -o /dev/null "$po"
    done
    exit
fi

bad=0
for po in src/po/*.po; do
    msgfmt --check -o /dev/null "$po" || bad=1
    msgmerge --quiet --no-wrap --no-fuzzy-matching "$po" "$tmp/loa.pot" \
        >"$tmp/merged.po"
    for how in untranslated only-fuzzy; do
        # The first entry is the header.
        msgattrib "--$how" --no-obsolete --no-wrap "$tmp/merged.po" |
            sed '1,/^$/d' >"$tmp/left"
        if grep -q '^msgid ' "$tmp/left"; then
            echo "$po: $how messages; 'make po' adds them, then translate:"
            grep '^#: \|^msgid \|^"' "$tmp/left"
            bad=1
        fi
    done
done
exit $bad
