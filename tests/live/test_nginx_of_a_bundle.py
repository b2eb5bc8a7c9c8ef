"""The nginx part of an exported bundle, tried as its own comment says: the very site, in a configuration around it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.patience import patience
from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import export
from wizard.demo.ports import HeldPort
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

pytestmark = pytest.mark.live


def _plan(name: str) -> Plan:
    """Return a plan whose nodes and ports a test may use: no names to look up, no ports of root's."""
    plan = good_plan().with_value("name", name).with_value("balancer.tls", False)
    plan = plan.with_value("balancer.port", HeldPort().number)
    return plan.with_value("nodes", (Node(name="node1", host="127.0.0.1"), Node(name="node2", host="127.0.0.2")))


def _tried(program: Path, bundle: Path) -> subprocess.CompletedProcess[str]:
    folder = bundle / "nginx" / "test"
    command = [str(program), "-t", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=patience(30))


@pytest.mark.parametrize("name", ["production", "nginx"])
def test_both_versions_of_nginx_take_the_exported_site(
    name: str, tmp_path: Path, nginx_debian: Any, nginx_newest: Any
) -> None:
    export(_plan(name), SECRETS, tmp_path / "bundle")
    for nginx in (nginx_debian, nginx_newest):
        done = _tried(nginx.program, tmp_path / "bundle")
        assert done.returncode == 0, done.stderr


def test_a_site_broken_by_hand_is_refused_with_its_line(tmp_path: Path, nginx_debian: Any) -> None:
    export(_plan("production"), SECRETS, tmp_path / "bundle")
    site = tmp_path / "bundle" / "nginx" / "production.conf"
    site.write_text(site.read_text().replace("proxy_http_version 1.1;", "proxy_http_version 1.1"))
    done = _tried(nginx_debian.program, tmp_path / "bundle")
    assert done.returncode != 0
    assert "production.conf:" in done.stderr
