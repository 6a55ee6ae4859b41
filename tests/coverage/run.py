"""What loa can say and make is shown by a test.

Reads the sources and the theme and looks in the expected files of the tests:

  codes     every E-..., W-... and N-... of src/ is in an expected message
  messages  every text that _() marks in src/ is in one, or in a test
  types     every type of the theme is built with all its fields
  kinds     every kind of field is there in good and in bad form
  outputs   every kind of output is in an expected tree

What no test from outside can cause is in allowed.txt with the reason. A line
there that has become shown or has gone is a failure, too.

  tests/coverage/run.py            counts, and what is not shown
  tests/coverage/run.py --list     the same in the form of allowed.txt
"""
import glob
import os
import re
import sys

import yaml

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
HERE = "tests/coverage"
passed = 0
failed = []


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def check(name, ok):
    global passed
    if ok:
        passed += 1
    else:
        failed.append(name)


# --- what is shown ----------------------------------------------------------

def unescaped(c):
    """A text of C as it is said."""
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), c)


def joined(c):
    """C source whose literals of several lines are one."""
    return unescaped(re.sub(r'"\s*\n\s*"', "", c))


def shown():
    out = []
    for path in sorted(glob.glob("tests/golden/*/expected.err")):
        out.append(read(path))
    for path in sorted(glob.glob("tests/cli/*.test")):
        # The lines `~ RE` without the marks of regular expressions.
        out += [line.replace("\\", "") if line.startswith("~ ") else line
                for line in read(path).splitlines()]
    for path in sorted(glob.glob("tests/unit/*.c")):
        out.append(joined(read(path)))
    for name in ("faults", "serve", "server", "publish", "prop", "watchdog",
                 "verify", "next", "record", "cache"):
        for path in sorted(glob.glob(f"tests/{name}*/*") +
                           glob.glob(f"tests/{name}.sh")):
            if os.path.isfile(path):
                out.append(read(path))
    return "\n".join(out)


# --- messages ---------------------------------------------------------------

LITERAL = r'"(?:[^"\\\n]|\\.)*"'
MARKED = re.compile(r"\bN?_\(\s*((?:" + LITERAL + r"\s*)+)\)")
FORMAT = re.compile(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:ll|[lzhj])?[a-zA-Z]")
# Help and the manual page: compared whole in tests/cli.
BOOKS = {"src/cmd/commands.c", "src/cmd/man.c", "src/cmd/help.c",
         "src/cmd/completion.c", "src/cmd/progress.c"}


def messages():
    """(file, text) of each marked text, each once."""
    seen = {}
    for path in sorted(glob.glob("src/**/*.c", recursive=True)):
        if path in BOOKS:
            continue
        for m in MARKED.finditer(read(path)):
            text = "".join(x[1:-1] for x in re.findall(LITERAL, m[1]))
            seen.setdefault(unescaped(text), path)
    return [(path, text) for text, path in seen.items()]


def pattern(text):
    parts = FORMAT.split(text.replace("%%", "\0"))
    return re.compile(".{0,400}?".join(
        re.escape(p.replace("\0", "%")) for p in parts))


def codes():
    out = set()
    for path in glob.glob("src/**/*.c", recursive=True):
        out |= set(re.findall(r'"([EWN]-[A-Z0-9-]+)"', read(path)))
    return sorted(out)


def allowed():
    """Text or code -> reason. `# REASON` stands above what it is for."""
    out, reason = {}, ""
    for line in read(f"{HERE}/allowed.txt").splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line:
            out[line] = reason
    return out


def check_messages(text):
    allow, missing = allowed(), []
    used = set()
    for code in codes():
        ok = re.search(r"\b" + code + r"\b", text)
        if not ok and code in allow:
            used.add(code)
            continue
        check(f"code {code}: no expected message has it", ok)
    for path, said in messages():
        ok = pattern(said).search(text)
        key = said.replace("\n", "\\n")
        if not ok and key in allow:
            used.add(key)
            continue
        check(f"{path}: nothing shows: {key}", ok)
        if not ok:
            missing.append(key)
    for key in allow:
        check(f"allowed.txt: no longer needed: {key}", key in used)
    return missing


# --- types and kinds --------------------------------------------------------

TYPES = "themes/congdoan/types"
# Of translations: tests/golden/languages.
OF_TRANSLATIONS = {"lang", "translation_of", "translation_kind"}


def load(path):
    return yaml.safe_load(read(path)) or {}


def front(path):
    return yaml.safe_load(read(path).split("---\n")[1])


def check_value(where, spec, value):
    """Every key of a map is there in one of its items."""
    items = value if isinstance(value, list) else [value]
    for name, sub in (spec.get("fields") or {}).items():
        found = [i[name] for i in items if isinstance(i, dict) and name in i]
        check(f"all-types: {where}.{name} is not set", found)
        if found:
            check_value(f"{where}.{name}", sub or {}, found[0])


