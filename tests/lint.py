"""The examples of lint's rules, as lang/LINT.md has them: the first of each is found once by its rule, and by no other; the second by none. Mends are made, and leave nothing of the kind.

    tests/lint.py BINARY [--rule NAME]

Prints nothing when all is well. A note of taste is asked for by its name, with errors and warnings beside it.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])
ONLY = sys.argv[3] if len(sys.argv) > 3 else None
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DAY = "2026-06-30"
FRAME = """remit 1
use pmo

domain delivery "Delivery" {}
office PMO "Project Management Office" { mandates: [delivery] }
body BOARD "Investment Board" {}
"""
ROW = re.compile(r"^\| \[L(\d+)\]\(#\S+\) \| `(\w+)` \| (.*) \| (error|warning|note) \| (yes)? ?\|$", re.M)
SECTION = re.compile(r"^## L(\d+) (\w+)\n\n[^\n]*\n\n```remit\n(.*?)```\n\n```remit\n(.*?)```\n", re.M | re.S)


def run(folder, *arguments):
    done = subprocess.run([BINARY, "lint", *arguments, "--on", DAY], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    return done.stdout, done.stderr, done.returncode


def found(folder, *arguments):
    """Names of what is found in the example; the frame is not looked at."""
    out, problems, status = run(folder, "frame.remit", "example.remit", "--format", "json", *arguments)
    if status > 1:
        return [f"exit {status}: {out}{problems}"]
    return [item["name"] or item["code"] for item in json.loads(out) if item["file"] == "example.remit"]


def write(folder, text):
    for name, content in (("frame.remit", FRAME), ("example.remit", "remit 1\n\n" + text)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)


def look(name, is_note, fixes, bad, good):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, bad)
        wanted = name + ",unused_let" if name == "needless_allowance" else name  # what is allowed has to be looked for
        named = found(folder, "--rule", wanted)
        if named != [name]:
            yield f"{name}: the bad example gives {named}"
        others = found(folder)
        if others != ([] if is_note else [name]):
            yield f"{name}: in the bad example lint finds {others}"
        if fixes:
            run(folder, "frame.remit", "example.remit", "--fix", "--rule", wanted)
            left = found(folder, "--rule", wanted)
            if left:
                yield f"{name}: --fix leaves {left}"
        write(folder, good)
        for arguments in (("--rule", name), ()):
            clean = found(folder, *arguments)
            if clean:
                yield f"{name}: in the good example lint finds {clean} {arguments}"


page = open(os.path.join(TOP, "lang", "LINT.md"), encoding="utf-8").read()
rows = {name: (severity == "note", bool(fixes)) for _, name, _, severity, fixes in ROW.findall(page)}
sections = {name: (bad, good) for _, name, bad, good in SECTION.findall(page)}
problems = []
if len(rows) < 30 or set(rows) != set(sections):
    problems.append(f"the page has {len(rows)} rows and {len(sections)} sections: {set(rows) ^ set(sections)}")
for name in rows:
    if name in sections and (ONLY is None or ONLY == name):
        problems += look(name, *rows[name], *sections[name])
print("\n".join(problems), end="")
sys.exit(1 if problems else 0)
