"""A name that the nodes alone find: no fault when this machine does not know it, and said with the address if known."""

import pytest

from wizard.app.from_here import from_here, inside_names, with_names
from wizard.app.open_source import open_source
from wizard.checks.database.specs import CONNECT
from wizard.plan.finding import ErrorKind, Severity

COMPOSE = """\
services:
  app:
    image: nocobase/nocobase:2.2.15
    environment: {DB_DIALECT: postgres, DB_HOST: %s}
    extra_hosts: %s
  db: {image: "postgres:16"}
"""
MANIFESTS = """\
apiVersion: v1
kind: Pod
metadata: {name: crm}
spec:
  hostAliases: [{ip: 10.0.0.9, hostnames: [far.lan]}]
  containers: [{name: app, image: nocobase/nocobase:2.2.15, env: [{name: DB_HOST, value: %s}]}]
---
apiVersion: v1
kind: Service
metadata: {name: pg}
"""


def told(tmp_path, text, error=ErrorKind.DNS):
    (tmp_path / "app.yaml").write_text(text)
    plan = open_source(str(tmp_path / "app.yaml")).plan
    finding = from_here(CONNECT.fail("The name is not found.", error), plan)
    kept = with_names(plan, inside_names(plan))
    assert from_here(CONNECT.fail("The name is not found.", error), kept) == finding
    return finding


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (COMPOSE % ("db", "[]"), "db is a name of the nodes' own network"),
        (COMPOSE % ("far.lan", '["far.lan:10.0.0.9"]'), "given 10.0.0.9 for far.lan"),
        (COMPOSE % ("far.lan", '["far.lan=[fd00::9]"]'), "given fd00::9 for far.lan"),
        (COMPOSE % ("far.lan", "{far.lan: 10.0.0.9}"), "given 10.0.0.9 for far.lan"),
        (MANIFESTS % "pg", "pg is a name"),
        (MANIFESTS % "pg.shop.svc.cluster.local", "pg.shop.svc.cluster.local is a name"),
        (MANIFESTS % "far.lan", "given 10.0.0.9 for far.lan"),
    ],
)
def test_a_name_of_the_nodes_own_is_not_found_out_from_here(tmp_path, text, words):
    finding = told(tmp_path, text)
    assert (finding.severity, words in finding.summary) == (Severity.UNKNOWN, True)
    assert "--nodes" in finding.remedy


@pytest.mark.parametrize("text", [COMPOSE % ("other", "[]"), MANIFESTS % "db.example.com"])
def test_a_name_that_no_source_gives_stays_a_fault(tmp_path, text):
    assert told(tmp_path, text).severity is Severity.FAIL


def test_another_error_at_a_name_of_the_nodes_stays_a_fault(tmp_path):
    assert told(tmp_path, COMPOSE % ("db", "[]"), ErrorKind.REFUSED).severity is Severity.FAIL
