#!/usr/bin/env python3
"""Writes projects and two years of what they report: weekly.py N DIR [--raw].

N projects, each with a status in nine of ten weeks since it began and a review in four of five months, as CSV files with a header row. The same N gives the same rows on every machine.
Dates are ISO; with --raw they are days since 1970-01-01, as mandates.sql expects. "Today" is 2024-10-04 (day 20000), a Friday. Rows arrive in the order of time, not grouped by project.
"""
import datetime
import os
import random
import sys

TODAY, WEEKS, EPOCH = 20000, 104, datetime.date(1970, 1, 1)
STAGES = ["plan", "build", "run", "closed"]
RATINGS = ["red"] + ["amber"] * 2 + ["green"] * 7


def main(count, folder, raw):
    os.makedirs(folder, exist_ok=True)
    chance = random.Random(815 + count).random
    days = {day: str(day) if raw else (EPOCH + datetime.timedelta(days=day)).isoformat() for day in range(TODAY - 7 * WEEKS, TODAY + 1000)}

    def write(name, header, rows):
        with open(os.path.join(folder, name + ".csv"), "w", encoding="ascii") as out:
            out.write(header + "\n")
            out.writelines(rows)

    start = [TODAY - 7 * WEEKS + int(chance() ** 3 * 7 * (WEEKS - 4)) for _ in range(count)]
    due = [day + 200 + int(chance() * 700) for day in start]
    write("project", "id,start,due,stage,tier", (f"{i},{days[start[i]]},{days[due[i]]},{STAGES[int(chance() * 4)]},{1 + int(chance() * 4)}\n" for i in range(count)))

    def statuses():
        for monday in range(TODAY - 7 * WEEKS - (TODAY - 7 * WEEKS + 3) % 7, TODAY + 1, 7):
            for i in range(count):
                r = chance()
                day = monday + int(r * 1e5) % 7
                if r < 0.9 and start[i] <= day <= TODAY:
                    yield f"{i},{days[day]},{RATINGS[int(r * 1e3) % 10]}\n"

    write("status", "project,reported_on,rag", statuses())
    write("review", "project,held_on", (f"{i},{days[day]}\n" for month in range(TODAY - 7 * WEEKS, TODAY, 30) for i in range(count)
                                        for day in [month + int(chance() * 30)] if start[i] <= day <= TODAY and day % 5))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(int(sys.argv[1]), sys.argv[2], "--raw" in sys.argv[3:])
