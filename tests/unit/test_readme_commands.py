"""The commands of a bundle's README, run by a shell as they stand there; docker and yarn only note their calls."""

import os
import re
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_examples import EXAMPLES, plan_of, secrets_of
from wizard.bundle import bundle
from wizard.bundle.files import SecretsMode
from wizard.checks.bundle_files import State
from wizard.plan.sections import BalancerKind, Deployment, Node, Tls
from wizard.verbs.bundle_files import look_at
from wizard.verbs.export import export

RECORDER = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
echo "  in $(pwd) with lock $LOCK_ADAPTER_DEFAULT" >> "$CALLS"
[ -f ../env/cluster.env ] && grep ^LOCK_ADAPTER_DEFAULT ../env/cluster.env >> "$CALLS"
exit 0
"""


def scripts(readme: str, after: str = "") -> list[str]:
    """Give the shell scripts in a README, those after the text `after` alone."""
    assert after in readme
    blocks = re.finditer(r"^( *)```sh\n(.*?)^\1```$", readme[readme.index(after) :], re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{block[1]}", "", block[2], flags=re.MULTILINE) for block in blocks]


def readme_of(plan, secrets=SECRETS, targets=()):
    return next(file.text for file in bundle.render(plan, secrets, targets=targets) if file.path == "README.md")


@pytest.fixture
def run(tmp_path):
    """Run a script in a folder and give the calls that it made."""
    programs, calls = tmp_path / "programs", tmp_path / "calls"
    programs.mkdir()
    for name in ("docker", "yarn", "curl"):
        path = programs / name
        path.write_text(RECORDER)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run(script: str, folder: Path) -> str:
        calls.write_text("")
        environ = {"PATH": f"{programs}:{os.environ['PATH']}", "CALLS": str(calls)}
        done = subprocess.run(["sh", "-ec", script], cwd=folder, env=environ, capture_output=True, text=True)  # noqa: PLW1510 - looked at below
        assert (done.returncode, done.stderr) == (0, "")
        return calls.read_text()

    return run


@pytest.mark.parametrize("kind", list(BalancerKind))
@pytest.mark.parametrize("deployment", list(Deployment))
@pytest.mark.parametrize("targets", [(), ("env",), ("env", "kubernetes")])
def test_every_script_can_be_read_by_a_shell(deployment, targets, kind):
    plan = good_plan().with_value("application.deployment", deployment).with_value("balancer.kind", kind)
    plan = plan.with_value("storage.path", "/mnt/a b'c")
    found = scripts(readme_of(plan, targets=targets))
    assert len(found) > 5
    for script in found:
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), script


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_scripts_of_the_examples_can_be_read_by_a_shell(name):
    plan = plan_of(name)
    for script in scripts(readme_of(plan, secrets_of(plan))):
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0, script


def test_one_start_with_the_local_lock_leaves_the_bundle_as_it_was_exported(run, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    [script] = scripts((tmp_path / "out/README.md").read_text(), "not registered")[:1]
    calls = run(script, tmp_path / "out/compose")
    assert [line for line in calls.splitlines() if line.startswith("LOCK")] == [
        "LOCK_ADAPTER_DEFAULT=local",
        "LOCK_ADAPTER_DEFAULT=redis",
    ]
    assert {file.state for file in look_at(tmp_path / "out")} == {State.SAME}


def test_on_bare_metal_yarn_starts_in_the_folder_of_nocobase_with_the_variables_of_its_node(run, tmp_path):
    plan = good_plan().with_value("application.deployment", Deployment.BARE)
    export(plan, SECRETS, tmp_path / "out", SecretsMode.INLINE)
    (tmp_path / "nocobase").mkdir()
    readme = (tmp_path / "out/README.md").read_text().replace("NOCOBASE-FOLDER", str(tmp_path / "nocobase"))
    start, _health, lock, second = scripts(readme, "## First start")[:4]
    for script in (start, second):
        assert f"in {tmp_path}/nocobase with lock redis" in run(script, tmp_path / "out")
    assert re.findall("with lock (.*)", run(lock, tmp_path / "out")) == ["local", "redis"]


def test_docker_alone_is_given_the_files_that_are_not_in_the_shared_folder(run, tmp_path):
    plan = good_plan().with_value("database.tls", Tls.VERIFY).with_value("database.tls_ca", "/etc/a b/ca.pem")
    export(plan, SECRETS, tmp_path / "out", targets=["env"])
    [script] = scripts((tmp_path / "out/README.md").read_text(), "## First start")[:1]
    call = run(script, tmp_path / "out")
    assert "-v /etc/a b/ca.pem:/etc/a b/ca.pem:ro" in call
    assert "-v /srv/nocobase:/app/nocobase/storage" in call


def test_docker_alone_starts_no_container_beside_one_of_the_same_name(run, tmp_path):
    stopped = scripts(readme_of(good_plan(), targets=["env"]), "## Upgrade")[0]
    for name in ("node1", "node2", "node3"):
        assert f"docker rm nocobase-{name}" in run(stopped, tmp_path)


def test_a_node_is_added_on_a_machine_or_at_a_port_of_its_own():
    assert "# on NEW-HOST\ndocker compose" in scripts(readme_of(good_plan()), "- Adding")[0]
    nodes = tuple(Node(name=f"node{number}", host="10.0.0.1", port=13000 + number) for number in (1, 2))
    alone = replace(good_plan(), nodes=nodes)
    added = scripts(readme_of(alone, targets=["env"]), "- Adding")[0]
    assert "--name nocobase-node3 " in added
    assert "-p 13003:13003" in added


def test_a_removed_node_is_stopped_without_a_bundle_that_knows_it(run, tmp_path):
    removed = scripts(readme_of(good_plan()), "- Removing")[0]
    assert "docker rm nocobase-production-node3-1" in run(removed, tmp_path)


def test_steps_are_numbered_without_a_gap():
    for nodes in (good_plan().nodes, good_plan().nodes[:1]):
        text = readme_of(replace(good_plan(), nodes=nodes))
        steps = re.findall(r"^([0-9])\. ", text.partition("## First start")[2].partition("\n## ")[0], re.MULTILINE)
        assert steps == [str(number) for number in range(1, len(steps) + 1)]


def test_the_balancers_container_is_switched_inside_it():
    text = readme_of(good_plan())
    assert '--profile balancer exec balancer touch "/etc/nginx/nocobase-maintenance"' in text
    taken = replace(good_plan(), nodes=(*good_plan().nodes, Node(name="balancer", host="10.0.0.9")))
    assert "exec balancer" not in readme_of(taken)


def test_maintenance_on_kubernetes_has_its_commands():
    text = readme_of(good_plan().with_value("application.deployment", Deployment.KUBERNETES))
    closed, opened = scripts(text, "## Maintenance")[:2]
    assert "--replicas=0" in closed
    assert "kubectl scale deployment/nocobase-production-app --replicas=1\n" in opened
