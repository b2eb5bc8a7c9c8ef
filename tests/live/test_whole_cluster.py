"""Sound clusters: over two of them, every check there is finds its thing in order."""

import pytest

from tests.live.running import findings_of, unhurried
from tests.live.whole_cluster import both_kinds
from tests.servers.fixtures import running
from wizard.app.check import prepare
from wizard.app.export import export
from wizard.checks.registry import all_specs, component
from wizard.plan.finding import Severity

pytestmark = pytest.mark.live
SOUND_OTHERWISE = {
    "node.version": Severity.INFO,  # read from the database: it cannot prove what the node runs
    "redis.neighbours": Severity.INFO,  # the listeners may be this cluster's own, and are
    "redis.worker_ids": Severity.INFO,  # inferred from the names of keys: it never passes
    "rabbitmq.variables": Severity.UNKNOWN,  # nobody published them
    "plan.queue_variables": Severity.WARN,  # the same
}
WITH_A_KEY = {"licence.plugins", "licence.version"}
"""Unknown where a key licenses the plug-ins: nobody but NocoBase can read it."""
BY_THE_DISK = {"storage.fsync"}
"""What depends on how busy this machine's disk is."""

WITH_NODES = {spec.id for spec in component("inside").specs}
"""Asked with --nodes alone (tests/live/test_inside.py)."""
OF_OTHER_SOURCES = {
    f"plan.{name}"
    for name in (
        "api_versions",
        "followed",
        "ingress_limits",
        "ingress_paths",
        "ports",
        "rolling_update",
        "secret_objects",
        "service_links",
        "start_command",
        "startup_probe",
    )
}
"""Said of manifests and Compose files alone (tests/unit/test_rules_of_deployed.py)."""
NOT_HERE = BY_THE_DISK | WITH_NODES | OF_OTHER_SOURCES


def _found(cluster, bundle):
    export(cluster.plan, cluster.secrets, bundle, targets=["env"])
    run = prepare(cluster.plan, cluster.secrets, lambda _event: None, bundle=bundle)
    with unhurried():
        return findings_of(run.checks, cross_checks=run.cross_checks)


@pytest.fixture(scope="module")
def found(authority, tmp_path_factory):
    with running(lambda: both_kinds(authority, tmp_path_factory.mktemp("whole"))) as clusters:
        folder = tmp_path_factory.mktemp("bundles")
        yield [_found(cluster, folder / str(number)) for number, cluster in enumerate(clusters)]


def test_every_check_passes_on_one_of_them(found):
    passed = {finding.id for findings in found for finding in findings.values() if finding.severity is Severity.PASS}
    assert {spec.id for spec in all_specs()} - passed - NOT_HERE == set(SOUND_OTHERWISE)


def test_nothing_fails_or_warns(found):
    troubled = {
        finding.id: f"{finding.severity} {finding.summary} {finding.detail}"
        for findings in found
        for finding in findings.values()
        if finding.severity in {Severity.FAIL, Severity.WARN, Severity.UNKNOWN}
        and SOUND_OTHERWISE.get(finding.id) is not finding.severity
        and finding.id not in WITH_A_KEY | BY_THE_DISK
    }
    assert troubled == {}
