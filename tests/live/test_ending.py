"""A run that is given up, interrupted or terminated takes back at once what it made: no file, no session stays."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.live.sessions import PASSWORD, ScriptedNode, plan_of, users
from tests.live.test_busy import plan_at
from tests.patience import patience, wait_until
from tests.servers import folders
from tests.servers.fixtures import running
from tests.servers.ports import SilentPort
from wizard.formats import cluster_file
from wizard.plan.plan import Plan
from wizard.plan.sections.storage import StorageKind

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]


@pytest.fixture
def at_work(tmp_path):
    """Start `check` on a plan with these arguments, and give it once `reached`; it is gone after the test."""
    started = []

    def start(plan, reached, *words):
        source = tmp_path / "cluster.yaml"
        source.write_text(cluster_file.write(plan))
        (tmp_path / "secrets.env").write_text(f"NCW_CHECK_PASSWORD='{PASSWORD}'\n")
        command = [sys.executable, "-m", "wizard", "check", str(source), "--format", "json", *words]
        child = subprocess.Popen(
            [*command, "--secrets-file", str(tmp_path / "secrets.env")],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        assert wait_until(reached, within=60)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


def code_of(out):
    """Return how a run ends that was given up: which of its checks had failed by then depends on the moment."""
    document = json.loads(out)
    assert document["cancelled"]
    return 3 if document["summary"]["fail"] else 1


@pytest.fixture(params=["stuck-sync", "stuck-locks"])
def stuck(request, tmp_path):
    """A folder where a fsync, or a lock, takes longer than the program waits: the plan, and the folder behind it."""
    point, backing = tmp_path / "point", tmp_path / "backing"
    backing.mkdir(mode=0o755)
    with running(lambda: folders.faulty(point, backing, request.param)):
        yield Plan().with_value("storage.path", str(point)).with_value("storage.kind", StorageKind.LOCAL), backing


@pytest.mark.parametrize("how", ["deadline", signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_whose_disk_hangs_leaves_no_file(at_work, stuck, how):
    plan, backing = stuck
    deadline = ("--timeout", str(patience(2))) if how == "deadline" else ("--timeout", "600")
    child = at_work(plan, lambda: any(backing.iterdir()), "--only", "storage.", *deadline)
    if how != "deadline":
        child.send_signal(how)
    out, err = child.communicate(timeout=patience(60))
    assert wait_until(lambda: not any(backing.iterdir()), within=30), list(backing.iterdir())
    assert child.returncode in {0, 1, 3}, err
    assert '"storage.write"' in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_within_a_session_signs_out(at_work, number):
    accounts, reached, go_on = users(), threading.Event(), threading.Event()

    def hold():
        reached.set()
        go_on.wait(patience())

    with contextlib.ExitStack() as stack:
        node = stack.enter_context(ScriptedNode(users=accounts, first={"auth:check": hold}))
        stack.callback(go_on.set)
        child = at_work(plan_of(node), reached.is_set, "--only", "cluster.", "--timeout", "600")
        assert accounts.open
        child.send_signal(number)
        out, err = child.communicate(timeout=patience(60))
        assert (child.returncode, err) == (code_of(out), "")
        assert wait_until(lambda: not accounts.open, within=10)
    assert len(accounts.begun) == 1


def test_a_run_whose_terminal_is_closed_signs_out_and_ends(tmp_path):
    accounts, reached, go_on = users(), threading.Event(), threading.Event()

    def hold():
        reached.set()
        go_on.wait(patience())

    (tmp_path / "secrets.env").write_text(f"NCW_CHECK_PASSWORD='{PASSWORD}'\n")
    terminal, inner = os.openpty()
    with contextlib.ExitStack() as stack:
        node = stack.enter_context(ScriptedNode(users=accounts, first={"auth:check": hold}))
        stack.callback(go_on.set)
        (tmp_path / "cluster.yaml").write_text(cluster_file.write(plan_of(node)))
        words = ["check", "cluster.yaml", "--only", "cluster.", "--timeout", "600", "--secrets-file", "secrets.env"]
        command = ["setsid", "--ctty", sys.executable, "-m", "wizard", *words]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        child = subprocess.Popen(command, cwd=tmp_path, env=environ, stdin=inner, stdout=inner, stderr=inner)
        stack.callback(child.kill)
        os.close(inner)
        assert wait_until(reached.is_set, within=60)
        assert accounts.open
        os.close(terminal)
        assert child.wait(patience(60)) in {1, 2, 3}  # the result has nowhere to go
        assert wait_until(lambda: not accounts.open, within=10)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_servers_hold_with_a_byte_now_and_then_ends_within_a_second(at_work, number):
    with SilentPort(trickle=b"x") as port:
        child = at_work(plan_at(port.port), lambda: port.accepted >= 3, "--skip", "plan.", "--timeout", "600")
        began = time.monotonic()
        child.send_signal(number)
        out, err = child.communicate(timeout=patience(60))
        took = time.monotonic() - began
    assert (child.returncode, "Traceback" in err) == (code_of(out), False), err
    assert took <= patience(1)
