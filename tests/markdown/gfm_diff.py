#!/usr/bin/env python3
"""Tables, footnotes and strikethrough against Debian's cmark-gfm.

gfm_diff.py DRIVER            the cases in corpus/*.md
gfm_diff.py DRIVER SEED N     N random texts; differences are only shown

A case begins with a line "%%% name" and goes to the next. What both make of it
is brought into one form: loa's box around a table, its classes and the words
and roles of footnotes are its own. A case that still differs must be listed in
differences.txt with its reason; one that is listed and does not differ fails,
too.
"""
import glob
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GFM = ["cmark-gfm", "-e", "table", "-e", "strikethrough", "-e", "footnotes"]


def gfm(text):
    return subprocess.run(GFM, input=text.encode(), check=True,
                          stdout=subprocess.PIPE).stdout.decode()


def loa(driver, texts):
    data = b"".join(t.encode() + b"\0" for t in texts)
    run = subprocess.run([driver, "--many"], input=data, check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return [o.decode() for o in run.stdout.split(b"\0")[:-1]]


def common(html):
    """What is the same for both."""
    html = html.replace("<!-- raw HTML omitted -->", "")
    html = re.sub(r"<(hr|br|img)( [^<>]*)? */?>",
                  lambda m: f"<{m[1]}{(m[2] or '').rstrip(' /')}>", html)
    # cmark-gfm makes ids of labels, loa of numbers; which use of a note is
    # the first depends on whether notes are read before what follows them.
    html = re.sub(r' ?<a href="#fnref-[^"]*" class="footnote-backref"'
                  r'.*?</a>', "{back}", html)
    html = re.sub(r'<a href="#fn-[^"]*" id="fnref-[^"]*">', "<a>", html)
    html = re.sub(r'<li id="fn-[^"]*">', "<li>", html)
    html = html.replace("&#39;", "'")
    html = re.sub(r"\s*\n\s*", "\n", html).strip()
    # Where the way back stands when a note does not end in a paragraph.
    html = re.sub(r"\n\{back", "{back", html)
    html = re.sub(r"\n</li>", "</li>", html)
    return html.replace("<li>\n", "<li>")


def gfm_form(html):
    html = html.replace(" data-footnotes>", ">")
    html = html.replace(" data-footnote-ref>", ">")
    html = re.sub(r"<p>(<img [^<>]*>)</p>", r"<figure>\1</figure>", html)
    return common(html)


def loa_form(html):
    html = re.sub(r'<div class="table"[^<>]*>\n', "", html)
    html = html.replace("</table>\n</div>", "</table>")
    html = html.replace('<th scope="col"', "<th")
    html = re.sub(r'<(t[hd]) class="a-(\w+)">', r'<\1 align="\2">', html)
    html = re.sub(r' role="doc-(?:noteref|endnotes)"', "", html)
    html = re.sub(r'(<section class="footnotes") aria-label="[^"]*"', r"\1",
                  html)
    html = re.sub(r'<(h[1-6]) id="[^"]*">', r"<\1>", html)
    html = html.replace(' rel="noopener"', "")
    html = html.replace(' loading="lazy" decoding="async"', "")
    return common(html)


def corpus():
    cases = []
    for path in sorted(glob.glob(os.path.join(HERE, "corpus", "*.md"))):
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as f:
            parts = re.split(r"^%%% (.*)\n", f.read(), flags=re.M)
        cases += [(f"{name}/{parts[i]}", parts[i + 1])
                  for i in range(1, len(parts), 2)]
    return cases


def listed():
    with open(os.path.join(HERE, "differences.txt"), encoding="utf-8") as f:
        return set(re.findall(r"^(\w+/\S.*)$", f.read(), re.M))


def check(driver):
    cases, known, failed = corpus(), listed(), 0
    got = loa(driver, [text for _, text in cases])
    names = [name for name, _ in cases]
    for name in known - set(names):
        print(f"FAIL  {name} is listed in differences.txt; no such case")
        failed += 1
    for (name, text), html in zip(cases, got):
        expected, html = gfm_form(gfm(text)), loa_form(html)
        if (expected == html) != (name in known):
            continue
        failed += 1
        if expected == html:
            print(f"FAIL  {name} is listed in differences.txt and does not "
                  "differ")
        else:
            print(f"FAIL  {name}\n--- text\n{text}--- cmark-gfm\n{expected}\n"
                  f"--- loa\n{html}\n")
    if len(names) != len(set(names)):
        print("FAIL  two cases have one name")
        failed += 1
    print(f"{max(len(cases) - failed, 0)} passed, {failed} failed")
    return failed > 0


PIECES = ["| a | b |", "|---|:-:|", "| 1 |", "|-|-|", "a|b", "-|-", "\n",
          "> ", "- ", "  ", "    ", "1. ", "2) ", "```", "# h", "---", "===",
          "text", "<div>", "[^1]: note", "[^1]", "[^2]:", "[^2]", "~~x~~",
          "~y~", "`|`", "\\|", "||", "|", "* * *", "+ ", "[^1]: - x", "\t"]
INLINE = ["~", "~~", "a", " ", "b", "*", ".", "~~~", "\\~", "`", "é", "\n"]


def shuffled(rng):
    if rng.random() < 0.4:
        return "".join(rng.choice(INLINE) for _ in range(rng.randrange(3, 14)))
    lines = ["".join(rng.choice(PIECES) for _ in range(rng.choice((1, 1, 2, 3))))
             for _ in range(rng.randrange(2, 9))]
    return "\n".join(lines) + "\n\nx[^1] y[^2]\n"


def try_random(driver, seed, n):
    rng = random.Random(seed)
    texts = [shuffled(rng) for _ in range(n)]
    differ = 0
    for text, html in zip(texts, loa(driver, texts)):
        expected, html = gfm_form(gfm(text)), loa_form(html)
        if expected != html:
            differ += 1
            print(f"--- text\n{text}\n--- cmark-gfm\n{expected}\n--- loa\n"
                  f"{html}\n")
    print(f"{differ} of {n} differ")
    return 0


if len(sys.argv) > 3:
    sys.exit(try_random(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
sys.exit(check(sys.argv[1]))
