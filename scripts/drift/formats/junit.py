"""The report as JUnit XML: a test case a finding, which fails if the finding fails the run."""

from typing import Any, TextIO
from xml.etree import ElementTree

from scripts.drift.findings import LEVELS
from scripts.drift.formats.words import value_text, verdict, where
from scripts.lib.errors import printable

_MAX_PAYLOAD = 2000


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the suite; without findings it has one case, that passed."""
    suite = ElementTree.Element("testsuite", name="drift", hostname="localhost", time="0")
    for one in report["findings"]:
        _case(report, one, suite)
    if not report["findings"]:
        ElementTree.SubElement(suite, "testcase", classname="drift", name="no drift", time="0")
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("*/failure"))))
    suite.set("skipped", str(len(suite.findall("*/skipped"))))
    suite.set("errors", "0")
    root = ElementTree.Element("testsuites", name=verdict(report))
    root.append(suite)
    ElementTree.indent(root)
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(ElementTree.tostring(root, encoding="unicode") + "\n")


def _case(report: dict[str, Any], one: dict[str, Any], suite: ElementTree.Element) -> None:
    name, line, _ = where(report, one)
    title = printable(f"{one['place']} {one['effect']} [{one['id']}]")
    case = ElementTree.SubElement(suite, "testcase", classname=f"drift.{one['rule']}", name=title, time="0")
    case.set("file", name)
    case.set("line", str(line))
    text = printable(f"{one['level']}: {one['text']}")
    if one["accepted"]:
        reason = f"accepted by {one['accepted']['owner']} until {one['accepted']['expires']}: "
        ElementTree.SubElement(case, "skipped", message=printable(reason + one["accepted"]["reason"]))
    elif LEVELS.index(one["level"]) <= LEVELS.index(report["fail_on"]):
        failure = ElementTree.SubElement(case, "failure", message=text, type=one["level"])
        failure.text = "\n".join([f"{name}:{line}", text, *_payload(one)])
    else:
        ElementTree.SubElement(case, "system-out").text = text


def _payload(one: dict[str, Any]) -> list[str]:
    payload = one["payload"]
    if payload is None:
        return []
    return [
        f"payload {value_text(payload, _MAX_PAYLOAD)}",
        f"valid for the {payload['valid_for']}, refused by the {payload['refused_by']}",
    ]
