#!/usr/bin/env python3
"""Measures Remit beside its peers, in one run: run.py --binary build/remit --work build/bench [--sizes 10000,100000] [--weekly 1000,10000] [--rounds 3]

Writes the portfolio of the generator beside the project (../shared/bench; without it that part is left out), imports it, checks that both engines find
what counts.csv says, and prints medians of interleaved rounds: the check beside the same twenty rules as SQL by hand, plain and shaped, in the sqlite3 shell; the import beside the shell's;
peak memory. Then twenty mandates over projects and two years of weekly periods (weekly.py) beside the same shaped by hand for SQLite. Then the front end's throughput on a generated
policy set of 10 MB, and the start beside sqlite3's. Figures are of whole processes; the ratios are what to quote.
"""
import argparse
import csv
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.path.join(os.path.dirname(TOP), "shared", "bench")
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--binary", default=os.path.join(TOP, "build", "remit"))
parser.add_argument("--work", default=os.path.join(TOP, "build", "bench"))
parser.add_argument("--sizes", default="10000,100000")
parser.add_argument("--weekly", default="1000,10000")
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
REMIT = os.path.abspath(options.binary)
WORK = os.path.abspath(options.work)
TABLES = ["office", "initiative", "approval", "cost", "status", "milestone"]
TUNING = "pragma cache_size=-4000000; pragma mmap_size=20000000000; pragma temp_store=memory;"


def measure(command, folder):
    """Seconds, peak KiB, what it printed."""
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, errors = process.communicate()
    seconds = time.monotonic() - start
    if process.returncode > 1:
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}\n{errors[-2000:]}")
    return seconds, out


