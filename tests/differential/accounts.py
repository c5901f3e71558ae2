#!/usr/bin/env python3
"""Writes rules and mandates over random records, asks both engines why each holds or not, and makes the changes that the accounts name: accounts.py REMIT SEED [--show] [--count]

Both engines must give the same account of every rule and record, as text and as JSON. What an account says would do, does: where it names values of the record's own fields, they are
set, and the rule must then be raised, the mandate met; where it names a day, the rule must be raised on that day. What expressions it writes is in lib/writing.py.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines
from writing import CURRENCY, ENUMS, Field, Record, Scope, Writer, written

remit, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2])
rnd = random.Random(f"accounts {seed}")
pick, chance = rnd.choice, rnd.random
writer = Writer(rnd, False)
writer.days = ["2026-06-30", "2026-06-29", "2026-01-31"] if seed % 4 == 0 else []  # values as they were are none that anyone could change
KINDS = ["int", "number", "money", "euro", "text", "bool", "date", "datetime", "duration", "span", "working_days", "period", "e0", "e1"]
RULES, MANDATES, ROWS, CHILDREN = 6, 5, 4, 3


def invent_records():
    p, k = Record("p"), Record("k")
    p.is_named, p.rows = True, [f"P{number}" for number in range(ROWS)]
    p.own = [Field(writer.name("f"), kind, chance() < 0.3) for kind in rnd.sample(KINDS, 7)] + [Field("up", "ref", True, target=p, inverse="downs"), Field("tags", "text", many=True)]
    k.own = [Field("whose", "ref", target=p, inverse="ks"), Field("told", "date")] + [Field(writer.name("f"), kind, chance() < 0.3) for kind in rnd.sample(KINDS, 4)]
    p.fields, k.fields = p.own + [Field("ks", "ref", many=True, target=k), Field("downs", "ref", many=True, target=p)], list(k.own)
    writer.records += [p, k]
    return p, k


def type_words(field):
    kind = field.target.name if field.kind == "ref" else written(field.kind)
    return f"set of {kind}" if field.many else kind + ("?" if field.optional else "") + (f" inverse {field.inverse}" if field.inverse else "")


def value_of(field):
    if field.many:
        return "[" + ", ".join(rnd.sample(writer.literals[field.kind], rnd.randrange(0, 3))) + "]"
    return pick(field.target.rows) if field.kind == "ref" else writer.literal(field.kind)


def row(head, record, given=""):
    fields = [f"{field.name}: {value_of(field)}" for field in record.own if field.name != "whose" and (not field.optional or chance() < 0.6)]
    return f"{head} {{ {given}{'; '.join(fields)} }}"


def extend(record):
    kind, name = pick(KINDS), writer.name("x")
    text = writer.value(Scope([(record, None)]), kind, 2)
    record.fields.append(Field(name, kind, derived=True))
    return f"extend {record.name} {{ {name} = {text} }}"


def asked(scope, depth):
    """A condition that reads the element's own values, for the most part."""
    shape = chance()
    if depth > 0 and shape < 0.5:
        joined = f"{asked(scope, depth - 1)} {pick(['and', 'and', 'or'])} {asked(scope, depth - 1)}"
        return f"not ({joined})" if chance() < 0.15 else f"({joined})"
    own = [(path, field) for path, field in scope.paths() if not field.many and field.kind != "ref"]
    path, field = pick(own)
    if shape > 0.85 or not own:
        return writer.condition(scope, pick([1, 2]))
    if field.optional and chance() < 0.2:
        return f"{path} is {pick(['known', 'missing'])}"
    left = f"({path} ?? {writer.literal(field.kind)})" if field.optional else path
    if field.optional and chance() < 0.6:
        return f"({path} is known and {path} {pick(['=', '!='] if field.kind == 'bool' else ['=', '<', '<=', '>', '>='])} {writer.literal(field.kind) if field.kind in ENUMS else writer.value(scope, field.kind, 0)})"
    if shape > 0.75:
        return f"{left} {pick(['in', 'not in'])} [{writer.literal(field.kind)}, {writer.literal(field.kind)}]"
    right = writer.literal(field.kind) if field.kind in ENUMS or chance() < 0.4 else writer.value(scope, field.kind, pick([0, 1, 1, 2]))
    return f"{left} {pick(['=', '!='] if field.kind == 'bool' else ['=', '!=', '<', '<=', '>', '>='])} {right}"


