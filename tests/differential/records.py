#!/usr/bin/env python3
"""Writes a program whose records are random too, runs it on both engines and compares all they print: records.py REMIT SEED [--wild] [--queries] [--show] [--count]

Where compare.py asks deep questions of two records it knows, this one invents the records: every type that a field may have, optional or not, references with and without
inverses, circles, sets, natural keys, owners, derived fields, definitions, reports with parameters, rules, and commands that change rows between questions.

Every declaration and command is one line. A line that the checker refuses is left out, since both engines share the checker; a line that fails when it runs must fail on both with the same
words, and is then left out too. What is left must print the same on both. A failure prints the seed and the smallest program that still shows it. Values that fail (parts of a day
added to a date, days without an exchange rate) stop a program at their first, so they are rare unless --wild asks for them. --queries leaves rules out; --count says how many
lines were kept.
"""
import os
import random
import re
import subprocess
import sys
import tempfile

remit, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2])
rnd = random.Random(f"records {seed}")
pick, chance = rnd.choice, rnd.random
is_wild, only_queries = "--wild" in sys.argv, "--queries" in sys.argv

ENUMS = {"e0": ["low", "mid", "high"], "e1": ["red", "amber", "green", "blue"]}
LITERALS = {
    "int": ["0", "1", "2", "3", "7", "-4", "100", "-1", "40_000"] + (["9_000_000_000_000_000_000"] if is_wild else []),
    "number": ["0.5", "2.25", "-1.5", "1000.125", "0.1", "3.0", "12345678.9", "0.001"] + (["900bn * 1.5"] if is_wild else []),
    "money": ["0 USD", "10 USD", "99.99 USD", "-5.0001 USD", "1M USD", "0.0001 USD", "123_456.7891 USD"],
    "euro": ["0 EUR", "10 EUR", "-2.5 EUR", "77.7777 EUR"],
    "text": ['"alpha"', '"beta"', '"Älpha"', '""', '"zeta"', '"a,b"', '"x|y"', '"B"', '"straße"', '"10"', '"9"', '" pad "', '"a%b_c"', '"線"', '"quo\\"te"', '"=1+1"'],
    "bool": ["true", "false"],
    "date": ["2026-01-01", "2026-02-28", "2026-03-31", "2025-12-31", "2026-06-30", "2024-02-29", "2026-07-04", "2026-05-29", "1999-12-31"],
    "datetime": ["2026-06-30T12:00:00", "2026-01-01T00:00:00", "2025-12-31T23:59:59"],
    "duration": ["0 days", "1 day", "30 days", "48 hours", "2 weeks", "-3 days"] + (["90 minutes", "36 hours"] if is_wild else []),
    "span": ["1 month", "2 months", "1 year", "1 quarter", "-1 month"],
    "working_days": ["1 working day", "5 working days", "0 working days"],
    "period": ["2026-W12", "2026-06", "2026Q2", "FY2026", "FY2026Q1", "2026-01", "2025-W52"],
    "e0": ENUMS["e0"], "e1": ENUMS["e1"],
}
SCALARS = ["int", "int", "number", "money", "money", "euro", "text", "text", "bool", "date", "date", "datetime", "duration", "span", "working_days", "period", "e0", "e1"]
SUMS = ["int", "number", "money", "euro", "duration"]
WRITTEN = {"euro": "money in EUR"}


class Field:
    def __init__(self, name, kind, optional=False, many=False, inverse=None, derived=None, target=None):
        self.name, self.kind, self.optional, self.many, self.inverse, self.derived, self.target = name, kind, optional, many, inverse, derived, target


class Record:
    def __init__(self, name):
        self.name, self.fields, self.inverses, self.key, self.rows = name, [], [], [], []
        self.is_named = chance() < 0.6


