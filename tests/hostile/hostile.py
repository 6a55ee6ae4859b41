"""Hostile text in every text field of every type of the theme.

Reads the kinds of the fields from themes/congdoan/types, writes pieces whose
text fields hold hostile strings, builds them, parses pages, feeds, structured
data, calendars and sitemaps back with real parsers, and compares the strings.

Two sites are built of the same content. One has layouts made here that print
every field into an element and into an attribute: there, strings must be the
same, byte for byte. The other has the theme's own layouts: there, no string
may have become markup, a template or a script.
"""
import glob
import html.parser
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET

import yaml

LOA = sys.argv[1]
THEME = "themes/congdoan"
BASE = "https://tin.example/congdoan/"
CLOCK = "2026-11-21T08:00:00+07:00"
CORE = """A & B <i>"C"</i> ]]> </script> {{ x }}"""
# Refused where they are written, so that none has to be escaped.
CONTROL = ["\0", "\x01", "\x08", "\x1b", "\x7f", "\x80", "\ufffe", "\ud800"]
STRINGS = {
    "core": CORE,
    "quotes": """'"`”“ &amp; &#39; &lt;b&gt; \\ \\n %7B""",
    "script": """<script>alert(1)</script><!-- --> --> <![CDATA[x]]>""",
    "liquid": """{% raw %}{{ page.title }}{% endraw %}{%- if x -%}""",
    "space": "một\thai\nba\nbốn\u00a0năm\u3000sáu",
    "emoji": "👩🏽‍🏭 công nhân 🇻🇳 ❤️ \U0001F1FB",
    "nfd": unicodedata.normalize("NFD", "Công đoàn Việt Nam, ưu tiên Tết"),
    "lines": "một, hai; ba: bốn\\, năm\u2028sáu\u2029bảy",
    "attribute": """x" onmouseover="alert(1)" y='z' javascript:alert(1)""",
    "server": """$host ${uri} \\ "a" 'b'; } return 200; { # %00 &#0; &#x0; \\u0000 *""",
    "raw": """{% endraw %}{% comment %}{{ "x" | raw }}{% include 'x' %}{{< x >}}""",
    "bidi": "abc \u202e def \u200b ghi \ufeff jkl",
}
SITE = 'Tin & <i>"C"</i>'
LONG = (CORE + " 👷 ") * 112  # 5,000 characters and a little more

passed = failed = 0


