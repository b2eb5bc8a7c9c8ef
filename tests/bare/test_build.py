"""`scripts/build` on a fresh Debian 12, twice; and its archive and wheel on one that has nothing of ours."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import patience
from tests.servers.bare import bare_machine
from tests.servers.fixtures import running
from wizard import __version__

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(3600)]
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", "--no-install-recommends")
NAME = "nocobase-cluster-wizard"
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


def test_a_new_user_gets_from_the_archive_to_a_checked_demo_without_python(made):
    [archive] = made[0].glob("*.tar.xz")
    with running(lambda: bare_machine("bookworm", "root", checkout=False)) as machine:
        shutil.copyfile(archive, machine.root / archive.name)
        servers = ("xz-utils", "postgresql", "redis-server", "nginx-light")
        (machine.root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (machine.root / "usr/sbin/policy-rc.d").chmod(0o755)
        machine.run(*APT, "update", as_root=True, seconds=patience(120))
        done = machine.run(*APT, "install", *servers, as_root=True, seconds=patience(300))
        assert done.returncode == 0, told(done)
        assert machine.run("sh", "-c", "command -v python3", as_root=True).stdout == ""
        assert machine.run("tar", "-xf", f"/{archive.name}", as_root=True, seconds=patience(60)).returncode == 0
        done = machine.run(f"/{NAME}/{NAME}", "demo", "--headless", as_root=True, seconds=patience(200))
        assert done.returncode == 0, told(done)
        assert done.stdout.splitlines()[0] == "5 of 6 parts of the demo run."


def test_the_wheel_brings_the_window(made):
    [wheel] = made[0].glob("*.whl")
    [needs] = re.findall(r"apt-get install (python3 .*\n(?:    .*\n)*)", (ROOT / "docs/packages.md").read_text())
    with running(lambda: bare_machine("bookworm", "root", checkout=False)) as machine:
        shutil.copyfile(wheel, machine.root / wheel.name)
        machine.run(*APT, "update", as_root=True, seconds=patience(120))
        done = machine.run(*APT, "install", *needs.replace("\\\n", " ").split(), as_root=True, seconds=patience(300))
        assert done.returncode == 0, told(done)
        script = f"python3 -m venv /w && /w/bin/pip install -q /{wheel.name} && /w/bin/{NAME} self-test"
        done = machine.run("sh", "-ec", script, as_root=True, seconds=patience(300))
        assert done.returncode == 0, told(done)
        assert "pixels painted" in done.stdout
