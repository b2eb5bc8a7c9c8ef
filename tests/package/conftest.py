"""What the tests of artefacts share: the folder application, made once, and a machine that has nothing of ours."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from release import frozen
from tests.patience import patience
from tests.servers.bare import bare_machine
from tests.servers.fixtures import running

EPOCH = 1_700_000_000


class Built:
    """The folder application and where its build wrote down what it collected."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "build"
        self.folder = frozen.build(folder / "dist", self.work, EPOCH)
        self.program = self.folder / self.folder.name
        self.shipped = self.folder / "_internal" / "resources" / "shipped"
        self.binaries = frozen.work_of(self.work) / "binaries.json"

    def sources(self) -> dict[str, str]:
        """Return where each library came from, by its name in the folder."""
        return json.loads(self.binaries.read_text())


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Build the application once."""
    return Built(tmp_path_factory.mktemp("frozen"))


@pytest.fixture
def program(built):
    return built.program


@pytest.fixture(scope="session")
def clean_machine():
    """Make a Debian without our sources, without a compiler and without Python."""
    with running(lambda: bare_machine("bookworm", "root", checkout=False)) as made:
        yield made


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


def window_on(display: str) -> str:
    """Wait for the window on a screen and return its number, or an empty text if it does not come."""
    environment = {"PATH": "/usr/bin:/bin", "DISPLAY": display}
    search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Cluster Wizard"]
    try:
        found = subprocess.run(
            search, env=environment, check=False, capture_output=True, text=True, timeout=patience(60)
        )
    except subprocess.TimeoutExpired:
        return ""
    return found.stdout.strip()
