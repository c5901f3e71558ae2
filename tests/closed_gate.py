#!/usr/bin/env python3
"""No option opens a gate: closed_gate.py REMIT. Each way that changes a record is tried with each option that its command takes, and with all environment variables that the program reads: a change that a
mandatory gate refuses stays refused, and a mandatory breach still makes the check fail. The options are read from the program's own table, so that a new one is tried too.
"""
import os
import re
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

POLICY = """remit 1
use pmo
domain delivery "Delivery" {}
office PMO "Project Management Office" { mandates: [delivery] }
initiative X "X" { start: 2026-01-05  due: 2027-06-30  budget: 2M USD }
mandate business_case "Business case" by PMO on delivery {
  for initiative
  before stage becomes delivery
  shall exists approvals
}
mandate sponsored "A sponsor" by PMO on delivery { for initiative shall sponsor is known }
"""
# What an option is given where it takes a value; several are tried one after the other.
VALUES = {
    "store": ["s.db"], "policy": ["p.remit", "empty.remit"], "on": ["2026-02-01", "1999-01-01", "2099-12-31"], "engine": ["sql", "interpreter"],
    "format": ["table", "csv", "json", "jsonl", "markdown"], "fail-on": ["info", "critical"], "rejected": ["r.csv"], "timeout": ["60"], "who": ["PMO", "BOARD"], "as-of": ["2026-02-01", "2099-12-31"],
    "color": ["always", "never"], "with": ["a=1"], "only": ["x"], "jobs": ["1"],
    "allow-drop": ["initiative.stage"], "as": ["PMO"], "message": ["urgent"],
}
# Options that make another thing of the command: nothing is run or checked with them.
OTHER = {"help", "dump", "diff"}
WAYS = {
    "run": [["run", "set.remit"], ["run", "add.remit"], ["run", "p.remit", "set.remit"], ["run", "each.remit"], ["run", "begun.remit"],
            ["run", "none.remit", "set.remit"], ["run", "weak.remit", "set.remit"]],
    "import": [["import", "initiative", "i.csv"]],
    "check": [["check"], ["check", "p.remit"], ["check", "empty.remit"], ["check", "none.remit"], ["check", "weak.remit"]],
    "apply": [["apply", "passed.remit", "--yes"], ["apply", "loosened.remit", "--yes"], ["apply", "loosened.remit", "--yes", "--as", "PMO"]],
}
PASSED = POLICY.replace('"X" {', '"X" { stage: delivery ')
FILES = {
    "passed.remit": PASSED, "loosened.remit": PASSED[:PASSED.index("mandate business_case")] + PASSED[PASSED.index("mandate sponsored"):],
    "p.remit": POLICY, "weak.remit": POLICY.replace("shall exists approvals", "shall true"), "empty.remit": "remit 1\nuse pmo\n",
    "none.remit": "remit 1\nuse pmo\nrule none \"None\" { for initiative when spent > budget raise low }\n", "set.remit": "set X { stage: delivery }\n",
    "add.remit": 'add initiative Y "Y" { stage: closing  start: 2026-01-05  due: 2027-06-30  budget: 2M USD }\n',
    "each.remit": "for each i in initiative { set i { stage: closed } }\n", "begun.remit": "begin\nset X { stage: delivery }\ncommit\n",
    "i.csv": "key,name,stage,start,due,budget\nX,X,delivery,2026-01-05,2027-06-30,2000000\n",
}


def options_of(command):
    rows = re.findall(r'^OPTION\(\w+,\s*"([^"]+)",\s*(NULL|"[^"]*"),\s*"(?:[^"\\]|\\.)*",\s*"([^"]*)"\)', open(os.path.join(TOP, "runtime/cli/options.def"), encoding="utf-8").read(), re.M)
    for name, value, commands in rows:
        if name in OTHER or (commands != "*" and command not in commands.split()):
            continue
        if value == "NULL":
            yield ["--" + name]
        elif name not in VALUES:
            sys.exit(f"say in {sys.argv[0]} which values of --{name} are to be tried")
        else:
            yield from (["--" + name, given] for given in VALUES[name])


def variables():
    text = "".join(open(os.path.join(folder, name), encoding="utf-8").read() for folder, _, names in os.walk(os.path.join(TOP, "runtime")) for name in names if name.endswith(".c"))
    return sorted(set(re.findall(r'getenv\("(\w+)"\)', text)) - {"REMIT_STORE", "TMPDIR", "HOME"})


def remit(folder, arguments, environment=None):
    return subprocess.run([BINARY] + arguments, cwd=folder, env=dict(os.environ, **(environment or {})), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)


def stages(folder):
    done = subprocess.run(["sqlite3", "s.db", "select _key, stage from t_initiative"], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def attempt(folder, way, extra, environment=None):
    before = stages(folder)
    arguments = way + extra + ([] if "--store" in extra else ["--store", "s.db"]) + ([] if "--on" in extra else ["--on", "2026-02-01"])
    done = remit(folder, arguments, environment)
    problem = None
    if done.returncode == 0:
        problem = "it went well"
    elif stages(folder) != before:
        problem = "a stage was changed"
    if problem:
        print(f"{' '.join(arguments)} {environment or ''}: {problem}\n{done.stdout}")
    return problem is None


def main():
    tried = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        loaded = remit(folder, ["run", "p.remit", "--store", "s.db", "--on", "2026-02-01"])
        if loaded.returncode:
            sys.exit(loaded.stdout)
        for command, ways in WAYS.items():
            for way in ways:
                given = [[]] + list(options_of(command))
                for extra in given:
                    tried += 1
                    failed += not attempt(folder, way, extra)
                for variable in variables():
                    tried += 1
                    failed += not attempt(folder, way, [], {variable: "1"})
    print(f"{tried} tried, {failed} passed the gate")
    return 1 if failed or tried < 50 else 0


sys.exit(main())