def check(name, ok, said=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAIL  {name}\n{str(said)[:600]}")


def expected(text):
    """What loa makes of a text field: NFC, no control characters, white space
    squeezed as for people who read."""
    text = unicodedata.normalize("NFC", text)
    return normal(text)


def normal(text):
    """Comparable: what XML and HTML cannot hold is dropped, white space one."""
    out = [c for c in text if not (
        ord(c) < 32 and c not in "\t\n\r" or 127 <= ord(c) < 160
        or ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF)]
    return re.sub(r"\s+", " ", "".join(out)).strip()


# --- types ------------------------------------------------------------------

def merged(shared, own):
    out = {k: dict(v or {}) for k, v in shared.items()}
    for name, spec in (own or {}).items():
        out[name] = {**out.get(name, {}), **(spec or {})}
    return out


def load_types():
    with open(f"{THEME}/types/_shared.yaml", encoding="utf-8") as f:
        shared = yaml.safe_load(f)["fields"]
    types = {}
    for path in sorted(glob.glob(f"{THEME}/types/*.yaml")):
        if os.path.basename(path).startswith("_"):
            continue
        with open(path, encoding="utf-8") as f:
            t = yaml.safe_load(f)
        t["fields"] = merged(shared, t.get("fields"))
        types[t["type"]] = t
    for t in types.values():  # like: TYPE.FIELD
        for name, spec in t["fields"].items():
            if "like" in spec:
                other, field = spec["like"].split(".")
                t["fields"][name] = {**types[other]["fields"][field],
                                     **{k: v for k, v in spec.items()
                                        if k != "like"}}
    return types


def kinds(spec):
    k = spec.get("kind", "text")
    return k if isinstance(k, list) else [k]


# --- values -----------------------------------------------------------------

class Piece:
    urls = 0

    def __init__(self, types, type_name, string):
        self.types, self.type, self.string = types, types[type_name], string
        self.name = type_name
        self.texts = []  # (path of the field, what is written, internal)

    def text(self, spec, path, internal):
        if spec.get("max", 10**6) < len(self.string) and spec.get("max", 0):
            s = self.string[:spec["max"]]
        else:
            s = self.string
        while len(s) < spec.get("min", 0):
            s += " " + self.string
        s = s[:spec["max"]] if spec.get("max") else s
        s = s.strip()
        if spec.get("verbatim"):
            s = self.string[:spec.get("max", 10**6)]
        self.texts.append((path, s, internal or bool(spec.get("internal"))))
        return s

    def value(self, name, spec, path, internal):
        internal = internal or bool(spec.get("internal"))
        if spec.get("many"):
            n = max(1, spec.get("min", 1))
            one = {k: v for k, v in spec.items()
                   if k not in ("many", "min", "max")}
            if "text" in kinds(spec):  # max is of items and of characters
                one["max"] = 60
            return [self.one(name, one, path + [i], internal)
                    for i in range(n)]
        return self.one(name, spec, path, internal)

    def url(self):
        # No two alike: an old address belongs to one piece only.
        Piece.urls += 1
        return f"https://bao.example/?a={Piece.urls}&b=<i>"

    def one(self, name, spec, path, internal):
        ks = kinds(spec)
        if "map" in ks and spec.get("fields"):
            return {k: v for k, v in (
                (n, self.value(n, s or {}, path + [n], internal))
                for n, s in spec["fields"].items()) if v is not None}
        if "text" in ks and "ref" not in ks:
            return self.text(spec, path, internal)
        k = ks[0]
        if k == "ref":
            return "text" in ks and self.text(spec, path, internal) or \
                self.ref(spec)
        if k == "choice":
            of = spec["of"]
            return list(of)[0] if isinstance(of, dict) else of[0]
        simple = {
            "number": max(spec.get("min", 2026), min(2026, spec.get("max", 2026))),
            "bool": None, "date": "2026-11-20", "datetime": "2026-11-20T09:00",
            "period": "2026-11-20", "law": "Điều 5 Bộ luật Lao động 45/2019/QH14",
            "docnum": "215/KH-LĐLĐ", "phone": "0000 000 000",
            "email": "a@tin.example", "url": self.url(),
            "file": "/anh.svg", "person": REQUIRED_PERSON,
        }
        if k == "image":
            return {"file": "/anh.svg", "alt": self.text(
                {"max": 120}, path + ["alt"], internal)}
        if k == "markdown":
            return "Đoạn **đậm** & `mã <i>`."
        if k == "url" and "urls" in path:  # two pieces may not share it
            return simple["url"] + "&c=%d" % next(OLD_URLS)
        return simple.get(k)

    def ref(self, spec):
        return {"unit": "don-vi-a", "document": "van-ban-a",
                "event": "su-kien-a", "campaign": "dot-a", "person": "nguoi-a",
                "news": "tin-a"}.get(spec.get("to"))


OLD_URLS = itertools.count(1)
SKIP = {"lunar", "translation_of", "lang", "translation_kind", "number_pending",
        "visibility", "status", "pin", "embargo", "valid_to", "valid_from",
        "successors", "predecessors", "closed_reason", "closed_note", "parent",
        "sector_parent", "based_on", "implements", "amends", "corrects",
        "replaces", "related", "expires", "effective", "number_aliases",
        "sensitivity"}
REQUIRED_PERSON = "Nguyễn Văn A"


def front(types, type_name, string, suffix):
    """The front matter of one piece, and the texts in it."""
    piece = Piece(types, type_name, string)
    t = types[type_name]
    title = re.sub(r"\s+", " ", string).strip()[:150]
    meta = {"title": title, "date": "2026-11-20T08:00:00+07:00",
            "tags": [string[:50].strip()]}
    for name, spec in t["fields"].items():
        if name in SKIP or spec.get("computed") or name in meta:
            continue
        if name == "name":
            continue
        v = piece.value(name, spec, [name], False)
        if v is not None:
            meta[name] = v
    fix(type_name, meta, suffix)
    return meta, piece.texts


def fix(type_name, meta, suffix):
    """What rules between fields ask for."""
    persons(type_name, meta)
    if type_name == "unit":
        meta["name"] = meta["title"]
        meta.pop("unit", None)
    if type_name == "person":
        meta["name"] = REQUIRED_PERSON
    if type_name == "news":
        meta["contact"] = {"name": REQUIRED_PERSON}
    if type_name == "campaign":
        meta.update({"from": "2026-11-10", "to": "2026-12-10",
                     "year": 1950 + number_of(suffix)})
        for s in meta["slogans"]:
            s.pop("valid_from", None)
            s.pop("valid_to", None)
    if type_name == "contest":
        for r in meta["rounds"]:
            r.update({"opens": "2026-11-01T08:00", "closes": "2026-12-01T08:00"})
    if type_name in ("survey", "event"):
        a, b = ("opens", "closes") if type_name == "survey" else ("start", "end")
        meta.update({a: "2026-11-20T08:00", b: "2026-12-01T08:00"})
    if type_name == "qa":
        meta["answer_state"] = "answered"
        meta["answer"] = "Câu trả lời **đủ dài** cho câu hỏi này."
    if type_name == "document":
        meta["number"] = f"{100 + number_of(suffix)}/KH-LĐLĐ"
    if type_name == "explainer":
        meta["review_by"] = "2027-11-20"
    if type_name == "role-model":
        meta["person"].update({"name": REQUIRED_PERSON, "unit": "don-vi-a"})
    if type_name == "rebuttal":
        meta["approved_by"] = "nguoi-a"


def number_of(suffix):
    """Another one for each string: what must be unique is."""
    names = list(STRINGS) + ["long"]
    key = suffix.split("-")[-1]
    return names.index(key) + 1 if key in names else 0


def persons(type_name, meta):
    meta["authors"] = [{"name": REQUIRED_PERSON, "role": "text"}]
    if "leaders" in meta:
        meta["leaders"][0]["person"] = "nguoi-a"
    if "signer" in meta:
        meta["signer"]["name"] = REQUIRED_PERSON
    meta.pop("communicators", None)
    meta.pop("participants", None)
    meta.pop("targets", None)
    if "congress" in meta:
        meta["congress"]["term"] = "2025-2030"


def targets(types):
    """One quiet piece of each type that others refer to."""
    out = {}
    for type_name, name in (("unit", "don-vi-a"), ("document", "van-ban-a"),
                            ("event", "su-kien-a"), ("campaign", "dot-a"),
                            ("person", "nguoi-a"), ("news", "tin-a")):
        meta, _ = front(types, type_name, "Một dòng chữ bình thường để thử", name)
        for key in ("plan_docs", "campaigns", "event", "results", "department"):
            meta.pop(key, None)
        out[(type_name, name)] = meta
    return out


# --- the site ---------------------------------------------------------------

def yaml_of(v, depth=0):
    pad = "  " * depth
    if isinstance(v, dict):
        return "".join(f"\n{pad}{k}: {yaml_of(x, depth + 1)}" for k, x in v.items())
    if isinstance(v, list):
        return "".join(f"\n{pad}- {json_flow(x)}" for x in v)
    return json_flow(v)


def json_flow(v):
    if isinstance(v, dict):
        return "{" + ", ".join(f"{k}: {json_flow(x)}" for k, x in v.items()) + "}"
    if isinstance(v, list):
        return "[" + ", ".join(map(json_flow, v)) + "]"
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, str):
        return yaml_string(v)
    return str(v)