def check_types():
    shared = load(f"{TYPES}/_shared.yaml")["fields"]
    kinds = set()
    site = "tests/golden/all-types/site"
    for path in sorted(glob.glob(f"{TYPES}/[a-z]*.yaml")):
        name = os.path.basename(path)[:-5]
        pieces = glob.glob(f"{site}/content/**/{name}-du.md", recursive=True)
        check(f"all-types: no piece {name}-du.md", len(pieces) == 1)
        if not pieces:
            continue
        meta = front(pieces[0])
        # What excludes one another stands in pieces of its own.
        for more in glob.glob(pieces[0].replace("-du.md", "-du-*.md")):
            meta = {**front(more), **meta}
        layout = read(f"{site}/layouts/{name}/single.html")
        fields = {k: dict(v or {}) for k, v in shared.items()}
        for k, v in (load(path).get("fields") or {}).items():
            fields[k] = {**fields.get(k, {}), **(v or {})}
        for k, spec in fields.items():
            if not spec.get("internal"):
                check(f"all-types: {name}/single.html does not show {k}",
                      f"page.{k} " in layout)
            if spec.get("computed") or k in OF_TRANSLATIONS:
                continue
            check(f"all-types: {name}.{k} is not set", k in meta)
            check_value(f"{name}.{k}", spec, meta.get(k))
            kind = spec.get("kind", "text")
            kinds |= set(kind if isinstance(kind, list) else [kind])
    return kinds


def check_kinds(good):
    """Good forms stand in all-types, bad ones in fields-wrong."""
    names = re.findall(r'= S_INIT\("([a-z]+)"\)',
                       read("src/parse/type_field.c")
                       .split("kind_names[FIELD_NKINDS] = {")[1].split("};")[0])
    fields = load("tests/golden/fields-wrong/site/types/bai.yaml")["fields"]
    said = read("tests/golden/fields-wrong/expected.err")
    said += read("tests/golden/dates-wrong/expected.err")
    dates = load("tests/golden/dates-wrong/site/types/tin.yaml")["fields"]
    check("kinds of field were found in type_field.c", len(names) >= 19)
    for kind in names:
        # `list` is for the sites that want it; no type of the theme does.
        check(f"kind {kind}: no good form in all-types",
              kind in good or kind == "list")
        own = [n for n, f in {**fields, **dates}.items()
               if (f if isinstance(f, str) else f.get("kind")) == kind]
        check(f"kind {kind}: no bad form in fields-wrong",
              any(f"error: '{n}'" in said for n in own))


# --- outputs ----------------------------------------------------------------

GOLDEN = "tests/golden/*/expected/"
OUTPUTS = {  # where it is to be found, and what it holds
    "page": ("**/index.html", "<title>"),
    "list": ("tin-tuc/index.html", "<title>"),
    "numbered page": ("**/trang/2/index.html", ""),
    "archive": ("**/luu-tru/2026/index.html", "<"),
    "term page": ("tags/*/index.html", "<"),
    "404": ("404.html", "<"),
    "robots.txt": ("robots.txt", "Sitemap:"),
    "sitemap": ("sitemap.xml", "<urlset"),
    "sitemap index": ("sitemap.xml", "<sitemapindex"),
    "sitemap part": ("sitemap-*.xml", "<urlset"),
    "news sitemap": ("sitemap-news.xml", "<news:news>"),
    "RSS": ("**/index.xml", "<rss"),
    "Atom": ("**/atom.xml", "<feed"),
    "JSON Feed": ("**/feed.json", "jsonfeed.org"),
    "calendar": ("**/lich.ics", "BEGIN:VEVENT"),
    "alias": ("**/index.html", 'http-equiv="refresh"'),
    "copied file": ("**/*.pdf", ""),
    "structured data": ("**/index.html", '"@graph"'),
    "translation": ("en/**/index.html", "<"),
}
# Printed or written beside the output: words that a case of tests/cli,
# tests/server or tests/publish.sh must hold.
BESIDE = {
    "nginx": "loa config nginx",
    "caddy": "loa config caddy",
    "manifest": "manifest",
    "list as JSON": "loa list --json",
    "summary as JSON": "loa build --json",
    "manual": "loa man",
    "completion": "loa completion",
}


def check_outputs():
    for kind, (where, holds) in OUTPUTS.items():
        paths = glob.glob(GOLDEN + where, recursive=True)
        check(f"output '{kind}': in no expected tree",
              any(holds in read(p) for p in paths))
    tests = "\n".join(read(p) for p in glob.glob("tests/cli/*.test") +
                      glob.glob("tests/*.sh") + glob.glob("tests/*/run.*")
                      if not p.startswith(HERE))
    for kind, words in BESIDE.items():
        check(f"output '{kind}': no test runs it", words in tests)


def main():
    text = shown()
    missing = check_messages(text)
    check_kinds(check_types())
    check_outputs()
    if "--list" in sys.argv:
        print("\n".join(missing))
        return
    for name in failed:
        print("FAIL ", name)
    print(f"{passed} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


main()
