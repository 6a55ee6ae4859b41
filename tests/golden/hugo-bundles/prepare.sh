# Names that are trouble in a repository.
cd content || exit 1
page() { printf -- '---\ntitle: %s\n---\n' "$2" >"$1"; }
page '#draft.md' 'Not read'
page 'old.md~' 'Not read'
page '.hidden.md' 'Not read'
page 'C++ & C#.md' 'C++ and C#'
page '🎉 party.md' 'Party'
printf '\357\273\277---\r\ntitle: Windows\r\ndate: 2026-04-01 08:30:00\r\n---\r\nTwo\r\nlines\r\n' >win.md
page "$(printf 'Tie\314\202\314\201ng.md')" 'NFD name'
