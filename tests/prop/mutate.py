"""Random edits of a site, as an editor, a designer or an accident makes them.

A site is a dict from path to bytes. An edit is a function of a State and a Pick;
it changes the state and says in a few words what it did. What is picked depends on
the seed of the edit and on names alone, so that an edit does nearly the same when
others before it are left out: that is what makes a failing sequence short.
"""
import hashlib
import json
import os
import random
import re
import struct
import zlib

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
START = "2026-11-21T08:00:00+07:00"
CONTENT = "content/"
LAYOUTS = "themes/congdoan/layouts/"
TYPES = "themes/congdoan/types/"
WORDS = ("lương thưởng đối thoại công đoàn người lao động tháng mới lần đầu an toàn "
         "& <b> 2027 Nguyễn Văn Ước").split()


class Nothing(Exception):
    """There is nothing left that this edit could change."""


class Pick(random.Random):
    """A random.Random whose choice among names does not depend on the others."""

    def __init__(self, seed):
        super().__init__(seed)
        self.seed_text = str(seed)

    def one(self, names, salt="", other=None):
        names = list(names)
        if not names and other is None:
            raise Nothing
        if not names:
            return other
        key = self.seed_text + salt
        return min(names, key=lambda n: hashlib.md5((key + repr(n)).encode()).digest())


class State:
    def __init__(self, files):
        self.files = dict(files)
        self.clock = START
        self.flags = ()      # more options of loa build
        self.lang = "en"
        self.touched = []    # paths to be written again with the same bytes
        self.damage = []     # (how, number): a published file is spoiled
        self.records = False  # the next build records what it publishes

    def copy(self):
        other = State(self.files)
        other.clock, other.flags, other.lang = self.clock, self.flags, self.lang
        return other

    def text(self, path):
        return self.files[path].decode("utf-8", "replace")

    def put(self, path, text):
        self.files[path] = text if isinstance(text, bytes) else text.encode("utf-8")

    def under(self, folder, *ends):
        return [p for p in self.files
                if p.startswith(folder) and (not ends or p.endswith(ends))]

    def pieces(self):
        return [p for p in self.under(CONTENT, ".md")
                if not os.path.basename(p).startswith("_index")]

    def is_free(self, path):
        """Whether no file and no folder has this name or stands in its way."""
        parts = path.split("/")
        return not any("/".join(parts[:i]) in self.files for i in range(1, len(parts) + 1)) \
            and not any(p.startswith(path + "/") for p in self.files)


# --- the site

def png(width, height):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * width for _ in range(height)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) +
            chunk(b"IEND", b""))


EXTRA = {
    "content/tin-tuc/du-thu/index.md": """---
title: "Bài có đủ mã ngắn"
date: 2026-11-19 08:00
unit: cd-cac-kcn
authors: [{person: pham-thi-hoa, role: text}]
genre: bai
topics: [hoat-dong-cong-doan]
tags: [tổ chức, thử]
sapo: "Bài này dùng mọi mã ngắn của giao diện để thử việc dựng lại từng phần."
images: [{file: anh.png, alt: "Ô vuông màu xám"}]
aliases: [/cu/du-thu/]
pin: {until: 2026-11-25 17:00}
attachments: [so-lieu.csv]
---

Đoạn mở đầu nhắc Kế hoạch 215/KH-LĐLĐ ngày 06/11/2026 và [bài khác](../doi-thoai-khu-cong-nghiep.md).

## Bảng số liệu

{{< table src="so-lieu.csv" caption="Số liệu thử" >}}

{{< figure src="anh.png" alt="Ô vuông" caption="Ảnh **thử**" >}}

{{< file src="so-lieu.csv" title="Số liệu" >}}

{{< the-don-vi of="/don-vi/cd-cac-kcn.md" >}}

Xem [đơn vị]({{< ref "/don-vi/cd-cac-kcn.md" >}}) hoặc {{< param "phone" >}}.

## Mục sau

{{< details "Mở ra" >}}
Chữ **đậm** và [liên kết](/chinh-sach/lam-them-gio.md).
{{< /details >}}
""",
    "content/tin-tuc/du-thu/so-lieu.csv": "Tên,Số\nMột,1\nHai,2\n",
    "content/tin-tuc/du-thu/anh.png": png(6, 4),
    "content/tin-tuc/khong-sapo.md": """---
title: "Trang không có dẫn nhập"
type: page
date: 2026-11-18 08:00
tags: [thử]
---

Câu đầu của trang này là đoạn trích. Nó dẫn tới [mục sau](du-thu/index.md#muc-sau).

## Một mục

Chữ ở mục một.
""",
    "layouts/shortcodes/the-don-vi.html":
        "<div class=\"the\"><a href=\"{{ pages[args.of].url }}\">{{ pages[args.of].title }}</a> "
        "{{ page.title }} {% render 'the-trong', chu: name %}</div>\n",
    "layouts/partials/the-trong.html": "<b>{{ chu }}</b>\n",
    "layouts/partials/cua-mot.html": "<i>{{ page.count }} {{ page.excerpt }}</i>\n",
    "data/thu/chao.yaml": "loi: Xin chào\nso: [1, 2]\n",
    "static/tai-lieu/quy-uoc.txt": "Quy ước\n",
}


