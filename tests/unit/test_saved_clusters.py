"""Saved clusters and files on disk: old or new, nothing foreign touched, secrets for their owner alone."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from wizard.plan.bundle_names import MANIFEST
from wizard.storage import atomic_files, bundle_writer
from wizard.storage.atomic_files import write_atomic
from wizard.storage.bundle_writer import RefusedError, TreeFile, Written, write_tree
from wizard.storage.saved_clusters import Workspace, WorkspaceError


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def bundle(**contents: str) -> list[TreeFile]:
    """Return a bundle of files with their manifest; `a__b` is the path a/b; names with `secret` hold one."""
    listed = [
        TreeFile(name.replace("__", "/"), text.encode(), 0o600 if "secret" in name else 0o644)
        for name, text in contents.items()
    ]
    manifest = {
        "schema": 1,
        "files": [{"path": file.path, "sha256": hashlib.sha256(file.data).hexdigest()} for file in listed],
    }
    return [*listed, TreeFile(MANIFEST, json.dumps(manifest).encode())]


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


# One file


def test_a_file_is_written_private_unless_said_otherwise(tmp_path):
    write_atomic(tmp_path / "a", b"1")
    write_atomic(tmp_path / "b", b"2", 0o644)
    assert (mode_of(tmp_path / "a"), mode_of(tmp_path / "b")) == (0o600, 0o644)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_replacing_a_file_takes_the_new_mode(tmp_path):
    write_atomic(tmp_path / "a", b"1", 0o644)
    write_atomic(tmp_path / "a", b"2")
    assert (mode_of(tmp_path / "a"), (tmp_path / "a").read_bytes()) == (0o600, b"2")


def test_a_file_is_private_before_its_first_byte(tmp_path, monkeypatch):
    seen = []
    real = os.fdopen

    def spy(descriptor, *rest):
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return real(descriptor, *rest)

    monkeypatch.setattr(atomic_files.os, "fdopen", spy)
    write_atomic(tmp_path / "a", b"1", 0o644)
    assert seen == [0o600]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    write_atomic(tmp_path / "a", b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_atomic(tmp_path / "link", b"1")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"1"


# A bundle's folder


@pytest.mark.parametrize("there", ["missing", "empty", "deep"])
def test_a_bundle_goes_into_a_missing_or_empty_folder(tmp_path, there):
    destination = tmp_path / ("a/b/bundle" if there == "deep" else "bundle")
    if there == "empty":
        destination.mkdir()
    write_tree(destination, bundle(README="hello", env__secret="x"))
    assert content(destination) == {"README": "hello", "env/secret": "x"}
    assert mode_of(destination) == mode_of(destination / "env") == 0o700
    assert mode_of(destination / "env/secret") == 0o600
    assert mode_of(destination / "README") == 0o644
    assert [path.name for path in destination.parent.iterdir()] == ["bundle"]


def test_a_former_bundle_is_replaced_whole(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1", gone="x"))
    written = write_tree(tmp_path / "bundle", bundle(a="2", b="3"))
    assert content(tmp_path / "bundle") == {"a": "2", "b": "3"}
    assert (written.kept, written.changed) == (None, ())
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_files_changed_by_hand_are_kept_beside_the_new_bundle(tmp_path):
    for number in (1, 2):
        write_tree(tmp_path / "bundle", bundle(a="1", b="2"))
        (tmp_path / "bundle/a").write_text(f"mine {number}")
        written = write_tree(tmp_path / "bundle", bundle(a="new"))
        assert written.changed == ("a",)
        assert written.kept == tmp_path / f"bundle.kept-{number}"
        assert content(written.kept) == {"a": f"mine {number}", "b": "2"}
        assert content(tmp_path / "bundle") == {"a": "new"}


@pytest.mark.parametrize("manifest", [None, "{}", "no json", "[]", '{"schema": 1}'])
def test_a_folder_that_is_no_bundle_is_refused_and_untouched(tmp_path, manifest):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("keep me")
    if manifest is not None:
        (folder / MANIFEST).write_text(manifest)
    with pytest.raises(RefusedError, match="neither empty nor a former bundle"):
        write_tree(folder, bundle(a="1"))
    assert (folder / "notes.txt").read_text() == "keep me"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_bundle_with_foreign_files_is_refused_and_they_are_named(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    (tmp_path / "bundle/notes.txt").write_text("keep me")
    with pytest.raises(RefusedError, match=r"notes\.txt"):
        write_tree(tmp_path / "bundle", bundle(a="2"))
    assert content(tmp_path / "bundle") == {"a": "1", "notes.txt": "keep me"}


def test_a_bundle_with_a_folder_that_may_not_be_looked_into_is_refused_and_untouched(tmp_path, monkeypatch):
    write_tree(tmp_path / "bundle", bundle(a="1", env__secret="x"))
    looked_into = os.scandir

    def refusing(path):
        if os.fspath(path).endswith("env"):
            raise PermissionError(13, "Permission denied", path)
        return looked_into(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(PermissionError):
        write_tree(tmp_path / "bundle", bundle(a="2"))
    monkeypatch.undo()
    assert content(tmp_path / "bundle") == {"a": "1", "env/secret": "x"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "bundle").write_text("x")
    with pytest.raises(RefusedError, match="is a file"):
        write_tree(tmp_path / "bundle", bundle(a="1"))


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "a\\b", ""])
def test_a_path_out_of_the_bundle_is_refused(tmp_path, path):
    with pytest.raises(RefusedError):
        write_tree(tmp_path / "bundle", [TreeFile(path, b"")])
    assert not list(tmp_path.iterdir())


def test_a_failed_export_leaves_the_old_bundle_and_nothing_else(tmp_path, monkeypatch):
    write_tree(tmp_path / "bundle", bundle(a="1"))

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle_writer, "write_new", full)
    with pytest.raises(OSError, match="No space left"):
        write_tree(tmp_path / "bundle", bundle(a="2"))
    assert content(tmp_path / "bundle") == {"a": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_without_an_exchange_in_one_step_the_folders_are_renamed(tmp_path, monkeypatch):
    from wizard.storage import swap

    monkeypatch.setattr(swap, "_exchange_at_once", lambda _one, _other: False)
    write_tree(tmp_path / "bundle", bundle(a="1"))
    write_tree(tmp_path / "bundle", bundle(a="2"))
    assert content(tmp_path / "bundle") == {"a": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


# An archive


def test_the_same_bundle_gives_the_same_archive(tmp_path):
    files_of = bundle(b="2", a="1", env__secret="x")
    write_tree(tmp_path / "one.zip", files_of)
    write_tree(tmp_path / "two.zip", list(reversed(files_of)))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_archive_with_secrets_is_private_inside_and_out(tmp_path):
    write_tree(tmp_path / "open.zip", bundle(a="1"))
    write_tree(tmp_path / "private.zip", bundle(a="1", secret="x"))
    assert (mode_of(tmp_path / "open.zip"), mode_of(tmp_path / "private.zip")) == (0o644, 0o600)
    with zipfile.ZipFile(tmp_path / "private.zip") as archive:
        assert archive.read("a") == b"1"
        assert stat.S_IMODE(archive.getinfo("secret").external_attr >> 16) == 0o600


def test_an_archive_unpacks_into_folders_for_their_owner_alone(tmp_path):
    write_tree(tmp_path / "b.zip", bundle(a="1", env__deep__secret="x"))
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert {name: mode for name, mode in modes.items() if name.endswith("/")} == dict.fromkeys(
        ["env/", "env/deep/"], stat.S_IFDIR | 0o700
    )
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-q", tmp_path / "b.zip", "-d", tmp_path / "out"], check=True, umask=0o022)
        assert mode_of(tmp_path / "out/env") == mode_of(tmp_path / "out/env/deep") == 0o700
        assert mode_of(tmp_path / "out/env/deep/secret") == 0o600


def test_a_former_archive_is_replaced_and_anything_else_refused(tmp_path):
    write_tree(tmp_path / "b.zip", bundle(a="1"))
    write_tree(tmp_path / "b.zip", bundle(a="2"))
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.read("a") == b"2"
    (tmp_path / "photos.zip").write_bytes(b"mine")
    with pytest.raises(RefusedError):
        write_tree(tmp_path / "photos.zip", bundle(a="1"))
    assert (tmp_path / "photos.zip").read_bytes() == b"mine"


def test_what_a_killed_export_of_an_archive_left_is_swept_away(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f".b.zip.{ended.pid}-0123abcd.new").write_bytes(b"half")
    running = tmp_path / f".b.zip.{os.getppid()}-0123abcd.new"
    running.write_bytes(b"of another export, which still runs")
    write_tree(tmp_path / "b.zip", bundle(a="1"))
    assert sorted(tmp_path.iterdir()) == [running, tmp_path / "b.zip"]


# Saved clusters


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "clusters")


def test_looking_at_the_saved_clusters_takes_away_what_a_killed_save_left(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    workspace = Workspace(tmp_path)
    workspace.save("whole", "shop", "x: 1\n")
    for name in (f"whole/.cluster.yaml.{ended.pid}-ab.new", f"whole/.about.json.{ended.pid}-ab.new"):
        (tmp_path / name).write_text("half")
    (tmp_path / "begun").mkdir()
    (tmp_path / f"begun/.cluster.yaml.{ended.pid}-ab.new").write_text("half")
    (tmp_path / f"whole/.cluster.yaml.{os.getppid()}-ab.new").write_text("another program writes just now")
    assert [cluster.id for cluster in workspace.clusters()] == ["whole"]
    left = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert left == [f".cluster.yaml.{os.getppid()}-ab.new", "about.json", "cluster.yaml"]


@pytest.mark.parametrize("name", ["Produktion äöü", "half a sign \ud83d"])
def test_a_saved_cluster_comes_back_and_is_listed_by_its_name(workspace, name):
    workspace.save("c1", name, "schema: 1\n")
    [found] = workspace.clusters()
    assert (found.id, found.name, found.problem) == ("c1", name, "")
    assert workspace.load("c1") == "schema: 1\n"
    assert mode_of(workspace.root / "c1") == 0o700
    assert mode_of(found.path) == 0o600


def test_the_last_saved_cluster_is_listed_first(workspace):
    for number, name in enumerate(["old", "older", "new"]):
        workspace.save(name, name, "x")
        os.utime(workspace.root / name / "cluster.yaml", (0, [2, 1, 3][number]))
    assert [cluster.id for cluster in workspace.clusters()] == ["new", "old", "older"]


def test_damaged_clusters_are_listed_with_a_problem(workspace):
    for name in ("missing", "empty", "binary", "nameless", "deep", "good"):
        workspace.save(name, name, "x")
    (workspace.root / "missing/cluster.yaml").unlink()
    (workspace.root / "empty/cluster.yaml").write_text("")
    (workspace.root / "binary/cluster.yaml").write_bytes(b"\xff\xfe\x00")
    (workspace.root / "nameless/about.json").write_text("{")
    (workspace.root / "deep/about.json").write_text("[" * 100_000)
    (workspace.root / "stray.txt").write_text("x")
    problems = {cluster.id: cluster.problem for cluster in workspace.clusters()}
    assert problems.keys() == {"missing", "empty", "binary", "nameless", "deep", "good"}
    assert [name for name, problem in sorted(problems.items()) if problem] == ["binary", "empty", "missing"]
    with pytest.raises(WorkspaceError, match="damaged"):
        workspace.load("binary")


def test_no_workspace_yet_is_an_empty_list(workspace):
    assert workspace.clusters() == []
    assert not workspace.root.exists()


def test_a_deleted_cluster_is_gone_and_deleting_again_is_no_error(workspace):
    workspace.save("c1", "x", "x")
    workspace.delete("c1")
    workspace.delete("c1")
    assert workspace.clusters() == []
    with pytest.raises(WorkspaceError, match="cannot be read"):
        workspace.load("c1")


@pytest.mark.parametrize("identity", ["", "..", "a/b", "a.b", "x" * 65])
def test_an_identity_is_no_path(workspace, identity):
    for action in (lambda: workspace.save(identity, "x", "x"), lambda: workspace.load(identity)):
        with pytest.raises(WorkspaceError, match="is no identity"):
            action()


def test_by_default_clusters_lie_where_the_system_keeps_a_users_data(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Workspace().root == tmp_path / "nocobase-cluster-wizard/clusters"


def test_an_archive_changed_by_hand_is_kept_beside_the_new_one(tmp_path):
    write_tree(tmp_path / "bundle.zip", bundle(a="1"))
    former = zipfile.ZipFile(tmp_path / "bundle.zip").read(MANIFEST)
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.writestr("a", "mine")
        archive.writestr(MANIFEST, former)
    written = write_tree(tmp_path / "bundle.zip", bundle(a="2"))
    assert (written.changed, written.kept) == (("a",), tmp_path / "bundle.kept-1.zip")
    with zipfile.ZipFile(written.kept) as kept:
        assert kept.read("a") == b"mine"


def test_an_archive_with_foreign_files_is_refused(tmp_path):
    write_tree(tmp_path / "bundle.zip", bundle(a="1"))
    with zipfile.ZipFile(tmp_path / "bundle.zip", "a") as archive:
        archive.writestr("notes.txt", "keep me")
    with pytest.raises(RefusedError, match=r"notes\.txt"):
        write_tree(tmp_path / "bundle.zip", bundle(a="2"))


def test_changes_that_the_new_bundle_carries_need_no_keeping(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    (tmp_path / "bundle/a").write_text("mine")
    assert write_tree(tmp_path / "bundle", bundle(a="2"), {"a": b"older"}).changed == ("a",)
    (tmp_path / "bundle/a").write_text("mine")
    assert write_tree(tmp_path / "bundle", bundle(a="2"), {"a": b"mine"}) == Written(tmp_path / "bundle")


def test_a_bundle_with_a_precious_file_is_kept_although_nothing_in_it_was_changed(tmp_path):
    write_tree(tmp_path / "bundle", bundle(a="1"))
    written = write_tree(tmp_path / "bundle", bundle(b="2"), precious=["a"])
    assert written.changed == ("a",)
    assert content(written.kept) == {"a": "1"}