class Scope:
    """The elements that names may mean here, innermost first: (record, binder)."""

    def __init__(self, levels=()):
        self.levels = list(levels)

    def inside(self, record, binder=None):
        return Scope([(record, binder)] + self.levels)

    def paths(self):
        """(written, field) of every field that may be named here."""
        seen = set()
        for record, binder in self.levels:
            prefix = f"{binder}." if binder else ""
            if not binder and record in seen:
                continue
            for field in record.fields + record.inverses:
                yield prefix + field.name, field
            if not binder:
                seen.add(record)


records, definitions, reports = [], [], []


def invent_records():
    for number in range(rnd.randrange(2, 5)):
        records.append(Record(f"r{number}"))
    counter = 0
    for record in records:
        names = []
        for _ in range(rnd.randrange(2, 7)):
            counter += 1
            kind = pick(SCALARS)
            names.append(Field(f"f{counter}", kind, chance() < 0.35))
        for _ in range(rnd.randrange(0, 3)):
            counter += 1
            target = pick(records)
            inverse = f"v{counter}" if chance() < 0.8 else None
            field = Field(f"f{counter}", "ref", chance() < 0.5 or target is record, inverse=inverse, target=target)
            names.append(field)
            if inverse:
                target.inverses.append(Field(inverse, "ref", many=True, target=record))
        if chance() < 0.35:
            counter += 1
            names.append(Field(f"f{counter}", pick(["text", "e0", "e1"]), many=True))
        if chance() < 0.25:
            counter += 1
            names.append(Field(f"f{counter}", "ref", many=True, target=pick(records)))
        rnd.shuffle(names)
        record.fields = names
        plain = [field for field in names if not field.optional and not field.many and field.kind in ("int", "text", "date", "ref", "e0")]
        if not record.is_named and len(plain) >= 2 and chance() < 0.5:
            record.key = [field for field in rnd.sample(plain, 2)]


def type_words(field):
    if field.kind == "ref":
        kind = field.target.name
    else:
        kind = WRITTEN.get(field.kind, field.kind)
    return f"set of {kind}" if field.many else kind + ("?" if field.optional else "")


def declare(record):
    parts = [f"{field.name}: {type_words(field)}" + (f" inverse {field.inverse}" if field.inverse else "") for field in record.fields]
    if record.key:
        parts.append("key " + ", ".join(field.name for field in record.key))
    return f"record {record.name} \"Record {record.name}\" {{ {'; '.join(parts)} }}"


def literal(kind):
    text = pick(LITERALS[kind])
    return f"({text})" if text.startswith("-") or " * " in text else text


def row_value(field):
    if field.many:
        if field.kind == "ref":
            keys = [key for key in field.target.rows if key]
            return "[" + ", ".join(rnd.sample(keys, min(len(keys), rnd.randrange(0, 4)))) + "]"
        values = LITERALS[field.kind]
        return "[" + ", ".join(rnd.sample(values, rnd.randrange(0, 3))) + "]"
    if field.kind == "ref":
        keys = [key for key in field.target.rows if key]
        return pick(keys) if keys else None
    return literal(field.kind)


def invent_rows():
    """Rows name rows by their declared keys, so a record that others refer to has to be one whose rows are declared."""
    for record in records:
        if record.is_named:
            record.rows = [f"{record.name.upper()}K{number}" for number in range(pick([0, 1, 3, 6, 9]))]
    lines = []
    for record in records:
        taken = set()
        for key in record.rows if record.is_named else [None] * pick([0, 2, 5, 12]):
            values = {}
            for field in record.fields:
                if field.optional and chance() < 0.4:
                    continue
                value = row_value(field)
                if value is None and not field.optional:
                    values = None
                    break
                if value is not None:
                    values[field.name] = value
            if values is None:
                continue
            if record.key:
                natural = tuple(values[field.name] for field in record.key)
                if natural in taken:
                    continue
                taken.add(natural)
            written = "; ".join(f"{name}: {value}" for name, value in values.items())
            title = f' "Title {rnd.randrange(4)}"' if key and chance() < 0.7 else ""
            lines.append(f"{record.name} {key}{title} {{ {written} }}" if key else f"add {record.name} {{ {written} }}")
    return lines


