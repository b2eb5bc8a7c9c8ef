"""The Containerfile: it makes the headless form, which checks real servers as the exported CronJob calls it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.package.container import follow, stages
from tests.patience import patience
from tests.servers.bare import bare_machine
from tests.servers.fixtures import running
from tests.unit.plans import good_plan
from wizard import __version__
from wizard.app.demo import running_demo
from wizard.export import bundle
from wizard.formats import cluster_file
from wizard.formats.files import SecretsMode
from wizard.plan.sections import Deployment

pytestmark = [pytest.mark.package, pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[2]


def container_of(plan):
    """Return the container of the CronJob that is exported for a plan, and the identity its pod has."""
    files = bundle.render(
        plan.with_value("application.deployment", Deployment.KUBERNETES), {}, SecretsMode.REFERENCE, ["monitoring"]
    )
    [text] = [file.text for file in files if file.path.endswith("cronjob.yaml")]
    [job] = [one for one in YAML(typ="safe").load_all(text) if one["kind"] == "CronJob"]
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return pod["containers"][0], pod["securityContext"]


def builder():
    """Return a builder of containers that works here, or None."""
    for name in ("podman", "docker", "buildah"):
        if shutil.which(name):
            done = subprocess.run([name, "info"], capture_output=True, check=False, timeout=patience(30))
            if done.returncode == 0:
                return name
    return None


def test_the_image_is_called_and_runs_as_the_cronjob_wants_it():
    last = stages()[-1]
    container, identity = container_of(good_plan())
    assert container["image"] == f"nocobase-cluster-wizard:{__version__}"
    assert last.user == f"{identity['runAsUser']}:{identity['runAsGroup']}"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert [one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")] == ["/tmp"]


def test_only_what_the_steps_copy_is_let_into_the_build():
    let_in = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    words = [rest.split() for stage in stages() for word, rest in stage.steps if word == "COPY"]
    assert let_in == {name for row in words if not row[0].startswith("--") for name in row[:-1]}


@pytest.mark.slow
def test_a_builder_makes_the_image():
    name = builder()
    if not name:
        pytest.skip("no builder of containers works here; the next test does the steps in a bare root file system")
    words = [name, "build", "-f", "Containerfile", "-t", f"nocobase-cluster-wizard:{__version__}", "."]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience(800))
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.mark.slow
def test_its_steps_make_a_form_without_qt_that_checks_real_servers_without_writing(tmp_path):
    build, last = stages()
    with running(lambda: bare_machine("bookworm", "root", checkout=False)) as machine:
        follow(build, machine, {})
        for name in last.wanted_of(build.name):
            shutil.copytree(machine.root / name[1:], tmp_path / name[1:], symlinks=True)
    with running(lambda: bare_machine("bookworm", "root", checkout=False)) as machine, running_demo(print) as cluster:
        follow(last, machine, {build.name: tmp_path})
        assert list((machine.root / "opt" / "nocobase-cluster-wizard").rglob("PySide6*")) == []
        (machine.root / "plan").mkdir()
        (machine.root / "plan" / "cluster.yaml").write_text(cluster_file.write(cluster.plan))
        machine.close()
        container, _identity = container_of(cluster.plan)
        secrets = {
            name: cluster.secrets[key].reveal()
            for key, setting, _value in cluster.plan.settings()
            for name in setting.env
            if key in cluster.secrets
        }

        def run(*words):
            user = last.user.partition(":")[0]
            given = {**secrets, **last.settings}
            return machine.run(*last.command, *words, user=user, seconds=patience(120), **given)

        done = run(*container["args"])
        assert done.returncode == 0, done.stdout + done.stderr
        proof = run("self-test")
        assert proof.returncode == 0, proof.stdout + proof.stderr
        assert "made without Qt" in proof.stdout
        window = run("demo")
        assert (window.returncode, window.stdout) == (2, "")
        written = machine.run("sh", "-c", "echo x >/written", as_root=True)
        assert "Read-only file system" in written.stderr
