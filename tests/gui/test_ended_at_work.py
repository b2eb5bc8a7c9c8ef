"""A window that is killed or ended in the middle of a run, or a save: it leaves no secret, and loses nothing typed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import canary
from tests.gui.at_work import TYPED_LAST
from tests.patience import patience
from tests.servers.ports import SilentPort
from tests.servers.reflecting import every_secret

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="processes are ended by signals"),
    pytest.mark.timeout(120),
]
ROOT = Path(__file__).parents[2]
Window = subprocess.Popen[str]


@pytest.fixture
def silent() -> Iterator[int]:
    with SilentPort() as port:
        yield port.port


@pytest.fixture
def window(tmp_path: Path, silent: int) -> Iterator[Callable[..., Window]]:
    """Return what opens the window in a home of its own, without a keyring."""
    started: list[Window] = []
    folders = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR")
    home = {name: str(tmp_path / name.lower()) for name in folders}
    for folder in home.values():
        Path(folder).mkdir()
    own = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "QT_QPA_PLATFORM": "offscreen"}

    def open_(form: str, killed_at: int = 0) -> Window:
        command = [sys.executable, "-m", "tests.gui.at_work", str(silent), form, str(killed_at)]
        with (tmp_path / "stderr").open("w") as errors:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **home, **own},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        started.append(child)
        return child

    yield open_
    for child in started:
        child.kill()
        child.communicate()


def at_work(child: Window) -> None:
    assert child.stdout
    assert child.stdout.readline() == "at work\n"


def saved(home: Path) -> str:
    return "".join(file.read_text() for file in home.rglob("cluster.yaml"))


def secrets_left(home: Path, form: str, silent: int) -> list[str]:
    secrets = canary.canaries(every_secret(silent, "redis"), form)
    return canary.found(secrets.values(), canary.files_below(home))


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_a_window_that_is_ended_in_a_run_is_gone_at_once_and_has_saved_what_was_typed_last(
    window: Callable[..., Window], tmp_path: Path, silent: int, number: signal.Signals
) -> None:
    child = window(canary.PLAIN)
    at_work(child)
    assert TYPED_LAST not in saved(tmp_path)
    child.send_signal(number)
    began = time.monotonic()
    out, _err = child.communicate(timeout=patience())
    assert time.monotonic() - began < patience(8)  # its servers never answer, and the last is given up after 15 s
    assert (child.returncode, out, (tmp_path / "stderr").read_text()) == (128 + number, "", "")
    assert TYPED_LAST in saved(tmp_path)
    assert secrets_left(tmp_path, canary.PLAIN, silent) == []
    assert [path.name for path in tmp_path.rglob("*.new")] == []


@pytest.mark.parametrize(
    ("form", "killed_at"),
    [
        (canary.AWKWARD, 0),
        pytest.param(canary.PLAIN, 0, marks=pytest.mark.slow),
        *(
            pytest.param(form, at, marks=pytest.mark.slow)
            for form in (canary.PLAIN, canary.AWKWARD)
            for at in (1, 3, 5)
        ),
    ],
)
def test_a_window_that_is_killed_leaves_no_secret(
    window: Callable[..., Window], tmp_path: Path, silent: int, form: str, killed_at: int
) -> None:
    """With a number it kills itself at that step of its saves; else it is killed in the middle of a run."""
    child = window(form, killed_at)
    if not killed_at:
        at_work(child)
        child.kill()
    child.wait(patience())
    assert child.returncode == -signal.SIGKILL
    assert [*canary.files_below(tmp_path)]
    assert secrets_left(tmp_path, form, silent) == []