# ---- expressions: `value` gives one that is not missing, `maybe` one that may be ----

def fields_of(scope, kind, optional=None, many=False, target=None):
    return [(path, field) for path, field in scope.paths() if field.kind == kind and field.many == many and (optional is None or field.optional == optional)
            and (target is None or field.target is target)]


def maybe(scope, kind, depth):
    choices = [path for path, _ in fields_of(scope, kind, True)]
    if depth > 0:
        for path, field in fields_of(scope, "ref"):
            choices += [f"{path}.{inner.name}" for inner in field.target.fields if inner.kind == kind and not inner.many and (inner.optional or field.optional)]
        if choices and chance() < 0.6:
            return pick(choices)
        more = []
        found = collection(scope, depth - 1)
        if found:
            text, record = found
            own = [field.name for field in record.fields if field.kind == kind and not field.many]
            by = ordering(record, depth - 1)
            if own and by:
                more.append(f"{pick(['latest', 'earliest'])}({text} by {by}).{pick(own)}")
            if own and kind not in ("bool",):
                more.append(f"{pick(['min', 'max'])}({text}.{pick(own)})")
            if own and kind in SUMS and kind != "int":
                more.append(f"avg({text}.{pick(own)})")
        if kind == "number":
            same = pick(["int", "money", "number", "duration"])
            more += [f"({value(scope, same, depth - 1)} / {value(scope, same, depth - 1)})"]
        if kind in ("money", "euro", "duration"):
            more += [f"({value(scope, kind, depth - 1)} / {value(scope, pick(['int', 'number']), depth - 1)})"]
        if kind == "duration" and found:
            dated = [field.name for field in found[1].fields if field.kind in ("date", "datetime") and not field.many and not field.optional]
            if dated:
                more.append(f"longest_gap({found[0]} by {pick(dated)})")
        if chance() < 0.3:
            more.append(f"(if {condition(scope, depth - 1)} then {value(scope, kind, depth - 1)} else missing)")
        choices += more
    return pick(choices) if choices else None


def ordering(record, depth):
    plain = [field.name for field in record.fields if not field.many and field.kind not in ("ref", "bool") and field.kind in LITERALS]
    return pick(plain) if plain else None


def value(scope, kind, depth):
    here = [path for path, _ in fields_of(scope, kind, False)]
    if depth <= 0:
        return pick(here) if here and chance() < 0.7 else literal(kind)
    if chance() < 0.25:
        return pick(here) if here else literal(kind)

    def of(other):
        return value(scope, other, depth - 1)
    choices = []
    missing = maybe(scope, kind, depth)
    if missing:
        choices += [lambda: f"({missing} ?? {of(kind)})"] * 4
    optional = [path for path, _ in fields_of(scope, kind, True)]
    if optional:
        path = pick(optional)
        choices += [lambda: f"(if {path} is known then {path} else {of(kind)})"] * 2
    choices += [lambda: f"(if {condition(scope, depth - 1)} then {of(kind)} else {of(kind)})",
                lambda: f"case {{ | {condition(scope, depth - 1)} -> {of(kind)} | {condition(scope, depth - 1)} -> {of(kind)} | otherwise -> {of(kind)} }}"]
    choices += by_kind(kind, of, scope, depth)
    choices += [lambda: aggregate(scope, kind, depth)] * 3
    for name, parameters, result in definitions:
        if result == kind:
            choices.append(lambda: f"{name}({', '.join(of(parameter) for parameter in parameters)})")
    return pick(choices)() or literal(kind)


