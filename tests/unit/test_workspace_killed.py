"""An export that is killed at any of its steps: the old bundle or the new one, and nothing of the admin's lost."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.unit.test_workspace import bundle, content
from wizard.workspace.former import MANIFEST
from wizard.workspace.tree import write_tree

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one step on Linux alone")

KILLED = """
import itertools, os, shutil, signal, sys
from pathlib import Path
from tests.unit.test_workspace import bundle
from wizard.workspace.tree import write_tree
import psutil

folder, name, calls = Path(sys.argv[1]), sys.argv[2], 0
files = bundle(a="new", env__secret="new")

def export(where, step):
    def count(event, arguments):
        global calls
        steps = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}
        if (event in steps and str(where) in str(arguments)) or event == "ctypes.dlsym":
            calls += 1
            if calls == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    write_tree(where / name, files)
    os._exit(0)

for step in itertools.count(1):
    where = folder / str(step)
    shutil.copytree(folder / "0", where)
    child = os.fork() or export(where, step)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
"""


def read(destination: Path) -> dict[str, str]:
    """Give the files of a bundle, a folder or an archive, without its manifest."""
    if destination.is_dir():
        return content(destination)
    with zipfile.ZipFile(destination) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name != MANIFEST}


def change_by_hand(destination: Path) -> None:
    """Put the admin's own text into the file `a`."""
    if destination.is_dir():
        (destination / "a").write_text("mine")
        return
    with zipfile.ZipFile(destination) as archive:
        found = {name: archive.read(name) for name in archive.namelist()} | {"a": b"mine"}
    with zipfile.ZipFile(destination, "w") as archive:
        for name, data in found.items():
            archive.writestr(name, data)


def killed_at_each_step(folder: Path, name: str, *, by_hand: bool) -> list[Path]:
    """Export over an old bundle, killed at the first step, the second and so on, until it ends; give all folders."""
    write_tree(folder / "0" / name, bundle(a="old", env__secret="old"))
    if by_hand:
        change_by_hand(folder / "0" / name)
    subprocess.run([sys.executable, "-c", KILLED, str(folder), name], check=True, cwd=Path(__file__).parents[2])
    shutil.rmtree(folder / "0")
    found = list(folder.iterdir())
    assert len(found) > 4, "it was hardly ever killed at work"
    return found


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_it_leaves_the_old_bundle_or_the_new(tmp_path, name):
    outcomes = set()
    for where in killed_at_each_step(tmp_path, name, by_hand=False):
        found = read(where / name)
        assert set(found) == {"a", "env/secret"}
        assert len(set(found.values())) == 1
        outcomes |= set(found.values())
        write_tree(where / name, bundle(a="again"))
        assert [path.name for path in where.iterdir()] == [name], "what a killed export left is swept away"
    assert outcomes == {"old", "new"}


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_what_was_changed_by_hand_is_never_swept_away(tmp_path, name):
    places = set()
    for where in killed_at_each_step(tmp_path, name, by_hand=True):
        write_tree(where / name, bundle(a="again"))
        own = [path.name for path in where.iterdir() if read(path)["a"] == "mine"]
        assert own, "the admin's own text is gone"
        assert not [path for path in where.iterdir() if path.name.startswith(".")]
        places |= set(own)
    assert name not in places
