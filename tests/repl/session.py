#!/usr/bin/env python3
"""The session at a terminal, as a person meets it.

    tests/repl/session.py BINARY CASE

Knows: prompts, keys, what inputs leave behind. Does not know: how a terminal is had (terminal.py).
Each case is a function that is given an empty folder; tests/run finds them in CASES and runs each in a process of its own. How long something takes is never looked at,
but for Ctrl-C, whose question would run for days.
"""
import os
import re
import signal
import stat
import sys
import tempfile
import time

from terminal import CONTROL, NotSeen, Terminal

PROMPT = re.compile(r"(?:^|\n)remit\*?> ")
MORE = "   ... "
LONG = "from a in n, b in n, c in n, d in n, e in n where a.x + b.x + c.x + d.x + e.x < 0 show count()"
CASES = {}


def case(function):
    CASES[function.__name__.replace("_", " ")] = function
    return function


class Session(Terminal):
    def __init__(self, folder, *arguments, environment=None, **terminal):
        own = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8", "TZ": "UTC", "USER": "tester", "TERM": "xterm", "INPUTRC": "/dev/null"}
        own.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
        with open(os.path.join(folder, "leaks"), "w") as file:  # of readline's own, when it is told to leave what it is in the midst of
            file.write("leak:libreadline\n")
        own["LSAN_OPTIONS"] = "print_suppressions=0:suppressions=" + file.name
        super().__init__([BINARY, "--on", "2026-06-30", *arguments], folder, {**own, **(environment or {})}, **terminal)
        self.expect(PROMPT)

    def ask(self, typed, prompt=PROMPT):
        """Enters a line; gives what was printed for it."""
        self.send(typed + "\r")
        before = self.expect(prompt)
        return before.split("\n", 1)[1] if "\n" in before else ""

    def leave(self):
        self.control("D")
        self.expect_end()
        assert self.status == 0, f"exit status {self.status}\n{self.text()[-3000:]}"


def same(actual, expected):
    assert actual.rstrip() == expected, f"expected {expected!r}, got {actual!r}"


