"""Folders with other Debian releases' servers, and bare ones, made once by mmdebstrap and kept for later runs.

`python -m tests.servers.debian` makes all of those with servers.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from wizard.demo.process import Missing

PACKAGES = {
    "trixie": ("rabbitmq-server", "redis-server", "haproxy", "docker-compose"),
    "bookworm": ("rabbitmq-server",),
}
ONLY_UNPACKED = {"sid": ("mysql-server-core",)}
"""Releases that move, from which a program is unpacked and nothing is set up."""
BARE = ("ca-certificates", "git", "sudo")
"""What a bare machine has beside the least that apt needs."""
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_BUILD_SECONDS = 600


def cache() -> Path:
    """Return the folder that outlives test runs."""
    given = os.environ.get("NCW_TEST_CACHE")
    path = Path(given) if given else Path.home() / ".cache" / "nocobase-cluster-wizard-tests"
    path.mkdir(parents=True, exist_ok=True)
    return path


def folder_of(release: str) -> Path:
    """Return the folder with that release's servers, made now if this is the first time."""
    if release in ONLY_UNPACKED:
        return _kept(release, release, "extract", ONLY_UNPACKED[release])
    return _kept(release, release, "essential", PACKAGES[release])


def bare_folder_of(release: str) -> Path:
    """Return the folder with a bare machine of that release, made now if this is the first time."""
    return _kept(f"bare-{release}", release, "minbase", BARE)


def _kept(name: str, release: str, variant: str, packages: Sequence[str]) -> Path:
    digest = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:6]  # other packages, another folder
    target = cache() / f"{name}-{digest}"
    with locked(cache() / f"{name}.lock"):
        if not target.exists():
            _build(release, variant, packages, target)
    return target


def foreign(release: str, program: str) -> list[str]:
    """Return the command of that release's program, run with its own loader and libraries: no chroot needed."""
    root = folder_of(release)
    libraries = root / "usr/lib/x86_64-linux-gnu"
    loader = next(libraries.glob("ld-linux-*.so.*"))
    return [str(loader), "--library-path", str(libraries), str(root / program)]


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file; wait for another run that holds it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(release: str, variant: str, packages: Sequence[str], target: Path) -> None:
    if not shutil.which("mmdebstrap"):
        raise Missing(f"Debian {release}'s servers need mmdebstrap", "apt-get install mmdebstrap")
    if os.geteuid() != 0:
        raise Missing(f"a folder with Debian {release} can be made by root alone", "sudo scripts/test")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{release}-") as scratch:
        tree = Path(scratch) / "tree"
        command = ["mmdebstrap", "--quiet", f"--variant={variant}", f"--include={','.join(packages)}"]
        command += ['--aptopt=APT::Install-Recommends "false"', f"--keyring={_KEYRING}"]
        if release in ONLY_UNPACKED:  # a mirror may be behind by more than a moving release allows
            command.append('--aptopt=Acquire::Check-Valid-Until "false"')
        command += [release, str(tree), f"deb {_mirror()} {release} main"]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=_BUILD_SECONDS
        )
        if done.returncode:
            raise Missing(
                f"mmdebstrap could not make {release}:\n{done.stderr[-2000:]}", "scripts/test, with a network"
            )
        (tree / "etc" / "hosts").write_text("127.0.0.1 localhost\n")
        tree.rename(target)


def _mirror() -> str:
    """Return where this machine's own apt gets Debian from."""
    line = "$(ORIGIN) $(CODENAME) $(REPO_URI)"
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", line, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    for origin, codename, uri in (row.split(maxsplit=2) for row in done.stdout.splitlines() if row.count(" ") >= 2):
        if origin == "Debian" and "-" not in codename:
            return uri
    raise Missing("apt knows no Debian archive", "apt-get update")


if __name__ == "__main__":
    for name in sys.argv[1:] or PACKAGES:
        folder_of(name)
