#!/usr/bin/env python3
"""Kills the program at random moments of its work: kills.py BINARY [--kills N] [--seed N]

Each time a copy of a store is imported into, checked, changed, or given another policy, by a process that is killed (-9) after a random while. Then `remit verify` must hold, and the store must be what it was before or
what it is when no one kills: the head of its journal says so, since every run has the same day. Then several read while one writes, and two write at once.
"""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--kills", type=int, default=int(os.environ.get("REMIT_KILLS", "240")))
parser.add_argument("--seed", type=int, default=int(time.time()))
options = parser.parse_args()
BINARY = os.path.abspath(options.binary)
POLICY = """remit 1
record team { }
record part { team: team inverse parts  label: text  cost: money in USD?  key label }
rule costly "Costly" {
  for part
  when cost ?? 0 USD > 900 USD
  raise high "{label} costs too much"
}
"""
WORK = [
    ("import", ["import", "part", "more.csv"]),
    ("check", ["check", "--quiet"]),
    ("set", ["run", "set.remit"]),
    ("policy", ["run", "other.remit"]),
]
problems = []


def remit(arguments, folder, store="s.db", **more):
    days = ["--on", "2026-03-01"] if arguments[0] not in ("verify", "log") else []
    return subprocess.run([BINARY] + arguments + days + ["--store", store], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)


def rows(first, last):
    return "team,label,cost\n" + "".join(f"T{n % 7},part {n},{n % 1000}.50\n" for n in range(first, last))


def build(folder):
    write(folder, "policy.remit", POLICY + "".join(f"team T{n} {{ }}\n" for n in range(7)))
    write(folder, "other.remit", (POLICY + "".join(f"team T{n} {{ }}\n" for n in range(8))).replace("> 900", "> 800").replace("key label", "rank: int default 1  key label"))
    write(folder, "set.remit", 'remit 1\nset part[cost ?? 0 USD > 500 USD] { cost: 7 USD }\nremove part[cost ?? 0 USD < 20 USD]\n')
    write(folder, "first.csv", rows(0, 3000))
    write(folder, "more.csv", rows(1500, 9000))
    for command in (["run", "policy.remit"], ["import", "part", "first.csv"]):
        done = remit(command, folder)
        if done.returncode > 1:
            sys.exit(done.stdout)


def copy(folder, name):
    for ending in ("", "-journal", "-wal", "-shm"):
        path = os.path.join(folder, name + ending)
        if os.path.exists(path):
            os.remove(path)
    shutil.copyfile(os.path.join(folder, "s.db"), os.path.join(folder, name))


def head(folder, store):
    return remit(["log", "--head"], folder, store).stdout.strip()


def time_of(folder, command):
    copy(folder, "t.db")
    start = time.monotonic()
    done = remit(command, folder, "t.db")
    if done.returncode > 1:
        sys.exit(done.stdout)
    return time.monotonic() - start, head(folder, "t.db")


def kill(folder, name, command, seconds, states, chance):
    copy(folder, "k.db")
    process = subprocess.Popen([BINARY] + command + ["--on", "2026-03-01", "--store", "k.db"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0, 1.15 * seconds))
    process.send_signal(signal.SIGKILL)
    process.wait()
    hot = os.path.exists(os.path.join(folder, "k.db-journal"))
    done = remit(["verify"], folder, "k.db")
    found = head(folder, "k.db")
    if done.returncode or found not in states:
        problems.append(f"killed while `{name}`: {done.stdout}head {found}, which is neither before nor after")
    return states.index(found) if found in states else 0, hot


# ---- several at once ----

def readers_and_writers(folder):
    copy(folder, "c.db")
    writer = subprocess.Popen([BINARY, "import", "part", "more.csv", "--on", "2026-03-01", "--store", "c.db"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    counts, readers = set(), 0
    while writer.poll() is None or readers < 6:
        several = [subprocess.Popen([BINARY, "query", "from part show label", "--format", "csv", "--store", "c.db", "--on", "2026-03-01"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                   for _ in range(3)]
        for one in several:
            out, err = one.communicate()
            readers += 1
            if one.returncode:
                problems.append(f"a reader beside a writer failed: {err}")
            counts.add(len(out.splitlines()) - 1)
    out, _ = writer.communicate()
    if writer.returncode:
        problems.append(f"a writer beside readers failed: {out}")
    if counts - {3000, 9000}:
        problems.append(f"a reader saw part of a change: {counts} rows")
    two = [subprocess.Popen([BINARY, "run", "set.remit", "--on", "2026-03-01", "--store", "c.db", "--who", who], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for who in ("one", "two")]
    for one in two:
        out, _ = one.communicate()
        if one.returncode:
            problems.append(f"one of two writers did not have its turn: {out}")
    # One that never ends its transaction: the other waits for a bounded time, and says why it gives up.
    holder = subprocess.Popen([sys.executable, "-c", "import sqlite3, sys\nc = sqlite3.connect('c.db')\nc.execute('BEGIN IMMEDIATE')\nprint('held', flush=True)\nsys.stdin.read()"], cwd=folder,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdout.readline()
    start = time.monotonic()
    write(folder, "add.remit", "remit 1\nadd team LATE { }\n")
    done = remit(["run", "add.remit"], folder, "c.db", timeout=120)
    waited = time.monotonic() - start
    if done.returncode != 3 or "another program" not in done.stdout or not 3 < waited < 60:
        problems.append(f"a writer that cannot have its turn: exit status {done.returncode} after {waited:.1f} s\n{done.stdout}")
    holder.stdin.close()
    holder.wait()
    done = remit(["run", "add.remit"], folder, "c.db")
    if done.returncode:
        problems.append(f"when the other writer is gone, it goes on: {done.stdout}")
    done = remit(["verify"], folder, "c.db")
    if done.returncode:
        problems.append(f"after several at once: {done.stdout}")


def main():
    chance = random.Random(options.seed)
    ends = {name: [0, 0, 0] for name, _ in WORK}
    with tempfile.TemporaryDirectory() as folder:
        build(folder)
        before = head(folder, "s.db")
        timed = {name: time_of(folder, command) for name, command in WORK}
        for number in range(options.kills):
            name, command = WORK[number % len(WORK)]
            seconds, after = timed[name]
            end, hot = kill(folder, name, command, seconds, [before, after], chance)
            ends[name][end] += 1
            ends[name][2] += hot
        readers_and_writers(folder)
    for problem in problems[:20]:
        print(problem)
    print("; ".join(f"{name}: {old} old, {new} new, {hot} with a journal to take back" for name, (old, new, hot) in ends.items()) + f"; seed {options.seed}")
    return 1 if problems else 0


sys.exit(main())
