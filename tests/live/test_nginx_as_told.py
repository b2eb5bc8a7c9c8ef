"""The site of a bundle, tested with the very command that the comment beside it gives."""

import os
import re
import subprocess

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.bundle_files import look_at
from wizard.app.export import export
from wizard.checks.plan.bundle_files import State
from wizard.formats.sites.nginx import TEST_PATH
from wizard.plan.sections import Node

pytestmark = pytest.mark.live


@pytest.mark.parametrize("program", ["nginx_debian", "nginx_newest"])
def test_the_command_works_and_leaves_the_bundle_as_it_was_exported(program, request, tmp_path, closed_port):
    nginx = request.getfixturevalue(program).program
    plan = good_plan().with_value("balancer.tls", False).with_value("nodes", (Node(name="node1", host="127.0.0.1"),))
    plan = plan.with_value("balancer.port", closed_port.port)  # a test opens it, too
    export(plan, SECRETS, tmp_path / "out")
    command = re.search(r"^#   (nginx -t .*)$", (tmp_path / "out" / TEST_PATH).read_text(), re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", command[1]],
        cwd=tmp_path / "out",
        env={**os.environ, "PATH": f"{nginx.parent}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {file.state for file in look_at(tmp_path / "out")} == {State.SAME}
    export(plan.with_value("name", "other"), SECRETS, tmp_path / "out")
