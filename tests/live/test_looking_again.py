"""`--wait` and `--watch` as processes, on a shared folder that comes and goes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patience
from wizard.formats import cluster_file
from wizard.plan.plan import Plan

pytestmark = pytest.mark.live


@pytest.fixture
def share(tmp_path: Path) -> Path:
    return tmp_path / "share"


@pytest.fixture
def start(tmp_path: Path, share: Path):
    """Starts a check of the shared folder, with more options; what is left of it ends with the test."""
    (tmp_path / "cluster.yaml").write_text(cluster_file.write(Plan(id="a1").with_value("storage.path", str(share))))
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "wizard", "check", "cluster.yaml", "--only", "storage.exists", *words]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)}
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_a_folder_that_comes_while_it_is_waited_for_ends_with_0(start, share):
    process = start("--wait", str(patience()))
    assert process.stderr.readline() == "Waiting for storage.\n"
    share.mkdir()
    out, _err = process.communicate(timeout=patience())
    assert process.returncode == 0
    assert out.startswith("Nothing to do")


def test_a_folder_that_does_not_come_ends_with_3(start):
    process = start("--wait", "0.1")
    out, _err = process.communicate(timeout=patience())
    assert process.returncode == 3
    assert out.startswith("Not ready: 1 thing to do first.")


def test_a_watch_tells_what_changes_until_it_is_interrupted(start, share):
    share.mkdir()
    process = start("--watch", "0.1")
    while "1 ok" not in process.stdout.readline():
        pass
    share.rmdir()
    assert "  New  storage.exists: " in process.stdout.readline()
    share.mkdir()
    assert "  Gone  storage.exists: " in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=patience())
    assert (process.returncode, out, err) == (0, "", "")


def test_a_watch_that_is_terminated_ends_with_the_code_of_the_last_look(start):
    process = start("--watch", "3600", "--short")
    while "1 failed" not in process.stdout.readline():
        pass
    process.terminate()
    process.communicate(timeout=patience())
    assert process.returncode == 3
