#!/usr/bin/env python3
"""Edits the store behind Remit's back, one row at a time, and sees that `remit verify` finds each edit: tampering.py BINARY [--all]

On a small journal every value of every row of every table is changed and, where it may be, made missing; every row is removed; every two neighbours change places; rows are doubled. Each is done by SQL on a copy of
its own. Of the tables that say what the records are (some hundred rows, all under one hash) one row in seven is enough, unless --all is given. Cutting the end of the journal must be found with the anchor.
"""
import concurrent.futures
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])
ALL = "--all" in sys.argv
ALIKE = {"remit_field", "remit_enum", "remit_record", "remit_declaration"}
SCRIPTS = [
    ("policy.remit", """remit 1
enum color { red, green, blue }
record team { lead: person?  tags: set of color  members_of: set of person }
record part { team: team inverse parts  label: text  cost: money in USD?  made: date?  color: color?  weight: number?  spare: bool default false }
person ANNA "Anna" { email: "anna@example.org" }
person BOB "Bob" { }
rule costly "Costly" {
  for part
  when cost ?? 0 USD > 100 USD
  raise high "{label} costs too much"
}
report parts { from part  where team.lead is known  show label, cost  sort by label }
"""),
    ("add.remit", """remit 1
add team A "Team A" { lead: ANNA tags: [red, blue] members_of: [ANNA, BOB] }
add team B { tags: [green] }
add part { team: A label: "bolt" cost: 120 USD color: red made: 2026-01-02 weight: 1.5 }
add part { team: B label: "nut" cost: 1.5 USD }
add part { team: A label: "pin" weight: 0 spare: true }
"""),
    ("set.remit", """remit 1
set A { tags: [green, blue] }
set part[label = "nut"] { cost: 200 USD  team: A }
set part[label = "pin"] { spare: false }
"""),
    (None, None),
    ("remove.remit", """remit 1
remove part[label = "bolt"]
set B { lead: BOB }
"""),
    ("policy.remit", None),
    (None, None),
]


