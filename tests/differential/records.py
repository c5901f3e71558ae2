#!/usr/bin/env python3
"""Writes a program whose records are random too, runs it on both engines and compares all they print: records.py REMIT SEED [--wild] [--queries] [--many] [--show] [--count]

Where compare.py asks deep questions of two records it knows, this one invents the records: every type that a field may have, optional or not, references with and without
inverses, circles, sets, natural keys, owners, derived fields with values, records and collections, definitions, reports with parameters, rules, mandates of every timing with exceptions and
waivers, gates, and commands that change rows between questions. What expressions and queries it writes is in lib/writing.py.

Every declaration and command is one line. A line that the checker refuses is left out, since both engines share the checker; a line that fails when it runs must fail on both with the same
words, and is then left out too. What is left must print the same on both. A failure prints the seed and the smallest program that still shows it. Values that fail (parts of a day
added to a date, days without an exchange rate) stop a program at their first, so they are rare unless --wild asks for them. --queries leaves rules out; --many writes hundreds
of rows; --count says how many lines were kept.
"""
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines
from writing import CADENCES, ENUMS, SCALARS, SETS, SUMS, Field, Record, Scope, Writer, written

remit, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2])
rnd = random.Random(f"records {seed}")
pick, chance = rnd.choice, rnd.random
writer = Writer(rnd, "--wild" in sys.argv)
times = 60 if "--many" in sys.argv else 1
records = writer.records


# ---- records and their rows ----

def invent_records():
    for number in range(rnd.randrange(2, 5)):
        record = Record(f"r{number}")
        record.is_named = chance() < 0.6
        records.append(record)
    for record in records:
        fields = [Field(writer.name("f"), pick(SCALARS), chance() < 0.35) for _ in range(rnd.randrange(2, 7))]
        for _ in range(rnd.randrange(0, 3)):
            target = pick(records)
            field = Field(writer.name("f"), "ref", chance() < 0.5 or target is record, target=target, inverse=writer.name("v") if chance() < 0.8 else None)
            fields.append(field)
        if chance() < 0.35:
            fields.append(Field(writer.name("f"), pick(SETS), many=True))
        if chance() < 0.25:
            fields.append(Field(writer.name("f"), "ref", many=True, target=pick(records)))
        rnd.shuffle(fields)
        record.own = fields
        plain = [field for field in fields if not field.optional and not field.many and field.kind in ("int", "text", "date", "ref", "e0")]
        if not record.is_named and len(plain) >= 2 and chance() < 0.5:
            record.key = rnd.sample(plain, 2)
    for record in records:
        record.fields += record.own
        for field in record.own:
            if field.inverse:
                field.target.fields.append(Field(field.inverse, "ref", many=True, target=record))


def type_words(field):
    kind = field.target.name if field.kind == "ref" else written(field.kind)
    return f"set of {kind}" if field.many else kind + ("?" if field.optional else "")


def declare(record):
    parts = [f"{field.name}: {type_words(field)}" + (f" inverse {field.inverse}" if field.inverse else "")
             + (f" default {writer.literal(field.kind)}" if field.kind in writer.literals and not field.many and not field.optional and chance() < 0.1 else "") for field in record.own]
    if record.key:
        parts.append("key " + ", ".join(field.name for field in record.key))
    return f"record {record.name} \"Record {record.name}\" {{ {'; '.join(parts)} }}"


def row_value(field):
    if field.kind == "ref":
        keys = [key for key in field.target.rows if key]
        if field.many:
            return "[" + ", ".join(rnd.sample(keys, min(len(keys), rnd.randrange(0, 4)))) + "]"
        return pick(keys) if keys else None
    if field.many:
        return "[" + ", ".join(rnd.sample(writer.literals[field.kind], rnd.randrange(0, 3))) + "]"
    return writer.literal(field.kind)


def row_of(record, key, taken):
    values = {}
    for field in record.own:
        if field.optional and chance() < 0.4:
            continue
        value = row_value(field)
        if value is not None:
            values[field.name] = value
        elif not field.optional:
            return None
    natural = tuple(values[field.name] for field in record.key)
    if record.key and natural in taken:
        return None
    taken.add(natural)
    words = "; ".join(f"{name}: {value}" for name, value in values.items())
    title = f' "Title {rnd.randrange(4)}"' if key and chance() < 0.7 else ""
    return f"{record.name} {key}{title} {{ {words} }}" if key else f"add {record.name} {{ {words} }}"


