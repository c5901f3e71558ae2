#!/usr/bin/env python3
"""Writes a random program, its records and its data, runs it on both engines, and compares: compare.py REMIT SEED [--show].

A failure prints the seed and the smallest program that still shows it: questions that agree are left out, then rows of data one by one.
"""
import os
import random
import subprocess
import sys
import tempfile

remit, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2])
rnd = random.Random(seed)
NUMBERS = ["0", "1", "2", "3", "7", "-4", "100"]
DATES = ["2026-01-01", "2026-02-28", "2026-03-15", "2025-12-31", "2026-06-30", "2024-02-29"]
TEXTS = ["alpha", "beta", "Älpha", "", "zeta", "a,b", "x|y"]
MONEY = ["0 USD", "10 USD", "99.99 USD", "-5.0001 USD", "1M USD"]
COLOURS = ["red", "amber", "green"]

# field: (name, type, optional) of the two records; p owns k, and p refers to its own kind.
P_FIELDS = [("n", "int", False), ("m", "money", False), ("d", "date", True), ("t", "text", False), ("c", "colour", False), ("b", "bool", False), ("x", "number", True), ("o", "int", True)]
K_FIELDS = [("a", "int", False), ("w", "money", True), ("e", "date", False), ("s", "text", True), ("f", "colour", True), ("g", "number", False)]
FIELDS = {"p": P_FIELDS, "k": K_FIELDS}


def literal(kind):
    return {"int": lambda: rnd.choice(NUMBERS), "money": lambda: rnd.choice(MONEY), "date": lambda: rnd.choice(DATES), "text": lambda: '"%s"' % rnd.choice(TEXTS),
            "colour": lambda: rnd.choice(COLOURS), "bool": lambda: rnd.choice(["true", "false"]), "number": lambda: rnd.choice(["0.5", "2.25", "-1.5", "1000.125", "0.1"])}[kind]()


def declarations():
    lines = ["enum colour { red, amber, green }", "record p \"P\" {", "  parent: p? inverse parts"]
    lines += [f"  {name}: {kind}{'?' if optional else ''}" for name, kind, optional in P_FIELDS] + ["}", "record k \"K\" {", "  p: p inverse ks"]
    lines += [f"  {name}: {kind}{'?' if optional else ''}" for name, kind, optional in K_FIELDS] + ["}"]
    lines += ["extend p {", "  total = sum(ks.w)", "  newest = latest(ks by e)", "  score = n * 2 + count(ks)", "  all_below = count(transitive(parts))", "}",
              "define twice(v: int): int = v + v"]
    return lines


def data():
    lines = []
    count = rnd.randrange(0, 9)
    for i in range(count):
        fields = [f"{name}: {literal(kind)}" for name, kind, optional in P_FIELDS if not optional or rnd.random() < 0.6]
        if i and rnd.random() < 0.6:
            fields.append(f"parent: P{rnd.randrange(i)}")
        lines.append(f"add p P{i} \"Title {i % 4}\" {{ {' '.join(fields)} }}")
    for i in range(count):
        if i and rnd.random() < 0.08: # a circle
            lines.append(f"set P{rnd.randrange(i)} {{ parent: P{i} }}")
        for _ in range(rnd.choice([0, 1, 2, 3, 6])):
            fields = [f"p: P{i}"] + [f"{name}: {literal(kind)}" for name, kind, optional in K_FIELDS if not optional or rnd.random() < 0.6]
            lines.append(f"add k {{ {' '.join(fields)} }}")
    return lines


def field_of(record, kind, depth):
    """A field of that kind, made certain where it may be missing."""
    chosen = [(name, optional) for name, k, optional in FIELDS[record] if k == kind]
    if not chosen:
        return literal(kind)
    name, optional = rnd.choice(chosen)
    return f"({name} ?? {literal(kind)})" if optional else name