def by_kind(kind, of, scope, depth):
    if kind == "int":
        return [lambda: f"({of('int')} {pick(['+', '-', '*'])} {of('int')})", lambda: f"length({of('text')})", lambda: f"working_days({of('date')}, {of('date')})", lambda: f"({of('date')}).{pick(['month', 'year', 'day'])}",
                lambda: f"abs({of('int')})", lambda: f"min({of('int')}, {of('int')})", lambda: f"int({of('number')})", lambda: f"(-{of('int')})"]
    if kind == "number":
        return [lambda: f"({of('number')} {pick(['+', '-', '*'])} {of('number')})", lambda: f"round({of('number')}, {rnd.randrange(0, 5)})", lambda: f"number({of('int')})", lambda: f"({of('int')} * {of('number')})",
                lambda: f"abs({of('number')})", lambda: f"max({of('number')}, {of('number')})"]
    if kind in ("money", "euro"):
        other = "EUR" if kind == "euro" else "USD"
        source = "money" if kind == "euro" else "euro"
        return [lambda: f"({of(kind)} {pick(['+', '-'])} {of(kind)})", lambda: f"({of(kind)} * {pick(['110%', '2', '0.333', '(-1)', '12.5%'])})", lambda: f"({of(kind)} * {of('number')})", lambda: f"({of(kind)} * {of('int')})",
                lambda: f"round({of(kind)}, {pick(['-3', '0', '1', '2', '4'])})", lambda: f"abs({of(kind)})", lambda: f"min({of(kind)}, {of(kind)})", lambda: f"convert({of(source)}, {other}, on {pick(['today', '2026-03-15'] + (['2025-12-31'] if is_wild else []))})"]
    if kind == "text":
        shown = pick(["int", "number", "money", "date", "duration", "period", "e0", "bool", "text", "span", "working_days", "datetime"])
        return [lambda: f"{pick(['upper', 'lower', 'trim'])}({of('text')})", lambda: f"\"<{{{of(shown)}}}> {{{of('text')}}}\"", lambda: f"format({of('date')}, \"%d %b %Y\")", lambda: f"percent({of('number')}, 1)",
                lambda: f"format({of('number')}, 2)", lambda: f"\"{{{maybe(scope, shown, depth - 1) or of(shown)}}}\""]
    if kind == "bool":
        return [lambda: f"({condition(scope, depth - 1)})"] * 3
    if kind == "date":
        return [lambda: f"({of('date')} {pick(['+', '-'])} {of('span')})", lambda: f"({of('date')} {pick(['+', '-'])} {of('working_days')})", lambda: f"({of('date')} {pick(['+', '-'])} {pick(['10 days', '2 weeks', '1 day'])})",
                lambda: f"({of('period')}).{pick(['start', 'end'])}", lambda: f"max({of('date')}, {of('date')})", lambda: "today"] + ([lambda: f"({of('date')} + {of('duration')})"] if is_wild else [])
    if kind == "datetime":
        return [lambda: f"({of('datetime')} {pick(['+', '-'])} {of('duration')})", lambda: f"min({of('datetime')}, {of('datetime')})"]
    if kind == "duration":
        return [lambda: f"({of('date')} - {of('date')})", lambda: f"({of('datetime')} - {of('datetime')})", lambda: f"({of('duration')} {pick(['+', '-'])} {of('duration')})", lambda: f"({of('duration')} * {pick(['2', '0.5', '(-1)'])})",
                lambda: f"abs({of('duration')})"]
    if kind == "span":
        return [lambda: f"({of('span')} + {of('span')})", lambda: f"({of('span')} * {pick(['2', '3'])})"]
    if kind == "working_days":
        return [lambda: f"({of('working_days')} + {of('working_days')})"]
    if kind == "period":
        return [lambda: f"{pick(['week', 'month', 'quarter', 'year', 'fiscal_year', 'fiscal_quarter'])}({of('date')})"]
    return []


