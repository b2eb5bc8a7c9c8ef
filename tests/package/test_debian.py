"""The folder and the Debian package, on a Debian without our sources, without a compiler and without Python."""

import shutil
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from release import deb, desktop
from tests.package.conftest import EPOCH, window_on
from tests.patience import patience
from wizard import __version__

pytestmark = [pytest.mark.package, pytest.mark.timeout(600)]
NAME = "nocobase-cluster-wizard"
SIGNALLED = 128
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", "--no-install-recommends")


@pytest.fixture(scope="module")
def package(built, tmp_path_factory):
    path = tmp_path_factory.mktemp("deb") / "wizard.deb"
    deb.write(built.folder, built.binaries, path, EPOCH, quick=True)
    return path


def put(machine, path, name):
    target = machine.root / name
    shutil.copytree(path, target, symlinks=True) if path.is_dir() else shutil.copyfile(path, target)


def told(done):
    return f"ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}"


def test_the_folder_works_where_there_is_no_python_and_says_what_the_window_lacks(built, clean_machine):
    assert clean_machine.run("sh", "-c", "command -v python3 gcc", as_root=True).stdout == ""
    put(clean_machine, built.folder, "unpacked")
    done = clean_machine.run(f"/unpacked/{NAME}", "self-test", as_root=True)
    assert "drivers: psycopg" in done.stdout, told(done)
    assert "languages: en, fr, zh-CN" in done.stdout
    window = done.stdout.splitlines()[-1]
    assert done.returncode == (0 if "painted" in window else 1)
    assert "painted" in window or "apt-get install" in window
    judged = clean_machine.run(f"/unpacked/{NAME}", "check", "/dev/null", as_root=True)
    assert "Traceback" not in judged.stdout + judged.stderr


def test_the_package_installs_proves_itself_opens_its_window_and_goes_without_a_trace(package, clean_machine, display):
    put(clean_machine, package, "wizard.deb")
    assert clean_machine.run(*APT, "update", as_root=True, seconds=patience(120)).returncode == 0
    done = clean_machine.run(*APT, "install", "/wizard.deb", as_root=True, seconds=patience(200))
    assert done.returncode == 0, told(done)
    assert clean_machine.run("sh", "-c", "command -v python3 gcc", as_root=True).stdout == ""

    proof = clean_machine.run(NAME, "self-test", as_root=True)
    assert proof.returncode == 0, told(proof)
    assert "pixels painted" in proof.stdout
    assert clean_machine.run(NAME, "--version", as_root=True).stdout.split()[-1] == __version__
    assert _window_opens(clean_machine, display)
    files = clean_machine.run("dpkg", "-L", NAME, as_root=True).stdout.split()
    pages = {f"/usr/share/doc/{NAME}/{name}" for name in ("docs/checks.md", "changelog.gz", "copyright")}
    assert {f"/usr/share/{desktop.ENTRY}", *pages, f"/usr/share/man/man1/{NAME}.1.gz"} <= set(files)
    libraries = [machine_path for name in files if ".so" in name and (machine_path := clean_machine.root / name[1:])]
    assert [path.name for path in libraries if not path.is_symlink() and path.stat().st_mode & 0o111] == []

    done = clean_machine.run(*APT, "purge", NAME, as_root=True, seconds=patience(60))
    assert done.returncode == 0, told(done)
    ours = [name for name in files if NAME in name]
    assert [name for name in ours if (clean_machine.root / name[1:]).exists()] == []


def _window_opens(machine, display):
    """Whether the window is seen on a screen outside; it is ended through a pipe, as nothing else reaches inside."""
    machine.run("mkfifo", "/end", as_root=True)
    words = ["sh", "-c", f"{NAME} & read -r _ </end; kill $!; wait $!"]
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(machine.run, *words, as_root=True, seconds=patience(90), DISPLAY=display)
        found = window_on(display)
        (machine.root / "end").write_text("\n")
        code = ended.result().returncode
    return found and code == SIGNALLED + signal.SIGTERM


def test_the_files_for_a_desktop_are_valid(tmp_path):
    desktop.write(tmp_path, EPOCH)
    for tool, words in (
        ("desktop-file-validate", [str(tmp_path / desktop.ENTRY)]),
        ("appstreamcli", ["validate", "--no-net", "--explain", str(tmp_path / desktop.METAINFO)]),
    ):
        if shutil.which(tool):
            done = subprocess.run([tool, *words], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    assert "currentColor" not in (tmp_path / desktop.ICON).read_text()
    assert (tmp_path / desktop.ENTRY).read_text().count("Icon=") == 1
