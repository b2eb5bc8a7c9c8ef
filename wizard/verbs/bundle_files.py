"""How the files of an exported bundle are, beside its manifest: what the check of a bundle asks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from wizard.bundle import haproxy, nginx
from wizard.bundle.former import only_around
from wizard.checks.balancer import SiteFile
from wizard.checks.bundle_files import FileState, State
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind
from wizard.workspace.former import MANIFEST, Former, read_former


def look_at(bundle: Path) -> tuple[FileState, ...]:
    """Give how each file of the bundle (a folder or an archive) is, in the order of the paths; raises OSError.

    What begins with a dot at the top of it is passed over: a bundle may lie in version control.
    """
    if not bundle.exists():
        raise FileNotFoundError(2, "No such file or directory", str(bundle))
    former = read_former(bundle)
    if former is None:
        return (FileState(MANIFEST, State.DAMAGED),)
    found = dict.fromkeys(former.listed, State.SAME)
    found |= {path: _changed(former, path) for path in former.changed}
    found |= dict.fromkeys(former.missing, State.MISSING)
    foreign = [path for path in former.foreign if not path.startswith(".")]
    found |= dict.fromkeys(_outermost(foreign, former.listed), State.FOREIGN)
    return tuple(FileState(path, found[path]) for path in sorted(found))


def site_of(bundle: Path, plan: Plan) -> SiteFile:
    """Give the file of the plan's balancer as it lies in the bundle; one exported without it has none."""
    if plan.balancer.kind is BalancerKind.HAPROXY:
        name = f"haproxy/{haproxy.file_name(plan)}"
    else:
        name = f"nginx/{nginx.file_name(plan)}"

    def read() -> str | None:
        former = read_former(bundle)
        if former is None or name not in former.listed:
            return None
        text = former.text(name)
        if text is None:
            raise FileNotFoundError(2, "No such file or directory", name)
        return text

    return SiteFile(name, read)


def _changed(former: Former, path: str) -> State:
    text = former.text(path)
    return State.AROUND if text is not None and only_around(text, former.listed[path].block) else State.CHANGED


def _outermost(foreign: Iterable[str], listed: Iterable[str]) -> dict[str, None]:
    """Name a whole folder where nothing in it is of the bundle, instead of each file in it."""
    ours = {str(parent) for path in listed for parent in PurePosixPath(path).parents} | {"."}
    outermost: dict[str, None] = {}
    for path in foreign:
        above = [str(parent) for parent in reversed(PurePosixPath(path).parents)]
        folder = next((parent for parent in above if parent not in ours), None)
        outermost[f"{folder}/" if folder else path] = None
    return outermost