def yaml_string(s):
    out = ['"']
    for c in s:
        o = ord(c)
        if c in '"\\':
            out.append("\\" + c)
        elif o < 32 or 127 <= o < 160 or o in (0xFEFF, 0x2028, 0x2029, 0xFFFE):
            out.append(f"\\u{o:04X}")
        else:
            out.append(c)
    return "".join(out) + '"'


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def layout_for(types):
    """Prints every field there is, as text and as an attribute."""
    names = sorted({n for t in types.values() for n in t["fields"]} - {"lang"})
    lines = ["<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\">"
             "<title>{{ page.title }}</title>"
             "<meta name=\"description\" content=\"{{ page.summary }}\">"
             "<script type=\"application/ld+json\">{{ page.jsonld }}</script>"
             "</head><body>",
             "<p data-f=\"title\" title=\"{{ page.title }}\">{{ page.title }}</p>"]
    for n in names:
        lines.append(field_html(types, n))
    return "\n".join(lines) + "\n</body></html>\n"


def field_html(types, name):
    """By the kinds it has in any type."""
    specs = [t["fields"][name] for t in types.values() if name in t["fields"]]
    out = []
    for spec in specs:
        if spec.get("internal"):
            continue
        block = print_value(name, spec, f"page.{name}", name, 0)
        if block and block not in out:
            out.append(block)
    return "\n".join(out)


