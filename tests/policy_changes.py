#!/usr/bin/env python3
"""Six changes of a policy, as an office makes them in a git repository: for each what `plan` says before it is merged, what `apply` says, what it leaves in the store and in its log, what the day's check would find under it now, and `diff` between the revisions; the journal verifies after each.
Prints everything; tests/run compares it with tests/golden/policy_changes.out.   policy_changes.py REMIT"""
import os
import pty
import re
import subprocess
import sys
import tempfile

REMIT = os.path.abspath(sys.argv[1])
ON = ["--on", "2026-04-15"]

OFFICE = """remit 1
use pmo

domain delivery "Delivery" {}
domain reporting "Reporting" { parent: delivery }
office PMO "Project Management Office" { mandates: [delivery] }
person COO "Chief Operating Officer" {}
body BOARD "Investment Board" { members: [COO] }

initiative METERS "Smart meter replacement" {
  office: PMO
  sponsor: COO
  stage: delivery
  start: 2026-01-05
  due: 2026-12-31
  budget: 1.2M USD
}
initiative PUMPS "Pump station" {
  office: PMO
  stage: delivery
  start: 2026-02-02
  due: 2026-11-30
  budget: 400k USD
}
"""

RULES = """remit 1

extend initiative {
  region: text default "north"
}

rule overspend "Spend exceeds the approved budget" by PMO on delivery {
  for initiative where stage = delivery
  when sum(costs.amount) > budget * 110%
  raise high "{name} in the {region} has spent {sum(costs.amount)} of {budget}"
}

rule no_sponsor "Nobody answers for it" by PMO on delivery {
  for initiative
  when sponsor is missing
  raise medium
}

mandate monthly_status "Monthly status report" by PMO on reporting {
  for initiative where stage = delivery
  every month from start until 2026-03-31
  shall exists statuses[reported_on in period]
  within 5 working days
  waivable by BOARD up to 90 days
}
"""

LOAD = """
add cost { initiative: METERS  date: 2026-03-01  amount: 1.3M USD  category: labour }
add cost { initiative: PUMPS  date: 2026-03-01  amount: 300k USD  category: labour }
add status { initiative: METERS  reported_on: 2026-01-20  rag: green  summary: "Started" }
set METERS { region: "south" }
"""

ENVIRONMENT = dict(os.environ, USER="tester", LC_ALL="C.UTF-8", GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="A. Author", GIT_AUTHOR_EMAIL="author@example.org",
                   GIT_COMMITTER_NAME="A. Author", GIT_COMMITTER_EMAIL="author@example.org")
for name in ("REMIT_STORE", "GIT_DIR", "GIT_WORK_TREE"):
    ENVIRONMENT.pop(name, None)
day = 0


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def change(path, *pairs):
    with open(path, encoding="utf-8") as read:
        text = read.read()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    write(path, text)