# What is a warning here, so that most sites can be built in spite of it.
LENIENT = ("checks: {E-LINK: warning, E-FRAGMENT: warning, E-REF: warning, E-FILE: warning, "
           "E-REQUIRED: warning, E-KEY: warning, E-UNIT-DATE: warning, E-CYCLE: warning, "
           "E-TWICE: warning, E-SUCCESSOR: warning, E-DATE: warning, E-LENGTH: warning, "
           "E-CHOICE: warning, E-PHONE: warning, E-EMAIL: warning, E-NAME: warning, "
           "E-CARD: warning, E-SHORTCODE: warning, E-RULE: warning}\n")


def base_site(is_lenient):
    files = {}
    for folder in ("content", "layouts", "themes/congdoan"):
        for at, _, names in os.walk(os.path.join(TOP, folder)):
            for name in names:
                full = os.path.join(at, name)
                with open(full, "rb") as f:
                    files[os.path.relpath(full, TOP)] = f.read()
    for name in ("loa.yaml", "urls.tsv"):
        full = os.path.join(TOP, name)
        if os.path.exists(full):
            with open(full, "rb") as f:
                files[name] = f.read()
    state = State(files)
    for path, text in EXTRA.items():
        state.put(path, text)
    if is_lenient:
        state.put("loa.yaml", state.text("loa.yaml") + LENIENT)
    return state


# --- text of a piece

def split(text):
    m = re.match(r"(?s)---\n(.*?\n)---\n(.*)\Z", text)
    return (m.group(1), m.group(2)) if m else ("", text)


def joined(front, body):
    return "---\n" + front + "---\n" + body


def put_key(front, key, line):
    """Sets one key of the first level, with all that stands below it."""
    block = re.compile(r"(?m)^%s:.*\n(?:[ -].*\n)*" % re.escape(key))
    if line is None:
        return block.sub("", front)
    if block.search(front):
        return block.sub(lambda m: line + "\n", front, count=1)
    return front + line + "\n"


def change(state, path, key, line):
    front, body = split(state.text(path))
    state.put(path, joined(put_key(front, key, line), body))
    return "%s: %s" % (path, line if line is not None else "without " + key)


def words(r, n=3):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(1, n)))


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def some_day(r):
    return "20%02d-%02d-%02d" % (r.choice([24, 25, 26, 26, 26, 26]), r.randint(1, 12),
                                 r.randint(1, 28))


def some_minute(r):
    return some_day(r) + " %02d:%02d" % (r.randint(0, 23), r.choice([0, 0, 30, 59]))


def near(r, clock):
    day = int(clock[8:10]) + r.randint(-2, 2)
    return "%s%02d %02d:00" % (clock[:8], min(max(day, 1), 28), r.randint(6, 20))


def a_piece(state, r, salt=""):
    return r.one(state.pieces(), salt)


def a_file(state, r, salt=""):
    return r.one(state.under(CONTENT, ".md"), salt)


# --- edits of bodies

def body_word(state, r):
    path = a_file(state, r)
    front, body = split(state.text(path))
    parts = body.split(" ")
    parts.insert(r.randrange(len(parts) + 1), words(r))
    state.put(path, joined(front, " ".join(parts)))
    return "%s: a word more" % path


def body_start(state, r):
    path = a_file(state, r)
    front, body = split(state.text(path))
    state.put(path, joined(front, "\n" + words(r, 6) + ". " + body.lstrip("\n")))
    return "%s: another beginning" % path


def body_line(state, r):
    path = a_file(state, r)
    front, body = split(state.text(path))
    lines = body.split("\n")
    lines.insert(r.randrange(len(lines) + 1), "")
    state.put(path, joined(front, "\n".join(lines)))
    return "%s: an empty line more" % path


def body_drop(state, r):
    path = a_file(state, r)
    front, body = split(state.text(path))
    parts = re.split(r"\n\n+", body)
    if len(parts) > 1:
        parts.pop(r.randrange(len(parts)))
    state.put(path, joined(front, "\n\n".join(parts)))
    return "%s: a paragraph less" % path


def body_same_size(state, r):
    path = a_file(state, r)
    text = state.text(path)
    at = [m.start() for m in re.finditer(r"(?<= )[a-z]+(?= )", split(text)[1])]
    if not at:
        return None
    at = r.choice(at) + len(text) - len(split(text)[1])
    new = "n" if text[at] != "n" else "m"
    state.put(path, text[:at] + new + text[at + 1:])
    return "%s: a letter at %d" % (path, at)


def numbers_of(state):
    out = []
    for path in state.under("content/van-ban/", ".md"):
        m = re.search(r"(?m)^number: *\"?([^\"\n]+)", state.text(path))
        if m:
            out.append(m.group(1).strip())
    return out


