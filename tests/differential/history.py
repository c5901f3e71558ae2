#!/usr/bin/env python3
"""Writes a random program over several days, runs it on both engines and compares all they print: history.py REMIT SEED [--wild] [--show] [--count]

The records are those that records.py invents. On the first days rows are added, changed and removed and baselines fixed, each day in a transaction of its own; on the last, queries, rules and
mandates ask what was: values at a day or a baseline, histories of fields, queries as of a day. The last lines are asked once more of the whole store as of an earlier day. A failure prints
the seed and the smallest program that still shows it.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import records as invented
from records import DECIDED, OFFICES, REQUIRED, chance, engines, pick, remit, rnd, seed, writer
from writing import ENUMS, SCALARS, Scope

DAYS = ["2026-01-15", "2026-02-15", "2026-03-15", "2026-05-01"]
ASKED = ["2026-01-14", "2026-01-15", "2026-01-31", "2026-02-28", "2026-03-15", "2026-04-30", "2026-06-30"]


def keyed():
    return [(record, key) for record in writer.records for key in record.rows if key]


def change():
    """A row that is added, changed or removed, or a baseline."""
    shape = chance()
    record = pick(writer.records)
    if shape < 0.25 and keyed():
        return f'baseline {pick(keyed())[1]} "{pick(writer.labels)}"'
    if shape < 0.35:
        return f"remove {record.name}[{writer.condition(Scope([(record, None)]), 1)}]"
    if shape < 0.45 and record.is_named:
        key = writer.name(record.name.upper() + "K")
        line = invented.row_of(record, key, set())
        if line:
            record.rows.append(key)
        return f"add {line}" if line else None
    if shape < 0.55 and not record.is_named:
        return invented.row_of(record, None, set())
    fields = [field for field in record.own if field not in record.key]
    if not fields:
        return None
    field = pick(fields)
    text = "missing" if field.optional and chance() < 0.2 else invented.row_value(field)
    return f"set {record.name}[{writer.condition(Scope([(record, None)]), 1)}] {{ {field.name}: {text} }}" if text else None


def ask():
    shape = chance()
    record = pick(writer.records)
    if shape < 0.25:
        row = writer.row()
        return invented.plain_query() + writer.as_of(0.3)
    if shape < 0.5:
        return invented.any_query() + writer.as_of(0.3)
    if shape < 0.75:
        scope = Scope([(record, None)])
        shown = [f"{writer.past(scope, pick(SCALARS), 3)} as {writer.name('c')}" for _ in range(3)]
        return f"from {record.name} show key, {', '.join(shown)}{writer.as_of(0.2)}"
    found = writer.history(Scope([(record, "i")]))
    if shape < 0.9 and found:
        return f"from i in {record.name}, h in {found[0]} show i.key, h.value, h.from, h.until, h.by{writer.as_of(0.3)}"
    return f"print {writer.value(Scope(), pick(SCALARS), 3)}"


def invent():
    invented.invent_records()
    writer.labels = ["Gate 1", "Gate 2"]
    lines = ["#day " + DAYS[0], "settings { currency: USD  fiscal_year_starts: 4 }"] + [f"enum {name} {{ {', '.join(values)} }}" for name, values in ENUMS.items()]
    lines += [invented.declare(record) for record in writer.records] + ['rate { currency: "USD"; into: "EUR"; date: 2026-01-01; rate: 0.9 }', 'rate { currency: "EUR"; into: "USD"; date: 2025-06-01; rate: 1.1 }']
    lines += [f'rate {{ currency: "{one}"; into: "{other}"; date: 2026-01-15; rate: {rate} }}' for one, other, rate in [("JPY", "USD", "0.0065"), ("USD", "JPY", "153.2"), ("JPY", "EUR", "0.006"), ("EUR", "JPY", "163.7")]]
    rows, days = invented.invent_rows(), []
    for day in DAYS[1:]:
        days += ["#day " + day] + [line for line in (change() for _ in range(6)) if line]
    writer.days = ASKED
    lines += [invented.define()] + [invented.extend(pick(writer.records)) for _ in range(4)] + [invented.report()] + [invented.rule(number) for number in range(3)] + OFFICES + [invented.mandate(number) for number in range(3)]
    asked = [ask() for _ in range(14)]
    return lines + rows + days + ["#day 2026-06-30"] + asked + ["check", REQUIRED, DECIDED, "from baseline show record, element, label, on, by"], asked


def main():
    form = pick(["table", "csv", "json", "jsonl", "markdown"])
    lines, asked = invent()
    whole = len(lines)
    lines, found = engines.compare(remit, lines, form, "--show" in sys.argv)
    if not found:
        kept = [line for line in asked if line in lines]
        lines = lines + [f"#day 2026-06-30 --as-of {pick(ASKED)}"] + kept + ["check"]
        lines, found = engines.compare(remit, lines, form, "--show" in sys.argv)
    if found:
        lines = engines.smallest(remit, lines, form)
        print(f"seed {seed}: the engines disagree (--format {form}) on\n" + "\n".join(lines) + "\n\n" + (engines.disagreement(remit, lines, form) or found))
        return 1
    if "--count" in sys.argv:
        print(f"kept {len(lines)} of {whole}")
    if len(lines) < whole / 4:
        print(f"seed {seed}: only {len(lines)} of {whole} lines were accepted: the generator is out of step with the language")
        return 1
    return 0


sys.exit(main())
