"""Hosts that may be names of containers: whether the nodes are on one machine is known, or said to be open."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.open_source import open_sources
from wizard.checks.plan.rules import rules
from wizard.checks.storage.judge_filesystem import filesystem
from wizard.checks.storage.judge_lock import lock
from wizard.checks.storage.mounts import Mount
from wizard.checks.storage.probe import StorageFacts
from wizard.checks.storage.specs import EXISTS
from wizard.checks.storage.target import target_of
from wizard.engine.facts import Known
from wizard.plan.finding import Severity
from wizard.plan.machines import on_several_machines
from wizard.plan.sections import Deployment, Node, StorageKind

COMPOSE = """
services:
  app1: {image: 'nocobase/nocobase:2.2.15', volumes: ['/srv/nocobase:/app/nocobase/storage']}
  app2: {image: 'nocobase/nocobase:2.2.15', volumes: ['/srv/nocobase:/app/nocobase/storage']}
"""
SITE = "upstream nodes { %s }\nserver { listen 80; location / { proxy_pass http://nodes; } }\n"


def _planned(hosts, deployment=Deployment.DOCKER, kind=StorageKind.LOCAL):
    nodes = tuple(Node(name=f"n{at}", host=host, port=13000 + at) for at, host in enumerate(hosts))
    plan = replace(good_plan(), nodes=nodes)
    return plan.with_value("application.deployment", deployment).with_value("storage.kind", kind)


def _read(tmp_path, servers):
    compose, site = tmp_path / "compose.yaml", tmp_path / "site.conf"
    compose.write_text(COMPOSE, encoding="utf-8")
    site.write_text(SITE % " ".join(f"server {one};" for one in servers), encoding="utf-8")
    return open_sources([str(compose), str(site)]).plan


@pytest.mark.parametrize(
    ("hosts", "deployment", "several"),
    [
        (["10.0.0.1", "10.0.0.2"], Deployment.DOCKER, True),
        (["10.0.0.1", "app2"], Deployment.DOCKER, True),
        (["a.internal", "b.internal"], Deployment.DOCKER, True),
        (["app1", "app2"], Deployment.DOCKER, None),
        (["app1", "app2"], Deployment.BARE, True),
        (["app1", "App1."], Deployment.BARE, False),
        (["127.0.0.1", "localhost"], Deployment.BARE, False),
        (["10.0.0.1", "10.0.0.1"], Deployment.DOCKER, False),
        (["app1", ""], Deployment.DOCKER, False),
    ],
)
def test_hosts_tell_several_machines_or_leave_it_open(hosts, deployment, several):
    assert on_several_machines(_planned(hosts, deployment)) is several


@pytest.mark.parametrize(
    ("hosts", "severity"),
    [
        (["10.0.0.1", "10.0.0.2"], Severity.FAIL),
        (["app1", "app2"], Severity.UNKNOWN),
        (["10.0.0.1", "10.0.0.1"], Severity.PASS),
    ],
)
def test_a_local_disk_fails_only_where_machines_are_known_to_be_several(hosts, severity):
    [found] = [found for found in rules(_planned(hosts), SECRETS) if found.id == "plan.shared_storage"]
    assert found.severity is severity
    if severity is Severity.UNKNOWN:
        assert "app1" in found.summary
        assert "app2" in found.summary
        assert found.remedy


@pytest.mark.parametrize(
    ("servers", "several"), [(["app1:80", "app2:80"], False), (["10.0.0.1:80", "10.0.0.2:80"], True)]
)
def test_services_of_one_compose_file_are_on_one_machine(tmp_path, servers, several):
    assert on_several_machines(_read(tmp_path, servers)) is several


@pytest.mark.parametrize(
    ("hosts", "kept", "locked"),
    [
        (["10.0.0.1", "10.0.0.2"], Severity.FAIL, Severity.WARN),
        (["app1", "app2"], Severity.UNKNOWN, Severity.UNKNOWN),
        (["10.0.0.1", "10.0.0.1"], Severity.PASS, Severity.PASS),
    ],
)
def test_a_disk_of_this_machine_is_judged_by_what_is_known_of_the_nodes(hosts, kept, locked):
    target = target_of(_planned(hosts), SECRETS)
    facts = StorageFacts()
    facts.mount, facts.lock = Known(Mount("/dev/sda1", "/", "ext4", frozenset({"rw"}))), Known(value=True)
    assert filesystem(target, facts.mount).severity is kept
    assert lock(target, facts, EXISTS).severity is locked