def value(record, kind, depth):
    if depth <= 0 or rnd.random() < 0.3:
        return field_of(record, kind, depth) if record and rnd.random() < 0.75 else literal(kind)
    deeper = depth - 1

    def of(k):
        return value(record, k, deeper)
    choices = [lambda: f"(if {condition(record, deeper)} then {of(kind)} else {of(kind)})",
               lambda: f"case {{ | {condition(record, deeper)} -> {of(kind)} | {condition(record, deeper)} -> {of(kind)} | otherwise -> {of(kind)} }}"]
    if kind == "int":
        choices += [lambda: f"({of('int')} + {of('int')})", lambda: f"({of('int')} - {of('int')})", lambda: f"({of('int')} * {rnd.choice(NUMBERS)})", lambda: f"length({of('text')})",
                    lambda: f"twice({of('int')})", lambda: f"min({of('int')}, {of('int')})", lambda: f"working_days({of('date')}, {of('date')})", lambda: f"{of('date')}.month",
                    lambda: f"abs({of('int')})"]
    if kind == "money":
        choices += [lambda: f"({of('money')} + {of('money')})", lambda: f"({of('money')} * {rnd.choice(['110%', '2', '0.333', '-1'])})", lambda: f"(({of('money')} / {of('int')}) ?? 1 USD)",
                    lambda: f"round({of('money')}, 1)", lambda: f"({of('money')} * {of('number')})"]
    if kind == "date":
        choices += [lambda: f"({of('date')} + {rnd.choice(['1 month', '10 days', '3 working days', '2 years', '1 quarter'])})", lambda: f"month({of('date')}).end", lambda: f"quarter({of('date')}).start",
                    lambda: f"max({of('date')}, {of('date')})"]
    if kind == "text":
        choices += [lambda: f"upper({of('text')})", lambda: f"\"{{{of('int')}}}-{{{of('date')}}} {{{of('colour')}}}\"", lambda: f"\"{{{of('money')}}}\"", lambda: f"format({of('date')}, \"%d %b %Y\")"]
    if kind == "bool":
        return f"({condition(record, deeper)})"
    if kind == "number":
        choices += [lambda: f"({of('number')} + {of('number')})", lambda: f"(({of('int')} / {of('int')}) ?? 0.5)", lambda: f"round({of('number')}, 2)", lambda: f"(({of('money')} / {of('money')}) ?? 0.25)"]
    if record == "p":
        choices += [lambda: aggregate(kind, deeper)] * 2
        if kind == "int":
            choices += [lambda: "score", lambda: "all_below"]
        if kind == "money":
            choices += [lambda: "total"]
        choices += [lambda: f"(parent.{field_known(kind)} ?? {literal(kind)})"] if field_known(kind) else []
    if record == "k" and field_known(kind):
        choices += [lambda: f"p.{field_known(kind)}"]
    return rnd.choice(choices)()


def field_known(kind):
    return {"int": "n", "money": "m", "text": "t", "colour": "c"}.get(kind)


def collection(depth):
    made = rnd.choice(["ks", "ks", "ks", f"ks[{condition('k', depth - 1)}]", "parts.ks", f"latest({rnd.randrange(1, 4)}, ks by e)", "transitive(parts).ks"])
    return made


def periods(first):
    return f"periods({rnd.choice(['week', 'month', 'quarter', 'fiscal_year', '2 weeks', '6 months', '10 days'])}, {first}, today)"


