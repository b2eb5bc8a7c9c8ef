"""A report as JUnit's XML, as build servers read it: a suite for each component, a case for each finding.

What failed is a failure, what could not be found out an error, so that neither is taken for a pass; what was skipped or
accepted is skipped. A warning passes, and its words are the case's output.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from wizard.guide.reports.text import accepted_words
from wizard.guide.reports.told import Told
from wizard.pattern import pattern
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import sentences, tr

_NOT_XML = pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document can hold (section 2.2)."""
_TAGS = {Severity.FAIL: "failure", Severity.UNKNOWN: "error", Severity.SKIP: "skipped"}
_MILLISECONDS = 1000


def junit(told: Told) -> str:
    """Return the report as a document of JUnit's."""
    root = ET.Element("testsuites", name=_clean(told.source), time=_seconds(told.report.elapsed_ms))
    started = told.report.started.isoformat(timespec="seconds")
    for component, found in groupby(told.report.findings, key=lambda finding: finding.component):
        _suite(root, component, list(found), started)
    _count(root, told.report.findings)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _suite(root: ET.Element, component: str, found: Sequence[Finding], started: str) -> None:
    suite = ET.SubElement(root, "testsuite", name=component, timestamp=started)
    suite.set("time", _seconds(max((item.elapsed_ms or 0 for item in found), default=0)))
    _count(suite, found)
    for finding in found:
        name = f"{finding.id} {finding.subject}".rstrip()
        case = ET.SubElement(suite, "testcase", classname=component, name=_clean(name))
        case.set("time", _seconds(finding.elapsed_ms or 0))
        _outcome(case, finding)


def _outcome(case: ET.Element, finding: Finding) -> None:
    words = "\n".join(part for part in (finding.summary, finding.detail, finding.remedy, finding.doc) if part)
    if finding.accepted:
        words = sentences(finding.summary, accepted_words(finding.accepted))
        ET.SubElement(case, "skipped", message=_clean(words))
    elif tag := _TAGS.get(finding.severity):
        told = ET.SubElement(case, tag, message=_clean(finding.summary))
        if finding.severity is not Severity.SKIP:
            told.set("type", finding.error.value if finding.error else finding.severity.value)
            told.text = _clean(words)
    elif finding.severity is Severity.WARN:
        ET.SubElement(case, "system-out").text = _clean(tr("Warning: {words}", words=words))


def _count(element: ET.Element, found: Sequence[Finding]) -> None:
    counted = [item.severity for item in found if not item.accepted]
    element.set("tests", str(len(found)))
    element.set("failures", str(counted.count(Severity.FAIL)))
    element.set("errors", str(counted.count(Severity.UNKNOWN)))
    element.set("skipped", str(counted.count(Severity.SKIP) + len(found) - len(counted)))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / _MILLISECONDS:.3f}"