def invent_rows():
    """Rows name rows by their declared keys, so a record that others refer to has to be one whose rows are declared."""
    for record in records:
        if record.is_named:
            record.rows = [f"{record.name.upper()}K{number}" for number in range(pick([0, 1, 3, 6, 9]) * times)]
    lines = []
    for record in records:
        taken = set()
        lines += [row_of(record, key, taken) for key in (record.rows if record.is_named else [None] * pick([0, 2, 5, 12]) * times)]
    return [line for line in lines if line]


# ---- declarations ----

def extend(record):
    scope, name, shape = Scope([(record, None)]), writer.name("x"), chance()
    if shape < 0.6:
        kind, optional = pick(SCALARS), chance() < 0.25
        text = writer.maybe(scope, kind, 2) if optional else None
        field = Field(name, kind, bool(text), derived=True)
        text = text or writer.value(scope, kind, 3)
    elif shape < 0.8:
        target = pick(records)
        found = writer.record_value(scope, target, 2) or (writer.rows(scope, 2, target)[0], None)
        text, optional = found
        field = Field(name, "ref", bool(optional), many=optional is None, target=target, derived=True)
    else:
        text, target = writer.rows(scope, 2)
        while target.is_row:
            text, target = writer.rows(scope, 2)
        field = Field(name, "ref", many=True, target=target, derived=True)
    record.fields.append(field)
    return f"extend {record.name} {{ {name} = {text} }}"


def define():
    name, result = writer.name("d"), pick(SCALARS)
    holder, parameters = Record("parameters", is_row=True), []
    for _ in range(rnd.randrange(1, 3)):
        target = pick(records) if chance() < 0.3 else None
        field = Field(writer.name("a"), "ref" if target else pick(SCALARS), chance() < 0.25, target=target)
        holder.fields.append(field)
        parameters.append((field.kind, target, field.optional))
    body = writer.value(Scope([(holder, None)]), result, 2)
    writer.definitions.append((name, parameters, result))
    return f"define {name}({', '.join(f'{field.name}: {type_words(field)}' for field in holder.fields)}): {written(result)} = {body}"


def report():
    name, holder, row = writer.name("p"), Record("parameters", is_row=True), writer.row()
    holder.fields = [Field(writer.name("limit"), pick(["int", "money", "date", "text", "e0", "number"])) for _ in range(rnd.randrange(0, 3))]
    scope = Scope([(holder, None)])
    standard = ", ".join(f"{field.name}: {written(field.kind)} = {writer.value(Scope(), field.kind, 1)}" for field in holder.fields)
    query = writer.query(scope, row.fields, 2)
    writer.reports.append((name, holder.fields, row))
    return f"report {name}{f'({standard})' if standard else ''} \"Report {name}\" {{ {query} }}"


def rule(number):
    record = pick(records)
    scope = Scope([(record, None)])
    where = f" where {writer.condition(scope, 2)}" if chance() < 0.5 else ""
    let = f" let l{number} = {writer.value(scope, pick(SCALARS), 2)}" if chance() < 0.5 else ""
    message = f"{{key}}: {{{f'l{number}' if let else writer.value(scope, pick(SCALARS), 2)}}}"
    exempt = f" except \"E\" when {writer.condition(scope, 1)}" if chance() < 0.2 else ""
    return f"rule q{number} \"Rule {number}\" {{ for {record.name}{where}{let} when {writer.condition(scope, 3)} raise {pick(['low', 'high', 'critical'])} \"{message}\"{exempt} }}"