def collection(scope, depth):
    """(written, record) of a collection of records."""
    choices = [(record.name, record) for record in records]
    for path, field in scope.paths():
        if field.kind == "ref" and field.many:
            choices += [(path, field.target)] * 3
        elif field.kind == "ref":
            choices += [(f"{path}.{inverse.name}", inverse.target) for inverse in field.target.inverses]
            if any(record is field.target for record in [field.target]) and field.target is next((record for record, _ in scope.levels), None) and "." not in path:
                choices.append((f"transitive({path})", field.target))
    text, record = pick(choices)
    for _ in range(rnd.randrange(0, 3) if depth > 0 else 0):
        shape = chance()
        if shape < 0.45:
            text = f"{text}[{condition(scope.inside(record), depth - 1)}]"
        elif shape < 0.6 and record.inverses:
            inverse = pick(record.inverses)
            text, record = f"{text}.{inverse.name}", inverse.target
        elif shape < 0.75:
            onward = [field for field in record.fields if field.kind == "ref" and not field.optional and not field.many]
            if onward:
                field = pick(onward)
                text, record = f"{text}.{field.name}", field.target
        elif shape < 0.9:
            by = ordering(record, depth)
            if by:
                text = f"{pick(['latest', 'earliest'])}({rnd.randrange(1, 4)}, {text} by {by})"
        else:
            circles = [inverse for inverse in record.inverses if inverse.target is record]
            if circles and not text.startswith("transitive"):
                text = f"transitive({text}.{pick(circles).name})"
    return text, record


def aggregate(scope, kind, depth):
    text, record = collection(scope, depth - 1)
    own = [field.name for field in record.fields if field.kind == kind and not field.many]
    inside = scope.inside(record)
    choices = []
    if kind == "int":
        any_field = [field.name for field in record.fields if not field.many]
        choices += [lambda: f"count({text})", lambda: f"count({text}[{condition(inside, depth - 2)}])"]
        if any_field:
            choices += [lambda: f"count({text}.{pick(any_field)})", lambda: f"count(distinct({text}.{pick(any_field)}))"]
        by = ordering(record, depth)
        if by:
            choices.append(lambda: f"streak({text} by {by} where {condition(inside, depth - 2)})")
        sets = fields_of(scope, "text", None, True) + fields_of(scope, "e0", None, True) + fields_of(scope, "e1", None, True)
        if sets:
            choices.append(lambda: f"count({pick(sets)[0]})")
    if kind in SUMS and own:
        choices += [lambda: f"sum({text}.{pick(own)})", lambda: f"sum(distinct({text}.{pick(own)}))"]
    if kind == "bool":
        choices += [lambda: f"(exists {text})", lambda: f"(no {text})"]
    if kind == "text":
        texts = [field.name for field in record.fields if field.kind == "text" and not field.many]
        choices += [lambda: f"join({text}.name, \"/\")", lambda: f"join({text}.key)"] + ([lambda: f"join({text}.{pick(texts)}, \"+\")"] if texts else [])
    return pick(choices)() if choices else None