def a_target(state, r, path):
    other = a_file(state, r, "target")
    if r.random() < .2:
        other = r.one(state.files, "file")
        if not other.startswith(CONTENT):
            return "/" + other.split("/static/")[-1].replace("static/", "")
    link = "/" + other[len(CONTENT):]
    if r.random() < .5:
        link = os.path.relpath(other, os.path.dirname(path))
    if other.endswith(".md") and r.random() < .4:
        heads = re.findall(r"(?m)^#+ (.*)$", state.text(other))
        if heads:
            link += "#" + re.sub(r"[^\w]+", "-", r.choice(heads).lower()).strip("-")
    return link.replace(" ", "%20")


def body_add(state, r):
    path = a_file(state, r)
    kind = r.choice(["link", "link", "number", "heading", "code", "table", "note", "image",
                     "callout", "more", "list"])
    text = "[%s](%s)" % (words(r), a_target(state, r, path))
    if kind == "number":
        text = "Theo %s, %s." % (r.one(numbers_of(state), "", "1/X"), words(r))
    elif kind == "heading":
        text = "%s %s" % ("#" * r.randint(2, 3), words(r))
    elif kind == "code":
        text = r.choice([
            "{{< param \"%s\" >}}" % r.choice(["phone", "email", "sample"]),
            "{{< ref \"%s\" >}}" % a_target(state, r, path),
            "{{< the-don-vi of=\"%s\" >}}" % a_target(state, r, path),
            "{{< table src=\"/tin-tuc/du-thu/so-lieu.csv\" caption=\"x\" >}}",
            "{{< file src=\"%s\" >}}" % a_target(state, r, path),
            "{{< figure src=\"/tin-tuc/du-thu/anh.png\" alt=\"một ảnh\" >}}",
            "{{< details \"a\" >}}\n%s\n{{< /details >}}" % words(r)])
    elif kind == "table":
        text = "| a | b |\n|---|---|\n| %s | x |" % words(r)
    elif kind == "note":
        text = "Câu[^z].\n\n[^z]: %s" % words(r)
    elif kind == "image":
        images = state.under(CONTENT, ".svg", ".png")
        text = "![Một ảnh](/%s)" % r.one(images, "", "content/x.png")[len(CONTENT):]
    elif kind == "callout":
        text = "> [!NOTE]\n> %s" % words(r)
    elif kind == "more":
        text = "<!--more-->"
    elif kind == "list":
        text = "- [ ] %s\n- https://a.example/%d" % (words(r), r.randint(0, 9))
    front, body = split(state.text(path))
    parts = body.split("\n\n")
    parts.insert(r.randrange(len(parts) + 1), text)
    state.put(path, joined(front, "\n\n".join(parts)))
    return "%s: more: %s" % (path, text)


def heading_renamed(state, r):
    paths = [p for p in state.under(CONTENT, ".md") if re.search(r"(?m)^## ", state.text(p))]
    path = r.one(paths)
    if r.random() < .5 and "content/tin-tuc/du-thu/index.md" in paths:
        path = "content/tin-tuc/du-thu/index.md"
    text = state.text(path)
    heads = list(re.finditer(r"(?m)^##+ (.*)$", text))
    m = r.choice(heads)
    state.put(path, text[:m.start(1)] + words(r) + text[m.end(1):])
    return "%s: heading %s renamed" % (path, m.group(1))


# --- edits of front matter

def retitle(state, r):
    return change(state, *(lambda p: (p, "title", "title: " + quoted(words(r, 5))))(
        a_file(state, r)))


def redate(state, r):
    key = r.choice(["date", "date", "lastmod", "publishDate", "expiryDate"])
    when = r.choice([some_day, some_minute])(r) if r.random() < .5 else near(r, state.clock)
    return change(state, a_piece(state, r), key, "%s: %s" % (key, when))


def tags(state, r):
    some = ["tổ chức", "thử", "Tháng Công nhân", "đối thoại", "từ mới", "Tết Sum vầy"]
    line = "tags: [%s]" % ", ".join(r.sample(some, r.randint(0, 3)))
    return change(state, a_piece(state, r), "tags", line)


FRONT_LINES = [
    "draft: true", "aliases: [/cu/%d/]", "slug: ten-%d", "weight: %d",
    "menus: {main: {weight: 35, name: Thêm}}", "build: {list: never}",
    "build: {render: never}", "url: /rieng/%d/", "description: Mô tả %d",
    "sapo: Một câu dẫn nhập đủ dài cho bài số %d", "linkTitle: Tên ngắn %d",
    "topics: [nu-cong]", "topics: [hoat-dong-cong-doan, chinh-sach-phap-luat]",
    "audiences: [nu-doan-vien]", "pin: {until: 2026-11-22}", "pin: {until: 2026-12-01 10:00}",
    "campaigns: [tet-sum-vay-2027]", "sitemap: {disable: true}", "outputs: [html]",
    "keywords: [a, b]", "change_note: \"Sửa lần %d\"", "layout: single",
    "images: [{file: /tin-tuc/du-thu/anh.png, alt: \"Ảnh số %d\"}]", "params: {mau: %d}",
    "kicker: \"Đề từ %d\"", "related: false", "translationKey: chung-%d",
    "state: cancelled", "state: postponed", "valid_to: 2026-11-2%d",
]


