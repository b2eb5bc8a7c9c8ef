"""What is left of a test of the configuration that was given up: nothing, however the program ended."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.patience import patience, wait_until
from wizard.checks.balancer import trial

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
ABANDON = """
import sys
from tests.patience import patience, wait_until
from wizard.checks.balancer import checks as balancer
from wizard.checks.balancer import nginx
from wizard.engine.runner import Run
from pathlib import Path
from wizard.plan.plan import Plan

nginx.find_nginx = lambda: Path(sys.argv[1])
text = 'events {}\\nhttp { server {\\n ssl_certificate "/no/such.pem";\\n } }\\n'
Run([balancer.syntax_check(Plan(), text)], lambda event: None, timeout=patience(60)).start()
wait_until(Path(sys.argv[1]).with_name("given").exists, within=60)
sys.stdin.read()
"""


@pytest.fixture
def hanging(tmp_path):
    """A program that tells its number and what it was given to test, and then never ends."""
    file = tmp_path / "nginx"
    file.write_text(
        "#!/bin/sh\n"
        '[ "$1" = -v ] && exit 0\n'
        f'ls "$5" > "{tmp_path}/given.part"; echo $$ > "{tmp_path}/number"\n'
        f'mv "{tmp_path}/given.part" "{tmp_path}/given"\n'
        "exec sleep 600\n"
    )
    file.chmod(0o755)
    return file


@pytest.fixture
def temporary(tmp_path):
    """A folder for what is temporary, of the program alone."""
    (folder := tmp_path / "temporary").mkdir()
    return folder


def _start(program, temporary, *, stays=False):
    command = [sys.executable, "-c", ABANDON, str(program)]
    told = subprocess.PIPE if stays else subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, stdin=told, env={**os.environ, "TMPDIR": str(temporary)})


def _is_gone(program):
    number = int((program.parent / "number").read_text())
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_test_that_is_given_up_leaves_neither_a_key_nor_a_process_at_the_programs_end(hanging, temporary):
    with _start(hanging, temporary) as child:
        assert child.wait(patience()) == 0
    assert "stand-in.pem" in (hanging.parent / "given").read_text()
    assert list(temporary.iterdir()) == []
    assert wait_until(lambda: _is_gone(hanging), within=10)


def test_what_a_killed_program_left_is_removed_by_the_next(hanging, temporary, monkeypatch):
    with _start(hanging, temporary, stays=True) as child:
        assert wait_until((hanging.parent / "given").exists, within=60)
        child.kill()
    os.kill(int((hanging.parent / "number").read_text()), signal.SIGKILL)
    [left] = temporary.iterdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with trial.folder() as young:
        assert left.exists(), "it may be another run's"
        assert young != left
    old = time.time() - trial.LEFT_SECONDS - 1
    os.utime(left, (old, old))
    with trial.folder() as mine:
        assert list(temporary.iterdir()) == [mine]
    assert list(temporary.iterdir()) == []


def test_a_program_that_takes_too_long_is_stopped_and_told(hanging, monkeypatch):
    monkeypatch.setattr(trial, "TIMEOUT", 0.5)
    with pytest.raises(subprocess.TimeoutExpired) as late:
        trial.run(hanging, "-t", "", "", "", "/")
    assert trial.explain(late.value).message == "nginx did not end within 0.5 s"
    assert wait_until(lambda: _is_gone(hanging), within=10)
