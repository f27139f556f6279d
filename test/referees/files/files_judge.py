"""icalendar reads a calendar of ours, prometheus_client metrics, junitparser test reports; check-jsonschema holds CI/CD files
against GitLab's published schema."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import icalendar
from junitparser import JUnitXml
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as text_of_prometheus

sys.path.insert(0, str(Path(__file__).parent.parent / "clients" / "python"))

from steps import introduce, same, step  # noqa: E402

what, folder = sys.argv[1], Path(sys.argv[2])


def calendar(path: Path) -> None:
    text = path.read_bytes()
    read = icalendar.Calendar.from_ical(text)
    same((read["version"], read["prodid"], read.errors), ("2.0", "-//pat-rotation//plan//EN", []))
    events = read.walk("VEVENT")
    same(len(events), text.split(b"\r\n").count(b"BEGIN:VEVENT"))
    same(len({str(event["uid"]) for event in events}), len(events))
    for event in events:
        same(event.errors, [])
        assert event.end - event.start >= timedelta(days=1), event["summary"]
        assert event["dtstamp"].dt.tzinfo is not None, event["summary"]
    same(icalendar.Calendar.from_ical(read.to_ical()), read)


def schema(path: Path) -> None:
    options = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    done = subprocess.run([sys.executable, "-m", "check_jsonschema", *options, path], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)


def metrics(path: Path) -> None:
    text = path.read_text()
    families = list(text_string_to_metric_families(text))
    samples = [sample for family in families for sample in family.samples]
    same(len(samples), sum(1 for line in text.splitlines() if not line.startswith("#")))
    for family in families:
        same(family.type, "gauge")
        same(family.name.startswith("pat_rotation_") and family.documentation != "", True)
        same(family.unit, "seconds" if family.name.endswith("_seconds") else "")
    stacks = {sample.labels["stack"] for sample in samples if "stack" in sample.labels}
    same(stacks - {"empty"}, {'prod "x"\\ ]]>'} if stacks else set())
    # Scrapers that know the older format alone read the same.
    older = [sample for family in text_of_prometheus(text) for sample in family.samples]
    same([(one.name, one.labels, one.value) for one in older], [(one.name, one.labels, one.value) for one in samples])


def tests(path: Path) -> None:
    report = JUnitXml.fromfile(str(path))
    cases = [case for suite in report for case in suite]
    results = [result for case in cases for result in case.result]
    told = (report.tests, report.failures, report.errors)
    report.update_statistics()
    same(told, (report.tests, report.failures, report.errors))
    same(len({(case.classname, case.name) for case in cases}), len(cases))
    same(all(result.message and result.text for result in results), True)
    same(sum(case.is_passed for case in cases) + len(results), len(cases))


judges = {
    "ics": ("icalendar", calendar),
    "ci": ("check-jsonschema", schema),
    "metrics": ("prometheus-client", metrics),
    "junit": ("junitparser", tests),
}
package, judge = judges[what]
introduce(package)
for file in sorted(folder.iterdir()):
    with step(file.stem.replace("-", " ")):
        judge(file)
