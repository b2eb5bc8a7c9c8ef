"""What is shipped: each collected file belongs to a Python package, the interpreter or a Debian package."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, distributions, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release import embedded, licences
from release.component import Component

ROOT = Path(__file__).parents[1]
OURS = "nocobase-cluster-wizard"
Entry = tuple[str, str, str]
"""One file, as PyInstaller lists it: its name in the folder, where it comes from, and its kind."""


def components(entries: Iterable[Entry]) -> list[Component]:
    """Return what these files belong to, by name; PyInstaller's own start program is in every folder."""
    owners = _owners()
    of_wheels: dict[Path, Distribution] = {}
    found: set[Component] = set()
    from_elsewhere = set()
    for name, source, kind in entries:
        path = Path(source)
        if kind == "SYMLINK" or source in {"", "-"} or _is_ours(path):
            continue
        embedded.demand_known(path)
        if owner := owners.get(source) or owners.get(str(path.resolve())):
            of_wheels[path] = owner
        elif name == "base_library.zip" or _is_interpreters(path):
            found.add(_interpreter())
        else:
            from_elsewhere.add(path)
    wheels = {one.name: one for one in (distribution("pyinstaller"), *of_wheels.values())}.values()
    found |= {_of_distribution(one) for one in wheels} | embedded.of_files(of_wheels)
    found |= {part for one in wheels for part in embedded.of_wheel(one)}
    found |= set(_of_debian(from_elsewhere))
    return sorted(one for one in found if canonicalize_name(one.name) != OURS)


def strangers() -> list[str]:
    """Return the modules beside us that are of no package the program asks for, directly or through another.

    What tests and tools brought is not to be shipped because some library would use it if it happens to be there.
    """
    wanted: set[str] = set()
    _ask(OURS, frozenset(), wanted)
    modules = packages_distributions().items()
    return sorted(name for name, owners in modules if not wanted & {canonicalize_name(owner) for owner in owners})


def _ask(name: str, extras: frozenset[str], wanted: set[str]) -> None:
    """Add a package and what it requires here to `wanted`."""
    wanted.add(canonicalize_name(name))
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        holds = not marker or any(marker.evaluate({"extra": extra}) for extra in (*extras, ""))
        if holds and not (canonicalize_name(requirement.name) in wanted and not requirement.extras):
            _ask(requirement.name, frozenset(requirement.extras), wanted)


def _owners() -> dict[str, Distribution]:
    return {str(one.locate_file(file)): one for one in distributions() for file in one.files or ()}


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts


def _of_distribution(one: Distribution) -> Component:
    return Component(one.name, one.version, "pypi", licences.of_distribution(one), licences.texts_of(one))


def _is_interpreters(path: Path) -> bool:
    standard = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
    return path.name.startswith("libpython") or any(path.is_relative_to(folder) for folder in standard)


def _interpreter() -> Component:
    version = sys.version.partition(" ")[0]
    return Component("Python", version, "generic", "PSF-2.0", licences.of_interpreter())


def _of_debian(paths: Iterable[Path]) -> Iterator[Component]:
    """Return the Debian packages of these files; a file of no package stands for itself, its licence unknown."""
    packages = debian_packages(paths)
    for path in sorted(paths):
        if package := packages.get(path):
            version = ask_dpkg("-W", "-f=${Version}\n", package).splitlines()[0]
            yield Component(package, version, "deb", licences.named_by_debian(package), licences.of_debian(package))
        else:
            yield Component(path.name, "", "generic", licences.UNKNOWN)


def debian_packages(paths: Iterable[Path]) -> dict[Path, str]:
    """Return the Debian packages that these files came with.

    A file may be known to dpkg by where it stood before /lib became a link to /usr/lib.
    """
    names: dict[str, Path] = {}
    for path in paths:
        for one in (path, path.resolve()):
            names |= {str(one): path, f"/usr{one}": path, str(one).removeprefix("/usr"): path}
    lines = ask_dpkg("-S", *names).splitlines() if names else []
    rows = (line.partition(": ") for line in lines)
    return {names[file]: owner.partition(":")[0] for owner, _, file in rows if file in names}


def ask_dpkg(*words: str) -> str:
    """Return what dpkg-query says; nothing where there is no Debian."""
    try:
        return subprocess.run(["dpkg-query", *words], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""