def aggregate(kind, depth):
    c = collection(depth)
    if kind == "int" and rnd.random() < 0.2:
        return rnd.choice([lambda: f"count({periods('d')})", lambda: f"count(from q in {periods('d')} where {rnd.choice(['no', 'exists'])} ks[e in q] show q)",
                           lambda: f"count(from q in {periods('d')} where count(ks[e in q and {condition('k', depth - 1)}]) > 0 show q)",
                           lambda: f"count(from y in ks, q in {periods('y.e')} where y.a > {literal('int')} show q)",
                           lambda: f"sum(from q in {periods('d')} show sum(ks[e in q].a))", lambda: f"count(from q in {periods('d')}, y in ks where y.e in q show y)"])()
    if kind == "date" and rnd.random() < 0.2:
        return f"({rnd.choice(['min', 'max'])}(from q in {periods('d')} where {rnd.choice(['no', 'exists'])} ks[e in q] show q.end) ?? today)"
    if kind == "int":
        return rnd.choice([lambda: f"count({c})", lambda: f"sum({c}.a)", lambda: f"(max({c}.a) ?? 0)", lambda: f"count(distinct({c}.a))", lambda: f"streak(ks by e where {condition('k', depth - 1)})",
                           lambda: "count(transitive(parts))", lambda: f"count({c}.w)", lambda: "sum(transitive(parts).n)"])()
    if kind == "money":
        return rnd.choice([lambda: f"sum({c}.w)", lambda: f"(avg({c}.w) ?? 0 USD)", lambda: f"(min({c}.w) ?? 5 USD)", lambda: "sum(parts.total)", lambda: "sum(transitive(parts).m)"])()
    if kind == "date":
        return rnd.choice([lambda: f"(latest({c} by e).e ?? 2026-01-01)", lambda: "(newest.e ?? today)", lambda: f"(min({c}.e) ?? today)"])()
    if kind == "text":
        return rnd.choice([lambda: f"(earliest({c} by a).s ?? \"none\")", lambda: "(newest.s ?? \"—\")", lambda: "join(parts.t, \"/\")"])()
    if kind == "number":
        return rnd.choice([lambda: f"sum({c}.g)", lambda: f"(avg({c}.g) ?? 0.5)", lambda: f"(avg({c}.a) ?? 1.5)"])()
    if kind == "colour":
        return f"(latest({c} by e).f ?? amber)"
    return f"(exists {c})"


def condition(record, depth):
    if depth <= 0:
        return rnd.choice([lambda: f"{field_of(record, 'int', 0) if record else '1'} > {literal('int')}", lambda: f"{field_of(record, 'colour', 0) if record else 'red'} = {rnd.choice(COLOURS)}" if record else "1 = 1"])()
    deeper = depth - 1
    kind = rnd.choice(["int", "money", "date", "text", "colour", "number"])
    operator = rnd.choice(["=", "!=", "<", "<=", ">", ">="])

    def compare():
        left = field_of(record, kind, 0) if kind == "colour" and record else value(record, kind, deeper)
        if kind == "colour" and not record:
            return "2 > 1"
        return f"{left} {operator} {literal(kind) if kind == 'colour' else value(record, kind, deeper)}"
    choices = [compare, compare, lambda: f"({condition(record, deeper)} and {condition(record, deeper)})", lambda: f"({condition(record, deeper)} or {condition(record, deeper)})",
               lambda: f"not ({condition(record, deeper)})", lambda: f"{value(record, 'int', deeper)} in [1, 2, {literal('int')}]", lambda: f"{value(record, 'date', deeper)} in 2026-02",
               lambda: f"{value(record, 'int', deeper)} in 0..{abs(int(literal('int')))}", lambda: f"{value(record, 'text', deeper)} contains \"a\"", lambda: f"{value(record, 'text', deeper)} matches \"^[a-z]+$\""]
    if record == "p":
        choices += [lambda: "parent is known", lambda: "d is missing", lambda: f"(o is known and o > {literal('int')})", lambda: f"exists {collection(deeper)}", lambda: f"no {collection(deeper)}",
                    lambda: f"(parent is known and parent.n > {value('p', 'int', deeper)})", lambda: "(newest is known and newest.a > 1)", lambda: "red in ks[f is known].f", lambda: f"week(today) in {periods('d')}"]
    if record == "k":
        choices += [lambda: "w is known", lambda: "(w is known and w > p.m)", lambda: "p.b", lambda: f"p.n > {value('k', 'int', deeper)}"]
    return rnd.choice(choices)()


KINDS = ["int", "money", "date", "text", "number", "bool"]


