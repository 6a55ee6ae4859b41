#!/usr/bin/env python3
"""What the editors' guide must not leave out.

Each content type of the theme has a section in docs/bien-tap/*.md, which
begins at a line <!-- type: NAME --> and ends with the second heading of two
hashes after it. There

  - a table has a row "| `field` \\* | Label | ..." for each field: the star
    for required ones only, the label as in the type file;
  - the keys of maps and the values of choices stand in code;
  - there is an example below the type's folder (<!-- file: content/... -->).

<!-- type: _shared --> is the section of the fields that all types have. Each
shortcode of the theme is used in an example, and no link between the parts of
the guide leads nowhere. Prints what is wrong, a line each.

  tests/guide.py [--rows TYPE]     with --rows: a table to begin with
"""
import glob
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
TYPES = "themes/congdoan/types"
PARTS = ["docs/bien-tap.md"] + sorted(glob.glob("docs/bien-tap/*.md"))


class Field:
    def __init__(self, name):
        self.name, self.fields, self.values = name, {}, []
        self.required = self.computed = self.internal = False
        self.label = self.kind = self.like = ""

    def read(self, flow):
        """What a flow map {...} or a line of a block says."""
        if m := re.search(r"\blabel: \{vi: ('[^']*'|[^,}]*)", flow):
            self.label = m[1].strip("'")
        if m := re.search(r"\bof: \[([^\]]*)\]", flow):
            self.values = [v.strip() for v in m[1].split(",")]
        if m := re.search(r"\bkind: (\[[^\]]*\]|[\w-]+)", flow):
            self.kind = m[1]
        if m := re.search(r"\blike: ([\w.-]+)", flow):
            self.like = m[1]
        for flag in "required", "computed", "internal":
            if re.search(rf"\b{flag}: true", flow):
                setattr(self, flag, True)


def read_fields(path):
    """The fields of a type file: block maps, whose leaves may be flow maps."""
    root, section, stack = Field(""), "", []
    for line in open(path, encoding="utf-8"):
        m = re.match(r"( *)([^\s#:][^:]*):(?: (.*))?$", line.rstrip("\n"))
        if not m:
            continue
        depth, key, rest = len(m[1]), m[2], m[3] or ""
        if depth == 0:
            if key == "section":
                section = rest
            stack = [(0, root, "fields")] if key == "fields" else []
            continue
        while stack and depth <= stack[-1][0]:
            stack.pop()
        if not stack:
            continue
        _, field, inside = stack[-1]
        if inside == "of":
            field.values.append(key)
        elif inside == "fields":
            child = field.fields.setdefault(key, Field(key))
            child.read(rest)
            stack.append((depth, child, "keys"))
        elif key in ("of", "fields") and not rest:
            stack.append((depth, field, key))
        else:
            field.read(f"{key}: {rest}")
    return root.fields, section


def code_of(text):
    """All that stands in code: fences and spans."""
    fences = re.findall(r"(?ms)^(`{3,})[^\n]*\n(.*?)^\1$", text)
    rest = re.sub(r"(?ms)^(`{3,})[^\n]*\n.*?^\1$", "", text)
    spans = re.findall(r"`([^`\n]+)`", rest)
    return "\n".join([f[1] for f in fences] + spans)


def has_word(code, word):
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", code)


def sections():
    found = {}
    for path in PARTS:
        text = open(path, encoding="utf-8").read()
        for part in re.split(r"(?m)^<!-- type: ", text)[1:]:
            name, body = part.split(" -->\n", 1)
            heads = list(re.finditer(r"(?m)^## ", without_code(body)))
            end = heads[1].start() if len(heads) > 1 else len(body)
            found[name] = (path, body[:end])
    return found


def without_code(text):
    """Code blanked out, every character at its place."""
    return re.sub(
        r"(?ms)^(`{3,})[^\n]*\n.*?^\1$",
        lambda m: re.sub(r"[^\n]", " ", m[0]),
        text,
    )


def rows_of(body):
    row = r"(?m)^\| `(\w+)`( \\\*)? \| ([^|]*?) \|"
    return {m[1]: (bool(m[2]), m[3]) for m in re.finditer(row, body)}