def holds(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not in:\n{text}"


def lacks(text, *parts):
    for part in parts:
        assert part not in text, f"{part!r} is in:\n{text}"


def count_of(session, name):
    return session.ask(f"count({name})").strip()


# ---- inputs ----

@case
def prompt_and_answers(folder):
    with Session(folder) as session:
        holds(session.text(), ".help for help", "remit> ")
        same(session.ask("1 + 1"), "2")
        same(session.ask(""), "")
        same(session.ask("   "), "")
        same(session.ask("# a comment"), "")
        holds(session.ask('record r "R" { x: int key x }'), "")
        same(session.ask("r"), "x\n─\n(0 rows)")
        session.leave()


@case
def an_input_goes_on_over_lines(folder):
    with Session(folder) as session:
        session.ask("(1 +", MORE)
        session.ask("2 +", MORE)
        same(session.ask("3)"), "6")
        session.ask('record r "R" {', MORE)
        session.ask("  x: int", MORE)
        same(session.ask("}"), "")
        session.ask("(1 +", MORE)
        holds(session.ask(""), "error[R", "(1 +")  # an empty line ends what would go on for ever, and says what was missing
        same(session.ask("7"), "7")


@case
def what_no_line_can_mend_is_said_at_once(folder):
    with Session(folder) as session:
        holds(session.ask("frm office"), "Did you mean `from`")
        holds(session.ask("count office"), "`count(office)`")
        holds(session.ask("list office"), "listed with `from`")
        session.ask("office PMO", MORE)  # a record may have its braces on the next line
        same(session.ask("{}"), "")
        session.ask("(((((", MORE)
        lacks(session.ask(""), "in a file")
        same(count_of(session, "office"), "1")
        session.leave()


@case
def an_error_leaves_the_session_as_it_was(folder):
    with Session(folder) as session:
        session.ask('record r "R" { x: int y: int default 5 key x }')
        session.ask("let a = 3")
        holds(session.ask("from r show z"), "error[R", "`z`")
        holds(session.ask("1 +* 2"), "error[R")
        holds(session.ask('record s "S" { x: nonsense }'), "there is no type `nonsense`")
        same(session.ask('record s "S" { x: int }'), "")  # nothing of the one before is left
        same(session.ask("add r { x: 1 }"), "1 r added")
        holds(session.ask("add r { x: 1 }"), "`r` has a row with the key `1` already")
        holds(session.ask("set r { y: a / 0 + 1 }"), "error[R")
        holds(session.ask("add r { x: 2 }\nadd r { x: 1 }".replace("\n", " ")), "`r` has a row with the key `1` already")
        same(session.ask("r"), "x  y\n─  ─\n1  5\n(1 row)")  # an input is all or nothing
        same(session.ask("a"), "3")
        holds(session.ask("let b = nothing"), "error[R")
        same(session.ask("let b = 4"), "")
        same(session.ask("a + b"), "7")
        holds(session.ask("expect a = 4"), "does not hold")
        session.leave()


@case
def modules_and_files_may_be_brought_again_after_an_error(folder):
    with open(os.path.join(folder, "part.remit"), "w") as file:
        file.write('record r "R" { x: int key x }\n')
    with Session(folder) as session:
        session.send("\x1b[200~use pmo\nfrom nothing\x1b[201~\r")
        holds(session.expect(PROMPT), "there is no `nothing`")
        same(session.ask("use pmo"), "")
        holds(session.ask("from status"), "(0 rows)")
        session.send('\x1b[200~include "part.remit"\nfrom nothing\x1b[201~\r')
        holds(session.expect(PROMPT), "there is no `nothing`")
        same(session.ask('include "part.remit"'), "")
        same(session.ask('include "part.remit"'), "")
        holds(session.ask("from r"), "(0 rows)")
        holds(session.ask('include "nowhere.remit"'), "error[R", "nowhere.remit")


@case
def a_paste_is_one_input(folder):
    with Session(folder) as session:
        session.send('\x1b[200~record r "R" { x: int key x }\nadd r { x: 1 }\nadd r { x: 1 }\x1b[201~\r')
        holds(session.expect(PROMPT), "already")
        holds(session.ask("from r"), "there is no `r`")  # nor is what it declared
        same(session.ask('record r "R" { x: int key x }'), "")
        same(count_of(session, "r"), "0")
        session.send("\x1b[200~add r { x: 1 }\nadd r { x: 2 }\n\nprint count(r)\n\x1b[201~\r")
        assert session.expect(PROMPT).splitlines()[-2:] == ["2", "2 rs added"]
        session.send("\x1b[200~from r\n  where x > 1\n  show x as y\x1b[201~\r")
        holds(session.expect(PROMPT), "y\n─\n2\n(1 row)")
        session.send("\x1b[200~.format csv\nfrom r show x\x1b[201~\r")
        holds(session.expect(PROMPT), "x\n1\n2")
        session.ask(".format table")
        session.send("print 1\rprint 2\rprint 3\r")  # a terminal that does not mark pastes sends lines
        for answer in "123":
            holds(session.expect(PROMPT), "\n" + answer)


@case
def long_lines_and_strange_bytes(folder):
    with Session(folder) as session:
        session.send("length(\"" + "x" * 3000 + "\")\r")
        same(session.expect(PROMPT).split("\n")[-1], "3000")
        session.send("\x1b[200~length(\"" + "y" * 100000 + "\")\x1b[201~\r")
        same(session.expect(PROMPT).split("\n")[-1], "100,000")
        session.send(b'print "\xff"\r')
        holds(session.expect(PROMPT), "is not UTF-8 text")
        same(session.ask('print "größer, 日本"'), "größer, 日本")
        session.send(b"\x00\x01\x1b[Z\x1bOQ\r")
        session.expect(PROMPT)
        session.control("U")
        same(session.ask("1"), "1")


# ---- keys ----

@case
def control_c_gives_up_a_line(folder):
    with Session(folder) as session:
        session.ask('record r "R" { x: int key x }')
        session.send("add r { x: 1 }")
        session.expect("{ x: 1 }")
        session.control("C")
        session.expect(PROMPT)
        same(count_of(session, "r"), "0")
        session.ask("(1 +", MORE)
        session.ask("2 +", MORE)
        session.control("C")
        session.expect(PROMPT)
        same(session.ask("5"), "5")
        session.control("R")  # while searching
        session.expect("i-search")
        session.send("count")
        session.expect("count(r)")
        session.control("C")
        session.expect(PROMPT)
        same(session.ask("6"), "6")
        session.send("\t\t")  # while asked whether to show all that may follow
        session.expect("y or n)")
        session.control("C")
        session.expect(PROMPT)
        same(session.ask("7"), "7")
        for _ in range(20):
            session.control("C")
            session.expect(PROMPT)
        same(session.ask("8"), "8")
        for number in range(10, 40):  # what is typed right after it belongs to the next line
            session.send("given up")
            session.expect("given up")
            session.send(CONTROL["C"] + b"%d\r" % number)
            session.expect(PROMPT)
            same(session.expect(PROMPT).split("\n")[-1], str(number))
        session.leave()


@case
def control_d_leaves(folder):
    with Session(folder) as session:
        session.ask("use pmo")
        session.ask("expect 1 = 2")
        session.leave()  # an expectation that failed was for the person to see
    for way in (".quit", ".exit", "quit", "exit"):
        with Session(folder) as session:
            session.send(way + "\r")
            session.expect_end()
            assert session.status == 0, way
    with Session(folder) as session:
        session.ask("(1 +", MORE)
        session.leave()


@case
def the_terminal_goes_away(folder):
    with Session(folder) as session:
        session.ask('record r "R" { x: int key x }')
        os.close(session.file)
        ended = os.waitpid(session.process, 0)[1]
        session.status = ended
        session.file = os.open(os.devnull, os.O_RDONLY)
        assert os.WIFEXITED(ended) or os.WTERMSIG(ended) == signal.SIGHUP, ended


def many(session, folder):
    with open(os.path.join(folder, "many.remit"), "w") as file:
        file.write('record n "N" { x: int key x }\n' + "".join(f"add n {{ x: {i} }}\n" for i in range(300)))
    lacks(session.ask(".read many.remit"), "error")


def stop(session, question):
    session.send(question + "\r")
    session.expect("\n")
    start = time.monotonic()
    session.control("C")
    holds(session.expect(PROMPT), "stopped")
    assert time.monotonic() - start < 20, "Ctrl-C took long"


@case
def control_c_stops_a_question(folder):
    with Session(folder) as session:
        many(session, folder)
        session.ask("let a = 3")
        for engine in ("sql", "interpreter"):
            session.ask(".engine " + engine)
            stop(session, LONG)
            same(count_of(session, "n"), "300")
            session.ask("begin")
            session.ask("add n { x: 1000 }")
            stop(session, LONG)
            holds(session.text()[-20:], "remit*> ")  # the transaction is still open
            same(count_of(session, "n"), "301")
            session.ask("rollback")
            same(count_of(session, "n"), "300")
            same(session.ask("a"), "3")
        session.leave()


@case
def long_work_is_shown(folder):
    """On a line of its own, which is gone when the work is; never where nobody sees it."""
    with Session(folder) as session:
        many(session, folder)
        session.send(LONG + "\r")
        session.expect(re.compile(r"working it out: [1-9]\d* s"))
        session.control("C")
        holds(session.expect(PROMPT), "stopped")
        assert session.raw.rindex(b"\r\x1b[K") < session.raw.rindex(b"stopped")
        same(session.ask("1 + 1"), "2")
    for name, way in (("quiet", {"arguments": ["--quiet"]}), ("dumb", {"environment": {"TERM": "dumb"}})):
        within = os.path.join(folder, name)
        os.mkdir(within)
        with Session(within, *way.get("arguments", []), environment=way.get("environment")) as session:
            many(session, within)
            session.send(LONG + "\r")
            time.sleep(1.6)
            session.control("C")
            said = session.expect(PROMPT)
            holds(said, "stopped")
            lacks(said, "working it out")


@case
def control_c_stops_an_answer_that_nobody_reads(folder):
    with Session(folder) as session:
        many(session, folder)
        session.send("from a in n, b in n, c in n show a.x, b.x, c.x\r")
        session.expect("b.x")
        session.control("C")
        holds(session.expect(PROMPT), "stopped")
        same(count_of(session, "n"), "300")


@case
def time_is_allowed_to_each_input(folder):
    with Session(folder, "--timeout", "1") as session:
        many(session, folder)
        for _ in range(2):
            holds(session.ask(LONG), "stopped")
            same(count_of(session, "n"), "300")


# ---- transactions ----

@case
def transactions(folder):
    with Session(folder) as session:
        session.ask('record r "R" { x: int key x }')
        session.ask("begin")
        holds(session.text()[-12:], "remit*> ")
        session.ask("add r { x: 1 }")
        session.ask("rollback")
        lacks(session.text()[-12:], "*")
        same(count_of(session, "r"), "0")
        session.ask("begin")
        session.ask("add r { x: 1 }")
        session.ask('office PMO "Project office" {}')
        holds(session.ask("add r { x: 1 }"), "already")  # takes back itself alone
        holds(session.ask("from nothing"), "there is no `nothing`")
        holds(session.ask('record s "S" { x: nothing }'), "there is no type")
        session.ask("add r { x: 2 }")
        same(count_of(session, "r"), "2")
        session.ask("commit")
        same(count_of(session, "r"), "2")
        same(count_of(session, "office"), "1")
        session.ask("begin")
        session.ask("remove r")
        session.ask('record s "S" { x: int key x }')
        session.ask("add s { x: 1 }")
        session.ask("rollback")
        same(count_of(session, "r"), "2")
        same(count_of(session, "s"), "0")  # the declaration stands, and its table is made again
        session.ask("add s { x: 1 }")
        session.ask("begin")
        session.ask("remove r")
        session.control("D")
        holds(session.expect_end(), "was not committed")
    with Session(folder) as session:
        session.ask('record r "R" { x: int key x }')
        same(count_of(session, "r"), "2")
        session.leave()


@case
def adding_again_after_taking_back(folder):
    with Session(folder) as session:
        session.ask("begin")
        session.ask('add person P1 "Ada" {}')
        session.ask("rollback")
        same(session.ask('add person P1 "Ada" {}'), "1 person added")
        same(session.ask("remove person"), "1 person removed")
        same(session.ask('add person P1 "Ada" {}'), "1 person added")
        same(count_of(session, "person"), "1")
        holds(session.ask('add person P1 "Ada" {}'), "already", "use `set`")


GATED = """
use pmo
domain gates "Stage gates" {}
office PMO "Project office" { mandates: [gates] }
mandate business_case "Approved business case" by PMO on gates {
  for initiative where budget > 1M USD
  before stage becomes delivery
  shall exists approvals[outcome = approved]
}
"""
REFUSED = 'initiative B "B" { stage: delivery start: 2026-01-05 due: 2026-12-31 budget: 2M USD }'


@case
def what_fails_as_it_runs_is_dropped(folder):
    """A declaration that a gate refuses, or that cannot be worked out, is not tried again with every input after it."""
    with open(os.path.join(folder, "policy.remit"), "w") as file:
        file.write(GATED)
    with Session(folder) as session:
        same(session.ask(".read policy.remit"), "")
        for _ in range(2):
            holds(session.ask(REFUSED), "error[R0410]")
            same(session.ask("print 1"), "1")
            same(session.ask("from decision show outcome"), "outcome\n───────\nrefused\n(1 row)" if _ == 0 else "outcome\n───────\nrefused\nrefused\n(2 rows)")
        holds(session.ask('initiative C "C" { start: 2026-01-05 due: 2026-12-31 budget: 9bn USD * 1000000000 }'), "error[R0400]")
        same(session.ask("2 + 2"), "4")
        same(session.ask('initiative C "C" { start: 2026-01-05 due: 2026-12-31 budget: 9bn USD }'), "")
        same(count_of(session, "initiative"), "1")
        holds(session.ask('extend initiative { rank: int default 3 } record s "S" { x: int key x } let k = 5 set C { rank: 1 / 0 + k }'), "error[R")
        holds(session.ask("from initiative show rank"), "no `rank`")
        holds(session.ask("k"), "there is no `k`")
        same(session.ask("extend initiative { rank: int default 4 }"), "")
        same(session.ask("from initiative show key, rank"), "key  rank\n───  ────\nC       4\n(1 row)")
        same(session.ask('record s "S" { x: int key x }'), "")
        session.ask("check")
        session.leave()


@case
def what_fails_inside_a_transaction_is_dropped(folder):
    with open(os.path.join(folder, "policy.remit"), "w") as file:
        file.write(GATED)
    with Session(folder) as session:
        session.ask(".read policy.remit")
        session.ask("begin")
        session.ask('initiative A "A" { start: 2026-01-05 due: 2026-12-31 budget: 1 USD }')
        holds(session.ask(REFUSED), "error[R0410]")
        same(count_of(session, "initiative"), "1")
        session.ask("commit")
        same(count_of(session, "initiative"), "1")
        session.ask("begin")  # what only stood because of what is taken back cannot be put again
        same(session.ask('body BOARD "Board" {}'), "")
        holds(session.ask('add initiative B "B" { start: 2026-01-05 due: 2026-12-31 budget: 2M USD }'), "added")
        holds(session.ask('add approval { initiative: B body: BOARD kind: "case" date: 2026-01-05 outcome: approved }'), "added")
        holds(session.ask(REFUSED), "passes the gate")
        same(count_of(session, "initiative"), "2")
        holds(session.ask("rollback"), "error[R0410]", "The transaction is over")
        same(count_of(session, "initiative"), "1")
        session.leave()


@case
def a_dot_command_ends_an_input_that_is_not_finished(folder):
    with Session(folder) as session:
        session.ask("export pmo_portfolio", prompt=MORE)
        holds(session.ask(".list records"), "expected `to`", "initiative")
        session.ask("print (1", prompt=MORE)
        session.ask("+ 2", prompt=MORE)
        same(session.ask(")"), "3")


@case
def what_was_changed_is_told(folder):
    with Session(folder) as session:
        session.ask('use pmo domain delivery "Delivery" {} office PMO "Project office" { mandates: [delivery] } person ADA "Ada" {}')
        session.ask('mandate led "Led" by PMO on delivery { for initiative before stage becomes delivery shall sponsor is known  except "Small" when budget < 10 USD shall due is known }')
        same(session.ask("add initiative A { start: 2026-01-01 due: 2026-12-31 budget: 1 USD } add initiative B { start: 2026-01-01 due: 2026-12-31 budget: 20 USD sponsor: ADA }"), "2 initiatives added")
        same(session.ask('set initiative["A"] { budget: 2 USD }'), "1 initiative changed")
        same(session.ask('set initiative[key = "nope"] { budget: 2 USD }'), "nothing matches: no initiative was changed")
        same(session.ask("remove cost"), "nothing matches: no cost was removed")
        same(session.ask("for each i in initiative { set i { due: 2026-11-30 } }"), "2 initiatives changed")
        same(session.ask("set B { stage: delivery }"), "B passes the gate `led`\n1 initiative changed")
        same(session.ask("set A { stage: delivery }"), 'A passes the gate `led` by its exception "Small"\n1 initiative changed')
        same(session.ask("begin remove initiative rollback"), "")
        holds(session.ask(".help"), "What you declare here lasts until you leave")


# ---- history ----

@case
def history_is_kept(folder):
    with Session(folder) as session:
        session.ask("print 41 + 1")
        session.ask("(3 +", MORE)
        session.ask("4)")
        session.ask(".timing")
        session.ask("print 5")
        session.ask("print 5")
        os.kill(session.process, signal.SIGKILL)  # inputs are kept when they are entered
        session.expect_end()
    path = os.path.join(folder, ".local/state/remit/history")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, "the history can be read by others"
    with Session(folder) as session:
        session.control("P")
        session.expect("print 5")
        session.control("P")
        session.expect(".timing")
        session.control("P")
        session.expect("4)")
        session.send("\r")
        same(session.expect(PROMPT).split("\n")[-1], "7")  # both lines came back as one input
        session.control("R")
        session.send("41")
        session.expect("41 + 1")
        session.send("\r")
        same(session.expect(PROMPT).split("\n")[-1], "42")
        session.leave()
    elsewhere = os.path.join(folder, "state")
    with Session(folder, environment={"XDG_STATE_HOME": elsewhere}) as session:
        session.ask("print 6")
        session.leave()
    assert os.path.exists(os.path.join(elsewhere, "remit/history"))
    with Session(folder, environment={"HOME": "/nonexistent"}) as session:  # nowhere to keep it
        same(session.ask("1"), "1")
        session.leave()


# ---- completion ----

@case
def completion(folder):
    with Session(folder) as session:
        session.ask("use pmo")
        session.ask("initiative SMALL { start: 2026-01-01 due: 2026-12-31 budget: 10 USD }")

        def completes(typed, whole):
            session.send(typed + "\t")
            session.expect(whole)
            session.control("C")
            session.expect(PROMPT)

        def offers(typed, *words):
            session.send(typed + "\t\t")
            for word in words:
                session.expect(word)
            session.expect(re.compile("remit> " + re.escape(typed)))  # below the list the line is drawn again
            session.control("C")
            session.expect(PROMPT)

        completes("from initia", "initiative")
        completes("from initiative whe", "where")
        offers("from initiative where sp", "spent", "sponsor")
        offers("from i in initiative where i.sta", "stage", "start", "statuses")
        completes("from initiative where sponsor.ema", "sponsor.email")
        completes("roll", "rollback")
        completes("working_d", "working_days")
        completes(".des", ".describe")
        completes(".describe initia", ".describe initiative")
        completes(".format mark", ".format markdown")
        completes(".engine int", ".engine interpreter")
        completes(".list ru", ".list rules")
        completes(".why pmo_ov", ".why pmo_overspend")
        completes(".why not pmo_ov", ".why not pmo_overspend")
        completes(".why pmo_overspend SMA", ".why pmo_overspend SMALL")
        session.ask('domain delivery "Delivery" {}')
        session.ask('office CMO "Change office" { mandates: [delivery] }')
        session.ask('mandate monthly "Told" by CMO on delivery { for initiative every month from start shall exists statuses[reported_on in period] }')
        completes(".why not mont", ".why not monthly")
        completes(".why monthly SMA", ".why monthly SMALL")
        completes(".list man", ".list mandates")
        open(os.path.join(folder, "some-file.remit"), "w").close()
        completes(".read some-f", ".read some-file.remit")
        session.ask("(from initiative", MORE)
        session.send("whe\t")
        session.expect("where")
        session.control("C")
        session.expect(PROMPT)


# ---- commands of the session ----

@case
def why_of_mandates(folder):
    with Session(folder) as session:
        session.ask("use pmo")
        session.ask('initiative "P 1" "Pumps" { stage: delivery start: 2026-01-01 due: 2026-12-31 budget: 10 USD }')
        session.ask('domain delivery "Delivery" {}')
        session.ask('office CMO "Change office" { mandates: [delivery] }')
        session.ask('mandate told "Told" by CMO on delivery { for initiative every month from start shall exists statuses[reported_on in period] }')
        holds(session.ask(".why told P 1 in 2026-01"), 'told is breached in 2026-01 for P 1 "Pumps"\n')
        holds(session.ask('.why told for "P 1" in 2026-01'), 'told is breached in 2026-01 for P 1 "Pumps"\n')
        holds(session.ask(".why told P 1 in 2026"), "error[R0582]")
        holds(session.ask(".list mandates"), "told", "Told")


@case
def dot_commands(folder):
    with open(os.path.join(folder, "script.remit"), "w") as file:
        file.write('print "from the script"\nprint 1 / nothing\n')
    with open(os.path.join(folder, "whole.remit"), "w") as file:
        file.write('print "whole"\nprint (1 +\n')
    with Session(folder) as session:
        session.ask("use pmo")
        session.ask('office PMO "Project office" {}')
        for name in (".describe", ".why", ".list", ".format", ".engine", ".timing", ".sql", ".read", ".output", ".open", ".help", ".quit"):
            holds(session.ask(".help"), name)
        holds(session.ask("help"), ".describe")
        holds(session.ask(".hlep"), "there is no `.hlep`; did you mean .help")
        holds(session.ask(".nonsense"), "see .help")
        holds(session.ask(".describe office"), "record office")
        holds(session.ask(".describe PMO"), "Project office")
        holds(session.ask(".describe offce"), "error[R", "did you mean `office`?")
        holds(session.ask(".describe"), "for example")
        session.ask('initiative "P 1" "Pumps" { stage: delivery start: 2026-01-01 due: 2026-12-31 budget: 10 USD }')
        holds(session.ask(".why not pmo_overspend P 1"), 'pmo_overspend does not hold for P 1 "Pumps"\n', "spent were more than 11.00 USD")
        holds(session.ask('.why pmo_overspend for "P 1"'), "so this is why not")
        holds(session.ask(".why"), "why what? for example")
        holds(session.ask(".why pmo_overspend"), "for which record? for example")
        holds(session.ask(".why pmo_overspent P 1"), "did you mean `pmo_overspend`?")
        session.ask(".format json")
        holds(session.ask("why pmo_overspend for \"P 1\""), '"would_if"')
        session.ask(".format csv")
        holds(session.ask("why pmo_overspend for \"P 1\""), "error[R0581]")
        session.ask(".format table")
        session.ask('remove initiative["P 1"]')
        holds(session.ask(".list"), "initiative", "milestone")
        holds(session.ask(".list rules"), "pmo_overspend")
        holds(session.ask(".list reports"), "pmo_portfolio")
        holds(session.ask(".list enums"), "severity")
        holds(session.ask(".list offices"), "Project office", "(1 row)")
        holds(session.ask(".list bodies"), "(0 rows)")
        holds(session.ask(".list nonsense"), "there are no `nonsense`")
        holds(session.ask(".format"), "table")
        holds(session.ask(".format excel"), "there is no format `excel`", "markdown")
        session.ask(".format jsonl")
        same(session.ask("from office show key"), '{"key": "PMO"}')
        session.ask(".format table")
        holds(session.ask(".engine fast"), "there is no engine `fast`")
        holds(session.ask(".engine"), "default")
        holds(session.ask(".timing"), "timing is on")
        assert re.search(r"^1\n\d+\.\d{3} s$", session.ask("1").strip(), re.M)
        holds(session.ask(".timing"), "timing is off")
        holds(session.ask(".timing now"), "takes nothing")
        session.ask(".sql")
        holds(session.ask("from office where name = \"x\" show key"), "SELECT", "t_office", "\"x\"", "(0 rows)")
        session.ask(".sql")
        lacks(session.ask("from office"), "SELECT")
        holds(session.ask(".read script.remit"), "error[R", "script.remit:2:11")
        holds(session.ask(".read whole.remit"), "error[R", "whole.remit")
        holds(session.ask(".read nowhere.remit"), "No such file")
        holds(session.ask(".read ."), "cannot be read")
        session.ask(".output out.txt")
        same(session.ask("from office show key, name"), "")
        session.ask(".output")
        holds(session.ask("1"), "1")
        with open(os.path.join(folder, "out.txt")) as file:
            same(file.read(), "key  name\n───  ──────────────\nPMO  Project office\n(1 row)")
        holds(session.ask(".output nowhere/out.txt"), "cannot be written")
        session.ask(".output /dev/full")
        holds(session.ask("print 1"), "could not be written")
        holds(session.ask("from office"), "could not be written")
        same(session.ask(".output"), "")
        same(session.ask("1"), "1")
        session.leave()


@case
def another_store_is_opened_with_its_own_policy(folder):
    with Session(folder, "--store", "one.db") as session:
        session.ask('record r "R" { x: int key x }')
        session.ask("add r { x: 1 }")
        holds(session.ask(".open nowhere/two.db"), "error[R")
        same(count_of(session, "r"), "1")
        session.ask("begin")
        holds(session.ask(".open two.db"), "a transaction is open")
        session.ask("rollback")
        same(session.ask(".open two.db"), "")
        holds(session.ask("r"), "there is no `r`")
        session.ask('record r "R" { x: text key x }')
        same(count_of(session, "r"), "0")
        same(session.ask(".open one.db"), "")
        session.ask('record r "R" { x: int key x }')
        same(count_of(session, "r"), "1")
        session.leave()


# ---- looks ----

@case
def tables_fit_the_terminal(folder):
    with Session(folder, columns=60) as session:
        session.ask("use pmo")
        session.ask('initiative A "' + "A long name of an initiative " * 4 + '" { start: 2026-01-01 due: 2026-12-31 budget: 1M USD }')
        for columns in (60, 40, 100):
            session.resize(columns)
            answer = session.ask("from initiative show key, name, stage, due").split("key", 1)[1]
            holds(answer, "…", "(1 row)")
            for line in answer.splitlines():
                assert len(line) <= columns, f"wider than {columns}:\n{answer}"
        session.ask(".output wide.txt")
        session.ask("from initiative show key, name, stage, due")
        session.ask(".output")
        with open(os.path.join(folder, "wide.txt")) as file:
            lacks(file.read(), "…")
        session.ask('domain delivery "Delivery" {} body BOARD "Board" {} office PMO "Office" { mandates: [delivery] }')
        session.ask('mandate m "M" by PMO on delivery { for initiative shall exists costs waivable by BOARD }')
        session.ask('add waiver { mandate: "m" granted_by: "BOARD" until: 2026-12-31 reason: "x" }')
        holds(session.ask("check m").replace("\n", ""), "it does not say for what it is: an initiative, or the key of an element")  # to its end, at any width


@case
def colours(folder):
    with Session(folder) as session:
        session.ask("from nothing")
        assert b"\x1b[1;31m" in session.raw
    for way in ({"arguments": ["--color", "never"]}, {"environment": {"NO_COLOR": "1"}}, {"environment": {"TERM": "dumb"}}):
        with Session(folder, *way.get("arguments", []), environment=way.get("environment")) as session:
            session.ask("from nothing")
            assert b"\x1b[1;" not in session.raw and b"\x1b[31m" not in session.raw
    with Session(folder, environment={"TERM": "dumb"}) as session:
        same(session.ask("1 + 1"), "2")
        session.leave()


@case
def results_that_go_elsewhere(folder):
    """Results go to a file, and what is for the person alone to the terminal."""
    path = os.path.join(folder, "results")
    with Session(folder, output=path) as session:
        session.ask("print 1 + 1")
        holds(session.ask("from nothing"), "there is no `nothing`")
        session.ask("from office show key")
        session.leave()
    with open(path) as file:
        same(file.read(), "2\nkey\n───\n(0 rows)")


def main():
    global BINARY
    BINARY = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        try:
            CASES[sys.argv[2]](folder)
        except (NotSeen, AssertionError) as problem:
            line = problem.__traceback__
            while line.tb_next and line.tb_next.tb_frame.f_code.co_name not in ("ask", "expect", "same", "holds", "lacks", "leave", "expect_end"):
                line = line.tb_next
            print(f"line {line.tb_lineno}: {problem}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
