"""The folder application that PyInstaller makes: it proves itself, answers, and opens its window."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patience
from wizard import __version__

pytestmark = [pytest.mark.package, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """Build the application once and give its program."""
    folder = tmp_path_factory.mktemp("frozen")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR"]
    command += ["--distpath", str(folder / "dist"), "--workpath", str(folder / "build"), str(ROOT / "build.spec")]
    subprocess.run(command, check=True, cwd=ROOT, timeout=patience(500))
    return folder / "dist" / "nocobase-cluster-wizard" / "nocobase-cluster-wizard"


def run(program, *words, **environment):
    # An empty environment but for what any desktop has: nothing of this virtual environment may help.
    basic = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/root"), "LANG": "C.UTF-8"}
    command = [program, *words]
    return subprocess.run(
        command,
        check=False,
        env={**basic, **environment},
        capture_output=True,
        text=True,
        timeout=patience(120),
        cwd="/",
    )


def test_the_frozen_program_proves_itself(program):
    result = run(program, "self-test", QT_QPA_PLATFORM="offscreen")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_frozen_program_reaches_the_keyring(program, secret_service):
    result = run(program, "self-test", QT_QPA_PLATFORM="offscreen", **secret_service.environment())
    assert result.returncode == 0, result.stdout + result.stderr
    assert "keyring: Secret Service (login keyring)." in result.stdout


def test_the_frozen_program_tells_its_version(program):
    assert __version__ in run(program, "--version").stdout


def test_the_frozen_program_judges_a_cluster_file(program):
    example = ROOT / "resources" / "examples" / "three-nodes.yaml"
    result = run(program, "check", str(example), "--only", "plan")
    assert "plan" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.fixture
def display():
    """Return the name of a screen of this test's own."""
    if not shutil.which("Xvfb") or not shutil.which("xdotool"):
        missing = "Xvfb or xdotool is missing: apt-get install xvfb xdotool"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        yield f":{server.stdout.readline().strip()}"
        server.terminate()


def test_the_frozen_program_opens_its_window(program, display, tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", "DISPLAY": display}
    with subprocess.Popen([program], env=environment, stderr=subprocess.PIPE, text=True, cwd="/") as window:
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Cluster Wizard"]
        found = subprocess.run(
            search, env=environment, check=False, capture_output=True, text=True, timeout=patience(60)
        )
        running = window.poll() is None
        window.terminate()
    assert found.stdout.strip()
    assert running