def front_key(state, r):
    line = r.choice(FRONT_LINES)
    if "%d" in line:
        line = line % r.randint(0, 9)
    return change(state, a_piece(state, r), line.split(":")[0], line)


def front_line_gone(state, r):
    path = a_file(state, r)
    front, body = split(state.text(path))
    lines = front.splitlines(True)
    if not lines:
        return None
    gone = lines.pop(r.randrange(len(lines)))
    state.put(path, joined("".join(lines), body))
    return "%s: without %s" % (path, gone.strip()[:60])


def front_of_other(state, r):
    """A value as a piece of the same folder has it."""
    path = a_piece(state, r)
    folder = "/".join(path.split("/")[:2]) + "/"
    other = r.one([p for p in state.pieces() if p.startswith(folder)], "other")
    lines = [ln for ln in split(state.text(other))[0].splitlines()
             if re.match(r"[a-z_]+: .", ln) and not ln.startswith(("title", "translationKey"))]
    if not lines:
        return None
    line = r.one(lines, "line")
    return change(state, path, line.split(":")[0], line)


def front_word(state, r):
    """One more word in a quoted text: a name, a slogan, a task."""
    path = a_file(state, r)
    folder = r.choice(["content/don-vi/", "content/chien-dich/", "content/nhan-su/", None,
                       "content/cuoc-thi/", "content/van-ban/"])
    if folder:
        path = r.one(state.under(folder, ".md"), "", path)
    front, body = split(state.text(path))
    ends = [m.start() for m in re.finditer(r"(?<=\w)\"", front)]
    if not ends:
        return None
    at = r.choice(ends)
    state.put(path, joined(front[:at] + " mới" + front[at:], body))
    return "%s: a word more in line %s" % (path, front[:at].split("\n")[-1][:50])


def unit_name(state, r):
    """A unit is called otherwise: what stands on pages of its pieces."""
    path = r.one([p for p in state.under("content/don-vi/", ".md") if "_index" not in p])
    key = r.choice(["title", "short", "former_names"])
    value = quoted("Công đoàn " + words(r))
    if key == "former_names":
        value = "[{name: %s, to: 2026-11-1%d}]" % (value, r.randint(0, 9))
    return change(state, path, key, "%s: %s" % (key, value))


def front_day(state, r):
    """Another day in any date of the front matter: slogans, rounds, windows."""
    path = a_piece(state, r)
    folder = r.choice(["content/su-kien/", "content/chien-dich/", "content/cuoc-thi/", None,
                       "content/khao-sat/", "content/don-vi/", "content/van-ban/"])
    if folder:
        path = r.one([p for p in state.pieces() if p.startswith(folder)], "", path)
    front, body = split(state.text(path))
    days = list(re.finditer(r"\b(20\d\d-\d\d-)(\d\d)\b", front))
    if not days:
        return None
    m = r.choice(days)
    state.put(path, joined(front[:m.start(2)] + "%02d" % r.randint(1, 28) + front[m.end(2):],
                           body))
    return "%s: another day for %s" % (path, m.group(0))


def other_ref(state, r):
    units = sorted({os.path.basename(p)[:-3] for p in state.under("content/don-vi/", ".md")
                    if "_index" not in p})
    path = r.one([p for p in state.pieces() if re.search(r"(?m)^unit: ", state.text(p))])
    return change(state, path, "unit", "unit: " + r.one(units, "unit"))


def other_relation(state, r):
    docs = sorted({p.split("/")[2] for p in state.under("content/van-ban/", "index.md")
                   if p.count("/") == 3})
    path = r.one(state.under("content/van-ban/", "/index.md"))
    key = r.choice(["based_on", "implements", "amends", "corrects", "replaces", "related"])
    return change(state, path, key, "%s: [%s]" % (key, r.one(docs, "doc")))


def cascade(state, r):
    path = r.one(state.under(CONTENT, "_index.md"))
    value = r.choice(["{params: {sample: true, mau: %d}}" % r.randint(0, 9),
                      "{params: {sample: false}}", "{tags: [từ cha]}", "{weight: 3}",
                      "[{target: {kind: page}, params: {sample: true}}]"])
    return change(state, path, "cascade", "cascade: " + value)


# --- files

def new_piece(state, r):
    path = a_piece(state, r)
    folder, name = os.path.split(path)
    if name.startswith("index"):
        folder = os.path.dirname(folder)
    new = "%s/moi-%d.md" % (folder, r.randint(0, 99))
    if not state.is_free(new):
        return None
    state.put(new, re.sub(r"(?m)^title: .*$", "title: " + quoted(words(r, 5)),
                          state.text(path), count=1))
    said = "%s: new, like %s" % (new, path)
    if r.random() < .7:
        change(state, new, "date", "date: " + near(r, state.clock))
    for key in ("number", "aliases", "id", "url", "slug", "translationKey"):
        change(state, new, key, None)
    return said


def delete(state, r):
    path = r.one(state.under(CONTENT)) if r.random() < .3 else a_piece(state, r)
    del state.files[path]
    return "%s: deleted" % path