def condition(scope, depth):
    if depth <= 0:
        kind = pick(["int", "money", "date", "e0", "text"])
        return f"{value(scope, kind, 0)} {pick(['=', '!=', '<', '<=', '>', '>='])} {value(scope, kind, 0) if kind != 'e0' else literal(kind)}"
    deeper = depth - 1
    kind = pick(SCALARS)
    orders = ["=", "!="] if kind == "bool" else ["=", "!=", "<", "<=", ">", ">="]

    def compare():
        left = value(scope, kind, deeper)
        return f"{left} {pick(orders)} {literal(kind) if kind in ENUMS else value(scope, kind, deeper)}"
    choices = [compare] * 4
    choices += [lambda: f"({condition(scope, deeper)} and {condition(scope, deeper)})", lambda: f"({condition(scope, deeper)} or {condition(scope, deeper)})", lambda: f"not ({condition(scope, deeper)})",
                lambda: f"{value(scope, 'int', deeper)} {pick(['in', 'not in'])} [1, 2, {value(scope, 'int', 0)}]", lambda: f"{value(scope, 'date', deeper)} in {value(scope, 'period', 0)}",
                lambda: f"{value(scope, 'date', deeper)} in {value(scope, 'date', 0)}..{value(scope, 'date', 0)}", lambda: f"{value(scope, 'text', deeper)} contains {value(scope, 'text', 0)}",
                lambda: f"{value(scope, 'text', deeper)} matches \"{pick(['^[a-z]+$', 'a', '[0-9]', '^.?$', 'Ä|ß'])}\"", lambda: f"starts_with({value(scope, 'text', deeper)}, {value(scope, 'text', 0)})"]
    known = maybe(scope, kind, deeper)
    if known:
        choices += [lambda: f"{known} is {pick(['known', 'missing'])}"] * 2
    optional = [path for path, _ in fields_of(scope, kind, True)]
    if optional:
        path = pick(optional)
        choices += [lambda: f"({path} is known and {path} {pick(orders)} {literal(kind)})", lambda: f"({path} is missing or {path} {pick(orders)} {literal(kind)})"]
    choices += [lambda: aggregate(scope, "bool", depth)] * 2
    sets = fields_of(scope, "text", None, True) + fields_of(scope, "e1", None, True)
    if sets:
        members, kept = pick(sets)
        choices += [lambda: f"{members} contains {literal(kept.kind)}", lambda: f"{literal(kept.kind)} in {members}"]
    references = [(path, field) for path, field in scope.paths() if field.kind == "ref" and not field.many]
    if references:
        reference, other = pick(references)
        rows = [key for key in other.target.rows if key]
        if rows and not other.optional:
            choices += [lambda: f"{reference} = {pick(rows)}", lambda: f"{reference}.key != \"{pick(rows)}\""]
        if other.optional:
            choices.append(lambda: f"{reference} is known")
    found = collection(scope, 0)
    own = [field for field in found[1].fields if field.kind == kind and not field.many and field.kind not in ENUMS]
    if own:
        choices.append(lambda: f"{value(scope, kind, deeper)} in {found[0]}.{pick(own).name}")
    return pick(choices)() or "1 = 1"


# ---- declarations and commands ----

def extend(record, number):
    kind = pick(SCALARS)
    scope = Scope([(record, None)])
    text = value(scope, kind, 3)
    line = f"extend {record.name} {{ x{number} = {text} }}"
    record.fields.append(Field(f"x{number}", kind, derived=text))
    return line


def define(number):
    parameters, result = [pick(SCALARS) for _ in range(rnd.randrange(1, 3))], pick(SCALARS)
    holder = Record("parameters")
    holder.fields = [Field(f"a{number}_{position}", kind) for position, kind in enumerate(parameters)]
    body = value(Scope([(holder, None)]), result, 2)
    definitions.append((f"d{number}", parameters, result))
    return f"define d{number}({', '.join(f'{field.name}: {WRITTEN.get(field.kind, field.kind)}' for field in holder.fields)}): {WRITTEN.get(result, result)} = {body}"


def columns(scope, count, depth):
    shown = []
    for number in range(count):
        kind = pick(SCALARS)
        text = maybe(scope, kind, depth) if chance() < 0.35 else None
        shown.append(f"{text or value(scope, kind, depth)} as \"c{number}\"")
    return ", ".join(shown)


def plain_query(source=None):
    record = pick(records)
    scope = Scope([(record, None)])
    start = source or f"from {record.name}"
    where = f" where {condition(scope, 3)}" if chance() < 0.6 else ""
    order = f" sort by {value(scope, pick(['int', 'date', 'text', 'money', 'e0', 'number', 'period']), 2)}{pick(['', ' desc'])}" if chance() < 0.5 else ""
    keep = f" keep where {condition(scope, 2)}" if chance() < 0.2 else ""
    return f"{start}{where} show key, {columns(scope, rnd.randrange(1, 4), 3)}{keep}{order}{pick(['', '', ' take 3'])}"


