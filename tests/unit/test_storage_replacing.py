"""What begins with a dot in a bundle's folder goes on in the new one, and an export ends what a killed one began."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.test_saved_clusters import bundle, content, mode_of
from wizard.plan.bundle_names import MANIFEST
from wizard.storage.bundle_writer import RefusedError, TreeFile, write_tree
from wizard.storage.previous_bundle import read_previous


def test_what_begins_with_a_dot_at_the_top_goes_on_in_the_new_folder_as_it_is(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    (tmp_path / "bundle/.git").mkdir(0o750)
    (tmp_path / "bundle/.git/HEAD").write_text("x")
    (tmp_path / "bundle/.gitignore").symlink_to("nowhere")
    before = (tmp_path / "bundle/.git/HEAD").stat().st_ino
    assert write_tree(tmp_path / "bundle", bundle(a="2")).kept is None
    assert content(tmp_path / "bundle") == {"a": "2", ".git/HEAD": "x"}
    assert (tmp_path / "bundle/.git/HEAD").stat().st_ino == before
    assert (tmp_path / "bundle/.gitignore").readlink() == Path("nowhere")
    assert mode_of(tmp_path / "bundle/.git") == 0o750
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_what_begins_with_a_dot_stays_out_of_a_kept_bundle(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    (tmp_path / "bundle/a").write_text("mine")
    (tmp_path / "bundle/.git").write_text("gitdir: ../else")
    written = write_tree(tmp_path / "bundle", bundle(a="2"))
    assert content(written.kept) == {"a": "mine"}
    assert content(tmp_path / "bundle") == {"a": "2", ".git": "gitdir: ../else"}


def test_deeper_than_at_the_top_a_dot_is_no_reason_to_carry(tmp_path):
    write_tree(tmp_path / "bundle", bundle(env__secret="1"))
    (tmp_path / "bundle/env/.mine").write_text("x")
    with pytest.raises(RefusedError, match=r"env/\.mine"):
        write_tree(tmp_path / "bundle", bundle(env__secret="2"))


def test_what_cannot_be_carried_leaves_the_old_bundle_whole(tmp_path, monkeypatch):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    for name in (".a", ".git"):
        (tmp_path / "bundle" / name).write_text("x")
    real = Path.rename

    def refusing(self, target):
        if self.name == ".git" and Path(target).parent.name == "bundle":
            raise OSError(16, "Device or resource busy", str(self))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(RefusedError, match="Device or resource busy"):
        write_tree(tmp_path / "bundle", bundle(a="2"))
    assert content(tmp_path / "bundle") == {"a": "1", ".a": "x", ".git": "x"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def left_behind(folder: Path, end: str, *, number: int = 0) -> Path:
    """Return the name of what a killed export left beside `bundle`; the old folder's `number` is not its own."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return folder / f".bundle.{ended.pid}-{number}{end}"


@pytest.mark.parametrize("end", [".drop", ".keep", ".drop.aside", ".keep.aside"])
def test_an_old_folder_without_a_new_one_in_its_place_comes_back(tmp_path, end):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    (tmp_path / "bundle/.git").write_text("x")
    (tmp_path / "bundle").rename(left_behind(tmp_path, end))
    write_tree(tmp_path / "bundle", bundle(a="2"))
    assert content(tmp_path / "bundle") == {"a": "2", ".git": "x"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_what_cannot_be_carried_after_a_kill_is_kept(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    (tmp_path / "bundle/.git").write_text("old")
    (tmp_path / "bundle").rename(left_behind(tmp_path, ".drop"))
    (tmp_path / "bundle").mkdir()
    for file in bundle(a="2"):
        (tmp_path / "bundle" / file.path).write_bytes(file.data)
    (tmp_path / "bundle/.git").write_text("new")
    write_tree(tmp_path / "bundle", bundle(a="3"))
    assert content(tmp_path / "bundle") == {"a": "3", ".git": "new"}
    assert content(tmp_path / "bundle.kept-1") == {"a": "1", ".git": "old"}


def test_a_new_folder_that_never_got_to_its_place_is_swept_away(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    (tmp_path / "new").mkdir()
    (tmp_path / "new/secret").write_text("x")
    (tmp_path / "new").rename(left_behind(tmp_path, ".keep", number=(tmp_path / "new").stat().st_ino))
    write_tree(tmp_path / "bundle", bundle(a="2"))
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_bundle_of_a_newer_version_is_refused_and_stays(tmp_path, name):
    files = bundle(a="1")
    newer = TreeFile(MANIFEST, files[-1].data.replace(b'"schema": 1', b'"schema": 2'))
    write_tree(tmp_path / name, [*files[:-1], newer])
    before = read_previous(tmp_path / name)
    with pytest.raises(RefusedError, match="newer version"):
        write_tree(tmp_path / name, bundle(a="2"))
    assert read_previous(tmp_path / name) == before