def moved(state, old, new):
    if not state.is_free(new):
        return None
    state.files[new] = state.files.pop(old)
    return "%s: moved to %s" % (old, new)


def rename(state, r):
    path = a_piece(state, r)
    folder, name = os.path.split(path)
    return moved(state, path, "%s/doi-%d%s" % (folder, r.randint(0, 99),
                                              name[name.index("."):]))


def move(state, r):
    path = a_piece(state, r)
    folders = sorted({os.path.dirname(p) for p in state.under(CONTENT, ".md")})
    return moved(state, path, r.one(folders) + "/" + os.path.basename(path))


def to_bundle(state, r):
    path = a_piece(state, r)
    folder, name = os.path.split(path)
    if name == "index.md":
        if folder == "content":
            return None
        return moved(state, path, folder + ".md")
    stem, end = name.split(".", 1)
    return moved(state, path, "%s/%s/index.%s" % (folder, stem, end))


def translate(state, r):
    """A translation comes or goes."""
    path = a_piece(state, r)
    if path.endswith((".en.md", ".ko.md")):
        del state.files[path]
        return "%s: deleted" % path
    new = path[:-3] + r.choice([".en.md", ".ko.md"])
    if not state.is_free(new):
        return None
    state.put(new, re.sub(r"(?m)^title: .*$", "title: " + quoted("In English " + words(r)),
                          state.text(path), count=1))
    return "%s: new" % new


def file_to_folder(state, r):
    """What was a file is a folder, or what was a folder is a file."""
    path = r.one(state.under("static/") + state.under("data/") +
                 state.under("content/", ".svg", ".png", ".csv", ".pdf"))
    if r.random() < .5:
        new = path + "/" + os.path.basename(path)
        data = state.files.pop(path)
        state.files[new] = data
        return "%s: is a folder now" % path
    folder = os.path.dirname(path)
    inside = state.under(folder + "/")
    if folder.count("/") < 1 or len(inside) > 3:
        return None
    data = state.files[path]
    for p in inside:
        del state.files[p]
    state.files[folder] = data
    return "%s: is a file now" % folder


def other_file(state, r):
    """An image, a table, a static file, data: changed, gone or new."""
    path = r.one(state.under("static/") + state.under("data/") +
                 state.under("themes/congdoan/static/") +
                 state.under(CONTENT, ".svg", ".png", ".csv", ".pdf") * 2)
    how = r.choice(["change", "change", "change", "delete", "new", "rename"])
    if how == "delete":
        del state.files[path]
    elif how == "rename":
        stem, end = os.path.splitext(path)
        return moved(state, path, "%s-%d%s" % (stem, r.randint(0, 9), end))
    elif how == "new":
        path = r.choice(["static/them-%d.txt", "content/tin-tuc/du-thu/them-%d.svg",
                         "data/thu/them-%d.yaml"]) % r.randint(0, 9)
        if not state.is_free(path):
            return None
        state.put(path, "x: %s\n" % words(r))
    elif path.endswith(".png"):
        state.put(path, png(r.randint(1, 9), r.randint(1, 9)))
    elif path.endswith(".csv"):
        state.put(path, state.text(path) + "%s,%d\n" % (words(r), r.randint(0, 9)))
    elif path.endswith(".yaml"):
        state.put(path, state.text(path) + "k%d: %s\n" % (r.randint(0, 99), quoted(words(r))))
    elif path.endswith(".svg") and r.random() < .5:
        state.put(path, re.sub(r'width="\d+"', 'width="%d"' % r.randint(10, 900),
                               state.text(path), count=1))
    else:
        state.files[path] = state.files[path] + b"\n" * r.randint(1, 9)
    return "%s: %s" % (path, how)


# --- the design

ON_PAGES = """page.prev.title page.next.excerpt page.unit.title page.unit.short
page.unit.name_then page.unit.phase page.section.title page.wordcount page.toc
page.terms.tags.size page.params|json page.children.size page.children|json page.members.size
clock.year clock.date site.menus.main.size site.languages.size page.phase
page.outdated_by.size page.jsonld site.data|json page.translations.size
page.translations|json page.alternates|json page.ancestors|json page.unit|json
page.breadcrumbs|json page.feed_url page.ical_url site.feeds|json page.inverse|json
page.terms|json page.unit.count page.section.count page.terms.tags[0].count
page.related|json page.prev|json page.archives|json page.excerpt page.pinned page.replaced_by|json
page.labels|json page.image|json site.title site.params|json page.lastmod page.permalink
page.authors|json page.campaigns|json page.basis|json page.parent|json page.validity
page.successors|json page.predecessors|json page.campaigns[0].phase page.section|json
page.event|json page.slogans|json page.rounds|json page.positions|json page.linktitle
page.kind page.type_label page.id site.languages|json page.date page.publishdate
page.expirydate page.entry_url paginator|json page.qa|json page.organiser|json""".split()
ON_CARDS = """title excerpt summary section.title count unit.short unit.phase unit|json labels|json
image.url image|json phase pinned sapo description lastmod type_label translations|json start
slogans|json id kind lang short validity|json number|json unit.name_then number parent|json
entry_url place|json authors|json positions|json photo|json section|json law|json""".split()
IN_CODES = """page.title page.unit.title page.prev.title site.title site.params|json
site.data|json page.lastmod page.section.title page.related.size page.phase page.url
page.params|json page.unit|json page.tags|json ordinal lang site.menus|json page.date
page.inverse|json page.replaced_by|json page.validity page.slogans|json page.pinned
page.translations|json page.section|json page.outdated_by|json page.entry_url
page.terms|json page.labels|json page.image|json page.authors|json site.languages|json
pages["/don-vi/cd-cac-kcn.md"].title files["/tin-tuc/du-thu/anh.png"].width
csv["/tin-tuc/du-thu/so-lieu.csv"]|json page.ancestors|json page.successors|json""".split()


