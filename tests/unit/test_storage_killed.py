"""An export that is killed at any of its steps: the old bundle or the new one, and nothing of the admin's lost."""

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_bundle_files import findings
from tests.unit.test_saved_clusters import bundle, content
from wizard.app.export import export
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.bundle_names import MANIFEST
from wizard.plan.finding import Severity
from wizard.storage.bundle_writer import write_tree

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one step on Linux alone")

KILLED = """
import itertools, os, shutil, signal, sys
from pathlib import Path
import psutil
{imports}

folder, name, calls = Path(sys.argv[1]), sys.argv[2], 0
STEPS = {{"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}}

def export(where, step):
    def count(event, arguments):
        global calls
        if event == "ctypes.dlsym" or (event in STEPS and str(where) in str(arguments)):
            calls += 1
            if calls == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    os._exit(action(where / name))

{action}

for step in itertools.count(1):
    where = folder / str(step)
    shutil.copytree(folder / "0", where, symlinks=True)
    child = os.fork() or export(where, step)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
"""
TREE = KILLED.format(
    imports="""from tests.unit.test_saved_clusters import bundle
from wizard.storage.bundle_writer import write_tree""",
    action="""files = bundle(a="new", env__secret="new")

def action(destination):
    write_tree(destination, files)
    return 0""",
)
PROGRAM = KILLED.format(
    imports="from wizard.cli import main",
    action="""words = sys.argv[3:]

def action(destination):
    return main.run(["export", words[0], str(destination), *words[1:]], None)

action(folder.parent / "warm")  # all that is imported is there before the first step""",
)


def read(destination: Path) -> dict[str, str]:
    """Return the files of a bundle, a folder or an archive, without its manifest."""
    if destination.is_dir():
        return content(destination)
    with zipfile.ZipFile(destination) as archive:
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        return {name: archive.read(name).decode() for name in names if name != MANIFEST}


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


def run(program: str, *words: str | Path, **variables: str) -> None:
    """Run one of the programs above, which exports again and again and is killed one step later each time."""
    subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        check=True,
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        env={**os.environ, **variables},
    )


def killed_at_each_step(folder: Path, name: str, *, by_hand: bool = False, dotted: bool = False) -> list[Path]:
    """Export over an old bundle, killed at the first step, the second and so on, until it ends; give all folders."""
    write_tree(folder / "0" / name, bundle(a="old", env__secret="old"))
    if dotted:
        (folder / "0" / name / ".git/objects").mkdir(parents=True)
        (folder / "0" / name / ".git/objects/x").write_text("of version control")
        (folder / "0" / name / ".gitignore").write_text("x")
    if by_hand:
        change_by_hand(folder / "0" / name)
    run(TREE, folder, name)
    shutil.rmtree(folder / "0")
    found = list(folder.iterdir())
    assert len(found) > 4, "it was hardly ever killed at work"
    return found


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_it_leaves_the_old_bundle_or_the_new(tmp_path, name):
    outcomes = set()
    for where in killed_at_each_step(tmp_path, name):
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
        kept = [path for path in where.iterdir() if ".kept-" in path.name]
        assert all(read(path)["a"] == "mine" for path in kept), "the new bundle bears the name of a former one"
        write_tree(where / name, bundle(a="again"))
        own = [path.name for path in where.iterdir() if read(path)["a"] == "mine"]
        assert own, "the admin's own text is gone"
        assert not [path for path in where.iterdir() if path.name.startswith(".")]
        places |= set(own)
    assert name not in places


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_begins_with_a_dot_is_never_lost_and_is_back_after_the_next_export(tmp_path, by_hand):
    places = set()
    for where in killed_at_each_step(tmp_path, "bundle", by_hand=by_hand, dotted=True):
        [found] = where.rglob(".git/objects/x")
        places.add(found.relative_to(where).parts[0][:4])
        write_tree(where / "bundle", bundle(a="again"))
        assert content(where / "bundle") == {
            "a": "again",
            ".git/objects/x": "of version control",
            ".gitignore": "x",
        }
        own = [path for path in where.iterdir() if read(path)["a"] == "mine"]
        assert bool(own) is by_hand
        assert not [path for path in where.iterdir() if path.name.startswith(".")]
        assert all(set(read(path)) == {"a", "env/secret"} for path in own)
    assert places == {"bund", ".bun"}, "it was never killed between the two steps"


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_the_program_leaves_the_old_bundle_or_the_new(tmp_path, name):
    plans = {}
    for word in ("old", "new"):
        plans[word] = tmp_path / word / "cluster.yaml"
        plans[word].parent.mkdir()
        plans[word].write_text(cluster_file.write(good_plan().with_value("database.name", word)))
    secrets = tmp_path / "secrets.env"
    secrets.write_text(dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)[0].text)
    folder = tmp_path / "killed"
    whole = {}
    for word in ("new", "old"):
        files = export(
            good_plan().with_value("database.name", word), SECRETS, folder / "0" / name, SecretsMode.INLINE, ["env"]
        )
        whole[word] = {file.path: file.text for file in files.files if file.path != MANIFEST}
    words = ["--target", "env", "--secrets", "inline", "--secrets-file", secrets]
    run(PROGRAM, folder, name, plans["new"], *words, XDG_STATE_HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path))
    outcomes = set()
    for where in folder.iterdir():
        found = read(where / name)
        outcomes |= {word for word, files in whole.items() if found == files}
        assert found in whole.values()
        assert [finding.severity for finding in findings(where / name).values()] == [Severity.PASS]
        assert not [path for path in where.iterdir() if ".kept-" in path.name]
        for left in where.rglob("*"):
            assert left.is_dir() or stat.S_IMODE(left.stat().st_mode) == 0o600 or "env" not in left.parts
    assert outcomes == {"old", "new"}