def rule(number, record):
    scope = Scope([(record, None)])
    let = writer.name("l")
    kind = pick(KINDS)
    text = writer.value(scope, kind, 1)
    holder = Record("lets", is_row=True)
    holder.fields = [Field(let, kind)]
    inner = Scope([(record, None), (holder, None)])
    where = f" where {asked(scope, 1)}" if chance() < 0.4 else ""
    exempt = f" except \"E\" when {asked(scope, 1)}" if chance() < 0.2 else ""
    return f"rule q{number} \"Rule {number}\" {{ for {record.name}{where} let {let} = {text} when {asked(inner, pick([0, 1, 2, 2]))} raise low \"{{key}}\"{exempt} }}"


def mandate(number, record):
    """One that is required always, by a day or every so often, in periods that the record's own days may bound."""
    scope = Scope([(record, None)])
    days = [field for field in record.own if field.kind == "date" and not field.many]
    name, modal, timing, in_period = f"m{number}", pick(["shall", "shall", "shall not", "should"]), chance(), ""
    if timing < 0.5:
        start, end = (pick(days).name if days and chance() < 0.5 else "2026-01-15"), (f" until {pick(days).name}" if days and chance() < 0.3 else "")
        timing = f"every {pick(['month', 'quarter', '2 months', 'fiscal quarter'])} from {start}{end}"
        in_period = f"exists ks[told in period] {pick(['and', 'or'])} " if chance() < 0.7 else ""
    else:
        timing = f"by {pick(days).name}" if days and timing < 0.75 else ""
    where = f" where {asked(scope, 1)}" if chance() < 0.4 else ""
    exempt = f" except \"E\" when {asked(scope, 1)}" + (f" {modal} {asked(scope, 1)}" if chance() < 0.5 else "") if chance() < 0.4 else ""
    return f"mandate {name} \"Mandate {number}\" by PMO on work {{ for {record.name}{where} {timing} {modal} {in_period}{asked(scope, pick([0, 1, 2]))}{exempt} }}"


# ---- making the changes ----

def literal(field, value):
    """The value of a JSON account as the language writes it; None where it has no literal."""
    kind = field.kind
    if value is None:
        return "missing" if field.optional else None
    if kind == "text":
        return None if "�" in value else json.dumps(value, ensure_ascii=False).replace("{", "\\{").replace("}", "\\}")
    if kind in CURRENCY:
        return f"{value} {CURRENCY[kind]}"
    if kind == "bool":
        return "true" if value else "false"
    if kind == "number":
        text = repr(float(value))
        return None if "e" in text or len(text.strip("-0.").replace(".", "")) > 15 else text
    if kind == "duration":
        return f"{value} days" if float(value) == int(float(value)) else f"{round(float(value) * 86400)} seconds" if abs(float(value)) < 1e6 else None
    if kind in ("span", "working_days"):
        return f"{value} {'months' if kind == 'span' else 'working days'}"
    return str(value)


def choices_of(change):
    """Values that the change says would do."""
    if change["change"] != "value" or "how" in change:
        return []
    values = list(change.get("one_of", []))
    values += [change[name] for name in ("nearest", "least", "most") if change.get(name) is not None]
    return values + ([None] if change.get("or_missing") else [])


def settings_of(record, mends):
    """Ways to make all of the mends: lists of assignments, one value changed at a time from the first way."""
    fields = {field.name: field for field in record.own if not field.many}
    options = []
    for mend in mends:
        found = [(change["of"], literal(fields[change["of"]], value)) for change in mend if change["of"] in fields for value in choices_of(change)]
        options.append([assignment for assignment in found if assignment[1] is not None])
    if not all(options):
        return
    first = [option[0] for option in options]
    for place, option in enumerate(options):
        for other in option:
            chosen = first[:place] + [other] + first[place + 1:]
            yield " ".join(f"{name}: {value}" for name, value in chosen)