def put_into_body(text, line, r):
    """Behind the front matter of a template, at the end of some line."""
    m = re.match(r"(?s)---\n.*?\n---\n", text)
    start = m.end() if m else 0
    at = [start, len(text)] + [m.end() for m in re.finditer(r">\n", text[start:])
                               for m in [re.match(r"(?s).{%d}" % (start + m.end()), text)]]
    at = r.choice(at)
    return text[:at] + line + text[at:]


def templates(state, *parts):
    return [p for p in state.under(LAYOUTS, ".html") + state.under("layouts/", ".html")
            if not parts or any(x in p for x in parts)]


def layout(state, r):
    path = r.one([p for p in templates(state) if "shortcodes/" not in p and
                  "partials/" not in p])
    text = state.text(path)
    how = r.choice(["word", "page", "page", "card", "limit", "select", "body"])
    names = re.findall(r"(?m)^  (\w+): *\{", text.split("\n---\n")[0])
    if how == "limit" and "limit:" in text:
        new = re.sub(r"limit: \d+", "limit: %d" % r.randint(1, 9), text, count=1)
        line = "limit"
    elif how == "card" and names:
        name = r.choice(names)
        key = r.choice(ON_CARDS)
        show = "{{ z.%s }}" % key
        if re.fullmatch(r"\w+", key) and r.random() < .4:  # a key that is known later
            show = r.choice(["{%% assign k = '%s' %%}{{ z[ k ] }}",
                             "{%% assign k = '%s' %%}{{ z\n[k] | default: '-' }}",
                             "{%% render 'cua-mot', page : z, k: '%s' %%}"]) % key
        line = "{%% for z in %s %%}%s {%% endfor %%}" % (name, show)
        new = put_into_body(text, line, r)
    elif how in ("select", "body") and "\nselect:\n" in text:
        line = r.choice([
            "{type: news, limit: 3%s}", "{in: $page, sort: title, limit: 4%s}",
            "{type: event, when: upcoming, limit: 2%s}", "{where: {pinned: true}, limit: 3%s}",
            "{type: [qa, explainer], where: {unit: ldld-tinh-an-binh}, limit: 3%s}",
            "{in: $page, group_by: month%s}", "{type: unit, group_by: level, sort: title%s}",
            "{type: event, when: past, sort: -start, limit: 2%s}",
            "{type: [contest, survey], when: open%s}",
            "{where: {unit.level: tinh}, limit: 2, offset: 1%s}",
        ]) % (", body: true" if how == "body" else "")
        new = text.replace("\nselect:\n", "\nselect:\n  zz%d: %s\n" %
                           (text.count("  zz"), line), 1)
        show = "{{ z.content }}" if how == "body" else "{{ z.title }}{{ z.key }}{{ z.count }}"
        new = put_into_body(new, "{%% for z in zz%d %%}%s{%% endfor %%}" %
                            (text.count("  zz"), show), r)
    else:
        line = "<i>%s</i>" % words(r) if how == "word" else "{{ %s }}" % r.choice(ON_PAGES)
        new = put_into_body(text, line, r)
    state.put(path, new)
    return "%s: %s" % (path, line)


def partial(state, r):
    path = r.one(templates(state, "partials/"))
    line = r.choice(["<i>%s</i>" % words(r), "{{ page.%s }}" % r.choice(ON_CARDS),
                     "{{ item.%s }}" % r.choice(ON_CARDS), "{{ clock.date }}",
                     "{{ site.params.phone }}{{ site.data|json }}",
                     "{{ %s }}" % r.choice(ON_PAGES)])
    state.put(path, put_into_body(state.text(path), line, r))
    return "%s: %s" % (path, line)


def shortcode(state, r):
    path = r.one(templates(state, "shortcodes/"))
    if r.random() < .6:
        path = r.one([p for p in ("layouts/shortcodes/the-don-vi.html",
                                  "layouts/partials/the-trong.html") if p in state.files], "", path)
    line = r.choice(["<i>%s</i>" % words(r), "{{ %s }}" % r.choice(IN_CODES),
                     "{{ %s }}" % r.choice(IN_CODES)])
    state.put(path, put_into_body(state.text(path), line, r))
    return "%s: %s" % (path, line)