def question():
    record = rnd.choice(["p", "p", "k"])
    kinds = [rnd.choice(KINDS) for _ in range(rnd.randrange(1, 4))]
    where = f" where {condition(record, 2)}" if rnd.random() < 0.6 else ""
    shape = rnd.random()
    if shape < 0.45:
        columns = ", ".join(f"{value(record, kind, 3)} as \"c{i}\"" for i, kind in enumerate(kinds))
        order = f" sort by {value(record, rnd.choice(['int', 'date', 'text', 'money']), 1)}{rnd.choice([' desc', ''])}" if rnd.random() < 0.5 else ""
        keep = f" keep where {condition(record, 1)}" if rnd.random() < 0.2 else ""
        return f"from {record}{where} show key, {columns}{keep}{order}{rnd.choice(['', '', ' take 3'])}"
    if shape < 0.8:
        key = value(record, rnd.choice(["int", "text", "bool"]), 1) if rnd.random() < 0.6 else rnd.choice(["c", "d", "o"] if record == "p" else ["f", "s", "w"])
        shown = ", ".join(rnd.choice([f"sum({value(record, 'int', 1)})", f"max({value(record, 'date', 1)})", f"avg({value(record, 'money', 1)})", f"count(where {condition(record, 1)})", f"sum({value(record, 'number', 1)})"]) + f" as \"c{i}\"" for i, _ in enumerate(kinds))
        return f"from {record}{where} group by {key} as \"g\" show g, count() as \"n\", {shown}"
    if shape < 0.85:
        key = rnd.choice(["", " group by q"])
        shown = "show q, count() as \"n\", sum(a.n) as \"s\"" if key else "show a.key as \"a\", q, q.start as \"s\", count(a.ks[e in q]) as \"n\", exists a.ks[e in q and a > 1] as \"x\""
        return f"from a in p, q in {periods('a.d')} where a.{rnd.choice(['n > 1', 'b', 'c != red'])}{key} {shown}"
    if shape < 0.9:
        return f"from a in p, b in k where b.p = a and a.{rnd.choice(['n > 1', 'b', 'c = red'])} show a.key as \"a\", b.a as \"b\", b.e as \"e\" sort by b.e desc"
    return f"from (from p{' where ' + condition('p', 1)} show key, {value('p', 'int', 2)} as v, {value('p', 'money', 1)} as w) where v > {literal('int')} show key, v, w sort by w"


def rule(i):
    return f"rule r{i} \"R\" {{ for p where {condition('p', 2)} when {condition('p', 2)} raise {rnd.choice(['low', 'high', 'critical'])} \"{{key}}: {{{value('p', rnd.choice(KINDS[:5]), 2)}}}\" }}"


def run(lines, engine):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "program.remit"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        done = subprocess.run([remit, "run", "program.remit", "--store", "s.db", "--on", "2026-06-30", "--engine", engine, "--format", "csv"], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=120)
        return done.returncode, done.stdout


def differs(lines):
    (status_a, a), (status_b, b) = run(lines, "sql"), run(lines, "interpreter")
    if status_a > 3 or status_b > 3 or status_a < 0 or status_b < 0:
        return f"a crash: {status_a}, {status_b}\n{a}\n{b}"
    if status_a != status_b or (status_a <= 1 and a != b):
        return f"sql ({status_a}):\n{a}\ninterpreter ({status_b}):\n{b}"
    return None


def main():
    base, rows = declarations(), data()
    rules = [rule(i) for i in range(4)]
    questions = [question() for _ in range(8)]
    parts = [[r] for r in rules] + [[q] for q in questions]
    if "--show" in sys.argv:
        print("\n".join(base + rules + rows + ["check"] + questions))
        print(run(base + rules + rows + ["check"] + questions, "sql")[1])
        return 0
    wrong = 0
    good = 0
    # A question that fails (an overflow, say) must fail on both; each is tried alone, so that it hides no other.
    for part in parts:
        is_rule = part[0].startswith("rule")
        program = base + (part if is_rule else []) + rows + (["check"] if is_rule else part)
        status, out = run(program, "sql")
        if status == 2 and "error[R01" in out or "error[R02" in out or "error[R00" in out:
            wrong += 1  # the generator wrote what the checker refuses; both engines see the same
            continue
        good += 1
        problem = differs(program)
        if not problem:
            continue
        kept = list(rows)
        for row in list(kept):
            fewer = [other for other in kept if other is not row]
            shorter = base + (part if is_rule else []) + fewer + (["check"] if is_rule else part)
            found = differs(shorter)
            if found and run(shorter, "sql")[0] != 2:
                kept, problem = fewer, found
        print(f"seed {seed}: the engines disagree on\n" + "\n".join(base + (part if is_rule else []) + kept + (["check"] if is_rule else part)) + "\n" + problem)
        return 1
    if good < 4:
        print(f"seed {seed}: only {good} of {len(parts)} questions were accepted: the generator is out of step with the language")
        return 1
    return 0


sys.exit(main())
