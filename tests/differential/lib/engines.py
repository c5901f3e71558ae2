"""Runs a program on both engines, says where they disagree, and finds the smallest program that still shows it."""
import os
import re
import subprocess
import tempfile

DAY = "2026-06-30"
REFUSED = r"error\[R0[0-3]"  # by the checker, which both engines share


def days_of(lines):
    """(day, lines) of each run: a line `#day 2026-01-15` begins another, on that day. Every run has all the lines' places, with nothing at those of the others."""
    days = [(DAY, [])]
    for number, line in enumerate(lines):
        if line.startswith("#day "):
            days.append((line[5:], [""] * number))
        days[-1][1].append(line)
    return [(day, texts) for day, texts in days if any(text and not text.startswith("#") for text in texts)]


def run(remit, lines, engine, form):
    if any(line.startswith("#day ") for line in lines):
        with tempfile.TemporaryDirectory() as folder:
            return run_days(remit, lines, engine, form, folder)
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "program.remit"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        done = subprocess.run([remit, "run", "program.remit", "--store", "s.db", "--on", DAY, "--engine", engine, "--format", form], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace", timeout=120)
        # What was printed before a failure is no answer: one engine may have begun to write rows when it meets the row that fails.
        return done.returncode, (done.stdout if done.returncode <= 1 else "") + done.stderr


def run_days(remit, lines, engine, form, folder):
    """A store of several days, and what is said of it on the last. Nothing is left out of what is printed, but of a day that fails."""
    output = ""
    for day, texts in days_of(lines):
        with open(os.path.join(folder, "program.remit"), "w", encoding="utf-8") as file:
            file.write("\n".join(texts) + "\n")
        done = subprocess.run([remit, "run", "program.remit", "--store", "s.db", "--on"] + day.split() + ["--engine", engine, "--format", form, "--who", "officer of " + day], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", timeout=120)
        output += (done.stdout if done.returncode <= 1 else "") + done.stderr
        if done.returncode > 1 or "error[R0410]" in done.stderr:
            return done.returncode, output
    return done.returncode, output


def disagreement(remit, lines, form):
    (status_a, a), (status_b, b) = run(remit, lines, "sql", form), run(remit, lines, "interpreter", form)
    if status_a < 0 or status_b < 0 or status_a > 3 or status_b > 3:
        return f"a crash: {status_a}, {status_b}\n{a[-3000:]}\n{b[-3000:]}"
    if "error[R0404]" in a:  # SQLite takes questions only so deep and so large; the message says so, and the interpreter has no such limits
        return None
    if status_a != status_b or a != b:
        return f"sql ({status_a}):\n{a[-3000:]}\ninterpreter ({status_b}):\n{b[-3000:]}"
    return None


def refused_lines(output):
    """Lines with an error, as the program's own places say."""
    blocks = re.split(r"(?m)^(?=error\[|warning\[)", output)
    return {int(place) - 1 for block in blocks if block.startswith("error") for place in re.findall(r"--> program\.remit:(\d+):", block)[:1]}


def smallest(remit, lines, form):
    """Leaves out lines, halves first, as long as the engines still disagree in a program that the checker takes."""
    def shows(candidate):
        found = disagreement(remit, candidate, form)
        return found and not re.search(REFUSED, found)
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


def compare(remit, lines, form, show=False):
    """Takes out of the program what is refused and what fails on both engines. Gives what is left and the disagreement found, or None."""
    for _ in range(80):
        status, output = run(remit, lines, "sql", form)
        is_gate = "error[R0410]" in output
        refused = refused_lines(output) if status >= 2 or is_gate else set()
        if show:
            print(status, output[-3000:])
        if (status < 2 and not is_gate) or status > 3 or not refused:
            break
        if not re.search(REFUSED, output):  # it failed as it ran: both must say so, in the same words
            found = disagreement(remit, lines, form)
            if found:
                return lines, found
        lines = [line for number, line in enumerate(lines) if number not in refused]
    return lines, disagreement(remit, lines, form)