def timing(record, scope):
    """A timing, and the scope of what is required."""
    shape = chance()
    if shape < 0.3:
        return pick(["", "", " within 5 days", " within 2 working days", " within 1 month"]), scope
    if shape < 0.6:
        period = Record("period", is_value=True)
        period.fields = [Field("period", "period")]
        ends = "".join(f" {word} {writer.maybe(scope, 'date', 2) or writer.value(scope, 'date', 2)}" for word in ("from", "until") if chance() < 0.6)
        begins = " effective from 2025-01-01" if "from" in ends or chance() < 0.6 else ""
        text = f" every {pick(CADENCES)}{ends}{begins}{pick(['', ' within 3 days', ' within 2 working days', ' within 1 month'])}"
        return text, Scope([(record, None), (period, "period")])
    if shape < 0.8:
        return f" by {writer.maybe(scope, 'date', 2) or writer.value(scope, 'date', 2)}{pick(['', ' within 10 days', ' within 1 working day'])}", scope
    fields = [field for field in record.own if not field.many and field.kind in ("e0", "e1", "bool", "int", "text", "date")]
    if not fields:
        return "", scope
    field = pick(fields)
    return f" before {field.name} becomes {writer.literal(field.kind)}", scope


def mandate(number):
    record = pick(records)
    scope = Scope([(record, None)])
    where = f" where {writer.condition(scope, 2)}" if chance() < 0.5 else ""
    when, inner = timing(record, scope)
    modal = pick(["shall", "should", "should"]) if " before " in when else pick(["shall", "should"])
    clauses = [f" {modal}{pick(['', '', ' not'])} {writer.condition(inner, 3)}"]
    for label in range(pick([0, 0, 1, 2])):
        instead = f" {modal} {writer.condition(inner, 1)}" if chance() < 0.5 else ""
        clauses.append(f" except \"E{label}\" when {writer.condition(inner, 2)}{instead}")
    if chance() < 0.3 and " before " not in when:
        clauses.append(f" dated {writer.maybe(inner, 'date', 1) or writer.value(inner, 'date', 1)}")
    clauses.append(pick(["", " waivable by BOARD up to 90 days", " waivable by BOARD, ADA through PMO"]))
    if " every " in when:
        clauses.append(pick(["", " escalate to BOARD after 2 breaches", " escalate to ADA"]))
    return f"mandate m{number} \"Mandate {number}\" by PMO on dm {{ for {record.name}{where}{when}{''.join(clauses)} }}"


def waiver():
    keys = [key for record in records for key in record.rows if key]
    if not keys:
        return None
    who = pick(['granted_by: "BOARD"', 'granted_by: "BOARD"', 'granted_by: "ADA"; endorsed_by: "PMO"', 'granted_by: "EVE"'])
    return f'add waiver {{ mandate: "m{rnd.randrange(4)}"; element: "{pick(keys)}"; {who}; from: {pick(["2026-01-01", "2026-06-01", "2026-07-01"])}; until: {pick(["2026-06-29", "2026-06-30", "2026-08-01"])}; reason: "r" }}'


OFFICES = ['domain dm "Domain" {}', 'office PMO "Office" { mandates: [dm] }', 'person ADA "Ada" {}', 'person EVE "Eve" {}', 'body BOARD "Board" { members: [ADA, EVE] }']
REQUIRED = "from obligation show mandate, record, element, period, state, due, since, exception, waiver, in_a_row, escalated_to, ended sort by mandate, record, element, period"
DECIDED = "from decision show gate, record, element, change, outcome, exception, waiver sort by gate, record, element, change, outcome"


# ---- commands ----

def plain_query():
    record = pick(records)
    scope, known = Scope([(record, None)]), ""
    optional = [path for path, field in scope.paths() if field.optional and not field.many and field.kind != "ref"]
    if optional and chance() < 0.3:
        path = pick(optional)
        scope, known = scope.knowing(path), f"{path} is known and "
    columns = writer.row().fields
    where = f" where {known}{writer.condition(scope, 3)}" if known or chance() < 0.6 else ""
    return f"from {record.name}{where} show key, {writer.shown(scope, columns, 3)}{writer.query_end(scope, 2, columns)}"


def any_query():
    columns = writer.row().fields
    summed = [column.name for column in columns if column.kind in SUMS]
    total = ""
    if chance() < 0.3:
        total = " total " + ", ".join([pick(["{}", "avg({})", "min({})", "max({})", "sum({})"]).format(name) for name in summed] + [f"count({columns[0].name})"])
    return writer.query(Scope(), columns, 3) + total


