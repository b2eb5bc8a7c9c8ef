"""No content costs a reader more than 2 s of processor time and 300 MB, measured on a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.bounds import FOLDER
from tests.fuzz.folders import FOLDERS
from tests.fuzz.readers import READERS
from tests.fuzz.shapes import USED_AGAIN, every_shape, shape
from tests.patience import patience, processor_time

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked and measured")

MOST_SECONDS = 2.0
MOST_MEMORY = 300 * 1024 * 1024
ROOT = Path(__file__).parents[2]

WORST = [
    ("cluster", 0, b"\t"),
    ("cluster", 1, "keys"),
    ("cluster", 2, "names"),
    ("compose", 0, b"${A:-"),
    ("compose", 3, b"\n"),
    ("manifests", 0, "pods"),
    ("manifests", 0, "documents"),
    ("manifests", 1, b"\n"),
    ("docker-inspect", 1, b"{},"),
    ("env", 0, b"a='\n"),
    ("env", 3, "variables in one another"),
    ("systemd", 0, b"a\\\n"),
    ("systemd", 1, b"EnvironmentFile=a\n"),
    ("pm2", 0, b"/*,"),
    ("pm2", 2, b'\\"'),
    ("nginx", 0, b"a;"),
    ("nginx", 1, b"~"),
    ("nginx", 4, "locations"),
    ("nginx", 4, "named locations"),
    ("nginx", 4, "nested locations"),
    ("nginx", 5, "set variables"),
    ("nginx", 6, "servers of an upstream"),
    ("site", 1, "expressions"),
    ("haproxy", 0, "lines of servers"),
    ("haproxy", 0, b"!"),
    ("haproxy", 0, b"defaults from a\n"),
    ("haproxy", 0, b"defaults a from a\n"),
    ("haproxy", 1, b"content-length "),
    ("haproxy", 2, "routes"),
    ("run", 0, b"{},"),
    ("run", 0, b"[],"),
    ("saved-note", 1, b"["),
    ("accepted", 0, "accepted"),
    ("certificates", 0, b"A"),
    ("archive", 1, b"PK\x01\x02"),
    ("pasted", 1, "hosts"),
    ("pasted", 1, b"10.0.0.[1-250] "),
    ("pasted", 3, b"redis://a:b@c/0\n"),
    ("pasted", 3, "servers of Redis"),
]
"""Those that broke a reader, or cost it most, when all were tried."""


class Measured:
    """The process that reads cases, and the folder for their contents."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.bounds"],
            cwd=ROOT,
            env={**os.environ, "XDG_DATA_HOME": str(folder), "XDG_STATE_HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def case(self, name: str, path: Path) -> tuple[int, float, int, str]:
        self.child.stdin.write(json.dumps([name, str(path)]) + "\n")
        self.child.stdin.flush()
        code, seconds, most, said = json.loads(self.child.stdout.readline())
        return code, seconds, most, said


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    found = Measured(tmp_path_factory.mktemp("bounds"))
    yield found
    found.child.stdin.close()
    found.child.wait(patience())
    found.child.stdout.close()


def fault(measured: Measured, name: str, path: Path) -> str:
    """Return what was out of bounds, in words; empty where nothing was."""
    code, seconds, most, said = measured.case(name, path)
    if code:
        return said or f"it was ended (exit code {code}) after {seconds:.1f} s"
    if seconds >= processor_time(MOST_SECONDS) or most >= MOST_MEMORY:
        return f"it took {seconds:.1f} s and {most >> 20} MiB"
    return ""


def hold(measured: Measured, name: str, path: Path) -> None:
    assert not fault(measured, name, path)


@pytest.mark.parametrize(("name", "frame", "piece"), WORST)
def test_the_largest_content_of_a_nasty_shape_is_read_within_bounds(measured, tmp_path, name, frame, piece):
    (tmp_path / "content").write_bytes(shape(name, frame, piece, READERS[name].largest))
    hold(measured, name, tmp_path / "content")


QUICK = {"Compose, one environment in many services", "manifests, lists in one another by aliases"}


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[pytest.mark.slow] * (one not in QUICK)) for one in USED_AGAIN]
)
def test_what_is_used_again_and_again_is_read_within_bounds(measured, tmp_path, name):
    reader, content = USED_AGAIN[name]
    (tmp_path / "content").write_bytes(content)
    hold(measured, reader, tmp_path / "content")


@pytest.mark.parametrize("name", FOLDERS)
def test_files_that_name_one_another_are_read_within_bounds(measured, tmp_path, name):
    hold(measured, FOLDER, FOLDERS[name](tmp_path))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", READERS)
def test_every_shape_is_read_within_bounds(measured, tmp_path, name):
    found = {}
    for frame, piece in every_shape(name):
        (tmp_path / "content").write_bytes(shape(name, frame, piece, READERS[name].largest))
        found[frame, piece] = fault(measured, name, tmp_path / "content")
    assert not {case: words for case, words in found.items() if words}


def test_a_reader_that_is_ended_or_raises_is_told(measured, tmp_path):
    (tmp_path / "content").write_bytes(b"a" * 100)
    assert "KeyError" in fault(measured, "no such reader", tmp_path / "content")


def test_what_is_measured_is_what_is_used(measured, tmp_path):
    (tmp_path / "content").write_bytes(b"a" * 100)
    code, seconds, most, _said = measured.case("no such reader", tmp_path / "content")
    assert (code, seconds > 0, most > 1024 * 1024) == (1, True, True)