def check_field(where, code, field, say):
    for value in field.values:
        if not has_word(code, value):
            say(f"{where}: the value {value} of {field.name} is not named")
    for child in field.fields.values():
        if not has_word(code, child.name):
            say(f"{where}: the key {field.name}.{child.name} is not named")
        check_field(where, code, child, say)


def check_type(name, shared, found, say):
    fields, folder = read_fields(f"{TYPES}/{name}.yaml")
    if name not in found:
        say(f"the type {name} has no section <!-- type: {name} -->")
        return
    path, body = found[name]
    where, code, rows = f"{path}, {name}", code_of(body), rows_of(body)
    for field in fields.values():
        label = field.label or getattr(shared.get(field.name), "label", "")
        if field.like:
            other, key = field.like.split(".")
            like = read_fields(f"{TYPES}/{other}.yaml")[0][key]
            label = field.label or like.label
            field.required |= like.required
        if field.name not in rows:
            say(f"{where}: the field {field.name} ({label}) has no row")
            continue
        star, said = rows[field.name]
        if star != field.required:
            say(f"{where}: {field.name}: wrong about being required")
        if said != label:
            say(f"{where}: {field.name} is called {label!r}, not {said!r}")
        check_field(where, code, field, say)
    if name == "_shared":
        return
    start = f"content/{folder}/" if folder else "content/"
    if not re.search(rf"(?m)^<!-- file: {start}", body):
        say(f"{where}: no example below {start}")
    known = set(fields) | set(shared) | {"title", "date"}
    for key in rows.keys() - known:
        say(f"{where}: there is no field {key}")


def check_shortcodes(say):
    text = "".join(open(p, encoding="utf-8").read() for p in PARTS)
    examples = "".join(
        m[2]
        for m in re.finditer(
            r"(?ms)^<!-- file: [^\n]*\n\s*(`{3,})[^\n]*\n(.*?)^\1$", text
        )
    )
    for path in sorted(glob.glob("themes/congdoan/layouts/shortcodes/*.html")):
        name = os.path.basename(path)[:-5]
        if not re.search(rf"\{{\{{[<%] {name}[ />%]", examples):
            say(f"the shortcode {name} is used in no example of the guide")


def anchor(heading):
    heading = re.sub(r"`|\*\*", "", heading.strip().lower())
    return re.sub(r"[^\w\s-]", "", heading).replace(" ", "-")


def check_links(say):
    pages = PARTS + ["README.md"]
    anchors = {}
    for path in pages:
        text = without_code(open(path, encoding="utf-8").read())
        heads = re.findall(r"(?m)^#{1,6} (.*)", text)
        anchors[path] = [anchor(h) for h in heads]
        for twice in {a for a in anchors[path] if anchors[path].count(a) > 1}:
            say(f"{path}: two headings #{twice}")
    for path in pages:
        text = without_code(open(path, encoding="utf-8").read())
        text = re.sub(r"`[^`\n]*`", "", text)
        for to in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", to):
                continue
            file, _, part = to.partition("#")
            at = os.path.normpath(os.path.join(os.path.dirname(path), file))
            at = at if file else path
            if not os.path.exists(at):
                say(f"{path}: the link {to} leads nowhere")
            elif part and at in anchors and part not in anchors[at]:
                say(f"{path}: there is no heading for the link {to}")


def print_rows(name):
    shared = read_fields(f"{TYPES}/_shared.yaml")[0]
    for f in read_fields(f"{TYPES}/{name}.yaml")[0].values():
        label = f.label or getattr(shared.get(f.name), "label", "")
        keys = ", ".join(
            f"`{c.name}`{' *' if c.required else ''} ({c.label})"
            for c in f.fields.values()
        )
        values = ", ".join(f"`{v}`" for v in f.values)
        star = " \\*" if f.required else ""
        print(f"| `{f.name}`{star} | {label} | {keys}{values} {f.kind} |")


def main():
    if sys.argv[1:2] == ["--rows"]:
        return print_rows(sys.argv[2])
    wrong = []
    shared = read_fields(f"{TYPES}/_shared.yaml")[0]
    found = sections()
    for path in sorted(glob.glob(f"{TYPES}/*.yaml")):
        check_type(os.path.basename(path)[:-5], shared, found, wrong.append)
    check_shortcodes(wrong.append)
    check_links(wrong.append)
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
