"""Every write but the export's: killed at each step, on a full disk, in a folder that is read-only, beside another.

The old content or the new is there, never a mixture, and nothing is left for good.
"""

import contextlib
import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.killed_writes import WRITES
from wizard.storage.atomic_files import alone_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked and killed")

KILLED = """
import itertools, os, shutil, signal, sys
from pathlib import Path
from tests.unit.killed_writes import WRITES

folder, write, calls = Path(sys.argv[1]), WRITES[sys.argv[2]].write, 0
STEPS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.listdir", "os.scandir"}

def work(where, step):
    def count():
        global calls
        calls += 1
        if calls == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(real):
        def call(*given):
            count()
            return real(*given)
        return call

    os.fsync, os.fchmod = counted(os.fsync), counted(os.fchmod)
    sys.addaudithook(lambda event, given: count() if event in STEPS and str(where) in str(given) else None)
    write(where, "new")
    os._exit(0)

shutil.copytree(folder / "0", folder / "warm")
write(folder / "warm", "new")  # all that is imported is there before the first step
shutil.rmtree(folder / "warm")
for step in itertools.count(1):
    where = folder / str(step)
    shutil.copytree(folder / "0", where)
    child = os.fork() or work(where, step)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
"""


def left(folder: Path) -> list[str]:
    """Name what is half written below a folder."""
    return [path.name for path in folder.rglob("*") if path.name.startswith(".")]


LONG = {"accepted in a cluster file", "key of a script", "reference in a cluster file"}


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] * (one in LONG)) for one in WRITES])
def test_a_killed_write_leaves_the_old_or_the_new_and_the_next_one_sweeps(tmp_path, name):
    write = WRITES[name]
    (tmp_path / "work/0").mkdir(parents=True)
    write.write(tmp_path / "work/0", "old")
    ran = [sys.executable, "-c", KILLED, str(tmp_path / "work"), name]
    subprocess.run(ran, check=True, cwd=Path(__file__).parents[2])
    found, swept = set(), 0
    for where in (tmp_path / "work").glob("[1-9]*"):
        swept += bool(left(where))  # before it is read: looking at the saved clusters sweeps, too
        found.add(write.read(where))
        write.write(where, "new")
        assert (write.read(where), left(where)) == ("new", [])
    assert found == {"old", "new"}
    assert swept, "it was never killed with a file half written"


def as_another_user(work: Callable[[], None]) -> int:
    """Do a piece of work as a user without rights, where this one is root; return 1 where it raised an OSError."""
    child = os.fork()
    if not child:
        try:
            if not os.getuid():
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            work()
        except Exception as error:  # noqa: BLE001 - each write has its own kind
            os._exit(1 if str(error) else 2)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "0"
    folder.mkdir()
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_into_a_folder_that_is_read_only_says_so_and_leaves_the_old(read_only, name):
    write = WRITES[name]
    write.write(read_only, "old")
    for path in (read_only.parent, read_only, *read_only.parent.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in read_only.parents:
        if path.owner() == read_only.owner() and path.name.startswith("pytest-"):
            path.chmod(path.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)  # the other user may come here
    assert as_another_user(lambda: write.write(read_only, "new")) == 1
    assert (write.read(read_only), left(read_only)) == ("old", [])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for the old content, and for hardly more."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "ncw", str(folder)], check=False, stderr=-3)
    if made.returncode:
        pytest.skip("no file system can be mounted here: a full disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_to_a_full_disk_says_so_and_leaves_the_old(small_disk, name):
    write = WRITES[name]
    (small_disk / "0").mkdir()
    write.write(small_disk / "0", "old")
    fill = os.open(small_disk / "fill", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while os.write(fill, bytes(512)):
            pass
    os.close(fill)
    with pytest.raises(Exception, match=r"No space left"):
        write.write(small_disk / "0", "new")
    assert (write.read(small_disk / "0"), left(small_disk / "0")) == ("old", [])


def test_no_folder_is_open_to_everybody_whatever_the_umask(tmp_path):
    former = os.umask(0)
    try:
        for number, write in enumerate(WRITES.values()):
            (tmp_path / str(number)).mkdir(0o700)
            write.write(tmp_path / str(number), "new")
        from wizard.storage.bundle_writer import TreeFile, write_tree

        write_tree(tmp_path / "a/b/bundle", [TreeFile("env/x", b"x", 0o600), TreeFile("manifest.json", b"{}")])
    finally:
        os.umask(former)
    open_to_all = [path for path in tmp_path.rglob("*") if path.is_dir() and path.stat().st_mode & stat.S_IWOTH]
    assert open_to_all == []


def test_a_folder_that_one_program_works_in_is_locked_to_others(tmp_path):
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        with alone_in(tmp_path), pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)


def test_exports_at_once_keep_no_bundle_that_nobody_changed(tmp_path):
    from tests.unit.test_saved_clusters import bundle, content
    from wizard.storage.bundle_writer import write_tree

    for name in ("bundle", "bundle.zip"):
        write_tree(tmp_path / name, bundle(**{f"f{number}": "x" for number in range(20)}))
        children = []
        for writer in range(3):
            child = os.fork()
            if not child:
                for turn in range(8):
                    write_tree(tmp_path / name, bundle(**{f"f{number}": f"{writer}{turn}" for number in range(20)}))
                os._exit(0)
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "bundle.zip"]
    assert len(set(content(tmp_path / "bundle").values())) == 1