def print_value(name, spec, expr, path, depth):
    v = f"v{depth}"
    if spec.get("many"):
        one = {k: x for k, x in spec.items() if k != "many"}
        inner = print_value(name, one, v, path, depth + 1)
        return inner and (f"{{% for {v} in {expr} %}}{inner}{{% endfor %}}")
    ks = kinds(spec)
    if "map" in ks and spec.get("fields"):
        inner = "".join(print_value(n, s or {}, f"{expr}.{n}", f"{path}.{n}",
                                    depth + 1)
                        for n, s in spec["fields"].items()
                        if not (s or {}).get("internal"))
        return f"{inner}"
    if "text" in ks or "person" in ks:
        return (f"<p data-f=\"{path}\" title=\"{{{{ {expr} }}}}\">"
                f"{{{{ {expr} }}}}</p>")
    if "image" in ks:
        return (f"<p data-f=\"{path}.alt\" title=\"{{{{ {expr}.alt }}}}\">"
                f"{{{{ {expr}.alt }}}}</p>")
    return ""


def make_site(top, types, own_layouts):
    write(f"{top}/loa.yaml",
          f"baseURL: {BASE}\ntitle: {yaml_string(SITE)}\n"
          "locale: vi\ntimeZone: Asia/Ho_Chi_Minh\ntaxonomies: {tag: tags}\n"
          "theme: congdoan\nservices: {rss: {limit: 500, full: true}}\n"
          "feeds: {by: [topics]}\n"
          "checks: {W-NFC: off}\n")
    os.makedirs(f"{top}/themes", exist_ok=True)
    shutil.copytree(THEME, f"{top}/{THEME}")
    write(f"{top}/content/anh.svg",
          "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n")
    if own_layouts:
        shutil.rmtree(f"{top}/{THEME}/layouts")
        page = layout_for(types)
        write(f"{top}/layouts/single.html", page)
        for name in ("list", "home"):
            write(f"{top}/layouts/{name}.html",
                  "---\nselect:\n  items: {in: $page, sort: -date}\n---\n"
                  "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\">"
                  "<title>{{ page.title }}</title>"
                  "<script type=\"application/ld+json\">{{ page.jsonld }}"
                  "</script></head><body>{% for p in items %}"
                  "<a href=\"{{ p.url }}\" title=\"{{ p.title }}\">"
                  "{{ p.title }}</a><p>{{ p.sapo }}</p>{% endfor %}"
                  "</body></html>\n")