def peak(command, folder):
    """Peak KiB of one command, in a child of its own."""
    code = ("import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    return int(subprocess.run([sys.executable, "-c", code] + command, cwd=folder, capture_output=True, text=True, check=True).stdout)


def row(name, seconds, reference, note=""):
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    print(f"  {name:<34} {middle:9.3f} s  ({low:.3f} to {high:.3f})  {middle / reference:6.2f} {note}")
    return middle


def interleave(commands):
    times = {name: [] for name, _, _ in commands}
    for _ in range(options.rounds):
        for name, command, folder in commands:
            times[name].append(measure(command, folder)[0])
    return times


def shell_load(folder):
    store = os.path.join(folder, "shell.db")
    if os.path.exists(store):
        os.remove(store)
    script = [".read " + os.path.join(SHARED, "schema.sql"), ".mode csv"] + [f".import --skip 1 {name}.csv {name}" for name in TABLES]
    return ["sqlite3", "shell.db"] + script


def check_findings(output, size):
    """Each rule's findings, as many as counts.csv says and of the elements it says (their keys are numbers)."""
    with open(os.path.join(SHARED, "counts.csv"), encoding="utf-8") as file:
        expected = {line["rule"]: line for line in csv.DictReader(file)}
    if f"findings_{size}" not in next(iter(expected.values())):
        return 0
    found = {rule: [0, 0] for rule in expected}
    for line in csv.DictReader(output.splitlines()):
        found[line["name"]][0] += 1
        found[line["name"]][1] += int(line["element"])
    wrong = 0
    for rule, line in expected.items():
        if found[rule] != [int(line[f"findings_{size}"]), int(line[f"sum_of_ids_{size}"])]:
            print(f"  WRONG: {rule} found {found[rule][0]}, expected {line[f'findings_{size}']}")
            wrong += 1
    return wrong


def without_store(folder):
    for old in ("bench.db", "bench.db-journal"):
        if os.path.exists(os.path.join(folder, old)):
            os.remove(os.path.join(folder, old))


def portfolio(size):
    data, raw = os.path.join(WORK, f"data{size}"), os.path.join(WORK, f"raw{size}")
    if not os.path.isdir(data):
        subprocess.run([sys.executable, os.path.join(SHARED, "portfolio.py"), str(size), data], check=True)
        subprocess.run([sys.executable, os.path.join(SHARED, "portfolio.py"), str(size), raw, "--raw"], check=True)
    for name in ("load.remit", "rules.remit"):
        shutil.copy(os.path.join(TOP, "tests", "bench", name), data)
    rows = sum(1 for name in TABLES for _ in open(os.path.join(data, name + ".csv"), encoding="utf-8")) - len(TABLES)
    print(f"\n{size:,} initiatives, {rows:,} rows")
    loads = {"remit": [], "shell": []}
    load = [REMIT, "run", "load.remit", "--store", "bench.db", "--on", "2024-10-04", "--quiet"]
    without_store(data)
    load_peak = peak(load, data)
    for _ in range(options.rounds):
        without_store(data)
        loads["remit"].append(measure(load, data)[0])
        loads["shell"].append(measure(shell_load(raw), raw)[0])
    shell = statistics.median(loads["shell"])
    print("  import (ratio: to the shell's .import)")
    row("sqlite3 shell, .import", loads["shell"], shell)
    row("remit run load.remit", loads["remit"], shell, "checked, with references and history")
    print(f"  peak memory: remit run load.remit {load_peak / 1024:.0f} MiB, sqlite3 shell, .import {peak(shell_load(raw), raw) / 1024:.0f} MiB")
    subprocess.run(["sqlite3", "shell.db", ".read " + os.path.join(SHARED, "indexes.sql")], cwd=raw, check=True, stdout=subprocess.DEVNULL)
    listing = [REMIT, "check", "--store", "bench.db", "--on", "2024-10-04", "--read-only", "--format", "csv"]
    check = listing + ["--summary"]
    commands = [("shaped SQL, sqlite3 shell", ["sqlite3", "shell.db", TUNING, ".read " + os.path.join(SHARED, "shaped.sql")], raw),
                ("plain SQL, sqlite3 shell", ["sqlite3", "shell.db", TUNING, ".read " + os.path.join(SHARED, "plain.sql")], raw),
                ("remit check, default", check, data), ("remit check, interpreter", check + ["--engine", "interpreter"], data), ("remit check, sql", check + ["--engine", "sql"], data)]
    wrong = sum(check_findings(measure(listing + ["--engine", engine], data)[1], size) for engine in ("interpreter", "sql"))
    times = interleave(commands)
    shaped = statistics.median(times["shaped SQL, sqlite3 shell"])
    print("  the twenty rules (ratio: to the shaped SQL)")
    for name, _, _ in commands:
        row(name, times[name], shaped)
    print("  peak memory: " + ", ".join(f"{name} {peak(command, folder) / 1024:.0f} MiB" for name, command, folder in commands))
    keep(data, shaped)
    plans(data)
    return wrong


def keep(data, shaped):
    """What the check finds is listed and kept: the first time all of it is new, the second time nothing is."""
    command = [REMIT, "check", "--store", "kept.db", "--on", "2024-10-04", "--format", "csv"]
    times, peaks = {"first": [], "again": []}, {}
    for turn in range(options.rounds + 1):
        shutil.copy(os.path.join(data, "bench.db"), os.path.join(data, "kept.db"))
        for name in times:
            if turn == 0:
                peaks[name] = peak(command, data)
            else:
                times[name].append(measure(command, data)[0])
    os.remove(os.path.join(data, "kept.db"))
    for name in times:
        row(f"remit check, listed and kept, {name}", times[name], shaped, f"peak {peaks[name] / 1024:.0f} MiB")


def plans(data):
    """A plan beside a check of forty rules: the twenty and each once more under another name, one of which changes, or all."""
    with open(os.path.join(data, "rules.remit"), encoding="utf-8") as file:
        text = file.read()
    rules = re.findall(r"^rule .*?(?=^rule |^extend |\Z)", text, re.S | re.M)
    once_more = [re.sub(r"^rule R", "rule S", rule) for rule in rules]
    changed = [rule.replace("raise low", 'except "Never" when today < 1990-01-01 raise low') for rule in rules + once_more]
    for rule in rules:
        text = text.replace(rule, "")
    for name, stated in (("forty", rules + once_more), ("one", rules + [changed[len(rules)]] + once_more[1:]), ("all", changed)):
        with open(os.path.join(data, name + ".remit"), "w", encoding="utf-8") as file:
            file.write(text + "\n" + "".join(stated))
    shutil.copy(os.path.join(data, "bench.db"), os.path.join(data, "plan.db"))
    on = ["--store", "plan.db", "--on", "2024-10-04"]
    measure([REMIT, "apply", "forty.remit", "--yes", "--concise", "--quiet"] + on, data)
    check = [REMIT, "check", "--read-only", "--format", "csv"] + on
    commands = [("remit check, counts", check + ["--summary"], data), ("remit check, listed", check, data),
                ("remit plan, one rule is another", [REMIT, "plan", "one.remit"] + on, data), ("remit plan, all rules are others", [REMIT, "plan", "all.remit"] + on, data)]
    times = interleave(commands)
    counted = statistics.median(times["remit check, counts"])
    print("  forty rules, and what another policy would change (ratio: to the check's counts; at most 1.5 is wanted)")
    for name, _, _ in commands:
        row(name, times[name], counted)
    os.remove(os.path.join(data, "plan.db"))


def weekly_shell(folder):
    tables = ["create table project(id integer primary key, start integer, due integer, stage text, tier integer)", "create table status(project integer, reported_on integer, rag text)",
              "create table review(project integer, held_on integer)"]
    indexes = ["create index status_p on status(project, reported_on, rag)", "create index review_p on review(project, held_on)", "analyze"]
    loads = [f".import --skip 1 {name}.csv {name}" for name in ("project", "status", "review")]
    if os.path.exists(os.path.join(folder, "shell.db")):
        os.remove(os.path.join(folder, "shell.db"))
    subprocess.run(["sqlite3", "shell.db"] + [table + ";" for table in tables] + [".mode csv"] + loads + [index + ";" for index in indexes], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def check_obligations(summary, answer):
    """Each mandate's obligations, as many in each state as SQL has."""
    found = {line["name"]: tuple(line[state] for state in ("breached", "pending", "met")) for line in csv.DictReader(summary.splitlines())}
    expected = {name: tuple(rest) for name, *rest in (line.split("|") for line in answer.splitlines() if "|" in line)}
    for name in sorted(expected):
        if found.get(name) != expected[name]:
            print(f"  WRONG: {name} has {found.get(name)}, SQL has {expected[name]}")
    return sum(found.get(name) != figures for name, figures in expected.items())


def mandates(size):
    data, raw = os.path.join(WORK, f"weekly{size}"), os.path.join(WORK, f"weeklyraw{size}")
    if not os.path.isdir(data):
        for arguments in ([data], [raw, "--raw"]):
            subprocess.run([sys.executable, os.path.join(TOP, "tests", "bench", "weekly.py"), str(size)] + arguments, check=True)
    for name in ("weekly.remit", "mandates.remit"):
        shutil.copy(os.path.join(TOP, "tests", "bench", name), data)
    without_store(data)
    measure([REMIT, "run", "weekly.remit", "--store", "bench.db", "--on", "2024-10-04", "--quiet"], data)
    weekly_shell(raw)
    check = [REMIT, "check", "--store", "bench.db", "--on", "2024-10-04", "--read-only", "--format", "csv", "--summary"]
    commands = [("shaped SQL, sqlite3 shell", ["sqlite3", "shell.db", TUNING, ".read " + os.path.join(TOP, "tests", "bench", "mandates.sql")], raw),
                ("remit check, interpreter", check + ["--engine", "interpreter"], data), ("remit check, sql", check + ["--engine", "sql"], data)]
    if size > 10000:
        commands.pop()  # it takes minutes, and says nothing that a tenth of the size does not
    answers = [measure(command, folder)[1] for _, command, folder in commands]
    wrong = sum(check_obligations(summary, answers[0]) for summary in answers[1:])
    obligations = sum(int(figure) for line in answers[0].splitlines() if "|" in line for figure in line.split("|")[1:])
    print(f"\n{size:,} projects, two years of weekly periods: {obligations:,} obligations of twenty mandates (ratio: to the shaped SQL)")
    times = interleave(commands)
    shaped = statistics.median(times[commands[0][0]])
    for name, _, _ in commands:
        row(name, times[name], shaped)
    print("  peak memory: " + ", ".join(f"{name} {peak(command, folder) / 1024:.0f} MiB" for name, command, folder in commands))
    return wrong


def front_end():
    policy = os.path.join(WORK, "policies")
    os.makedirs(policy, exist_ok=True)
    path = os.path.join(policy, "large.remit")
    with open(path, "w", encoding="utf-8") as file:
        file.write("remit 1\nuse pmo\n")
        number = 0
        while file.tell() < 10_000_000:
            file.write(f"""
## Rule {number} of a generated set.
rule rule_{number} "Spend of group {number} exceeds the approved budget" {{
  for initiative where stage in [delivery, closing] and budget > {number % 97}k USD
  when spent > budget * 110% and (latest_status.rag ?? green) != green
  raise high "{{name}} has spent {{spent}} of {{budget}}"
  remedy "Ask the investment board for a new baseline"
  because "Finance Manual 4.{number}"
}}
""")
            number += 1
    size = os.path.getsize(path) / 1e6
    seconds = [measure([REMIT, "fmt", "--check", path], WORK)[0] for _ in range(options.rounds)]
    print(f"\nfront end: {size:.1f} MB of policy, {number:,} rules")
    print(f"  read, formatted, read again: {statistics.median(seconds):.2f} s, {2 * size / statistics.median(seconds):.0f} MB/s of reading with formatting between")
    phases = os.path.join(os.path.dirname(REMIT), "tests", "bench", "front_end")
    if os.path.exists(phases):
        times = zip(*[[float(figure) for figure in measure([phases, path], WORK)[1].split()] for _ in range(options.rounds)])
        for name, figures in zip(("read (text to tree)", "checked (tree to typed program)", "formatted (tree to text, read again)"), times):
            print(f"  {name:<36} {statistics.median(figures):7.3f} s, {size / statistics.median(figures):6.1f} MB/s")


def start():
    print("\nstart (ratio: to sqlite3)")
    commands = [("sqlite3 :memory: 'select 1+1'", ["sqlite3", ":memory:", "select 1+1"], WORK), ("remit query \"1 + 1\"", [REMIT, "query", "1 + 1"], WORK)]
    times = {name: [] for name, _, _ in commands}
    for _ in range(max(20, options.rounds)):
        for name, command, folder in commands:
            times[name].append(measure(command, folder)[0])
    reference = statistics.median(times[commands[0][0]])
    for name, _, _ in commands:
        row(name, times[name], reference)


def main():
    os.makedirs(WORK, exist_ok=True)
    print(subprocess.run(["sqlite3", "--version"], capture_output=True, text=True, check=True).stdout.split()[0], "is the version of the sqlite3 shell")
    wrong = 0
    if os.path.isdir(SHARED):
        for size in options.sizes.split(","):
            wrong += portfolio(int(size))
    else:
        print("the measuring portfolio is not beside the project: its part is skipped")
    for size in options.weekly.split(","):
        wrong += mandates(int(size))
    front_end()
    start()
    return 1 if wrong else 0


sys.exit(main())
