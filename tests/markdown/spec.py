#!/usr/bin/env python3
"""The 652 examples of CommonMark 0.30 against md_driver.

spec.py DRIVER [SPEC.TXT]

In spec mode every example comes out byte for byte; where the specification's
answer holds raw HTML, which loa leaves out, the answer of the cmark command in
its safe mode is asked for instead.

In normal mode the examples are rendered again: what CommonMark makes of them
must still come out wherever no extension of loa's has a say. Tags are brought
into one form first; examples that differ are listed in spec-differences.txt,
each with its reason, and any other one fails.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = os.path.join(HERE, "..", "node_modules", "commonmark-spec", "spec.txt")
EXAMPLE = re.compile(
    r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.M | re.S)


def examples(path):
    with open(path, encoding="utf-8") as f:
        text = f.read().split("<!-- END TESTS -->")[0]
    return [(i + 1, m[0].replace("→", "\t"), m[1].replace("→", "\t"))
            for i, m in enumerate(EXAMPLE.findall(text))]


def render(driver, texts, *flags):
    """All texts in one process; texts with a NUL are not possible."""
    data = b"".join(t.encode() + b"\0" for t in texts)
    run = subprocess.run([driver, "--many", *flags], input=data,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         check=True)
    return [o.decode() for o in run.stdout.split(b"\0")[:-1]]


def cmark_safe(text):
    return subprocess.run(["cmark"], input=text.encode(), check=True,
                          stdout=subprocess.PIPE).stdout.decode()


def show(number, text, expected, got):
    print(f"FAIL  example {number}\n  text:     {text!r}\n"
          f"  expected: {expected!r}\n  got:      {got!r}")


def spec_mode(driver, cases):
    failed = 0
    got = render(driver, [t for _, t, _ in cases], "--spec")
    for (number, text, expected), html in zip(cases, got):
        if html != expected:
            expected = cmark_safe(text)
        if html != expected:
            show(number, text, expected, html)
            failed += 1
    return failed


def plain(html):
    """What loa adds to CommonMark's HTML taken away again."""
    html = re.sub(r"<(h[1-6]) id=\"[^\"]*\">", r"<\1>", html)
    html = html.replace(' rel="noopener"', "")
    html = html.replace(' loading="lazy" decoding="async"', "")
    html = re.sub(r"<(hr|br|img)( [^<>]*?)? */?>",
                  lambda m: f"<{m[1]}{(m[2] or '').rstrip()}>", html)
    html = html.replace("&#39;", "'").replace("&#x27;", "'")
    html = re.sub(r"<p>((?:<a [^<>]*>)?<img [^<>]*>(?:</a>)?)</p>",
                  r"<figure>\1</figure>", html)
    html = re.sub(r' title="([^"]*)"></figure>',
                  r"><figcaption>\1</figcaption></figure>", html)
    html = html.replace("<!-- raw HTML omitted -->", "")
    html = re.sub(r"\n+", "\n", html).strip()
    return html.replace("<li>\n</li>", "<li></li>")


def listed():
    with open(os.path.join(HERE, "spec-differences.txt"),
              encoding="utf-8") as f:
        return {int(m[1]) for m in re.finditer(r"^(\d+) ", f.read(), re.M)}


def normal_mode(driver, cases):
    known, failed = listed(), 0
    got = render(driver, [t for _, t, _ in cases])
    for (number, text, _), html in zip(cases, got):
        expected = plain(cmark_safe(text))
        is_same = plain(html) == expected
        if is_same == (number in known):
            if is_same:
                print(f"FAIL  example {number} is listed in "
                      "spec-differences.txt and does not differ")
            else:
                show(number, text, expected, plain(html))
            failed += 1
    return failed


def main():
    driver = sys.argv[1]
    cases = examples(sys.argv[2] if len(sys.argv) > 2 else SPEC)
    if len(cases) != 652:
        print(f"{len(cases)} examples found, 652 expected")
        print("0 passed, 1 failed")
        return 1
    failed = spec_mode(driver, cases) + normal_mode(driver, cases)
    print(f"{2 * len(cases) - failed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