def template_file(state, r):
    """The site's own template lies over the theme's, or goes again."""
    own = [p for p in state.under("layouts/") if "the-" not in p]
    if own and r.random() < .5:
        path = r.one(own)
        del state.files[path]
        return "%s: deleted" % path
    path = r.one(state.under(LAYOUTS))
    new = "layouts/" + path[len(LAYOUTS):]
    if not state.is_free(new):
        return None
    state.put(new, state.text(path) + "<p>%s</p>\n" % words(r))
    return "%s: new" % new


def type_file(state, r):
    path = r.one(state.under(TYPES, ".yaml"))
    text = state.text(path)
    how = r.choice(["label", "card", "uncard", "flag", "choice", "over"])
    new = text
    if how == "label":
        new = re.sub(r"vi: ([^,}']+)", lambda m: "vi: %s %s" % (m.group(1), "mới"), text,
                     count=r.randint(1, 4))
    elif how in ("card", "uncard"):
        fields = re.findall(r"(?m)^  (\w+):", text)
        m = re.search(r"(?m)^card: \[(.*)\]$", text)
        if m and fields:
            card = m.group(1).split(", ")
            if how == "card":
                card.append(r.choice(fields))
            else:
                card.pop(r.randrange(len(card)))
            new = text[:m.start(1)] + ", ".join(dict.fromkeys(card)) + text[m.end(1):]
    elif how == "flag":
        key = r.choice(["dated", "calendar", "feed", "taxonomy"])
        if re.search(r"(?m)^%s: true\n" % key, text):
            new = re.sub(r"(?m)^%s: true\n" % key, "", text)
        else:
            new = text + "%s: true\n" % key
    elif how == "over":
        new = text
        path = "types/" + os.path.basename(path)
    else:
        new = re.sub(r"max: \d+", "max: %d" % r.randint(100, 400), text, count=1)
    if new == text and how != "over":
        return None
    state.put(path, new)
    return "%s: %s" % (path, how)


def word_file(state, r):
    path = r.one(state.under("themes/congdoan/i18n/"))
    if r.random() < .3:
        path = "i18n/vi.yaml"
        state.put(path, "latest_news: %s\n" % quoted(words(r)))
        return path + ": new words"
    lines = state.text(path).split("\n")
    at = [i for i, ln in enumerate(lines) if re.match(r"\w+: [^|>]+$", ln)]
    if not at:
        return None
    i = r.choice(at)
    key = lines[i].split(":")[0]
    lines[i] = "%s: %s" % (key, quoted(words(r)))
    state.put(path, "\n".join(lines))
    return "%s: %s" % (path, lines[i])


CONFIG = [
    ("title", "title: Tên mới %d"), ("params.phone", None), ("summaryLength", "summaryLength: 2%d"),
    ("pagination", "pagination: {path: trang, pagerSize: %d}"),
    ("services", "services: {rss: {limit: %d, full: true}}"),
    ("services", "services: {rss: {limit: 1%d}}"), ("feeds", "feeds: {by: [topics]}"),
    ("feeds", None), ("archives", "archives: false"), ("archives", "archives: {path: kho}"),
    ("markup", "markup: {linkify: false}"), ("markup", "markup: {typographer: true}"),
    ("markup", "markup: {tableOfContents: {startLevel: 2, endLevel: %d}}"),
    ("markup", "markup: {callouts: false, taskList: false, noBreak: true}"),
    ("related", "related: {fields: [tags], limit: %d}"),
    ("related", "related: {fields: [unit, topics], limit: %d}"),
    ("disableKinds", "disableKinds: [atom]"), ("disableKinds", "disableKinds: [newssitemap]"),
    ("disableKinds", None), ("permalinks", "permalinks: {tin-tuc: '/:year/:slug/'}"),
    ("permalinks", None), ("checks", "checks: {E-LINK: warning, W-LINK: error}"),
    ("checks", "checks: {E-REF: warning, E-REQUIRED: warning}"), ("checks", None),
    ("taxonomies", "taxonomies: {tag: tags, topic: topics}"), ("slugify", "slugify: unicode"),
    ("baseURL", "baseURL: https://b.example/duong/%d/"), ("copyright", "copyright: Của %d"),
    ("timeZone", "timeZone: Asia/Tokyo"), ("timeZone", "timeZone: Asia/Ho_Chi_Minh"),
    ("sitemap", "sitemap: {max: 1%d0}"), ("enableRobotsTXT", "enableRobotsTXT: false"),
]


def config(state, r):
    key, line = r.choice(CONFIG)
    text = state.text("loa.yaml")
    if key == "params.phone":
        new = re.sub(r"(?m)^  phone: .*$", "  phone: 0000 000 00%d" % r.randint(0, 9), text)
        line = "phone"
    else:
        if line and "%d" in line:
            line = line % r.randint(1, 9)
        new = put_key(text, key, line)
    state.put("loa.yaml", new)
    return "loa.yaml: %s" % (line or "without " + key)