def group_query():
    record = pick(records)
    scope = Scope([(record, None)])
    where = f" where {condition(scope, 2)}" if chance() < 0.4 else ""
    own = [field.name for field in record.fields if not field.many]
    by = pick(own) if own and chance() < 0.6 else value(scope, pick(["int", "text", "bool", "period", "e1", "number"]), 2)
    shown = []
    for number in range(rnd.randrange(1, 4)):
        kind = pick(SUMS)
        inner = maybe(scope, kind, 2) if chance() < 0.3 else None
        inner = inner or value(scope, kind, 2)
        shown.append(pick([f"sum({inner})", f"avg({inner})", f"max({inner})", f"min({inner})", f"count(where {condition(scope, 2)})", f"count({inner})"]) + f" as \"c{number}\"")
    total = " total n" if chance() < 0.3 else ""
    order = f" sort by n{pick(['', ' desc'])}, g" if chance() < 0.4 else ""
    return f"from {record.name}{where} group by {by} as \"g\" show g, count() as n, {', '.join(shown)}{order}{total}"


def join_query():
    one, other = pick(records), pick(records)
    scope = Scope([(other, "b"), (one, "a")])
    return f"from a in {one.name}, b in {other.name} where {condition(scope, 2)} show a.key as \"a\", b.key as \"b\", {columns(scope, 1, 2)}{pick(['', ' take 7'])}"


def nested_query():
    record = pick(records)
    scope = Scope([(record, None)])
    first, second = pick(SCALARS), pick(SUMS)
    outer = Record("rows")
    outer.fields = [Field("v", first), Field("w", second)]
    row = Scope([(outer, None)])
    take = f" sort by {value(scope, 'int', 1)} take {rnd.randrange(1, 5)}" if chance() < 0.4 else ""
    return (f"from (from {record.name} where {condition(scope, 2)} show key, {value(scope, first, 2)} as v, {value(scope, second, 2)} as w{take}) where {condition(row, 2)} "
            f"show key, {value(row, pick(SCALARS), 2)} as \"c\", w{pick(['', ' sort by w', ' sort by v desc'])}")


def report(number):
    record, kind = pick(records), pick(["int", "money", "date", "text"])
    holder = Record("parameters")
    holder.fields = [Field(f"limit{number}", kind)]
    scope = Scope([(record, None), (holder, None)])
    reports.append((f"p{number}", kind))
    return f"report p{number}(limit{number}: {kind} = {literal(kind)}) \"Report {number}\" {{ from {record.name} where {condition(scope, 2)} show key, {columns(scope, 2, 2)} sort by key{pick([' desc', ''])} }}"


def rule(number):
    record = pick(records)
    scope = Scope([(record, None)])
    where = f" where {condition(scope, 2)}" if chance() < 0.5 else ""
    let_kind = pick(SCALARS)
    let = f" let l{number} = {value(scope, let_kind, 2)}" if chance() < 0.5 else ""
    message = f"{{key}}: {{{f'l{number}' if let else value(scope, pick(SCALARS), 2)}}}"
    exempt = f" except \"E\" when {condition(scope, 1)}" if chance() < 0.2 else ""
    return f"rule q{number} \"Rule {number}\" {{ for {record.name}{where}{let} when {condition(scope, 3)} raise {pick(['low', 'high', 'critical'])} \"{message}\"{exempt} }}"


def command():
    shape = chance()
    if shape < 0.40:
        return plain_query()
    if shape < 0.60:
        return group_query()
    if shape < 0.70:
        return join_query()
    if shape < 0.80:
        return nested_query()
    if shape < 0.86 and reports:
        name, kind = pick(reports)
        return pick([f"run {name}", f"run {name}({literal(kind)})", f"from {name}({literal(kind)}) show key take 5"])
    if shape < 0.92:
        return f"print {', '.join(value(Scope(), pick(SCALARS), 3) for _ in range(2))}"
    if shape < 0.96:
        record = pick(records)
        scope = Scope([(record, "i")])
        return f"for each i in {record.name} where {condition(scope, 2)} {{ print i.key, {value(scope, pick(SCALARS), 2)} }}"
    record = pick(records)
    fields = [field for field in record.fields if not field.many and field.kind in LITERALS and not field.derived and field not in record.key]
    if not fields:
        return plain_query()
    scope, field = Scope([(record, None)]), pick(fields)
    return f"set {record.name}[{condition(scope, 2)}] {{ {field.name}: {value(scope, field.kind, 2)} }}"


# ---- running ----

