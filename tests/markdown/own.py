#!/usr/bin/env python3
"""What loa adds to Markdown beside GitHub's tables, notes and strikes.

own.py DRIVER            the cases in own/*.md
own.py DRIVER --update   writes what DRIVER makes of them into the files

A case begins with a line "%%% name"; its text goes to a line "===" and what is
expected from there to the next case: HTML, then a line "!!! CODE line:col" for
each message. A no-break blank is written as U+2423. Files named calls* are
read with the driver's shortcodes, the others with all of its markup.
"""
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MESSAGE = re.compile(r"^stdin(?::(\d+))?(?::(\d+))?: .*\[([A-Z0-9-]+)\]$", re.M)


def render(driver, flag, text):
    run = subprocess.run([driver, "--markup", flag], input=text.encode(),
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         check=False)
    html = run.stdout.decode().replace("\u00a0", "\u2423")
    if html and not html.endswith("\n"):
        html += "\n"
    said = MESSAGE.findall(run.stderr.decode())
    return html + "".join(f"!!! {code} {line or 0}:{col or 0}\n"
                          for line, col, code in said)


def read(path):
    with open(path, encoding="utf-8") as f:
        parts = re.split(r"^%%% (.*)\n", f.read(), flags=re.M)
    for name, body in zip(parts[1::2], parts[2::2]):
        text, _, expected = body.partition("===\n")
        yield name, text, expected


def main():
    driver, update = sys.argv[1], "--update" in sys.argv
    passed = failed = 0
    for path in sorted(glob.glob(os.path.join(HERE, "own", "*.md"))):
        is_calls = os.path.basename(path).startswith("calls")
        flag = "--calls" if is_calls else "--no-calls"
        out = ""
        for name, text, expected in read(path):
            got = render(driver, flag, text)
            out += f"%%% {name}\n{text}===\n{got}"
            if got == expected:
                passed += 1
                continue
            failed += 1
            if not update:
                print(f"FAIL {os.path.basename(path)}: {name}\n--- expected\n"
                      f"{expected}--- got\n{got}")
        if update:
            with open(path, "w", encoding="utf-8") as f:
                f.write(out)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