def command():
    shape = chance()
    if shape < 0.30:
        return plain_query()
    if shape < 0.68:
        return any_query()
    if shape < 0.78 and writer.reports:
        name, parameters, row = pick(writer.reports)
        if chance() < 0.4:
            return f"run {writer.report_call(Scope(), name, parameters, 1)}"
        scope = Scope([(row, None)])
        return f"from {writer.report_call(Scope(), name, parameters, 1)} where {writer.condition(scope, 2)} show {writer.shown(scope, writer.row().fields, 2)}{writer.query_end(scope, 1)}"
    if shape < 0.86:
        return f"print {', '.join(writer.value(Scope(), pick(SCALARS), 3) for _ in range(2))}"
    if shape < 0.88:
        name, kind = writer.name("let"), pick(SCALARS)
        text = f"let {name} = {writer.value(Scope(), kind, 2)}"
        writer.lets.append((name, kind))
        return text
    if shape < 0.91:
        return pick([f"expect not {writer.condition(Scope(), 2)} or 1 = 1", f"if {writer.condition(Scope(), 3)} {{ print 1 }} else {{ print {writer.value(Scope(), pick(SCALARS), 2)} }}",
                     f"add holiday {{ date: {writer.literal('date')} }}", 'add rate { currency: "USD"; into: "EUR"; date: 2026-05-01; rate: 0.75 }', "from finding show rule, element, severity, message sort by rule, element, message"])
    return change()


def change():
    record = pick(records)
    scope, inner = Scope([(record, "i")]), Scope([(record, None)])
    if chance() < 0.3:
        return f"for each i in {record.name} where {writer.condition(scope, 2)} {{ print i.key, {writer.value(scope, pick(SCALARS), 2)} }}"
    if chance() < 0.15:
        return f"remove {record.name}[{writer.condition(inner, 2)}]"
    fields = [field for field in record.own if field not in record.key]
    if not fields:
        return plain_query()
    field = pick(fields)
    if field.kind == "ref" or field.many:
        text = row_value(field)
    else:
        text = (writer.maybe(inner, field.kind, 2) if field.optional else None) or writer.value(inner, field.kind, 2)
    return f"set {record.name}[{writer.condition(inner, 2)}] {{ {field.name}: {text} }}" if text else plain_query()


# ---- the program ----

def invent():
    invent_records()
    lines = [f"settings {{ currency: USD  fiscal_year_starts: {pick([1, 4, 4, 7, 12])} }}"] + [f"enum {name} {{ {', '.join(values)} }}" for name, values in ENUMS.items()] + [declare(record) for record in records]
    lines += ["holiday { date: 2026-06-01 }", "holiday { date: 2026-01-01 }", 'rate { currency: "USD"; into: "EUR"; date: 2026-01-01; rate: 0.9 }', 'rate { currency: "EUR"; into: "USD"; date: 2025-06-01; rate: 1.1 }',
              'rate { currency: "USD"; into: "EUR"; date: 2026-06-01; rate: 0.85 }']
    lines += [f'rate {{ currency: "{one}"; into: "{other}"; date: 2026-01-15; rate: {rate} }}' for one, other, rate in [("JPY", "USD", "0.0065"), ("USD", "JPY", "153.2"), ("JPY", "EUR", "0.006"), ("EUR", "JPY", "163.7")]]
    rows = invent_rows()
    more = [define() for _ in range(2)] + [extend(pick(records)) for _ in range(5)] + [report() for _ in range(2)] + [rule(number) for number in range(4)]
    more += OFFICES + [mandate(number) for number in range(4)]
    lines += more + rows + [line for line in (waiver() for _ in range(2)) if line] + ["check", REQUIRED] + [command() for _ in range(16)] + ["check", REQUIRED, DECIDED]
    return [line for line in lines if "--queries" not in sys.argv or not (line in ("check", REQUIRED, DECIDED) or line.startswith(("rule ", "mandate ")))]


def main():
    form = pick(["table", "csv", "json", "jsonl", "markdown"])
    lines = invent()
    whole = len(lines)
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


if __name__ == "__main__":
    sys.exit(main())
