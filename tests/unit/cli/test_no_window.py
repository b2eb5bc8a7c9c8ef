"""A window that cannot be opened is told in a sentence, with the command that mends it and what works without one."""

import shutil

import pytest

from wizard.app import no_window

LACKS_EGL = "libEGL.so.1: cannot open shared object file: No such file or directory"


@pytest.fixture(autouse=True)
def display(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")


def machine_with(monkeypatch, *tools):
    monkeypatch.setattr(shutil, "which", lambda name: name if name in tools else None)


def lacks_a_library():
    raise ImportError(LACKS_EGL)


@pytest.mark.parametrize("words", [[], ["demo"]], ids=["window", "demo"])
def test_a_missing_system_library_ends_with_2_before_anything_is_begun(program, monkeypatch, words):
    machine_with(monkeypatch, "apt-get")
    monkeypatch.setattr("wizard.cli.demo.running_demo", lambda *_: pytest.fail("servers were started"))
    done = program(*words, prepare=lacks_a_library)
    assert (done.code, done.out, done.windows) == (2, "", [])
    assert "libEGL.so.1" in done.err
    assert "apt-get install libegl1" in done.err
    assert "check SOURCE" in done.err
    assert "demo --headless" in done.err


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("dnf", "dnf install 'libEGL.so.1()(64bit)' 'libxcb-randr.so.0()(64bit)'"),
        ("zypper", "zypper install 'libEGL.so.1()(64bit)' 'libxcb-randr.so.0()(64bit)'"),
        ("pacman", "pacman -S libglvnd libxcb"),
        ("apt-get", "apt-get install libegl1 libxcb-randr0"),
    ],
)
def test_each_system_is_told_its_own_command(monkeypatch, tool, command):
    machine_with(monkeypatch, tool)
    assert command in no_window.missing_libraries(["libEGL.so.1", "libxcb-randr.so.0"])


def test_a_library_nobody_knows_is_named_without_a_command(monkeypatch):
    for tools in (["apt-get"], []):
        machine_with(monkeypatch, *tools)
        assert no_window.missing_libraries(["libodd.so.7"]).endswith("libodd.so.7.")


def test_an_import_that_fails_for_another_reason_stays_a_fault(program):
    def broken():
        raise ImportError("cannot import name 'x'")

    done = program(prepare=broken)
    assert done.code == 1
    assert "ImportError" in done.err


def test_the_self_test_names_the_library_too(monkeypatch):
    from wizard.app import self_test

    machine_with(monkeypatch, "apt-get")
    proof = list(self_test.prove(lambda: "", lacks_a_library))[-1]
    assert not proof.works
    assert "apt-get install libegl1" in proof.words


def test_all_that_is_missing_is_named_at_once_though_the_loader_names_the_first_alone(monkeypatch):
    machine_with(monkeypatch, "apt-get")
    gone = {"libEGL.so.1", "libGL.so.1", "libxcb-cursor.so.0"}
    monkeypatch.setattr(no_window, "_lacking", lambda name: name if name in gone else "")
    said = no_window.missing_library(ImportError(LACKS_EGL))
    assert said == (
        "The window needs system libraries that are missing: libEGL.so.1, libGL.so.1, libxcb-cursor.so.0. "
        "Install them as root with “apt-get install libegl1 libgl1 libxcb-cursor0”."
    )


def test_what_a_library_that_is_shipped_lacks_itself_is_named_in_its_place(monkeypatch):
    machine_with(monkeypatch, "apt-get")

    def load(_name):
        raise OSError("libxcb.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(no_window.ctypes, "CDLL", load)
    said = no_window.missing_library(ImportError(LACKS_EGL))
    assert said.endswith(
        "are missing: libEGL.so.1, libxcb.so.1. Install them as root with “apt-get install libegl1 libxcb1”."
    )


def test_a_library_that_the_plug_in_lacks_is_named_and_one_that_qt_guesses_is_not(monkeypatch):
    monkeypatch.setattr(no_window, "_lacking", lambda name: name if name == "libxcb-icccm.so.4" else "")
    said = [
        "From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed to load the Qt xcb platform plugin.",
        'Could not load the Qt platform plugin "xcb" in "" even though it was found.',
    ]
    reason = no_window.refusal_of_qt(said)
    assert "libxcb-icccm.so.4" in reason
    assert "cursor" not in reason
    assert "libxcb" not in no_window.refusal_of_qt(["could not connect to display :7", *said])
