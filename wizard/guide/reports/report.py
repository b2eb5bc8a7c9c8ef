"""Verb report: the outcome of runs as a document, and where it is written; what both faces give away is alike."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from wizard.checks.registry import names
from wizard.engine.report import Report
from wizard.guide.reports.style import Style, escaped, printable
from wizard.guide.reports.text import Detail, report_text
from wizard.guide.reports.told import Told
from wizard.plan.finding import Finding
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret
from wizard.storage.atomic_files import write_atomic

_MODE = 0o644
_ODD = "backslashreplace"
"""As on standard output: half a sign that a server sent must not cost the whole document."""


class Format(StrEnum):
    """What a report can be written as. A format beside text and JSON is the module and the function of its name."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"
    PROMETHEUS = "prometheus"


def rendered(
    told: Told,
    form: Format,
    style: Style = Style(),  # noqa: B008 - immutable
    detail: Detail = Detail.USUAL,
) -> str:
    """Return what is told as a document; `style` and `detail` are for text alone."""
    match form:
        case Format.TEXT:
            return report_text(told.report, style, detail, told.since)
        case Format.JSON:
            return escaped(json.dumps(as_json(told), indent=2, ensure_ascii=False, default=str)) + "\n"
        case _:
            module = import_module(f"wizard.guide.reports.{form.value}")
            made: str = getattr(module, form.value)(told)
            return printable(made)


def as_json(told: Told) -> dict[str, Any]:
    """Return the contract's JSON document; `since` is there where the run was compared with another one."""
    document = told.report.as_json(told.source, told.actions)
    return {**document, "since": told.since.as_json()} if told.since else document


def write(path: Path, text: str) -> None:
    """Write a document; a file is replaced in one step, a device or a pipe is written to. Raises OSError."""
    write_bytes(path, text.encode(errors=_ODD))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a picture, or what else is no text, in the same way; raises OSError."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
    else:
        write_atomic(path, data, _MODE)


def renewed(former: Report, newer: Report, components: Collection[str]) -> Report:
    """Return the former report in which a later run of some `components` takes the place of what it renewed.

    It began when the former run did, and took the time of both.
    """

    def of(report: Report, component: str) -> Iterable[Finding]:
        return (finding for finding in report.findings if finding.component == component)

    findings = (of(newer if name in components else former, name) for name in names())
    return replace(
        former,
        findings=tuple(finding for some in findings for finding in some),
        elapsed_ms=former.elapsed_ms + newer.elapsed_ms,
        cancelled=former.cancelled or newer.cancelled,
        faults=former.faults + newer.faults,
    )


def redacted(report: Report, secrets: Iterable[Secret]) -> Report:
    """Return the report without any of `secrets`.

    One may have been entered after the run that found it in an answer.
    """
    clean = Redactor(secrets)
    return replace(report, findings=tuple(clean.finding(item) for item in report.findings))
