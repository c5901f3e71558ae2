#!/usr/bin/env python3
"""Writes the data of examples/portfolio: portfolio_data.py FOLDER. The same files every time; run again only to change the story.

A regional water and power company, three offices, 44 initiatives, two years of statuses, costs, milestones, risks and approvals until June 2026. Some initiatives have a story:
they overspend, go silent, stay red, slip, run without an approval.
"""
import csv
import datetime
import random
import sys

folder = sys.argv[1]
chance = random.Random(2026)
TODAY = datetime.date(2026, 6, 30)
PEOPLE = [("COO", "Chief Operating Officer"), ("CFO", "Chief Financial Officer"), ("CIO", "Chief Information Officer"), ("CPO", "Chief People Officer"),
          ("HOA", "Head of Assets"), ("HON", "Head of Networks"), ("HCS", "Head of Customer Service")]
TITLES = {
    "PMO": ["Smart meter replacement", "Harbour pumping station", "Northern trunk main", "Reservoir relining", "Control room renewal", "Leak detection drones",
            "Substation 7 refit", "Flood wall at Elm Quay", "Treatment works phase 2", "Pressure zones", "Valve register", "Solar canopy", "Fleet electrification",
            "Storm overflow screens", "Telemetry gateways", "District heating link", "Sludge dryer", "Borehole 12"],
    "CMO": ["New billing tariff", "One customer record", "Home working standard", "Field tablets rollout", "Safety culture programme", "Plain letters", "Complaints in one day",
            "Skills matrix", "Shift patterns", "Depot merger", "Apprentice academy", "Supplier portal adoption", "Meter-to-cash training"],
    "TMO": ["Finance system", "Asset data lake", "Works planning platform", "Network digital twin", "Payroll move", "Data protection remedy", "Procurement hub", "Identity and access",
            "Contact centre platform", "Document archive", "Mobile network exit", "Reporting warehouse", "Outage map"],
}
STORIES = {"PRJ-001": "overspend", "PRJ-004": "red", "PRJ-007": "silent", "PRJ-009": "slip", "PRJ-012": "unapproved", "PRJ-020": "silent", "PRJ-023": "red", "PRJ-033": "overspend",
           "PRJ-036": "slip", "PRJ-040": "unapproved", "PRJ-042": "late"}


def table(name, header, rows):
    with open(f"{folder}/{name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def day(date):
    return date.strftime("%d/%m/%Y")


initiatives, costs, statuses, milestones, risks, approvals, assessments = [], [], [], [], [], [], []
number = 0
for office, titles in TITLES.items():
    for position, title in enumerate(titles):
        number += 1
        key = f"PRJ-{number:03d}"
        story = STORIES.get(key, "")
        start = datetime.date(2024, 7, 1) + datetime.timedelta(days=chance.randrange(0, 420))
        due = start + datetime.timedelta(days=chance.randrange(300, 900))
        stage = chance.choice(["delivery"] * 5 + ["closing", "planning", "assessment"]) if not story else "delivery"
        if due < TODAY and story not in ("late",):
            stage = chance.choice(["closed", "closing"]) if not story else "delivery"
        if story == "late":
            due = TODAY - datetime.timedelta(days=75)
        budget = chance.choice([180, 250, 420, 600, 850, 1200, 2400, 3600, 5200]) * 1000
        parent = f"PRJ-{number - position % 5:03d}" if position % 5 in (2, 3) else ""
        sponsor = "" if number in (15, 31) else chance.choice(PEOPLE)[0]
        initiatives.append([key, title, office, sponsor, parent, stage, day(start), day(due), f"{budget}.00", "critical" if number % 9 == 0 else ""])
        share = 0.9 if story != "overspend" else 1.28
        month = start.replace(day=15)
        length = max(1, (min(due, TODAY) - start).days // 30)
        while month < TODAY and stage not in ("planning", "assessment"):
            amount = budget * share / max(6, (due - start).days / 30 if story != "overspend" else length) * (0.6 + 0.8 * chance.random())
            costs.append([key, day(month), f"{amount:.2f}", chance.choice(["Labour", "Materials", "Contractors", "Overhead"]), f"WO-{chance.randrange(1000, 9999)}" if chance.random() < 0.8 else ""])
            month = (month + datetime.timedelta(days=31)).replace(day=15)
            if stage == "closed" and month > due:
                break
        report = start + datetime.timedelta(days=14)
        history = []
        while report <= TODAY and stage not in ("planning", "assessment"):
            rating = chance.choice(["G"] * 6 + ["A"] * 3 + ["R"])
            if story == "red" and report > datetime.date(2026, 2, 1):
                rating = "R"
            if not (story == "silent" and report > datetime.date(2026, 4, 20)) and not (stage == "closed" and report > due):
                history.append([key, day(report), rating, {"G": "On plan", "A": "Watching the contractor", "R": "Blocked: see the risk log"}[rating]])
            report += datetime.timedelta(days=28 if chance.random() < 0.9 else 35)
        statuses += history
        for step, label in enumerate(["Business case", "Design", "Contract", "Build", "Handover"]):
            planned = start + datetime.timedelta(days=(step + 1) * (due - start).days // 5)
            slip = chance.randrange(0, 20) + (70 + 15 * step if story == "slip" else 0)
            forecast = planned + datetime.timedelta(days=slip)
            finished = day(forecast) if forecast <= TODAY and chance.random() < 0.93 else ""
            milestones.append([key, label, day(planned), day(forecast), finished])
        for label in chance.sample(["Ground conditions", "Supplier insolvency", "Key person leaves", "Data quality", "Planning objection", "Change fatigue", "Currency", "Late design"], chance.randrange(1, 5)):
            raised = start + datetime.timedelta(days=chance.randrange(10, 250))
            closed = day(raised + datetime.timedelta(days=chance.randrange(30, 200))) if chance.random() < 0.4 else ""
            owner = chance.choice(PEOPLE)[0] if chance.random() < 0.85 else ""
            risks.append([key, label, day(raised), chance.randrange(1, 6), chance.randrange(1, 6), owner, closed])
        if story != "unapproved" and stage not in ("planning", "assessment"):
            approvals.append([key, "BOARD", "business case", "approved", day(start - datetime.timedelta(days=chance.randrange(5, 60)))])
        if chance.random() < 0.55:
            assessments.append([key, "change_impact", day(start + datetime.timedelta(days=30)), chance.choice(["low", "moderate", "high"])])

table("initiatives", ["Project no", "Title", "Office", "Sponsor", "Part of", "Stage", "Start", "Due", "Budget USD", "Class"], initiatives)
table("costs", ["Project no", "Posting date", "Amount", "Category", "Work order"], sorted(costs, key=lambda row: (row[1][6:], row[1][3:5], row[0])))
table("statuses", ["Project no", "Reported", "RAG", "Summary"], statuses)
table("milestones", ["Project no", "Milestone", "Planned", "Forecast", "Finished"], milestones)
table("risks", ["Project no", "Risk", "Raised", "Probability", "Impact", "Owner", "Closed"], risks)
table("approvals", ["Project no", "Body", "Kind", "Outcome", "Date"], approvals)
table("assessments", ["Project no", "Kind", "Date", "Result"], assessments)
