"""The headless form: without Qt everything but the window works, and a call for it is answered in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WITHOUT_QT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.modules.update(PySide6=None, shiboken6=None)\n"
    "from wizard.__main__ import main; main()"
)


def call(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", WITHOUT_QT, str(ROOT), *words]
    known = {"PATH": "/usr/bin:/bin", "HOME": str(Path.cwd()), "LANG": "C.UTF-8"}
    known["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    return subprocess.run(command, env={**known, **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "code", "shown"),
    [
        (["check", "cluster.yaml", "--secrets-file", "secrets.env", "--only", "plan"], 0, "checks passed"),
        (["check", "cluster.yaml", "--secrets-file", "secrets.env", "--only", "plan", "--format", "html"], 0, "<html"),
        (["export", "cluster.yaml", "bundle", "--secrets-file", "secrets.env"], 0, "manifest.json"),
        (["diff", "cluster.yaml", "cluster.yaml"], 0, ""),
        (["probe", "cluster.yaml"], 0, "node"),
        (["self-test"], 0, "without Qt"),
    ],
    ids=lambda value: " ".join(value[:1] + value[-1:]) if isinstance(value, list) else "",
)
def test_what_needs_no_window_works_without_qt(good, words, code, shown):
    done = call(*words)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert shown in done.stdout


@pytest.mark.parametrize("words", [[], ["demo"]], ids=["window", "demo"])
def test_a_call_for_the_window_ends_with_2_and_a_sentence(words):
    done = call(*words, DISPLAY=":0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no window in this installation, which was made without Qt." in done.stderr
    assert "check SOURCE" in done.stderr
    assert len(done.stderr.splitlines()) == 1
