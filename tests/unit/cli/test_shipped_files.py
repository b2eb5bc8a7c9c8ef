"""What the self-test knows of an installation's files: the list of a built application, the RECORD of a wheel."""

import json
import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

import wizard
from release import file_list
from wizard import resources
from wizard.app import self_test, shipped_files
from wizard.app.shipped_files import Shipped, digest_of, shipped
from wizard.formats import templates


@pytest.fixture
def built(tmp_path, monkeypatch):
    """An application as PyInstaller lays it out: a list, data with digests, a library that may be another."""
    folder = tmp_path / "resources" / "shipped"
    folder.mkdir(parents=True)
    (tmp_path / "library.so").write_text("library")
    for name in ("one", "two"):
        (tmp_path / "resources" / name).write_text(name)
    data = [(f"resources/{name}", str(tmp_path / "resources" / name), "DATA") for name in ("one", "two")]
    libraries = [("library.so", str(tmp_path / "library.so"), "BINARY")]
    (tmp_path / file_list.NAME).write_text(file_list.written(data, libraries))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(resources, "_beside", lambda _module: str(tmp_path / "resources"))
    return tmp_path


def test_a_whole_application_has_nothing_that_is_gone(built):
    assert shipped().broken() == []
    assert set(shipped().digests) == {"library.so", "resources/one", "resources/two"}


def test_what_is_gone_or_changed_is_named(built):
    (built / "library.so").unlink()
    (built / "resources" / "one").unlink()
    (built / "resources" / "two").write_text("twO")
    assert shipped().broken() == ["library.so", "resources/one", "resources/two"]


def test_a_library_may_be_another_one_as_builds_sign_it(built):
    (built / "library.so").write_text("signed")
    assert shipped().broken() == []


def test_a_link_is_listed_and_its_file_is_not_read():
    text = file_list.written([("libQt6DBus.so.6", "PySide6/Qt/lib/libQt6DBus.so.6", "SYMLINK")], [])
    assert json.loads(text) == {"libQt6DBus.so.6": ""}


def test_what_a_package_leaves_to_debian_is_missed_no_longer(built):
    (built / "library.so").unlink()
    file_list.leave_out(built, ["library.so"])
    assert shipped().broken() == []


def test_an_application_that_lost_its_list_is_not_taken_for_a_whole_one(built):
    (built / file_list.NAME).unlink()
    [proof] = [one for one in self_test.prove(str, str) if one.name == "files"]
    assert proof.works is False


def test_a_source_tree_has_no_list():
    assert shipped() is None
    [proof] = [one for one in self_test.prove(str, str) if one.name == "files"]
    assert proof.works is None


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A wheel as pip unpacks it."""
    (tmp_path / "wizard").mkdir()
    for name in ("wizard/__init__.py", "wizard/other.py", "wizard/compiled.pyc"):
        (tmp_path / name).write_text(name)
    information = tmp_path / "nocobase_cluster_wizard-1.dist-info"
    information.mkdir()
    named = ("wizard/__init__.py", "wizard/other.py")
    rows = [f"{name},sha256={digest_of(tmp_path / name)},1" for name in named]
    rows += [f"{information.name}/INSTALLER,sha256={'x' * 43},4"]  # conda writes its own there, and keeps RECORD
    rows += ["wizard/compiled.pyc,,", f"../../bin/program,sha256={'x' * 43},1"]
    (information / "RECORD").write_text("\n".join(rows) + "\n")
    monkeypatch.setattr(shipped_files, "distribution", lambda _name: PathDistribution(information))
    monkeypatch.setattr(wizard, "__file__", str(tmp_path / "wizard" / "__init__.py"))
    return tmp_path


def test_a_wheel_is_compared_with_its_record_but_for_what_was_compiled_later(installed):
    (installed / "wizard" / "compiled.pyc").unlink()
    assert shipped().broken() == []
    assert set(shipped().digests) == {"wizard/__init__.py", "wizard/other.py"}
    (installed / "wizard" / "other.py").write_text("x")
    assert shipped().broken() == ["wizard/other.py"]
    (installed / "wizard" / "other.py").unlink()
    assert shipped().broken() == ["wizard/other.py"]


def test_a_package_without_a_record_is_not_taken_for_a_damaged_one(installed):
    next(installed.glob("*.dist-info/RECORD")).unlink()
    assert shipped() is None
    [proof] = [one for one in self_test.prove(str, str) if one.name == "files"]
    assert (proof.works, "distribution" in proof.words) == (None, True)


def test_the_record_of_another_installation_says_nothing(installed, monkeypatch):
    monkeypatch.setattr(wizard, "__file__", str(installed / "elsewhere" / "__init__.py"))
    assert shipped() is None


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (["a"], "1 file is gone or was changed: a"),
        (["a", "b", "c"], "3 files are gone or were changed: a, b, c"),
        (["a", "b", "c", "d"], "4 files are gone or were changed: a, b, c, …"),
    ],
)
def test_three_of_the_files_that_are_gone_are_named(monkeypatch, tmp_path, gone, told):
    monkeypatch.setattr(shipped_files, "shipped", lambda: Shipped(tmp_path, dict.fromkeys(gone, "")))
    [proof] = [one for one in self_test.prove(str, str) if one.name == "files"]
    assert (proof.works, proof.words) == (False, told)


def test_the_self_test_fills_every_template(program, monkeypatch):
    filled, compiled = set(), templates._compiled

    def noted(name):
        filled.add(name)
        return compiled(name)

    monkeypatch.setattr(templates, "_compiled", noted)
    assert program("self-test").code == 0
    folder = resources.path("templates")
    assert filled == {path.relative_to(folder).as_posix() for path in folder.rglob("*.j2")}


def test_the_list_is_one_line_a_file_in_the_order_of_names(tmp_path):
    (tmp_path / "x").write_text("x")
    source = str(Path(tmp_path / "x"))
    text = file_list.written([("b", source, "DATA"), ("a", source, "DATA")], [])
    assert list(json.loads(text)) == ["a", "b"]
