"""What lint says of conditions is held against data: random rules over a record type of which every combination of a few values is in the store.

    tests/differential/lint.py BINARY SEED

A condition of which lint says that it never holds finds nothing, one that always holds finds all, and without a part that changes nothing the same is found. What --fix makes of the rules finds the same as they did.
"""
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[2])
choice = random.Random(SEED)
DAY = "2026-06-30"

# a field, its type, the values that are in the store
FIELDS = [
    ("a", "int", ["0", "3", "5", "6", "9"]),
    ("b", "int", ["0", "5"]),
    ("m", "money", ["2 USD", "2.5 USD", "3 USD"]),
    ("e", "colour", ["red", "amber", "green"]),
    ("f", "bool", ["true", "false"]),
    ("d", "date", ["2026-06-29", "2026-06-30", "2026-07-10"]),
    ("t", "text", ['"x"', '"X"']),
    ("o", "int?", ["missing", "4"]),
]


def comparison():
    kind = choice.randrange(12)
    sign = choice.choice(["=", "!=", "<", "<=", ">", ">="])
    if kind < 3:
        return f"a {sign} {choice.randrange(0, 8)}"
    if kind == 3:
        return f"a {sign} b + {choice.randrange(0, 4)}"
    if kind == 4:
        return f"m {sign} {choice.choice(['2', '2.5', '2.7', '3'])} USD"
    if kind == 5:
        return f"e {sign} {choice.choice(['red', 'amber', 'green'])}"
    if kind == 6:
        return f"e {choice.choice(['in', 'not in'])} [{', '.join(choice.choice(['red', 'amber', 'green']) for _ in range(choice.randrange(1, 4)))}]"
    if kind == 7:
        return choice.choice(["f", "f = true", "f != true", "f = false", "large", "not large"])
    if kind == 8:
        return f"d {sign} {choice.choice(['today', 'today + 10 days', 'today - 1 day', '2026-07-05'])}"
    if kind == 9:
        return f"t {choice.choice(['=', '!='])} {choice.choice(['“x”', '“X”', '“y”'])}".replace("“", '"').replace("”", '"')
    if kind == 10:
        return choice.choice(["o is known", "o is missing", f"(o ?? 0) {sign} {choice.randrange(0, 5)}"])
    return choice.choice([f"count(kids) {choice.choice(['>', '=', '!=', '<='])} 0", "count(kids) >= 1", "exists kids", "no kids", f"near(a, {choice.randrange(0, 7)})"])


def condition(depth):
    kind = choice.randrange(10)
    if depth == 0 or kind < 3:
        return comparison()
    if kind < 6:
        return f"{condition(depth - 1)} and {condition(depth - 1)}"
    if kind < 8:
        return f"({condition(depth - 1)} or {condition(depth - 1)})"
    if kind == 8:
        return f"not ({condition(depth - 1)})"
    return f"(if {condition(depth - 1)} then {choice.choice(['true else false', 'false else true'])})"


def policy(rules):
    text = "remit 1\n\nenum colour { red, amber, green }\n\nrecord thing {\n" + "".join(f"  {name}: {kind}\n" for name, kind, _ in FIELDS)
    text += "  large = a > 4 and m >= 2.5 USD\n}\n\nrecord kid { of: thing inverse kids }\n\ndefine near(x: int, y: int): bool = x >= y - 1 and x <= y + 1\n"
    for number, (where, when) in enumerate(rules):
        text += f'\nrule r{number} "Rule number {number}" {{\n  for thing where {where}\n  when {when}\n  raise low "{{key}}"\n}}\n'
    return text


def data():
    lines = ["remit 1\n"]
    every = list(itertools.product(*(values for _, _, values in FIELDS)))
    for number, values in enumerate(choice.sample(every, 700)):
        lines.append(f"add thing T{number} {{ " + "  ".join(f"{field[0]}: {value}" for field, value in zip(FIELDS, values)) + " }\n")
        if number % 3 == 0:
            lines.append(f"add kid {{ of: T{number} }}\n")
    return "".join(lines)


def run(folder, *arguments):
    done = subprocess.run([BINARY, *arguments, "--on", DAY], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    return done.stdout, done.stderr, done.returncode


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def counts(folder, path):
    out, problems, _ = run(folder, "check", path, "--store", "s.db", "--summary", "--format", "json")
    try:
        return {row["name"]: row["findings"] for row in json.loads(out)}
    except ValueError:
        return problems or out


def fail(text):
    print(f"seed {SEED}: {text}")
    sys.exit(1)


def without(text, span):
    lines = text.split("\n")
    line, start, end = span["line"] - 1, span["column"] - 1, span["end_column"] - 1
    return lines, line, start, end


def judge(folder, text, finding, found):
    """What the finding says, against what the rules find."""
    name = next((line.split()[1] for line in reversed(text.split("\n")[:finding["line"]]) if line.startswith("rule ")), None)
    lines, line, start, end = without(text, finding)
    words = lines[line][start:end]
    if name is None or finding["end_line"] != finding["line"]:
        return
    replaced = {"never_holds": "false", "always_holds": "true"}.get(finding["name"])
    if finding["name"] == "needless_part":
        replaced = "true" if "wherever" in finding["message"] else "false"
    if replaced is None:
        return
    lines[line] = lines[line][:start] + ("1 = 1" if replaced == "true" else "1 = 2") + lines[line][end:]
    write(folder, "other.remit", "\n".join(lines))
    others = counts(folder, "other.remit")
    if not isinstance(others, dict):
        return  # what is always so or never so need not be allowed there
    if others[name] != found[name]:
        fail(f"{name} finds {found[name]}, and {others[name]} with `{replaced}` for `{words}`, of which lint says: {finding['message']}\n{text.split(chr(10))[line - 1]}\n{text.split(chr(10))[line]}")


with tempfile.TemporaryDirectory() as folder:
    text = policy([(condition(1), condition(3)) for _ in range(12)])
    write(folder, "policy.remit", text)
    out, problems, status = run(folder, "run", "policy.remit", "--store", "s.db")
    if status == 2:  # the checker refuses some: that is its part
        kept = []
        for rule in [(condition(1), condition(3)) for _ in range(40)]:
            write(folder, "policy.remit", policy([rule]))
            if run(folder, "run", "policy.remit", "--store", "s.db")[2] != 2 and len(kept) < 12:
                kept.append(rule)
        text = policy(kept)
        write(folder, "policy.remit", text)
    write(folder, "data.remit", data())
    for name in ("policy.remit", "data.remit"):
        out, problems, status = run(folder, "run", name, "--store", "s.db")
        if status > 1:
            fail(f"{name}: {out}{problems}\n{text}")
    found = counts(folder, "policy.remit")
    if not isinstance(found, dict):
        fail(f"the check says {found}\n{text}")
    out, problems, status = run(folder, "lint", "policy.remit", "--format", "json", "--all")
    findings = json.loads(out)
    if "--show" in sys.argv:
        print(text, *(f"{item['line']}: {item['name']}: {item['message']}" for item in findings if item["level"] != "note"), sep="\n")
    for finding in findings:
        judge(folder, text, finding, found)
    for _ in range(3):
        run(folder, "lint", "policy.remit", "--fix", "--all")
    mended = counts(folder, "policy.remit")
    if mended != found:
        with open(os.path.join(folder, "policy.remit"), encoding="utf-8") as file:
            fail(f"--fix changed what is found: {found} to {mended}\n{text}\nto\n{file.read()}")
