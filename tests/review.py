"""The formats of review hold what their readers want: SARIF 2.1.0 as its schema has it (the properties, types and values that this program writes, and no other), JUnit XML as Ant and Jenkins
read it, annotations of GitHub, of what lint, check and test say of the example portfolio and of a policy that is wrong.

    tests/review.py BINARY

Prints nothing when all is well. Where SARIF_VALIDATOR names Microsoft's Sarif.Multitool, that is asked too.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

BINARY = os.path.abspath(sys.argv[1])
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DAY = "2026-06-30"
LEVELS = {"none", "note", "warning", "error"}
problems = []


def run(folder, *arguments):
    done = subprocess.run([BINARY, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, env=dict(os.environ, USER="tester"))
    return done.stdout


# ---- SARIF: from the published schema (sarif-schema-2.1.0.json), what of it is written ----

def text(value):
    return isinstance(value, str) and value != ""


def message(value):
    return isinstance(value, dict) and set(value) == {"text"} and text(value["text"])


def one(value, least):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


URI = re.compile(r"(file://)?(/|[A-Za-z0-9._~-]|%[0-9A-F]{2})+")


def region(value):
    if set(value) != {"startLine", "startColumn", "endLine", "endColumn"} or not all(one(number, 1) for number in value.values()):
        return False
    return (value["startLine"], value["startColumn"]) < (value["endLine"], value["endColumn"])


def physical(value):
    artifact = value.get("artifactLocation", {})
    return set(value) == {"artifactLocation", "region"} and set(artifact) <= {"uri", "uriBaseId"} and bool(URI.fullmatch(artifact.get("uri", ""))) \
        and artifact.get("uriBaseId", "%SRCROOT%") == "%SRCROOT%" and region(value["region"])


def location(value, allowed):
    return set(value) <= allowed and ("physicalLocation" not in value or physical(value["physicalLocation"])) and ("message" not in value or message(value["message"])) \
        and all(set(logical) == {"fullyQualifiedName"} and text(logical["fullyQualifiedName"]) for logical in value.get("logicalLocations", [])) and ("id" not in value or one(value["id"], 0))


def rule(value):
    return {"id", "shortDescription", "defaultConfiguration"} <= set(value) <= {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration"} and text(value["id"]) \
        and all(message(value[name]) for name in ("shortDescription", "fullDescription", "help") if name in value) and text(value.get("name", "-")) \
        and set(value["defaultConfiguration"]) == {"level"} and value["defaultConfiguration"]["level"] in LEVELS


def result(value, rules):
    if not {"ruleId", "ruleIndex", "level", "message", "partialFingerprints"} <= set(value) <= {"ruleId", "ruleIndex", "level", "message", "partialFingerprints", "locations", "relatedLocations"}:
        return False
    return one(value["ruleIndex"], 0) and value["ruleIndex"] < len(rules) and rules[value["ruleIndex"]]["id"] == value["ruleId"] and value["level"] in LEVELS and message(value["message"]) \
        and all(location(item, {"physicalLocation", "logicalLocations"}) for item in value.get("locations", [])) \
        and all(location(item, {"id", "physicalLocation", "message"}) for item in value.get("relatedLocations", [])) and all(text(item) for item in value["partialFingerprints"].values())


def sarif(name, out, least):
    log = json.loads(out)
    if set(log) != {"$schema", "version", "runs"} or log["version"] != "2.1.0" or not log["$schema"].startswith("https://") or len(log["runs"]) != 1:
        problems.append(f"{name}: the head is {set(log)}")
        return
    of_run = log["runs"][0]
    driver = of_run["tool"]["driver"]
    if set(of_run) != {"tool", "columnKind", "originalUriBaseIds", "results"} or of_run["columnKind"] not in ("utf16CodeUnits", "unicodeCodePoints") or set(of_run["tool"]) != {"driver"}:
        problems.append(f"{name}: the run has {set(of_run)}")
    if set(driver) != {"name", "semanticVersion", "rules"} or not text(driver["name"]) or not re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"]):
        problems.append(f"{name}: the driver has {set(driver)}")
    ids = [item["id"] for item in driver["rules"]]
    if len(ids) != len(set(ids)):
        problems.append(f"{name}: a rule is there twice")
    problems.extend(f"{name}: a rule is {item}" for item in driver["rules"] if not rule(item))
    problems.extend(f"{name}: a result is {item}" for item in of_run["results"] if not result(item, driver["rules"]))
    if len(of_run["results"]) < least:
        problems.append(f"{name}: {len(of_run['results'])} results")


def ask_validator(name, out, folder):
    validator = os.environ.get("SARIF_VALIDATOR")
    if not validator:
        return
    path = os.path.join(folder, "asked.sarif")
    with open(path, "w", encoding="utf-8") as file:
        file.write(out)
    said = subprocess.run([validator, "validate", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120).stdout
    if re.search(r": (error|fail)", said) or "successfully" not in said:
        problems.append(f"{name}: the validator says {said}")


# ---- JUnit XML: windyroad's JUnit.xsd, junit-10.xsd of Jenkins' xUnit plugin ----

def junit(name, out, least):
    root = xml.etree.ElementTree.fromstring(out)
    failures = 0
    if root.tag != "testsuites" or root.attrib:
        problems.append(f"{name}: the root is {root.tag}")
    for number, suite in enumerate(root):
        cases = suite.findall("testcase")
        if suite.tag != "testsuite" or [child.tag for child in suite] != ["properties"] + ["testcase"] * len(cases) + ["system-out", "system-err"]:
            problems.append(f"{name}: a suite holds {[child.tag for child in suite]}")
        if set(suite.attrib) != {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"} or suite.get("id") != str(number):
            problems.append(f"{name}: a suite has {suite.attrib}")
        counts = [len(cases), len(suite.findall("testcase/failure")), len(suite.findall("testcase/error"))]
        failures += counts[1] + counts[2]
        if counts != [int(suite.get(key)) for key in ("tests", "failures", "errors")] or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp")):
            problems.append(f"{name}: a suite counts {counts}: {suite.attrib}")
        for case in cases:
            if set(case.attrib) != {"name", "classname", "time"} or len(case) > 1 or any(child.tag not in ("failure", "error") or set(child.attrib) != {"message", "type"} for child in case):
                problems.append(f"{name}: a case is " + xml.etree.ElementTree.tostring(case, encoding="unicode"))
    if failures < least:
        problems.append(f"{name}: {failures} failures")


# ---- GitHub: `::error file=…,line=…::message`, a line each ----

COMMAND = re.compile(r"::(error|warning|notice) (file=[^,:]+,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?,)?title=[^,:]+::.+")


def github(name, out, least):
    lines = out.splitlines()
    problems.extend(f"{name}: a line is {line}" for line in lines if not COMMAND.fullmatch(line))
    if len(lines) < least:
        problems.append(f"{name}: {len(lines)} lines")


def look(name, folder, arguments, least):
    for form, check in (("sarif", sarif), ("junit", junit), ("github", github)):
        out = run(folder, *arguments, "--format", form)
        try:
            check(f"{name} --format {form}", out, least)
        except Exception as problem:  # no XML, no JSON
            problems.append(f"{name} --format {form}: {problem}\n{out[:2000]}")
        if form == "sarif":
            ask_validator(name, out, folder)


with tempfile.TemporaryDirectory() as work:
    portfolio = os.path.join(work, "a portfolio, ünd more")  # a name that has to be escaped
    shutil.copytree(os.path.join(TOP, "examples/portfolio"), portfolio)
    shutil.copytree(os.path.join(TOP, "tests/golden/lint/data"), os.path.join(work, "lint"))
    shutil.copytree(os.path.join(TOP, "tests/golden/tests/data"), os.path.join(work, "tests"))
    for script in ("load", "waivers"):
        run(portfolio, "run", script + ".remit", "--store", "p.db", "--on", DAY)
    path = os.path.basename(portfolio) + "/policy"
    look("check", work, ["check", path, "--store", os.path.join(portfolio, "p.db"), "--on", DAY], 4)
    look("lint", work, ["lint", path, "--all", "--on", DAY], 0)
    look("lint of a poor policy", work, ["lint", "lint", "--on", DAY], 5)
    look("test", work, ["test", "tests/bad.remit"], 2)
    look("test that passes", work, ["test", path], 0)
    with open(os.path.join(work, "wrong.remit"), "w", encoding="utf-8") as file:
        file.write('remit 1\nuse pmo\n\nrule überzogen "Überzogen — 110%, \\"alles\\"" { for initiative when bugdet > 1 raise low }\n')
    look("lint of a wrong policy", work, ["lint", "wrong.remit"], 1)
    look("check of a wrong policy", work, ["check", "wrong.remit", "--store", ":memory:"], 1)
    if json.loads(run(work, "lint", "wrong.remit", "--format", "json"))[0]["code"] != "R0101":
        problems.append("lint --format json: the error is not there")
print("\n".join(problems), end="")
sys.exit(1 if problems else 0)