def add_pieces(top, types):
    """(type, string) -> (url, title, texts)"""
    made = {}
    for (type_name, name), meta in targets(types).items():
        section = types[type_name].get("section", "")
        write(f"{top}/content/{section}/{name}.md",
              "---" + yaml_of(meta) + "\n---\n\nBài.\n")
    strings = {**STRINGS, "long": LONG}
    for type_name, t in types.items():
        section = t.get("section") or "trang"
        for key, string in strings.items():
            meta, texts = front(types, type_name, string, f"{type_name}-{key}")
            if type_name == "unit" or type_name == "page":
                meta.pop("audiences", None)
            if type_name == "page":
                meta = {k: v for k, v in meta.items()}
            body = f"~~~~~~\n{normal(string)}\n~~~~~~"
            write(f"{top}/content/{section}/p-{key}.md",
                  "---" + yaml_of(meta) + f"\n---\n\n{body}\n")
            made[type_name, key] = (f"{section}/p-{key}/", meta["title"], texts)
    return made


def build(top, out):
    run = subprocess.run([LOA, "build", "--quiet", "-s", top, "-d", out,
                          "--clock", CLOCK], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


# --- parsing back -----------------------------------------------------------

class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.fields, self.attrs, self.tags, self.all = {}, {}, [], []
        self.ld, self.bad = [], []
        self.at = None
        self.in_script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        self.bad += [k for k in attrs if k.startswith("on")]
        for key in ("href", "src"):
            if (attrs.get(key) or "").lower().startswith("javascript:"):
                self.bad.append(attrs[key])
        if tag == "script":
            self.in_script = attrs.get("type") == "application/ld+json"
            if not self.in_script and "src" not in attrs:
                self.bad.append("<script>")
        if tag == "p" and "data-f" in attrs:
            self.at = attrs["data-f"]
            self.attrs.setdefault(self.at, []).append(attrs.get("title") or "")
            self.fields.setdefault(self.at, []).append("")

    def handle_endtag(self, tag):
        self.in_script = self.in_script and tag != "script"
        if tag == "p":
            self.at = None

    def handle_data(self, data):
        if self.in_script:
            self.ld.append(data)
        elif self.at is not None:
            self.fields[self.at][-1] += data
        self.all.append(data)

    def handle_comment(self, data):
        if "-->" in data or "alert" in data:
            self.bad.append("comment")


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return f.read()


def dotted(path):
    return ".".join(p for p in path if isinstance(p, str))


def check_page(out, url, title, texts, name):
    page = Page(read(f"{out}/{url}index.html"))
    check(f"{name}: nothing came alive", not page.bad, page.bad)
    want_title = expected(title)
    got = normal(page.fields["title"][0])
    check(f"{name}: title", got == want_title, (got, want_title))
    check(f"{name}: title as an attribute",
          normal(page.attrs["title"][0]) == want_title, page.attrs["title"])
    everything = normal(" ".join(page.all))
    for path, text, internal in texts:
        field, want = dotted(path), expected(text)
        if internal:
            continue
        shown = page.fields.get(field)
        if shown is None:
            check(f"{name}: {field} is on the page", False)
            continue
        check(f"{name}: {field}", want in [normal(x) for x in shown],
              (want, shown))
        if field == "slogans.text":  # byte for byte
            check(f"{name}: {field}, byte for byte",
                  unicodedata.normalize("NFC", text) in shown, (text, shown))
        check(f"{name}: {field} as an attribute",
              want in [normal(x) for x in page.attrs[field]],
              (want, page.attrs[field]))
    return page, everything


def strings_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for v in value.values():
            yield from strings_of(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings_of(v)


def check_ld(page, name, title):
    raw = "".join(page.ld)
    try:
        data = json.loads(raw)
    except ValueError as error:
        check(f"{name}: structured data", False, f"{error}: {raw[:300]}")
        return
    check(f"{name}: structured data has no <", "<" not in raw)
    main = data["@graph"][0]
    want = expected(title)
    check(f"{name}: structured data: name", normal(main["name"]) == want,
          (main["name"], want))
    if "headline" in main:
        check(f"{name}: structured data: headline",
              normal(main["headline"]) == want, main["headline"])
    crumbs = data["@graph"][1]["itemListElement"][-1]["name"]
    check(f"{name}: structured data: breadcrumbs", normal(crumbs) == want, crumbs)
    bad = [s for s in strings_of(data) if s != "".join(
        c for c in s if ord(c) >= 32 and not 127 <= ord(c) < 160
        or c in "\t\n\r")]
    check(f"{name}: structured data: no control characters", not bad, bad[:2])


def unfold(text):
    return text.replace("\r\n ", "").split("\r\n")


def unescape_ical(s):
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], s)


