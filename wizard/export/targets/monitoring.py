"""Target monitoring: a check every quarter of an hour by a systemd timer or a CronJob, each with its alert rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from wizard import __version__
from wizard.export import kubernetes_manifests as manifests
from wizard.export.target import Contents, Order, ReadmePart, Target
from wizard.formats import cluster_file
from wizard.formats.files import BundleFile
from wizard.formats.templates import fill
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

MINUTES = 15
"""Between two checks."""
LATE_SECONDS = 3 * MINUTES * 60
"""Without a check for so long, somebody is told."""
METRICS = "/var/lib/prometheus/node-exporter/nocobase-cluster-check.prom"
"""Where Debian's prometheus-node-exporter looks for metrics of others (its package's README)."""
ETC = "/etc/nocobase-cluster-check"
UNIT = "nocobase-cluster-check"
_FOLDER = "monitoring"


class _Monitoring(Target):
    name = _FOLDER
    title = mark("Checks on a timer, with alerts")
    order = 60

    def files(self, order: Order) -> Sequence[BundleFile]:
        plan = order.plan
        values = {"cluster": plan.name, "minutes": MINUTES, "etc": ETC, "metrics": METRICS, "unit": UNIT}
        if plan.application.deployment is Deployment.KUBERNETES:
            base = manifests.base_name(plan)
            own = {
                "name": base,
                "secret_name": manifests.secret_name(plan),
                "version": __version__,
                "plan": cluster_file.write(plan),
            }
            return (
                _file("cronjob.yaml", "monitoring-cronjob.yaml.j2", **values, **own),
                _file("alerts.yaml", "monitoring-alerts.yaml.j2", **values, rules=_rules_of_jobs(f"{base}-check")),
            )
        return (
            _file(f"{UNIT}.service", "monitoring.service.j2", **values, storage=plan.storage.path),
            _file(f"{UNIT}.timer", "monitoring.timer.j2", **values),
            _file("alerts.yaml", "monitoring-alerts.yaml.j2", **values, rules=_rules_of_metrics(plan)),
        )

    def readme(self, contents: Contents) -> ReadmePart:
        if contents.on_kubernetes:
            base = manifests.base_name(contents.plan)
            section = fill("readme/monitoring-kubernetes.md.j2", name=base, version=__version__)
        else:
            section = fill("readme/monitoring.md.j2", unit=UNIT, etc=ETC, metrics=METRICS)
        purpose = tr("a check every quarter of an hour, and rules for alerts")
        return ReadmePart(files=((f"`{_FOLDER}/*`", purpose),), section=section)


def _file(path: str, template: str, /, **values: Any) -> BundleFile:
    return BundleFile(f"{_FOLDER}/{path}", fill(template, **values))


def _rules_of_metrics(plan: Plan) -> list[dict[str, str]]:
    """Return the rules on the metrics that a check writes."""
    cluster = json.dumps(plan.name, ensure_ascii=False)

    def metric(name: str, more: str = "") -> str:
        return f"nocobase_cluster_check_{name}{{cluster={cluster}{more}}}"

    failed, unknown = (metric("findings", f', severity="{severity}"') for severity in ("fail", "unknown"))
    when = metric("timestamp_seconds")
    return [
        _rule("NocoBaseClusterFails", f"{failed} > 0", "0m", "critical", tr("Checks of the cluster fail.")),
        _rule("NocoBaseClusterUnknown", f"{unknown} > 0", "1h", "warning", tr("Something could not be found out.")),
        _rule(
            "NocoBaseClusterNotChecked",
            f"time() - {when} > {LATE_SECONDS} or absent({when})",
            "5m",
            "warning",
            tr("The cluster was not checked lately."),
        ),
    ]


def _rules_of_jobs(name: str) -> list[dict[str, str]]:
    """Return the rules on what kube-state-metrics tells of the CronJob: its pod has no place for metrics of its own."""
    job, cron = f'job_name=~"{name}-.+"', f'cronjob="{name}"'
    done = f"kube_cronjob_status_last_successful_time{{{cron}}}"
    return [
        _rule(
            "NocoBaseClusterFails",
            f"kube_job_status_failed{{{job}}} > 0",
            "0m",
            "critical",
            tr("A check of the cluster failed."),
        ),
        _rule(
            "NocoBaseClusterNotChecked",
            f"time() - {done} > {LATE_SECONDS} or absent({done})",
            "5m",
            "warning",
            tr("The cluster was not checked lately, or not without a failure."),
        ),
    ]


def _rule(alert: str, expression: str, wait: str, severity: str, summary: str) -> dict[str, str]:
    return {"alert": alert, "expr": expression, "for": wait, "severity": severity, "summary": summary}


TARGET = _Monitoring()