def git(*words):
    done = subprocess.run(["git", *words], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def commit(message):
    """The days of commits follow one another, so that revisions are the same in every run."""
    global day
    day += 1
    ENVIRONMENT["GIT_AUTHOR_DATE"] = ENVIRONMENT["GIT_COMMITTER_DATE"] = f"2026-04-{day:02d}T12:00:00Z"
    git("add", "-A")
    git("commit", "-q", "-m", message)


def remit(*words, text=None):
    done = subprocess.run([REMIT, *words], env=ENVIRONMENT, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print("$ remit " + " ".join(f'"{word}"' if " " in word else word for word in words), flush=True)
    print(re.sub(r"\b[0-9a-f]{64}\b", "<hash>", done.stdout) + f"[exit {done.returncode}]", flush=True)  # hashes are over all that a store holds
    return done.returncode


def step(title, message, *options):
    """Plan before the commit, apply after it, and the difference between the two revisions."""
    print(f"\n==== {title}\n", flush=True)
    remit("plan", "policy", *ON, "--exit-code")
    commit(message)
    if options:
        remit("apply", "policy", *ON, "--yes", "--concise")
    remit("apply", "policy", *ON, "--yes", "--concise", "--message", message, *options)
    remit("check", *ON, "--summary")
    remit("verify")
    remit("log", "-n", "1")
    remit("replay", ON[1], "--format", "csv", "--quiet")
    remit("diff", "HEAD~1:policy", "HEAD:policy", *ON, "--concise")


def apply_at_terminal(before_answer):
    """Asked at a terminal, where between the plan and the answer something else may happen to the store."""
    process, end = pty.fork()
    if process == 0:
        os.execve(REMIT, [REMIT, "apply", "policy", *ON, "--concise"], ENVIRONMENT)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(end, 65536)
    before_answer()
    os.write(end, b"y\n")
    try:
        while True:
            shown += os.read(end, 65536)
    except OSError:  # the terminal's other end is closed
        pass
    _, status = os.waitpid(process, 0)
    print("$ remit apply policy (at a terminal)", flush=True)
    print(shown.decode().replace("\r\n", "\n") + f"[exit {os.waitstatus_to_exitcode(status)}]", flush=True)


def main():
    git("init", "-q", "-b", "main")
    os.mkdir("policy")
    write("policy/office.remit", OFFICE)
    write("policy/rules.remit", RULES)
    write(".gitignore", "*.db\n*.db-journal\n")
    commit("The first policy")
    remit("apply", "policy", *ON, "--yes", "--quiet", "--concise", "--message", "The first policy")
    remit("run", "-", *ON, text=LOAD)
    remit("check", *ON, "--quiet")

    change("policy/rules.remit", ("110%", "105%"))
    step("A tightened threshold", "Spend may exceed the budget by a twentieth only")

    change("policy/rules.remit", ("shall exists", "should exists"), ("up to 90 days", "up to 6 months"))
    step("A loosened mandate", "Status reports are advice for now", "--as", "PMO")

    change("policy/rules.remit", ("  region: text", "  part_of_country was region: text"), ("{region}", "{part_of_country}"))
    step("A renamed field", "Regions are parts of the country")

    write("policy/sites.remit", "remit 1\n\nrecord site \"Site\" {\n  town: text\n  initiative: initiative inverse sites\n}\n\nrule no_site \"It is nowhere\" by PMO on delivery {\n"
                                "  for initiative where stage = delivery\n  when no sites\n  raise low\n}\n\nsite HALL \"Town hall\" { town: \"Leeds\"  initiative: METERS }\n")
    step("A new record type", "Initiatives have sites")

    with open("policy/rules.remit", encoding="utf-8") as read:
        text = read.read()
    write("policy/rules.remit", text[:text.index("rule no_sponsor")] + text[text.index("mandate monthly_status"):])
    step("A removed rule", "Sponsors are seen to elsewhere")

    change("policy/rules.remit", ("remit 1\n", "remit 1\n# What is asked of initiatives, and what is looked for.\n"))
    step("Another comment", "What the rules are about")

    print("\n==== What is left in the store, and who else may come\n", flush=True)
    remit("query", "from policy_version show number, revision, clean, message")
    remit("log")
    remit("query", "from initiative show key, part_of_country")
    remit("diff", "HEAD~6", "HEAD", *ON, "--concise")
    write("README", "A policy.\n")
    os.mkdir("empty")
    write("empty/note", "Nothing yet.\n")
    commit("A note")
    remit("diff", "HEAD:empty", "HEAD:policy", *ON)
    change("policy/rules.remit", ("105%", "108%"))
    apply_at_terminal(lambda: subprocess.run([REMIT, "run", "-", *ON], env=ENVIRONMENT, input="set PUMPS { budget: 410k USD }", text=True, check=True))
    apply_at_terminal(lambda: None)
    remit("query", "from policy_version where number > 6 show number, clean, message")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
    os.chdir("/")