def remit(arguments, folder, day="2026-03-01"):
    if arguments[0] in ("run", "check", "report"):
        arguments = arguments + ["--on", day]
    return subprocess.run([BINARY] + arguments + ["--store", "s.db"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def build(folder):
    for number, (name, text) in enumerate(SCRIPTS):
        day = f"2026-03-{number + 1:02}"
        if name and text is None:  # the policy changes
            path = os.path.join(folder, name)
            text = open(path).read().replace("> 100 USD", "> 110 USD").replace("spare: bool default false", "spare: bool default false  rank: int default 3")
        if name:
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        done = remit(["run", name] if name else ["check"], folder, day)
        if done.returncode > 1:
            sys.exit(f"the journal was not made: {done.stdout}")
    remit(["report", "parts"], folder)


def tables(connection):
    return [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")]


def other(value):
    if value is None:
        return [1, "x", 0.5]
    if isinstance(value, str):
        return [value + "x"]
    return [value + 1]


def edits(path):
    """(what, statements) for each; a statement is (sql, parameters)."""
    connection = sqlite3.connect(path)
    for table in tables(connection):
        about = list(connection.execute(f"SELECT name, pk FROM pragma_table_info('{table}')"))
        columns, keys = [name for name, _ in about], [name for name, pk in sorted(about, key=lambda x: x[1]) if pk]
        without_rowid = not connection.execute("SELECT count(*) FROM pragma_table_list(?) WHERE wr = 0", (table,)).fetchone()[0]
        identity = keys if without_rowid else ["rowid"]
        read = list(connection.execute(f'SELECT {", ".join(chr(34) + key + chr(34) for key in identity)}, * FROM "{table}"'))
        which, rows = [row[:len(identity)] for row in read], [row[len(identity):] for row in read]
        condition = " AND ".join(f'"{key}" IS ?' for key in identity)
        step = 7 if table in ALIKE and not ALL else 1
        for i in range(0, len(rows), step):
            row, key = rows[i], which[i]
            for c, column in enumerate(columns):
                for value in other(row[c]) + ([None] if row[c] is not None else []):
                    yield f"{table} {key}: {column} = {value!r}", [(f'UPDATE "{table}" SET "{column}" = ? WHERE {condition}', (value,) + key)]
            yield f"{table} {key}: removed", [(f'DELETE FROM "{table}" WHERE {condition}', key)]
            marks = ", ".join("?" * len(columns))
            yield f"{table} {key}: doubled", [(f'INSERT INTO "{table}" VALUES({marks})', row)]
            if without_rowid or keys:
                changed = tuple(v + 1000 if c == keys[-1] and isinstance(v, int) else v + "x" if c == keys[-1] else v for c, v in zip(columns, row))
                yield f"{table} {key}: doubled under another key", [(f'INSERT INTO "{table}" VALUES({marks})', changed)]
            if i + 1 < len(rows):
                free = [c for c in columns if c not in keys and rows[i + 1][columns.index(c)] != row[columns.index(c)]]
                # All at once only where a key holds the rows apart: otherwise they would be the same rows in another order, which no one can tell.
                for names in [[c] for c in free] + ([free] if keys and len(free) > 1 else []):
                    mine, theirs = tuple(row[columns.index(c)] for c in names), tuple(rows[i + 1][columns.index(c)] for c in names)
                    assigned = ", ".join(f'"{c}" = ?' for c in names)
                    swapped = tuple(theirs[names.index(c)] if c in names else row[columns.index(c)] for c in columns)
                    into = f'INSERT INTO "{table}" VALUES({marks})'
                    yield f"{table} {key}: {', '.join(names)} change places with the next", [
                        (f'DELETE FROM "{table}" WHERE {condition}', key), (f'UPDATE "{table}" SET {assigned} WHERE {condition}', mine + which[i + 1]), (into, swapped)]
    connection.close()


def attempt(source, folder, number, statements):
    """None when SQLite refuses it, else the status and the words of verify."""
    copy = os.path.join(folder, f"t{number % 8}.db")
    shutil.copyfile(source, copy)
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = MEMORY")
    try:
        before = connection.total_changes
        for sql, parameters in statements:
            connection.execute(sql, parameters)
        connection.commit()
        if connection.total_changes == before:
            return None
    except sqlite3.Error:
        return None
    finally:
        connection.close()
    done = subprocess.run([BINARY, "verify", "--store", copy], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def cut(source, folder, problems):
    """Every cut of the end, rows and all that the last changes wrote among it, as far as SQL can."""
    anchor = remit(["log", "--head"], os.path.dirname(source)).stdout.strip()
    connection = sqlite3.connect(source)
    last = connection.execute("SELECT max(_id) FROM remit_change").fetchone()[0]
    connection.close()
    for first in range(1, last + 1):
        copy = os.path.join(folder, "cut.db")
        shutil.copyfile(source, copy)
        connection = sqlite3.connect(copy)
        connection.execute("DELETE FROM remit_change WHERE _id >= ?", (first,))
        connection.commit()
        connection.close()
        done = subprocess.run([BINARY, "verify", "--store", copy, "--anchor", anchor], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 1 or "the anchor is the hash of none of its changes" not in done.stdout:
            problems.append(f"the end was cut from change {first} on, and the anchor does not show it:\n{done.stdout}")


def main():
    problems, tried, refused = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        build(folder)
        source = os.path.join(folder, "s.db")
        done = remit(["verify"], folder)
        if done.returncode:
            sys.exit("the journal does not hold before anything was edited:\n" + done.stdout)
        work = [os.path.join(folder, str(w)) for w in range(2)]
        for place in work:
            os.mkdir(place)
        listed = list(edits(source))

        def share(worker):
            return [(what, attempt(source, work[worker], number, statements)) for number, (what, statements) in enumerate(listed) if number % 2 == worker]

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for outcome in pool.map(share, range(2)):
                for what, result in outcome:
                    if result is None:
                        refused += 1
                        continue
                    tried += 1
                    if result[0] != 1 and not (result[0] == 3 and "damaged" in result[1]):
                        problems.append(f"{what}: exit status {result[0]}\n{result[1]}")
        cut(source, folder, problems)
    for problem in problems[:20]:
        print(problem)
    print(f"{tried} edits, {refused} more that SQLite refused; {len(problems)} not found")
    return 1 if problems else 0


sys.exit(main())
