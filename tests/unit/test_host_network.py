"""Containers on the network of their machine find there what is on localhost; others find themselves."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.plan.finding import Severity

FAIL, UNKNOWN = Severity.FAIL, Severity.UNKNOWN  # unknown: the files do not say on which machine the nodes are
COMPOSE = "services:\n{services}"
SERVICE = """\
  {name}:
    image: nocobase/nocobase:2.2.15
    {mode}
    environment: {{DB_DIALECT: postgres, DB_HOST: localhost, CACHE_REDIS_URL: 'redis://127.0.0.1:6379/0'}}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: crm}}
spec:
  replicas: 1
  template:
    spec:
      {mode}
      containers:
        - name: app
          image: nocobase/nocobase:2.2.15
          env: [{{name: DB_DIALECT, value: postgres}}, {{name: DB_HOST, value: localhost}}]
"""


def _severities(tmp_path, text):
    (tmp_path / "source.yaml").write_text(text)
    opened = open_source(str(tmp_path / "source.yaml"))
    ids = {"plan.database_localhost", "plan.redis_localhost"}
    return {one.severity for one in rules(opened.plan, opened.secrets) if one.id in ids}


@pytest.mark.parametrize(
    ("modes", "found"),
    [
        (["network_mode: host"], {UNKNOWN}),
        (["network_mode: host", "network_mode: host"], {UNKNOWN}),
        (["network_mode: bridge"], {FAIL}),
        (["network_mode: host", ""], {FAIL}),
        ([""], {FAIL}),
    ],
)
def test_localhost_of_a_service_is_the_machine_on_its_network_alone(tmp_path, modes, found):
    services = "".join(SERVICE.format(name=f"app{at}", mode=mode) for at, mode in enumerate(modes))
    assert _severities(tmp_path, COMPOSE.format(services=services)) == found


@pytest.mark.parametrize(
    ("mode", "found"), [("hostNetwork: true", {UNKNOWN}), ("hostNetwork: false", {FAIL}), ("", {FAIL})]
)
def test_localhost_of_a_pod_is_the_machine_on_its_network_alone(tmp_path, mode, found):
    assert _severities(tmp_path, DEPLOYMENT.format(mode=mode)) == found


@pytest.mark.parametrize(
    ("option", "found"),
    [("--network host", {UNKNOWN}), ("--net=host", {UNKNOWN}), ("--network nocobase", {FAIL}), ("", {FAIL})],
)
def test_localhost_of_a_container_that_is_run_is_the_machine_on_its_network_alone(tmp_path, option, found):
    given = "-e DB_DIALECT=postgres -e DB_HOST=localhost"
    assert _severities(tmp_path, f"docker run -d --name crm {option} {given} nocobase/nocobase:2.2.15\n") == found