def check_calendar(path, wanted):
    lines = unfold(read(path))
    got = {normal(unescape_ical(x[8:])) for x in lines if x.startswith("SUMMARY:")}
    missing = [t for t in wanted if t not in got]
    check(f"calendar {path[-40:]}: summaries", not missing, (missing, got))
    keys = {re.split("[:;]", x, maxsplit=1)[0] for x in lines if x}
    odd = [k for k in keys if not re.fullmatch(r"[A-Z-]+", k)]
    check("calendar: only names of properties", not odd, odd)


RSS = "{http://purl.org/rss/1.0/modules/content/}"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def unhtml(text):
    p = Page(f"<p data-f=\"x\">{text}</p>")
    return p.fields["x"][0]


def check_feeds(out, made, sapos):
    rss = ET.parse(f"{out}/index.xml").getroot()
    atom = ET.parse(f"{out}/atom.xml").getroot()
    with open(f"{out}/feed.json", encoding="utf-8") as f:
        feed = json.load(f)
    by_url = {
        "RSS": {i.findtext("link"): (i.findtext("title"),
                                     unhtml(i.findtext("description")),
                                     [c.text for c in i.findall("category")])
                for i in rss.iter("item")},
        "Atom": {e.find(f"{ATOM}link").get("href"):
                 (e.findtext(f"{ATOM}title"), e.findtext(f"{ATOM}summary"),
                  [c.get("term") for c in e.findall(f"{ATOM}category")])
                 for e in atom.iter(f"{ATOM}entry")},
        "JSON Feed": {i["url"]: (i["title"], i.get("summary"),
                                 i.get("tags", []))
                      for i in feed["items"]},
    }
    for form, entries in by_url.items():
        found = 0
        for (type_name, key), (url, title, texts) in made.items():
            entry = entries.get(BASE + url)
            if entry is None:
                continue
            found += 1
            name = f"{form}: {type_name}, {key}"
            check(f"{name}: title", normal(entry[0]) == expected(title),
                  (entry[0], title))
            sapo = [t for p, t, i in texts if p == ["sapo"]]
            if sapo:
                check(f"{name}: summary",
                      normal(entry[1] or "") == expected(sapo[0]),
                      (entry[1], sapo[0]))
            check(f"{name}: categories", len(entry[2]) == 1, entry[2])
        check(f"{form}: entries of most types", found >= 100, found)
        for text in strings_of(list(entries.values())):
            if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
                check(f"{form}: no control characters", False, text)
    for form, text in (("RSS", [i.text or "" for i in rss.iter(f"{RSS}encoded")]),
                       ("Atom", [i.text or "" for i in atom.iter(f"{ATOM}content")]),
                       ("JSON Feed", [i.get("content_html", "")
                                      for i in feed["items"]])):
        bad = [b for t in text for b in Page(t).bad]
        check(f"{form}: nothing came alive in the bodies", text and not bad, bad)