def menu(state, r):
    lines = state.text("loa.yaml").split("\n")
    at = [i for i, ln in enumerate(lines) if re.match(r" +- \{name: ", ln)]
    if not at:
        return None
    i = r.choice(at)
    how = r.choice(["gone", "name", "weight", "page"])
    said = "loa.yaml: menu %s: %s" % (how, lines[i].strip())
    if how == "gone":
        lines.pop(i)
    elif how == "name":
        lines[i] = re.sub(r"name: [^,]+", "name: " + quoted(words(r)), lines[i])
    elif how == "weight":
        lines[i] = re.sub(r"weight: \d+", "weight: %d" % r.randint(1, 99), lines[i])
    else:
        page = a_file(state, r)[len(CONTENT) - 1:-3]
        lines[i] = re.sub(r"pageRef: [^,]+", "pageRef: " + page, lines[i])
    state.put("loa.yaml", "\n".join(lines))
    return said


# --- mistakes, to be undone

def mistake(state, r):
    path = a_piece(state, r)
    how = r.choice(["yaml", "link", "template", "config", "type", "utf8", "empty", "i18n"])
    if how == "yaml":
        state.put(path, state.text(path).replace("title: ", "title: [", 1))
    elif how == "link":
        state.put(path, state.text(path) + "\n[x](khong-co.md)\n")
    elif how == "utf8":
        state.files[path] = state.files[path] + b"\xff\xfe"
    elif how == "empty":
        state.files[path] = b""
    else:
        path = {"config": "loa.yaml", "type": r.one(state.under(TYPES)),
                "template": r.one(templates(state)),
                "i18n": r.one(state.under("themes/congdoan/i18n/"))}[how]
        state.put(path, state.text(path) + "\n{% if %}\n: [\n")
    return "%s: mistake (%s)" % (path, how)


# --- around the site

def clock(state, r):
    """The clock forwards (now and then back), best of all over an instant that counts."""
    seen = set()
    for path in state.under(CONTENT, ".md"):
        for day, minute in re.findall(r"(20\d\d-\d\d-\d\d)(?:[ T](\d\d:\d\d))?",
                                      split(state.text(path))[0]):
            seen.add("%sT%s:00+07:00" % (day, minute or "00:00"))
            seen.add("%sT%s+07:00" % (day, minute + ":01" if minute else "23:59:59"))
    later = sorted(t for t in seen if t > state.clock)
    if r.random() < .15:
        later = sorted(seen)
    if not later:
        return None
    state.clock = later[r.randrange(min(len(later), 6))]
    if r.random() < .1:
        state.clock = r.choice(later)
    return "clock: %s" % state.clock


def flags(state, r):
    state.flags = r.choice([(), (), ("-D",), ("-F",), ("-E",), ("-D", "-F", "-E"),
                            ("-b", "https://c.example/x/"), ("-e", "thu"),
                            ("--keep-going",)])
    return "options: %s" % " ".join(state.flags)


def environment(state, r):
    state.put("config/thu/params.yaml", "phone: 0000 000 00%d\n" % r.randint(0, 9))
    return "config/thu/params.yaml: written"


def language(state, r):
    state.lang = r.choice(["en", "vi"])
    return "LOA_LANG=%s" % state.lang


def touch(state, r):
    path = r.one(state.files)
    state.touched.append(path)
    return "%s: touched" % path


def record(state, r):
    state.records = True
    return "recorded"


def record_line(state, r):
    """By hand, or by two branches that were merged."""
    lines = state.text("urls.tsv").splitlines(True)
    if len(lines) < 2:
        return None
    i = r.randrange(1, len(lines))
    how = r.choice(["gone", "twice", "old", "old", "taken"])
    if how == "gone":
        said = lines.pop(i)
    elif how == "twice":
        said = lines[i]
        lines.append(said)
    else:
        cells = lines[i].split("\t")
        cells[1] = "/cu/%d/" % r.randint(0, 9)
        if how == "taken":
            cells[1] = r.choice(lines[1:]).split("\t")[1]
        said = "\t".join(cells)
        lines.append(said)
    state.put("urls.tsv", "".join(lines))
    return "urls.tsv: %s: %s" % (how, said.strip())


def damage(state, r):
    state.damage.append((r.choice(["delete", "cut", "flip", "more", "empty"]),
                         r.randrange(10 ** 6)))
    return "public: %s of file %d" % state.damage[-1]


EDITS = {
    body_word: 6, body_start: 4, body_line: 2, body_drop: 2, body_same_size: 3, body_add: 10,
    heading_renamed: 4, retitle: 7, redate: 7, tags: 4, front_key: 10, front_line_gone: 2,
    front_of_other: 5, front_word: 6, unit_name: 3, front_day: 6, other_ref: 4, other_relation: 3,
    cascade: 2, new_piece: 7, delete: 3, rename: 3, move: 2, to_bundle: 2, translate: 4,
    file_to_folder: 2, other_file: 8, layout: 7, partial: 5, shortcode: 5, template_file: 2,
    type_file: 3, word_file: 3, config: 6, menu: 3, mistake: 3, clock: 12, flags: 2,
    environment: 1, language: 1, touch: 3, damage: 4,
    record: 4, record_line: 3,
}
BY_NAME = {f.__name__: f for f in EDITS}
