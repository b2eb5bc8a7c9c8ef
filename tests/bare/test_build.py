"""`scripts/build` on a fresh Debian 12, twice; and its archive and wheel on one that has nothing of ours."""

import contextlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import patience
from tests.servers.bare import bare_machine
from tests.servers.fixtures import running
from tests.unit.cli.test_docs_blocks import blocks, lines
from wizard import __version__

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(3600)]
ANSWERS = 'APT::Get::Assume-Yes "true"; APT::Install-Recommends "false"; quiet "2";\n'
ROOT = Path(__file__).parents[2]


def told(done):
    return f"ended with {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-4000:]}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return two folders with what the same checkout gave, one build after the other."""
    folders = [tmp_path_factory.mktemp(name) / "dist" for name in ("first", "second")]
    with running(lambda: bare_machine("bookworm", "root")) as machine:
        for folder in folders:
            done = machine.run("scripts/build", "--no-audit", seconds=patience(1500), SOURCE_DATE_EPOCH="1700000000")
            assert done.returncode == 0, told(done)
            place = machine.root / "root" / "checkout"
            shutil.move(place / "dist", folder)
            shutil.rmtree(place / "build")
    return folders


def test_a_build_makes_everything_with_its_checksum_and_repeats_byte_for_byte(made):
    first, second = made
    files = {path.name for path in first.iterdir() if path.is_file()}
    endings = ("-linux-x86_64.tar.xz", "_amd64.deb", "-py3-none-any.whl", f"-{__version__}.tar.gz")
    assert all(any(name.endswith(ending) for name in files) for ending in endings), files
    for name in sorted(files):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    sums = [name for name in files if name.endswith(".sha256")]
    assert len(sums) * 2 == len(files)
    subprocess.run(["sha256sum", "--check", "--quiet", *sums], cwd=first, check=True)


@contextlib.contextmanager
def machine_with(*paths):
    """Make a Debian that has nothing but these files at its root, answers apt's questions and starts no server."""
    with running(lambda: bare_machine("bookworm", "root", checkout=False)) as machine:
        for path in paths:
            shutil.copyfile(path, machine.root / path.name)
        (machine.root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (machine.root / "usr/sbin/policy-rc.d").chmod(0o755)
        (machine.root / "etc/apt/apt.conf.d/91answers").write_text(ANSWERS)
        machine.run("apt-get", "update", as_root=True, seconds=patience(120))
        yield machine


def follow(machine, mark):
    """Run each command of that block of the page which has the mark, as it stands; return what the last ones gave."""
    [block] = [block for block in blocks("docs/packages.md", "sh") if mark in block]
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    return {
        line: machine.run("sh", "-c", line, as_root=True, seconds=patience(300), **environment) for line in lines(block)
    }


def test_a_new_user_gets_from_the_archive_to_a_checked_demo_without_python(made):
    [archive] = made[0].glob("*.tar.xz")
    with machine_with(archive, archive.with_name(f"{archive.name}.sha256")) as machine:
        *done, (_, proof) = follow(machine, "demo --headless").items()
        assert machine.run("sh", "-c", "command -v python3", as_root=True).stdout == ""
    for line, one in done:
        assert one.returncode == 0, f"{line} {told(one)}"
    assert done[-1][1].stdout.splitlines()[0] == "5 of 6 parts of the demo run."
    assert proof.returncode == 1, told(proof)
    assert [line.split()[1] for line in proof.stdout.splitlines() if line.startswith("FAILED")] == ["window:"]


def test_the_debian_package_comes_proves_itself_and_goes(made):
    [package] = made[0].glob("*.deb")
    with machine_with(package) as machine:
        done = follow(machine, "apt-get purge")
        left = machine.run("sh", "-c", "command -v nocobase-cluster-wizard", as_root=True)
    assert len(done) == 3
    for line, one in done.items():
        assert one.returncode == 0, f"{line} {told(one)}"
    assert left.stdout == ""


def test_the_wheel_brings_the_window(made):
    [wheel] = made[0].glob("*.whl")
    with machine_with(wheel) as machine:
        done = follow(machine, "-m venv wizard\n")
    for line, one in done.items():
        assert one.returncode == 0, f"{line} {told(one)}"
    assert "pixels painted" in [*done.values()][-1].stdout


def test_the_form_without_qt_is_installed_from_its_lock_and_checks(made, tmp_path):
    [wheel] = made[0].glob("*.whl")
    shutil.copyfile(ROOT / "resources" / "examples" / "single-server.yaml", tmp_path / "cluster.yaml")
    with machine_with(wheel, tmp_path / "cluster.yaml") as machine:
        (machine.root / "requirements").mkdir()
        shutil.copyfile(ROOT / "requirements" / "headless.txt", machine.root / "requirements" / "headless.txt")
        *done, (_, check) = follow(machine, "headless.txt").items()
        assert machine.run("sh", "-c", "find /opt/nocobase-cluster-wizard -iname '*pyside*'", as_root=True).stdout == ""
    for line, one in done:
        assert one.returncode == 0, f"{line} {told(one)}"
    assert check.returncode == 3, told(check)
    assert "database.connect" in check.stdout