def check_sitemaps(out, made):
    urls = {e.text for e in ET.parse(f"{out}/sitemap.xml").iter(f"{MAP}loc")}
    missing = [u for u, _, _ in made.values() if BASE + u not in urls]
    check("sitemap: every piece", not missing, missing)
    news = ET.parse(f"{out}/sitemap-news.xml").getroot()
    titles = {e.findtext(f"{MAP}loc"): e.findtext(f".//{NEWS}title")
              for e in news.iter(f"{MAP}url")}
    check("news sitemap: not empty", len(titles) >= 50, len(titles))
    check("news sitemap: the publication", normal(
        news.findtext(f".//{NEWS}name")) == SITE)
    for (type_name, key), (url, title, _) in made.items():
        got = titles.get(BASE + url)
        if got is not None:
            check(f"news sitemap: {type_name}, {key}",
                  normal(got) == expected(title), (got, title))


def check_internal(out, types, made):
    """Not one string of an internal field leaves: they are marked."""
    mark = "NOIBO-7391"
    found = []
    for path in glob.glob(f"{out}/**/*", recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as f:
                if mark.encode() in f.read():
                    found.append(path)
    check("internal fields are nowhere", not found, found)


def mark_internal(types):
    """Texts of internal fields say so, to be looked for."""
    plain = Piece.text

    def text(self, spec, path, internal):
        if internal or spec.get("internal"):
            return "NOIBO-7391"
        return plain(self, spec, path, internal)
    Piece.text = text


def check_control(tmp):
    """A control character is an error at its place, in quotes or bare."""
    for c in CONTROL:
        for form in ("escape", "bare"):
            top = f"{tmp}/control"
            shutil.rmtree(top, ignore_errors=True)
            write(f"{top}/loa.yaml", f"baseURL: {BASE}\ntimeZone: UTC\n")
            for name in ("single", "list"):
                write(f"{top}/layouts/{name}.html", "{{ page.title }}")
            text = f"\\u{ord(c):04X}" if form == "escape" else c
            with open(f"{top}/content.md", "wb") as f:
                f.write(f"---\ntitle: \"A{text}B\"\n---\n".encode(
                    "utf-8", "surrogatepass"))
            os.makedirs(f"{top}/content/a")
            os.rename(f"{top}/content.md", f"{top}/content/a/b.md")
            rc, said = build(top, f"{tmp}/control-out")
            check(f"control character U+{ord(c):04X}, {form}: an error",
                  rc == 1 and "b.md:2" in said, (rc, said))


SHOWN = {  # what a layout can show beside pieces
    "title": "site.title", "params": "site.params.note",
    "copyright": "site.copyright", "data": "site.data.a.note",
    "menu": "site.menus.main[0].name", "i18n": "'note' | t",
    "label": "site.languages[0].label", "term": "page.terms.tags[0].title",
}


def check_surroundings(tmp):
    """Texts of the configuration, the menus, i18n/, data/ and of terms; the
    alternative text, title and caption of pictures in a body."""
    for key, string in STRINGS.items():
        top, out = f"{tmp}/around", f"{tmp}/around-out"
        shutil.rmtree(top, ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)
        one = expected(string)
        text = yaml_string(one)
        write(f"{top}/loa.yaml",
              f"baseURL: {BASE}\ntitle: {text}\ncopyright: {text}\n"
              f"timeZone: UTC\nlocale: vi\nparams: {{note: {text}}}\n"
              f"taxonomies: {{tag: tags}}\nchecks: {{W-NFC: off}}\n"
              f"menus: {{main: [{{name: {text}, url: /a/}}]}}\n"
              f"languages: {{vi: {{label: {text}}}}}\n")
        # There, braces hold the names of values.
        word = normal(re.sub("[{}]", "", one))
        write(f"{top}/i18n/vi.yaml", f"note: {yaml_string(word)}\n")
        write(f"{top}/data/a.yaml", f"note: {text}\n")
        write(f"{top}/content/a/anh.svg", "<svg/>\n")
        escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", one)
        write(f"{top}/content/a/index.md",
              f"---\ntitle: A\ndate: 2026-11-20\ntags: [{text}]\n---\n\n"
              f"![{escaped}](anh.svg \"{escaped}\")\n")
        lines = "\n".join(f"<p data-f=\"{n}\" title=\"{{{{ {e} }}}}\">"
                          f"{{{{ {e} }}}}</p>" for n, e in SHOWN.items())
        for name in ("single", "list"):
            write(f"{top}/layouts/{name}.html", "<!doctype html>" + lines +
                  "{{ page.content }}\n")
        rc, said = build(top, out)
        check(f"around, {key}: builds", rc == 0, said)
        if rc:
            continue
        page = Page(read(f"{out}/a/index.html"))
        check(f"around, {key}: nothing came alive", not page.bad, page.bad)
        for name in SHOWN:
            got = [normal(x) for x in page.fields[name] + page.attrs[name]]
            want = word if name == "i18n" else one
            check(f"around, {key}: {name}", got == [want, want], (got, want))
        pictures = [a for t, a in page.tags if t == "img"]
        check(f"around, {key}: alternative text", len(pictures) == 1 and
              plain_marks(pictures[0].get("alt")) == plain_marks(one),
              (pictures, one))
        for feed in ("index.xml", "atom.xml"):
            root = ET.parse(f"{out}/{feed}").getroot()
            titles = {normal(e.text or "") for e in root.iter()
                      if e.tag in ("title", f"{ATOM}title")}
            check(f"around, {key}: title of {feed}", one in titles, titles)
        with open(f"{out}/feed.json", encoding="utf-8") as f:
            got = normal(json.load(f)["title"])
        check(f"around, {key}: title of feed.json", got == one, (got, one))


def plain_marks(text):
    """Without what smart punctuation may change."""
    return re.sub("[\"'“”‘’…–—.\u00a0 -]", "", normal(text or ""))


def main():
    types = load_types()
    mark_internal(types)
    tmp = tempfile.mkdtemp()
    try:
        check_control(tmp)
        check_surroundings(tmp)
        plain, themed = f"{tmp}/plain", f"{tmp}/themed"
        make_site(plain, types, True)
        made = add_pieces(plain, types)
        rc, said = build(plain, f"{tmp}/out")
        check("the site of hostile text builds", rc == 0, said[:3000])
        if rc == 0:
            out = f"{tmp}/out"
            for (type_name, key), (url, title, texts) in made.items():
                name = f"{type_name}, {key}"
                page, _ = check_page(out, url, title, texts, name)
                check_ld(page, name, title)
            check_feeds(out, made, None)
            check_sitemaps(out, made)
            check_calendar(f"{out}/lich.ics",
                           [expected(t) for (n, _), (_, t, _) in made.items()
                            if n in ("event", "campaign")])
            check_internal(out, types, made)
        make_site(themed, types, False)
        made = add_pieces(themed, types)
        rc, said = build(themed, f"{tmp}/themed-out")
        check("the same with the theme's layouts builds", rc == 0, said[:3000])
        if rc == 0:
            for (type_name, key), (url, title, _) in made.items():
                page = Page(read(f"{tmp}/themed-out/{url}index.html"))
                name = f"theme: {type_name}, {key}"
                bad = page.bad + [t for t, a in page.tags if t in ("i", "b")]
                check(f"{name}: nothing came alive", not bad, bad)
                check(f"{name}: the title is shown",
                      expected(title) in normal("".join(page.all)), title)
            check_internal(f"{tmp}/themed-out", types, made)
    finally:
        if os.environ.get("KEEP"):
            print(tmp)
        else:
            shutil.rmtree(tmp)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
