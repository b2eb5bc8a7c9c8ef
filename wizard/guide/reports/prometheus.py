"""A report as metrics for the textfile collector of Prometheus' node_exporter, in its text format."""

from __future__ import annotations

from wizard import __version__
from wizard.guide import status
from wizard.guide.reports.told import Told
from wizard.plan.finding import Severity

_PREFIX = "nocobase_cluster_check"


def prometheus(told: Told) -> str:
    """Return the metrics of the run. Names and labels are a contract with alert rules, and never translated."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    report, cluster = told.report, _label(told.plan.name)
    counted = Gauge(
        f"{_PREFIX}_findings", "Findings of the last run by severity.", ["cluster", "severity"], registry=registry
    )
    for severity in Severity:
        counted.labels(cluster, severity.value).set(report.count(severity))
    accepted = Gauge(f"{_PREFIX}_accepted", "Findings that are accepted.", ["cluster"], registry=registry)
    accepted.labels(cluster).set(len(report.accepted))
    open_ = Gauge(
        f"{_PREFIX}_finding",
        "A finding that asks something: failed, could not be found out, or a warning.",
        ["cluster", "id", "subject", "severity"],
        registry=registry,
    )
    for finding in report.findings:
        if finding.severity in status.OPEN and not finding.accepted:
            open_.labels(cluster, finding.id, _label(finding.subject), finding.severity.value).set(1)
    for name, words, value in (
        ("good", "1 if the last run ended and nothing failed in it.", int(report.good)),
        ("complete", "1 if the last run ended, 0 if it was interrupted.", int(not report.cancelled)),
        ("duration_seconds", "Seconds that the last run took.", report.elapsed_ms / 1000),
        ("timestamp_seconds", "When the last run began, in seconds since 1970.", report.started.timestamp()),
    ):
        Gauge(f"{_PREFIX}_{name}", words, ["cluster"], registry=registry).labels(cluster).set(value)
    info = Gauge(f"{_PREFIX}_info", "The program that checked.", ["cluster", "version"], registry=registry)
    info.labels(cluster, __version__).set(1)
    text: str = generate_latest(registry).decode()
    return text


def _label(text: str) -> str:
    """Return a text as the format can hold it: half a sign that a server sent has no UTF-8."""
    return text.encode(errors="backslashreplace").decode()
