"""`python -m release`: everything that is shipped, into dist/. Use scripts/build, which installs what this needs."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from release import archive, audit, deb, desktop, frozen, pages, python_packages, shell
from release.bill import BILL, LICENCES
from release.shipped import OURS, ROOT
from wizard import __version__

_SELF_TEST = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
_UNKNOWN = 4
"""The exit code where all was made, and known vulnerabilities could not be asked for. scripts/build explains it."""


def main() -> int:
    """Build, and return the exit code: 1 where a vulnerability is known of what was built, 4 where that is unknown."""
    parser = argparse.ArgumentParser(prog="scripts/build", description="Make everything that is shipped.")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="the folder to write into (dist)")
    parser.add_argument("--one-file", action="store_true", help="also one file that unpacks itself at each start")
    parser.add_argument("--no-audit", action="store_true", help="do not ask for known vulnerabilities")
    options = parser.parse_args()
    output: Path = options.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    _make(output, one_file=options.one_file)
    return 0 if options.no_audit else _audit()


def _make(output: Path, *, one_file: bool) -> None:
    epoch = _epoch()
    work = ROOT / "build" / "release"
    stem = f"{OURS}-{__version__}-{platform.system().lower()}-{platform.machine()}"
    _say("the folder application")
    folder = frozen.build(output, work, epoch)
    _finish(folder, epoch)
    subprocess.run([folder / OURS, "self-test"], check=True, env=_SELF_TEST, cwd="/")
    _say("the archive and its checksum")
    archive.write(folder, output / f"{stem}.tar.xz", epoch)
    if shutil.which("dpkg-deb"):
        _say("the Debian package")
        package = output / f"{OURS}_{__version__}_{deb.architecture()}.deb"
        deb.write(folder, frozen.work_of(work) / "binaries.json", package, epoch)
        archive.write_checksum(package)
    if one_file:
        _say("one file")
        built = frozen.build(work / "one-file", work, epoch, one_file=True)
        archive.write_checksum(Path(shutil.copy2(built, output / stem)))
    _say("the wheel and the source distribution")
    for path in python_packages.write(output, epoch):
        archive.write_checksum(path)
    for path in sorted(output.iterdir()):
        _say(f"  {path.name}")


def _finish(folder: Path, epoch: int) -> None:
    """Put beside the program what its user should find without looking."""
    shipped = folder / "_internal" / "resources" / "shipped"
    for name in (BILL, LICENCES):
        shutil.copyfile(shipped / name, folder / name)
    desktop.write(folder / "share", epoch)
    shell.write(folder / "share", epoch)
    pages.write(folder)


def _audit() -> int:
    try:
        found = audit.known_vulnerabilities()
    except audit.NoDataError as error:
        _say(f"known vulnerabilities: could not be found out ({error})")
        return _UNKNOWN
    _say("\n  ".join(["known vulnerabilities:", *found]) if found else "known vulnerabilities: none")
    return 1 if found else 0


def _epoch() -> int:
    """Return the time that all files get, in seconds: SOURCE_DATE_EPOCH, else that of the last commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    told = subprocess.run(command, capture_output=True, text=True, check=False) if shutil.which("git") else None
    return int(told.stdout) if told and told.returncode == 0 else int((ROOT / "CHANGELOG.md").stat().st_mtime)


def _say(words: str) -> None:
    print(f"== {words}" if not words.startswith("  ") else words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