def run(lines, engine, form):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "program.remit"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        done = subprocess.run([remit, "run", "program.remit", "--store", "s.db", "--on", "2026-06-30", "--engine", engine, "--format", form], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace", timeout=120)
        # What was printed before a failure is no answer: one engine may have begun to write rows when it meets the row that fails.
        return done.returncode, (done.stdout if done.returncode <= 1 else "") + done.stderr


def refused_lines(output):
    """Lines with an error, as the program's own places say."""
    blocks = re.split(r"(?m)^(?=error\[|warning\[)", output)
    return {int(place) - 1 for block in blocks if block.startswith("error") for place in re.findall(r"--> program\.remit:(\d+):", block)[:1]}


def disagreement(lines, form):
    (status_a, a), (status_b, b) = run(lines, "sql", form), run(lines, "interpreter", form)
    if status_a < 0 or status_b < 0 or status_a > 3 or status_b > 3:
        return f"a crash: {status_a}, {status_b}\n{a[-3000:]}\n{b[-3000:]}"
    if "error[R0404]" in a:  # SQLite reads questions within questions only so deep; the message says so, and the interpreter has no such limit
        return None
    if status_a != status_b or a != b:
        return f"sql ({status_a}):\n{a[-3000:]}\ninterpreter ({status_b}):\n{b[-3000:]}"
    return None


def smallest(lines, form):
    """Leaves out lines, halves first, as long as the engines still disagree in a program that the checker takes."""
    def shows(candidate):
        found = disagreement(candidate, form)
        return found and not re.search(r"error\[R0[0-3]", found)
    size = max(1, len(lines) // 2)
    while size:
        position = 0
        while position < len(lines):
            candidate = lines[:position] + lines[position + size:]
            if shows(candidate):
                lines = candidate
            else:
                position += size
        size //= 2
    return lines


def main():
    form = pick(["table", "csv", "json", "jsonl", "markdown"])
    invent_records()
    first = ["settings { currency: USD  fiscal_year_starts: 4 }"] + [f"enum {name} {{ {', '.join(values)} }}" for name, values in ENUMS.items()] + [declare(record) for record in records]
    first += ["holiday { date: 2026-06-01 }", "holiday { date: 2026-01-01 }", 'rate { currency: "USD"; into: "EUR"; date: 2026-01-01; rate: 0.9 }', 'rate { currency: "EUR"; into: "USD"; date: 2025-06-01; rate: 1.1 }',
              'rate { currency: "USD"; into: "EUR"; date: 2026-06-01; rate: 0.85 }']
    rows = invent_rows()
    more = [define(number) for number in range(2)] + [extend(pick(records), number) for number in range(4)] + [report(number) for number in range(2)] + [rule(number) for number in range(4)]
    lines = first + more + rows + ["check"] + [command() for _ in range(14)] + ["check"]
    if only_queries:
        lines = [line for line in lines if line != "check" and not line.startswith("rule ")]
    whole = len(lines)
    for _ in range(60):
        status, output = run(lines, "sql", form)
        refused = refused_lines(output) if status >= 2 else set()
        if "--show" in sys.argv:
            print(status, output[-3000:])
        if status < 2 or status > 3 or not refused:
            break
        if not re.search(r"error\[R0[0-3]", output) and status >= 2:  # it failed as it ran: both must say so, in the same words
            found = disagreement(lines, form)
            if found:
                break
        lines = [line for number, line in enumerate(lines) if number not in refused]
    found = disagreement(lines, form)
    if found:
        lines = smallest(lines, form)
        print(f"seed {seed}: the engines disagree (--format {form}) on\n" + "\n".join(lines) + "\n\n" + (disagreement(lines, form) or found))
        return 1
    if "--count" in sys.argv:
        print(f"kept {len(lines)} of {whole}")
    if len(lines) < whole / 2:
        print(f"seed {seed}: only {len(lines)} of {whole} lines were accepted: the generator is out of step with the language")
        return 1
    return 0


sys.exit(main())
