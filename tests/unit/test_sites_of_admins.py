"""What is said of sites that admins write: faults are found, and nothing is said of what is healthy."""

import pytest

from tests.unit.sites import judged
from tests.unit.sites_of_admins import NAMES, cases
from wizard.app.open_source import open_sources
from wizard.plan.finding import Severity

CLUSTER = """\
schema: 1
name: mine
application: {{public_url: https://nb.example.com, version: 2.2.15}}
storage: {{kind: nfs, path: /app/nocobase/storage}}
nodes:
  - {{name: n1, host: 10.0.0.11}}
  - {{name: n2, host: 10.0.0.12}}
  - {{name: n3, host: 10.0.0.13}}
balancer: {{kind: {kind}, server_name: nb.example.com}}
"""
SITES = [
    pytest.param(program, severities, text, id=f"{program}: {name}")
    for program in ("nginx", "haproxy")
    for name, severities, text in cases(program)
]


@pytest.mark.parametrize(("program", "severities", "text"), SITES)
def test_of_a_site_beside_its_cluster_this_is_said(program, severities, text, tmp_path):
    site, cluster = tmp_path / "site.conf", tmp_path / "cluster.yaml"
    site.write_text(text)
    cluster.write_text(CLUSTER.format(kind=program))
    found = judged(text, open_sources([str(site), str(cluster)]).plan, known={})
    told = {name: found[f"balancer.{name}"] for name in NAMES}
    assert [one.severity for one in told.values()] == [Severity(word) for word in severities.split()], told