def run(lines, *options):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "program.remit"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        day = [] if "--on" in options else ["--on", engines.DAY]
        done = subprocess.run([remit, "run", "program.remit", "--store", "s.db"] + day + list(options), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", timeout=120)
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def accounts_in(output):
    decoder, at = json.JSONDecoder(), 0
    while (at := output.find("{\n", at)) >= 0:
        account, at = decoder.raw_decode(output, at)
        yield account


def wrong_change(base, record, output):
    """A change that does not do what the account says; or None. Gives how many were tried, too."""
    tried, bad = 0, []
    for account in accounts_in(output):
        if "rule" in account:
            question = f"{account['rule']} raised for {account['element']}"
        elif account.get("state"):
            question = f"{account['mandate']} met for {account['element']}" + (f" in {account['period']}" if account["period"] else "")
        else:
            continue
        for way in settings_of(record, account.get("would_if", [])):
            lines = base + [f"set {account['element']} {{ {way} }}", f"expect {question}"]
            tried += 1
            bad.append(lines)
        for mend in account.get("would_if", []):
            for change in mend if len(account["would_if"]) == 1 else []:
                if change["of"] == "today":
                    tried += 1
                    status, said = run(base + [f"expect {question}"], "--on", change["nearest"])
                    if status == 1:
                        return tried, f"it should hold on {change['nearest']}:\n" + "\n".join(base + [f"expect {question}"]) + "\n" + said
    # All in one, each taken back; one by one to find the wrong one.
    script = base + ["commit"] + [line for lines in bad for line in ["begin"] + lines[-2:] + ["rollback"]]
    if bad and run(script)[0] == 1:
        for lines in bad:
            status, said = run(lines)
            if status == 1:
                return tried, "a change does not do what the account says:\n" + "\n".join(lines) + "\n" + said
    return tried, None


def main():
    p, k = invent_records()
    base = [f"enum {name} {{ {', '.join(values)} }}" for name, values in ENUMS.items()]
    base += [f"record {record.name} \"{record.name}\" {{ {'; '.join(f'{field.name}: {type_words(field)}' for field in record.own)} }}" for record in (p, k)]
    base += ['rate { currency: "USD"; into: "EUR"; date: 2025-01-01; rate: 0.9 }', 'rate { currency: "EUR"; into: "USD"; date: 2025-01-01; rate: 1.1 }',
             'rate { currency: "JPY"; into: "USD"; date: 2025-01-15; rate: 0.0065 }', 'rate { currency: "USD"; into: "JPY"; date: 2025-01-15; rate: 153.2 }',
             'rate { currency: "JPY"; into: "EUR"; date: 2025-01-15; rate: 0.006 }', 'rate { currency: "EUR"; into: "JPY"; date: 2025-01-15; rate: 163.7 }']
    base += [extend(pick([p, k])) for _ in range(3)] + [rule(number, p) for number in range(RULES)]
    base += ['domain work "Work" {}', 'office PMO "Project office" { mandates: [work] }'] + [mandate(number, p) for number in range(MANDATES)]
    base += [row(f"p {key}", p) for key in p.rows] + [row("add k", k, f"whose: {key}; ") for key in p.rows for _ in range(rnd.randrange(0, CHILDREN + 1))]
    base, found = engines.compare(remit, base, "table")
    rules = [re.match(r"(?:rule|mandate) (\w+)", line).group(1) for line in base if line.startswith(("rule ", "mandate "))]
    asked = [f"why {pick(['', 'not '])}{name} for {key}" for name in rules for key in p.rows]
    lines, found = engines.compare(remit, base + asked, pick(["table", "markdown"]), "--show" in sys.argv)
    if not found:
        lines, found = engines.compare(remit, lines, "json")
    if found:
        lines = engines.smallest(remit, lines, "json")
        print(f"seed {seed}: the engines disagree on\n" + "\n".join(lines) + "\n\n" + (engines.disagreement(remit, lines, "json") or found))
        return 1
    status, output = run(lines, "--format", "json", "--quiet")
    if status:
        print(f"seed {seed}: without an engine named it ends in {status}\n{output[-3000:]}\n" + "\n".join(lines))
        return 1
    kept = [line for line in lines if not line.startswith("why ")]
    tried, wrong = wrong_change(kept, p, output)
    if wrong:
        print(f"seed {seed}: {wrong}")
        return 1
    if "--count" in sys.argv:
        print(f"{len(rules)} rules and mandates, {len([line for line in lines if line.startswith('why ')])} accounts, {tried} changes tried")
    return 0


sys.exit(main())
