"""Writes random expressions of a given type over random records: all of lang/REFERENCE.md that has a value.

A scope holds the elements that names may mean, innermost first. `value` writes what is never missing, `maybe` what may be; `record_value` a record, `rows` a collection of records
or of rows of a query, `values` a collection of scalars. Names of fields are different all over a program, so that none hides another.
"""

ENUMS = {"e0": ["lo", "mid", "hi"], "e1": ["red", "amber", "green", "blue"]}
LITERALS = {
    "int": ["0", "1", "2", "3", "7", "-4", "100", "-1", "40_000"],
    "number": ["0.5", "2.25", "-1.5", "1000.125", "0.1", "3.0", "12345678.9", "0.001"],
    "money": ["0 USD", "10 USD", "99.99 USD", "-5.0001 USD", "1M USD", "0.0001 USD", "123_456.7891 USD"],
    "euro": ["0 EUR", "10 EUR", "-2.5 EUR", "77.7777 EUR"],
    "yen": ["0 JPY", "1000 JPY", "-7 JPY"],
    "text": ['"alpha"', '"beta"', '"Älpha"', '""', '"zeta"', '"a,b"', '"x|y"', '"B"', '"straße"', '"10"', '"9"', '" pad "', '"a%b_c"', '"線"', '"quo\\"te"', '"=1+1"'],
    "bool": ["true", "false"],
    "date": ["2026-01-01", "2026-02-28", "2026-03-31", "2025-12-31", "2026-06-30", "2024-02-29", "2026-07-04", "2026-05-29", "1999-12-31", "2026-01-31"],
    "datetime": ["2026-06-30T12:00:00", "2026-01-01T00:00:00", "2025-12-31T23:59:59"],
    "duration": ["0 days", "1 day", "30 days", "48 hours", "2 weeks", "-3 days"],
    "span": ["1 month", "2 months", "1 year", "1 quarter", "-1 month"],
    "working_days": ["1 working day", "5 working days", "0 working days"],
    "period": ["2026-W12", "2026-06", "2026Q2", "FY2026", "FY2026Q1", "2026-01", "2025-W52"],
    "e0": ENUMS["e0"], "e1": ENUMS["e1"],
}
WILD = {"int": ["9_000_000_000_000_000_000"], "number": ["900bn * 1.5"], "duration": ["90 minutes", "36 hours"], "money": ["900bn USD"]}
SCALARS = ["int", "int", "number", "money", "money", "euro", "yen", "text", "text", "bool", "date", "date", "datetime", "duration", "span", "working_days", "period", "e0", "e1"]
SUMS = ["int", "number", "money", "euro", "duration"]
SETS = ["text", "e0", "e1"]
WRITTEN = {"euro": "money in EUR", "yen": "money in JPY"}
CADENCES = ["week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "2 weeks", "3 weeks", "6 months", "2 quarters", "2 years"]
SHORT = ["day", "10 days", "week", "2 days"]  # between any two dates there would be too many
CURRENCY = {"money": "USD", "euro": "EUR", "yen": "JPY"}


def written(kind):
    return WRITTEN.get(kind, kind)


class Field:
    """kind "ref": a record of target. many: a set or an inverse."""

    def __init__(self, name, kind, optional=False, many=False, target=None, inverse=None, derived=False):
        self.name, self.kind, self.optional, self.many, self.target, self.inverse, self.derived = name, kind, optional, many, target, inverse, derived

    def known(self):
        return Field(self.name, self.kind, False, self.many, self.target, self.inverse, self.derived)


class Record:
    """A record type, or the columns of a query (is_row) or parameters as if they were one. is_value: the elements are values, the name of one is its one field."""

    def __init__(self, name, is_row=False, is_value=False):
        self.name, self.fields, self.key, self.rows, self.is_named, self.is_row, self.is_value = name, [], [], [], False, is_row or is_value, is_value


class Scope:
    def __init__(self, levels=(), known=frozenset()):
        self.levels, self.known = list(levels), known

    def inside(self, record, binder=None):
        return Scope([(record, binder)] + self.levels, self.known)

    def knowing(self, path):
        return Scope(self.levels, self.known | {path})

    def paths(self):
        """(written, field) of every field that may be named here."""
        seen = set()
        for record, binder in self.levels:
            if not binder and record in seen:
                continue
            for field in record.fields:
                path = binder if record.is_value else f"{binder}.{field.name}" if binder else field.name
                yield path, field.known() if path in self.known else field
            if not binder:
                seen.add(record)

    def elements(self):
        """(written, record) of the elements that have a name of their own."""
        return [(binder, record) for record, binder in self.levels if binder and not record.is_row]


class Writer:
    def __init__(self, rnd, is_wild):
        self.rnd, self.pick, self.chance = rnd, rnd.choice, rnd.random
        self.records, self.definitions, self.lets, self.reports = [], [], [], []
        self.literals = {kind: texts + (WILD.get(kind, []) if is_wild else []) for kind, texts in LITERALS.items()}
        self.is_wild, self.counter = is_wild, 0
        self.days, self.labels = [], []  # of the store's past, and of baselines: without days nothing asks what was

    def name(self, letter):
        self.counter += 1
        return f"{letter}{self.counter}"

    def literal(self, kind):
        text = self.pick(self.literals[kind])
        return f"({text})" if text.startswith("-") or " * " in text else text

    def fields(self, scope, kind, optional=None, many=False):
        return [(path, field) for path, field in scope.paths() if field.kind == kind and field.many == many and (optional is None or field.optional == optional)]

    # ---- records ----

    def record_value(self, scope, target, depth):
        """(written, optional) of an expression whose value is a record of that type; None when there is none at hand."""
        choices = [(path, field.optional) for path, field in scope.paths() if field.kind == "ref" and not field.many and field.target is target]
        choices += [(binder, False) for binder, record in scope.elements() if record is target]
        keys = [key for key in target.rows if key]
        if keys and (not choices or self.chance() < 0.15):
            choices.append((f"{target.name}[\"{self.pick(keys)}\"]", False))
        if depth > 0:
            for path, field in scope.paths():
                if field.kind == "ref" and not field.many:
                    choices += [(f"{path}.{inner.name}", field.optional or inner.optional) for inner in field.target.fields
                                if inner.kind == "ref" and not inner.many and inner.target is target]
            if self.chance() < 0.3:
                text, record = self.rows(scope, depth - 1, target)
                by = self.ordering(record)
                if record is target and by:
                    choices.append((f"{self.pick(['latest', 'earliest'])}({text} by {by})", True))
        if not choices:
            return None
        text, optional = self.pick(choices)
        if depth > 0 and self.chance() < 0.15:
            other, other_optional = self.pick(choices)
            if optional and self.chance() < 0.5:
                return f"({text} ?? {other})", other_optional
            return f"(if {self.condition(scope, depth - 1)} then {text} else {other})", optional or other_optional
        return text, optional

    def ordering(self, record):
        plain = [field.name for field in record.fields if not field.many and field.kind not in ("ref", "bool")]
        return self.pick(plain) if plain else None

    # ---- collections ----

    def row(self):
        row = Record("row", is_row=True)
        row.fields = [Field(self.name("c"), self.pick(SCALARS), self.chance() < 0.3) for _ in range(self.rnd.randrange(1, 4))]
        return row

    def rows(self, scope, depth, wanted=None):
        """(written, record) of a collection of records or rows."""
        choices = [(record.name, record) for record in self.records]
        for path, field in scope.paths():
            if field.kind == "ref" and field.many:
                choices += [(path, field.target)] * 3
            elif field.kind == "ref":
                choices += [(f"{path}.{inner.name}", inner.target) for inner in field.target.fields if inner.kind == "ref" and inner.many]
        if depth > 0 and self.chance() < 0.12:
            row = self.row()
            choices = [(f"({self.query(scope, row.fields, depth - 1)}{self.as_of(0.3)})", row)]
        history = self.history(scope) if self.days and self.chance() < 0.12 else None
        choices = [history] if history else choices
        reached = self.reached(scope, depth) if self.chance() < 0.1 else None
        choices += [reached] * 3 if reached else []
        if wanted and self.chance() < 0.8:
            choices = [choice for choice in choices if choice[1] is wanted] or choices
        text, record = self.pick(choices)
        for _ in range(self.rnd.randrange(0, 3) if depth > 0 else 0):
            text, record = self.further(scope, text, record, depth - 1)
        return text, record

    def further(self, scope, text, record, depth):
        shape = self.chance()
        many = [field for field in record.fields if field.kind == "ref" and field.many]
        one = [field for field in record.fields if field.kind == "ref" and not field.many]
        by = self.ordering(record)
        if shape < 0.4:
            return f"{text}[{self.condition(scope.inside(record), depth)}]", record
        if shape < 0.55 and many:
            field = self.pick(many)
            return f"{text}.{field.name}", field.target
        if shape < 0.65 and one:
            field = self.pick(one)
            if field.optional:
                return f"{text}[{field.name} is known].{field.name}", field.target
            return f"{text}.{field.name}", field.target
        if shape < 0.8 and by:
            return f"{self.pick(['latest', 'earliest'])}({self.rnd.randrange(1, 4)}, {text} by {by})", record
        if shape < 0.9 and not record.is_row:
            return f"distinct({text})", record
        return self.reached(scope, depth) or (text, record)

    def reached(self, scope, depth):
        """All that is reached from a record by a step to others of its type."""
        target = self.pick(self.records)
        steps = [field for field in target.fields if field.kind == "ref" and field.target is target]
        found = self.record_value(scope, target, depth - 1) if steps else None
        own = next((record for record, binder in scope.levels if not binder), None)
        if own is target and steps and self.chance() < 0.5:
            return f"transitive({self.pick(steps).name})", target
        return (f"transitive({found[0]}.{self.pick(steps).name})", target) if found else None

    def periods(self, scope, depth):
        """Periods that follow one another. Where they are short the days are not far apart."""
        def day():
            return (self.maybe(scope, "date", depth - 1) if self.chance() < 0.3 else None) or self.value(scope, "date", depth - 1)
        if self.chance() < 0.4:
            first = self.value(scope, "date", min(depth - 1, 1))
            return f"periods({self.pick(SHORT)}, {first}, {first} + {self.pick(['0', '1', '9', '30'])} days)"
        return f"periods({self.pick(CADENCES)}, {day()}, {day()})"

    def values(self, scope, kind, depth):
        """A collection of scalars, none missing."""
        choices = [path for path, field in self.fields(scope, kind, None, True)] * 3
        if kind == "period":
            choices += [self.periods(scope, depth)] * 3
        text, record = self.rows(scope, depth - 1)
        own = [field for field in record.fields if field.kind == kind and not field.many]
        if own:
            field = self.pick(own)
            choices += [f"{text}[{field.name} is known].{field.name}" if field.optional else f"{text}.{field.name}"] * 2
        many = [field for field in record.fields if field.kind == kind and field.many]
        if many:
            choices.append(f"{text}.{self.pick(many).name}")
        if depth > 0:
            choices.append(f"({self.query(scope, [Field(self.name('c'), kind)], depth - 1)}{self.as_of(0.3)})")
            if self.chance() < 0.3:
                choices.append(f"[{', '.join(self.value(scope, kind, depth - 1) for _ in range(self.rnd.randrange(1, 4)))}]")
        text = self.pick(choices) if choices else f"[{self.literal(kind)}, {self.literal(kind)}]"
        return f"distinct({text})" if self.chance() < 0.2 else text

    # ---- what may be missing ----

    def maybe(self, scope, kind, depth):
        choices = [path for path, _ in self.fields(scope, kind, True)]
        if depth > 0:
            for path, field in self.fields(scope, "ref"):
                choices += [f"{path}.{inner.name}" for inner in field.target.fields if inner.kind == kind and not inner.many and (inner.optional or field.optional)]
            if choices and self.chance() < 0.5:
                return self.pick(choices)
            choices += [written for written in self.maybe_found(scope, kind, depth) if written]
        return self.pick(choices) if choices else None

    def maybe_found(self, scope, kind, depth):
        if self.days and self.chance() < 0.6:
            yield self.past(scope, kind, depth)
        text, record = self.rows(scope, depth - 1)
        own = [field.name for field in record.fields if field.kind == kind and not field.many]
        by = self.ordering(record)
        if own and by:
            yield f"{self.pick(['latest', 'earliest'])}({text} by {by}).{self.pick(own)}"
        if kind != "bool":
            yield f"{self.pick(['min', 'max'])}({self.values(scope, kind, depth - 1)})"
        if kind in SUMS and kind != "int":
            yield f"avg({self.values(scope, 'int' if kind == 'number' and self.chance() < 0.5 else kind, depth - 1)})"
        if kind == "number":
            same = self.pick(["int", "money", "number", "duration"])
            yield f"({self.value(scope, same, depth - 1)} / {self.value(scope, same, depth - 1)})"
        if kind in ("money", "euro", "yen", "duration"):
            yield f"({self.value(scope, kind, depth - 1)} / {self.value(scope, self.pick(['int', 'number']), depth - 1)})"
        if kind == "duration":
            dated = [field.name for field in record.fields if field.kind in ("date", "datetime") and not field.many]
            if dated:
                yield f"longest_gap({text} by {self.pick(dated)})"
        if self.chance() < 0.3:
            yield f"(if {self.condition(scope, depth - 1)} then {self.value(scope, kind, depth - 1)} else missing)"
        target = self.pick(self.records)
        found = self.record_value(scope, target, depth - 1)
        inner = [field.name for field in target.fields if field.kind == kind and not field.many]
        if found and found[1] and inner:
            yield f"{found[0]}.{self.pick(inner)}"

    # ---- what was ----

    def day(self, scope, depth):
        if self.chance() < 0.7:
            return self.pick(self.days)
        if self.chance() < 0.3 and self.labels:
            return self.pick([f'baseline "{label}"' for label in self.labels] + ["original baseline", "current baseline"])
        return self.pick(["today", "(today - 90 days)", f"({(self.maybe(scope, 'date', depth) if self.chance() < 0.3 else None) or self.value(scope, 'date', depth)})"])

    def past(self, scope, kind, depth):
        found = self.pick([path for path, field in scope.paths() if field.kind == kind and not field.many] or [None]) if self.chance() < 0.5 else None
        value = found or (self.maybe(scope, kind, depth - 1) if self.chance() < 0.3 else None) or self.value(scope, kind, depth - 1)
        return f"(({value}) at {self.day(scope, depth - 2)})"

    def as_of(self, share=1.0):
        return f" as of {self.pick(self.days + ['today', 'today - 60 days'])}" if self.days and self.chance() < share else ""

    def history(self, scope):
        """The values that a stored field had."""
        paths = []
        for record, binder in scope.levels:
            if not record.is_row:
                paths += [(f"{binder}.{field.name}" if binder else field.name, field) for field in record.fields if not field.many and not field.derived and field.kind in SCALARS]
        if not paths:
            return None
        path, field = self.pick(paths)
        row = Record("history", is_row=True)
        row.fields = [Field("value", field.kind, field.optional), Field("until", "date", True), Field("by", "text")]
        return f"history({path})", row

    # ---- what is there ----

    def value(self, scope, kind, depth):
        here = [path for path, _ in self.fields(scope, kind, False)] + [name for name, other in self.lets if other == kind]
        if depth <= 0:
            return self.pick(here) if here and self.chance() < 0.7 else self.literal(kind)
        if self.chance() < 0.25:
            return self.pick(here) if here else self.literal(kind)

        def of(other):
            return self.value(scope, other, depth - 1)
        choices = []
        missing = self.maybe(scope, kind, depth)
        if missing:
            choices += [lambda: f"({missing} ?? {of(kind)})"] * 4
        optional = [path for path, _ in self.fields(scope, kind, True)]
        if optional:
            path = self.pick(optional)
            choices += [lambda: f"(if {path} is known then {self.value(scope.knowing(path), kind, depth - 1)} else {of(kind)})"] * 2
        choices += [lambda: f"(if {self.condition(scope, depth - 1)} then {of(kind)} else {of(kind)})", lambda: self.case(scope, kind, depth)]
        choices += self.by_kind(kind, of, scope, depth)
        choices += [lambda: self.aggregate(scope, kind, depth)] * 3
        choices += [lambda made=made: self.call(scope, made, depth) for made in self.definitions if made[2] == kind]
        return self.pick(choices)() or self.literal(kind)

    def case(self, scope, kind, depth):
        def of():
            return self.value(scope, kind, depth - 1)
        listed = [(path, field.kind) for path, field in scope.paths() if field.kind in ENUMS and not field.optional and not field.many and "." not in path]
        if listed and self.chance() < 0.5:  # every value has its row: there is no `otherwise`
            path, enum = self.pick(listed)
            return f"case {{ {' '.join(f'| {path} = {name} -> {of()}' for name in ENUMS[enum])} }}"
        rows = " ".join(f"| {self.condition(scope, depth - 1)} -> {of()}" for _ in range(self.rnd.randrange(1, 4)))
        return f"case {{ {rows} | otherwise -> {of()} }}"

    def call(self, scope, definition, depth):
        name, parameters, _ = definition
        arguments = []
        for kind, target, optional in parameters:
            if not target:
                arguments.append(self.value(scope, kind, depth - 1) if not optional or self.chance() < 0.4 else self.maybe(scope, kind, depth - 1) or self.literal(kind))
                continue
            found = self.record_value(scope, target, depth - 1)
            if not found or (found[1] and not optional):
                return None
            arguments.append(found[0])
        return f"{name}({', '.join(arguments)})"

    def by_kind(self, kind, of, scope, depth):
        pick, literal = self.pick, self.literal
        if kind == "int":
            return [lambda: f"({of('int')} {pick(['+', '-', '*'])} {of('int')})", lambda: f"length({of('text')})", lambda: f"working_days({of('date')}, {of('date')})", lambda: f"({of('date')}).{pick(['month', 'year', 'day'])}",
                    lambda: f"abs({of('int')})", lambda: f"{pick(['min', 'max'])}({of('int')}, {of('int')})", lambda: f"int({of('number')})", lambda: f"(-{of('int')})"]
        if kind == "number":
            return [lambda: f"({of('number')} {pick(['+', '-', '*'])} {of('number')})", lambda: f"round({of('number')}, {self.rnd.randrange(0, 5)})", lambda: f"number({of('int')})", lambda: f"({of('int')} * {of('number')})",
                    lambda: f"abs({of('number')})", lambda: f"{pick(['min', 'max'])}({of('number')}, {of('number')})", lambda: f"({of('int')} / {pick(['3', '7', '2.5'])})", lambda: f"(-{of('number')})", lambda: f"({of('number')} + {of('int')})"]
        if kind in CURRENCY:
            source = pick([other for other in CURRENCY if other != kind])
            day = pick(["today", "2026-03-15", "2026-06-30"] + (["2025-12-31", of("date")] if self.is_wild else []))
            return [lambda: f"({of(kind)} {pick(['+', '-'])} {of(kind)})", lambda: f"({of(kind)} * {pick(['110%', '2', '0.333', '(-1)', '12.5%'])})", lambda: f"({of(kind)} * {of('number')})", lambda: f"({of(kind)} * {of('int')})",
                    lambda: f"round({of(kind)}, {pick(['-3', '0', '1', '2', '4'])})", lambda: f"abs({of(kind)})", lambda: f"{pick(['min', 'max'])}({of(kind)}, {of(kind)})", lambda: f"convert({of(source)}, {CURRENCY[kind]}, on {day})", lambda: f"(-{of(kind)})"]
        if kind == "text":
            shown = pick(["int", "number", "money", "euro", "date", "duration", "period", "e0", "bool", "text", "span", "working_days", "datetime"])
            return [lambda: f"{pick(['upper', 'lower', 'trim'])}({of('text')})", lambda: f"\"<{{{of(shown)}}}> {{{of('text')}}}\"", lambda: f"format({of('date')}, \"{pick(['%d %b %Y', '%Y-%j', '%A %e %B %y'])}\")",
                    lambda: f"percent({of('number')}{pick([', 1', ', 3', ''])})", lambda: f"format({of('number')}, {pick(['0', '2', '5'])})", lambda: f"\"{{{self.maybe(scope, shown, depth - 1) or of(shown)}}}\"",
                    lambda: self.name_of(scope, depth)]
        if kind == "bool":
            return [lambda: f"({self.condition(scope, depth - 1)})"] * 3
        if kind == "date":
            return [lambda: f"({of('date')} {pick(['+', '-'])} {of('span')})", lambda: f"({of('date')} {pick(['+', '-'])} {of('working_days')})", lambda: f"({of('date')} {pick(['+', '-'])} {pick(['10 days', '2 weeks', '1 day', '1 month', '3 working days'])})",
                    lambda: f"({of('period')}).{pick(['start', 'end'])}", lambda: f"{pick(['min', 'max'])}({of('date')}, {of('date')})", lambda: "today"] + ([lambda: f"({of('date')} + {of('duration')})"] if self.is_wild else [])
        if kind == "datetime":
            return [lambda: f"({of('datetime')} {pick(['+', '-'])} {of('duration')})", lambda: f"{pick(['min', 'max'])}({of('datetime')}, {of('datetime')})", lambda: "now"]
        if kind == "duration":
            return [lambda: f"({of('date')} - {of('date')})", lambda: f"({of('datetime')} - {of('datetime')})", lambda: f"({of('duration')} {pick(['+', '-'])} {of('duration')})", lambda: f"({of('duration')} * {pick(['2', '0.5', '(-1)'])})",
                    lambda: f"abs({of('duration')})", lambda: f"{pick(['min', 'max'])}({of('duration')}, {of('duration')})"]
        if kind == "span":
            return [lambda: f"({of('span')} {pick(['+', '-'])} {of('span')})", lambda: f"({of('span')} * {pick(['2', '3'])})"]
        if kind == "working_days":
            return [lambda: f"({of('working_days')} + {of('working_days')})", lambda: f"({of('working_days')} * {literal('int')})"]
        if kind == "period":
            return [lambda: f"{pick(['week', 'month', 'quarter', 'year', 'fiscal_year', 'fiscal_quarter'])}({of('date')})"]
        return []

    def name_of(self, scope, depth):
        """The key or the name of a record, or of the element at hand."""
        found = self.record_value(scope, self.pick(self.records), depth - 1)
        if not found:
            return None
        return f"({found[0]}.{self.pick(['key', 'name'])} ?? \"none\")" if found[1] else f"{found[0]}.{self.pick(['key', 'name'])}"

    def aggregate(self, scope, kind, depth):
        text, record = self.rows(scope, depth - 1)
        choices = []
        if kind == "int":
            any_field = [field.name for field in record.fields if not field.many]
            choices += [lambda: f"count({text})", lambda: f"count({text}[{self.condition(scope.inside(record), depth - 2)}])", lambda: f"count({self.values(scope, self.pick(SCALARS), depth - 1)})"]
            if any_field:
                choices += [lambda: f"count({text}.{self.pick(any_field)})", lambda: f"count(distinct({text}.{self.pick(any_field)}))"]
            by = self.ordering(record)
            if by:
                choices.append(lambda: f"streak({text} by {by} where {self.condition(scope.inside(record), depth - 2)})")
        own = [field.name for field in record.fields if field.kind == kind and not field.many]
        if kind in SUMS:
            choices += [lambda: f"sum({self.values(scope, kind, depth - 1)})"]
            if own:
                choices += [lambda: f"sum({text}.{self.pick(own)})", lambda: f"sum(distinct({text}.{self.pick(own)}))"]
        if kind == "bool":
            choices += [lambda: f"(exists {text})", lambda: f"(no {text})", lambda: f"(exists {self.values(scope, self.pick(SCALARS), depth - 1)})"]
        if kind == "text":
            choices += [lambda: f"join({self.values(scope, 'text', depth - 1)}, \"{self.pick(['/', ', ', ''])}\")"]
            if not record.is_row:
                choices += [lambda: f"join({text}.name, \"/\")", lambda: f"join({text}.key)"]
        return self.pick(choices)() if choices else None

    # ---- conditions ----

    def condition(self, scope, depth):
        if depth <= 0:
            kind = self.pick(["int", "money", "date", "e0", "text"])
            left = self.value(scope, kind, 0)
            return f"{left} {self.pick(['=', '!=', '<', '<=', '>', '>='])} {self.value(scope, kind, 0) if kind != 'e0' else self.literal(kind)}"
        deeper = depth - 1
        kind = self.pick(SCALARS)
        orders = ["=", "!="] if kind == "bool" else ["=", "!=", "<", "<=", ">", ">="]

        def compare():
            left = self.value(scope, kind, deeper)
            return f"{left} {self.pick(orders)} {self.literal(kind) if kind in ENUMS else self.value(scope, kind, deeper)}"
        choices = [compare] * 4
        choices += [lambda: f"({self.condition(scope, deeper)} and {self.condition(scope, deeper)})", lambda: f"({self.condition(scope, deeper)} or {self.condition(scope, deeper)})", lambda: f"not ({self.condition(scope, deeper)})"]
        choices += self.memberships(scope, kind, deeper) + self.texts(scope, deeper) + self.presences(scope, kind, orders, deeper)
        choices += [lambda: self.aggregate(scope, "bool", depth)] * 2
        return self.pick(choices)() or "1 = 1"

    def memberships(self, scope, kind, deeper):
        value, pick = self.value, self.pick
        ranged = pick(["int", "money", "date", "number", "duration", "datetime"])
        choices = [lambda: f"{value(scope, 'int', deeper)} {pick(['in', 'not in'])} [1, 2, {value(scope, 'int', 0)}]", lambda: f"{value(scope, 'date', deeper)} in {value(scope, 'period', 0)}",
                   lambda: f"{value(scope, ranged, deeper)} {pick(['in', 'not in'])} {value(scope, ranged, 0)}..{value(scope, ranged, 0)}",
                   lambda: f"{value(scope, kind, deeper)} {pick(['in', 'not in'])} [{self.literal(kind)}, {value(scope, kind, 0)}]"]
        if kind not in ENUMS:
            choices.append(lambda: f"{value(scope, kind, deeper)} {pick(['in', 'not in'])} {self.values(scope, kind, deeper)}")
        sets = [(path, field) for path, field in scope.paths() if field.many and field.kind in SETS]
        if sets:
            members, kept = pick(sets)
            choices += [lambda: f"{members} contains {self.literal(kept.kind)}", lambda: f"{self.literal(kept.kind)} {pick(['in', 'not in'])} {members}"]
        target = pick(self.records)
        found = self.record_value(scope, target, deeper)
        if found and not found[1]:
            other = self.record_value(scope, target, 0)
            text, record = self.rows(scope, deeper, target)
            if other and not other[1]:
                choices.append(lambda: f"{found[0]} {pick(['=', '!='])} {other[0]}")
            if record is target:
                choices += [lambda: f"{found[0]} {pick(['in', 'not in'])} {text}", lambda: f"{text} contains {found[0]}"]
        return choices

    def texts(self, scope, deeper):
        value, pick = self.value, self.pick
        return [lambda: f"{value(scope, 'text', deeper)} contains {value(scope, 'text', 0)}", lambda: f"{pick(['starts_with', 'ends_with'])}({value(scope, 'text', deeper)}, {value(scope, 'text', 0)})",
                lambda: f"{value(scope, 'text', deeper)} matches \"{pick(['^[a-z]+$', 'a', '[0-9]', '^.?$', 'Ä|ß', '^[^,|]*$'])}\""]

    def presences(self, scope, kind, orders, deeper):
        choices = []
        unknown = self.maybe(scope, kind, deeper)
        if unknown:
            choices += [lambda: f"{unknown} is {self.pick(['known', 'missing'])}"] * 2
        optional = [path for path, _ in self.fields(scope, kind, True)]
        if optional:
            path = self.pick(optional)
            choices += [lambda: f"({path} is known and {self.condition(scope.knowing(path), deeper)})", lambda: f"({path} is missing or {path} {self.pick(orders)} {self.literal(kind)})"]
        references = [(path, field) for path, field in self.fields(scope, "ref", True)]
        if references:
            path, field = self.pick(references)
            inner = [own for own in field.target.fields if not own.many and not own.optional and own.kind in ("int", "money", "date", "text")]
            choices.append(lambda: f"{path} is {self.pick(['known', 'missing'])}")
            if inner:
                own = self.pick(inner)
                choices.append(lambda: f"({path} is known and {path}.{own.name} {self.pick(['=', '<', '>='])} {self.value(scope.knowing(path), own.kind, deeper)})")
        return choices

    # ---- queries ----

    def query(self, scope, columns, depth):
        """A query with these columns inside a scope."""
        shape = self.chance()
        if shape < 0.2 and depth > 0:
            return self.joined_query(scope, columns, depth)
        if shape < 0.4:
            return self.grouped_query(scope, columns, depth)
        text, record = self.source(scope, depth - 1)
        binder = self.name("b") if record.is_value or self.chance() < 0.4 else None
        inner = scope.inside(record, binder)
        where = f" where {self.condition(inner, depth)}" if self.chance() < 0.6 else ""
        return f"from {binder + ' in ' if binder else ''}{text}{where} show {self.shown(inner, columns, depth)}{self.query_end(inner, depth, columns)}"

    def source(self, scope, depth):
        """A collection or a report. One of values needs a name for its elements."""
        if self.chance() < 0.12:
            periods = Record("periods", is_value=True)
            periods.fields = [Field("period", "period")]
            return self.periods(scope, depth), periods
        if self.reports and self.chance() < 0.08:
            name, parameters, row = self.pick(self.reports)
            return self.report_call(scope, name, parameters, depth), row
        return self.rows(scope, depth)

    def report_call(self, scope, name, parameters, depth):
        given = [self.value(Scope(), field.kind, depth) for field in parameters]
        if given and self.chance() < 0.3:
            return f"{name}({parameters[-1].name}: {given[-1]})"
        return f"{name}({', '.join(given[:self.rnd.randrange(0, len(given) + 1)])})" if given else name

    def shown(self, inner, columns, depth):
        texts = [((self.maybe(inner, column.kind, depth) if column.optional else None) or self.value(inner, column.kind, depth), column.name) for column in columns]
        return ", ".join(f"{text} as {name}" for text, name in texts)

    def query_end(self, inner, depth, columns=()):
        keep = f" keep where {self.condition(inner, depth)}" if self.chance() < 0.15 else ""
        return keep + self.order(inner, depth, columns) + self.take()

    def take(self):
        most = [name for name, kind in self.lets if kind == "int"]
        return " take " + self.pick(["0", "1", "2", "3", "4", "1 + 1", "length(\"ab\")"] + most) if self.chance() < 0.25 else ""

    def order(self, inner, depth, columns):
        if self.chance() > 0.4:
            return ""
        keys = [column.name for column in columns if self.chance() < 0.3]
        for _ in range(self.rnd.randrange(1, 3)):
            kind = self.pick([kind for kind in SCALARS if kind != "bool"])
            keys.append((self.maybe(inner, kind, depth) if self.chance() < 0.4 else None) or self.value(inner, kind, depth))
        return " sort by " + ", ".join(key + self.pick(["", " desc", " asc"]) for key in keys)

    def joined_query(self, scope, columns, depth):
        inner, sources = scope, []
        for _ in range(2):
            text, record = self.source(inner, depth - 1)
            binder = self.name("b")
            sources.append(f"{binder} in {text}")
            inner = inner.inside(record, binder)
        return f"from {', '.join(sources)} where {self.condition(inner, depth)} show {self.shown(inner, columns, depth - 1)}{self.query_end(inner, depth - 1, columns)}"

    def grouped_query(self, scope, columns, depth):
        text, record = self.source(scope, depth - 1)
        binder = self.name("b") if record.is_value else None
        inner, binders = scope.inside(record, binder), f"{binder} in {text}" if binder else text
        if self.chance() < 0.2:
            first, second = self.name("b"), self.name("b")
            inner = scope.inside(record, first)
            other, record = self.source(inner, depth - 1)
            inner, binders = inner.inside(record, second), f"{first} in {text}, {second} in {other}"
        where = f" where {self.condition(inner, depth)}" if self.chance() < 0.4 else ""
        keys = []
        for _ in range(self.rnd.randrange(1, 3)):
            own = [path for path, field in inner.paths() if not field.many]
            kind = self.pick(["int", "text", "bool", "period", "e1", "number", "date"])
            keys.append((self.name("g"), (self.pick(own) if own and self.chance() < 0.5 else None) or self.value(inner, kind, depth - 1)))
        shown = ", ".join(f"{self.of_group(inner, column.kind, depth - 1)} as {column.name}" for column in columns)
        keep = f" keep where {self.of_group(inner, 'int', depth - 1)} {self.pick(['>', '<=', '!='])} {self.literal('int')}" if self.chance() < 0.3 else ""
        order = f" sort by {self.pick([self.of_group(inner, self.pick(['int', 'money', 'text']), depth - 1), columns[0].name])}{self.pick(['', ' desc'])}, {keys[0][0]}" if self.chance() < 0.4 else ""
        return f"from {binders}{where} group by {', '.join(f'{value} as {name}' for name, value in keys)} show {shown}{keep}{order}{self.take()}"

    def of_group(self, inner, kind, depth):
        """A value of a group, never missing."""
        def of(other):
            return (self.maybe(inner, other, depth) if self.chance() < 0.3 else None) or self.value(inner, other, depth)
        if kind == "int":
            return self.pick(["count()", f"sum({of('int')})", f"count(where {self.condition(inner, depth)})", f"count({of(self.pick(SCALARS))})", f"(count() + sum({of('int')}))"])
        if kind in SUMS:
            return self.pick([f"sum({of(kind)})", f"(max({of(kind)}) ?? {self.literal(kind)})", f"(avg({of(kind)}) ?? {self.literal(kind)})"])
        if kind == "text":
            return self.pick([f"join({of('text')}, \"+\")", f"\"{{count()}} {{min({of('date')})}}\"", f"(min({of('text')}) ?? \"\")"])
        if kind == "bool":
            return f"(count() > {self.literal('int')})"
        return f"({self.pick(['min', 'max'])}({of(kind)}) ?? {self.literal(kind)})"
