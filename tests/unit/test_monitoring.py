"""Checks on a timer: units that systemd takes, manifests that Kubernetes takes, rules that Prometheus takes."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from tests.servers.fixtures import give_up
from tests.unit.plans import SECRETS, good_plan
from wizard.cli.arguments import parse
from wizard.export import bundle
from wizard.formats import cluster_file
from wizard.guide.reports.report import Format
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

PODS = replace(good_plan(), application=replace(good_plan().application, deployment=Deployment.KUBERNETES))
AWKWARD = 'a "b" {{ $value }} \\ %n'


def files_of(plan: Plan) -> dict[str, str]:
    files = bundle.render(plan, SECRETS, targets=["monitoring"])
    return {file.path.removeprefix("monitoring/"): file.text for file in files if file.path.startswith("monitoring/")}


def program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        give_up(f"{name} is not installed")
    return str(found)


def verified(tmp_path: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Let systemd verify the units on a machine that has the program."""
    units = tmp_path / "units"
    units.mkdir()
    command = tmp_path / "nocobase-cluster-wizard"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    for name in ("nocobase-cluster-check.service", "nocobase-cluster-check.timer"):
        text = files[name].replace("ExecStart=nocobase-cluster-wizard ", f"ExecStart={command} ")
        (units / name).write_text(text)
    verify = [program("systemd-analyze"), "verify", "--man=no", *map(str, units.iterdir())]
    return subprocess.run(verify, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", ["/mnt/nocobase", '/mnt/a b "c" %n \\ d'])
def test_systemd_takes_the_units(tmp_path, path):
    done = verified(tmp_path, files_of(good_plan().with_value("storage.path", path)))
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_refuses_a_unit_that_is_broken(tmp_path):
    files = files_of(good_plan())
    timer = files["nocobase-cluster-check.timer"].replace("15min", "often")
    assert "often" in verified(tmp_path, {**files, "nocobase-cluster-check.timer": timer}).stderr


def test_the_unit_calls_what_the_program_knows():
    unit = files_of(good_plan())["nocobase-cluster-check.service"]
    called, *words = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1].split()
    assert called == "nocobase-cluster-wizard", "no place: an archive, a wheel and the Debian package have other ones"
    options = parse(words)
    assert options.command == "check"
    assert options.outputs == (
        ("format", Format.TEXT.value),
        ("format", Format.PROMETHEUS.value),
        ("output", "/var/lib/prometheus/node-exporter/nocobase-cluster-check.prom"),
    )


def rules_in(tmp_path: Path, plan: Plan) -> Path:
    path = tmp_path / "alerts.yaml"
    path.write_text(files_of(plan)["alerts.yaml"])
    return path


PLANS = {"timer": good_plan(), "pods": PODS, "name": good_plan().with_value("name", AWKWARD)}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_prometheus_takes_the_rules(tmp_path, plan):
    check = [program("promtool"), "check", "rules", str(rules_in(tmp_path, plan))]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"SUCCESS: [23] rules found", done.stdout)


def tried(tmp_path: Path, plan: Plan, series: dict[str, str], at: str) -> set[str]:
    """Return the alerts that fire at a time, by Prometheus' own test of rules."""
    rules_in(tmp_path, plan)
    fired = set()
    for alert in ("NocoBaseClusterFails", "NocoBaseClusterUnknown", "NocoBaseClusterNotChecked"):
        case = {"eval_time": at, "alertname": alert, "exp_alerts": []}
        inputs = [{"series": name, "values": values} for name, values in series.items()]
        document = {
            "rule_files": ["alerts.yaml"],
            "tests": [{"interval": "1m", "input_series": inputs, "alert_rule_test": [case]}],
        }
        with (tmp_path / "test.yaml").open("w") as file:
            YAML().dump(document, file)
        test = [program("promtool"), "test", "rules", "test.yaml"]
        if subprocess.run(test, cwd=tmp_path, capture_output=True, check=False).returncode:
            fired.add(alert)
    return fired


def series(name: str, fail: str = "0x300", unknown: str = "0x300", when: str = "0+60x300") -> dict[str, str]:
    return {
        f'nocobase_cluster_check_findings{{cluster="{name}",severity="fail"}}': fail,
        f'nocobase_cluster_check_findings{{cluster="{name}",severity="unknown"}}': unknown,
        f'nocobase_cluster_check_timestamp_seconds{{cluster="{name}"}}': when,
    }


@pytest.mark.parametrize(
    ("given", "alerts"),
    [
        ({}, set()),
        ({"fail": "2x300"}, {"NocoBaseClusterFails"}),
        ({"unknown": "1x300"}, {"NocoBaseClusterUnknown"}),
        ({"when": "0x300"}, {"NocoBaseClusterNotChecked"}),
    ],
)
def test_an_alert_fires_for_what_it_is_for_and_for_nothing_else(tmp_path, given, alerts):
    plan = good_plan()
    assert tried(tmp_path, plan, series(plan.name, **given), "4h") == alerts


def test_where_nobody_ever_checked_an_alert_says_so(tmp_path):
    assert tried(tmp_path, good_plan(), {}, "1h") == {"NocoBaseClusterNotChecked"}


def jobs(failed: str = "0x300", when: str = "0+60x300") -> dict[str, str]:
    name = "nocobase-production-check"
    return {
        f'kube_job_status_failed{{job_name="{name}-29401"}}': failed,
        f'kube_cronjob_status_last_successful_time{{cronjob="{name}"}}': when,
    }


@pytest.mark.parametrize(
    ("given", "alerts"),
    [({}, set()), ({"failed": "1x300"}, {"NocoBaseClusterFails"}), ({"when": "0x300"}, {"NocoBaseClusterNotChecked"})],
)
def test_on_kubernetes_an_alert_fires_by_what_the_jobs_did(tmp_path, given, alerts):
    assert tried(tmp_path, PODS, jobs(**given), "4h") == alerts


@pytest.mark.parametrize("version", ["1.29", "1.37"])
def test_kubernetes_takes_the_cronjob(version):
    for document in YAML(typ="safe", pure=True).load_all(files_of(PODS)["cronjob.yaml"]):
        kubernetes_validate.validate(document, version, strict=True)


def test_the_cronjob_has_the_plan_and_no_secret_and_may_do_little():
    text = files_of(PODS)["cronjob.yaml"]
    config, job = YAML(typ="safe", pure=True).load_all(text)
    assert cluster_file.read(config["data"]["cluster.yaml"], "x").nodes == PODS.nodes
    assert not [name for name, value in SECRETS.items() if value.reveal() in text]
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["envFrom"] == [{"secretRef": {"name": "nocobase-production-secrets"}}]
    assert container["args"][:2] == ["check", "/plan/cluster.yaml"]


def test_each_deployment_has_its_own_files():
    assert set(files_of(good_plan())) == {
        "alerts.yaml",
        "nocobase-cluster-check.service",
        "nocobase-cluster-check.timer",
    }
    assert set(files_of(PODS)) == {"alerts.yaml", "cronjob.yaml"}
