"""A Debian package of the folder. What Debian has itself, such as Qt's needs, it depends on instead of bringing it."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from release import desktop, file_list, pages, shell
from release.bill import BILL, LICENCES
from release.shipped import OURS, ROOT, debian_packages
from wizard import __version__

ALSO = ("fontconfig-config", "fonts-dejavu-core | fonts-freefont-ttf | fonts-liberation")
"""What nothing links to: where fonts are, and one of them."""
_LIB = Path("usr/lib") / OURS
_MAINTAINER = "NocoBase Cluster Wizard contributors <maintainers@nocobase-cluster-wizard.invalid>"
_NEEDED = re.compile(r"^ +NEEDED +(\S+)$", re.MULTILINE)
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)")
_DESCRIPTION = """\
Description: set up, test and export a NocoBase cluster
 Collects step by step what a NocoBase cluster needs, tests each part live, and
 writes env files, a site for nginx or HAProxy, Docker Compose and Kubernetes
 files. It checks a cluster that already runs, too, also without a window.
 .
 The package brings its own Python and Qt.
"""


def write(folder: Path, binaries: Path, target: Path, epoch: int, *, quick: bool = False) -> None:
    """Make the package `target` of the folder application; `binaries` tells where its libraries came from.

    A quick one is hardly compressed.
    """
    tree = target.parent / f"{target.name}.tree"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree / _LIB, symlinks=True)
    for name in ("share", "docs", *pages.BESIDE):  # they have their places in the system's folders
        _remove(tree / _LIB / name)
    depends = _leave_to_debian(tree / _LIB / "_internal", json.loads(binaries.read_text()))
    _write_usr(tree / "usr", epoch)
    _write_control(tree, depends)
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or _is_started(path) else 0o644)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    command = [
        "dpkg-deb",
        "--root-owner-group",
        *(("-Zgzip", "-z1") if quick else ("-Zxz",)),
        "--build",
        str(tree),
        str(target),
    ]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)


def _is_started(path: Path) -> bool:
    """Whether a file is a program: PyInstaller lets libraries be executed, too; Debian's policy does not (10.2)."""
    return bool(path.stat().st_mode & 0o100) and ".so" not in path.suffixes


def changelog(epoch: int) -> str:
    """Return what Debian's policy (12.7) wants of each package, in its form; the page beside it says what changed."""
    when = format_datetime(datetime.fromtimestamp(epoch, UTC))
    first = f"{OURS} ({__version__}) unstable; urgency=medium"
    return f"{first}\n\n  * What changed stands in CHANGELOG.md beside this file.\n\n -- {_MAINTAINER}  {when}\n"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def architecture() -> str:
    """Return Debian's name of this machine's kind."""
    return subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()


def _leave_to_debian(internal: Path, sources: dict[str, str]) -> list[str]:
    """Remove the libraries that Debian's packages bring, and return all packages that are needed.

    The interpreter's own library stays: it must be of the very version that the modules were made for.
    """
    libraries = {name: Path(source) for name, source in sources.items() if "/" not in name and Path(source).exists()}
    owners = debian_packages(path for name, path in libraries.items() if not name.startswith("libpython"))
    left = [name for name, path in libraries.items() if path in owners]
    for name in left:
        (internal / name).unlink()
    file_list.leave_out(internal, left)
    newest, asked = 0, set()
    for path, data in _programs(internal.parent):
        newest = max([newest, *(int(found) for found in _GLIBC.findall(data))])
        told = subprocess.run(["objdump", "-p", str(path)], check=True, capture_output=True, text=True).stdout
        asked |= set(_NEEDED.findall(told))
    here = {path.name for path in internal.rglob("*.so*")}
    outside = debian_packages(_places(asked - here)).values()
    return [f"libc6 (>= 2.{newest})", *sorted({*owners.values(), *outside} - {"libc6"}), *ALSO]


def _programs(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if data.startswith(b"\x7fELF"):
                yield path, data


def _places(names: Iterable[str]) -> list[Path]:
    """Return where this system has these libraries."""
    cache = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    rows = (line.split() for line in cache.splitlines() if " => " in line)
    known = {row[0]: Path(row[-1]) for row in reversed(list(rows))}
    return [known[name] for name in names if name in known]


def _write_usr(usr: Path, epoch: int) -> None:
    (usr / "bin").mkdir(parents=True)
    (usr / "bin" / OURS).symlink_to(f"../lib/{OURS}/{OURS}")
    desktop.write(usr / "share", epoch)
    shell.write(usr / "share", epoch)
    documents = usr / "share" / "doc" / OURS
    documents.mkdir(parents=True)
    shipped = usr.parent / _LIB / "_internal" / "resources" / "shipped"
    (documents / "copyright").write_bytes((shipped / LICENCES).read_bytes())
    (documents / BILL).write_bytes((shipped / BILL).read_bytes())
    (documents / "changelog.gz").write_bytes(gzip.compress(changelog(epoch).encode(), mtime=0))
    pages.write(documents)


def _write_control(tree: Path, depends: list[str]) -> None:
    installed = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    version = re.escape(__version__)
    if not re.search(rf"^## {version}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE):
        raise LookupError(f"CHANGELOG.md has no chapter {__version__}")
    lines = {
        "Package": OURS,
        "Version": __version__,
        "Architecture": architecture(),
        "Maintainer": _MAINTAINER,
        "Installed-Size": str(installed // 1024),
        "Depends": ", ".join(depends),
        "Recommends": "gnome-keyring | kwalletmanager",
        "Section": "admin",
        "Priority": "optional",
    }
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text("".join(f"{name}: {value}\n" for name, value in lines.items()) + _DESCRIPTION, encoding="utf-8")
