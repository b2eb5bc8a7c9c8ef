"""The registry of export targets. Each file here is one: its `TARGET` is found by being there."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from wizard.plan.i18n import listing, tr

if TYPE_CHECKING:
    from wizard.export.target import Target
    from wizard.plan.sections import Deployment


def target_names() -> tuple[str, ...]:
    """Return the names of all targets in the order of the alphabet; none of them is loaded for it."""
    return tuple(sorted(module.replace("_", "-") for module in _modules()))


def targets_in(paths: Iterable[str]) -> frozenset[str]:
    """Return the names of the targets that have files in a bundle of these paths: each has a folder of its name."""
    return frozenset(path.partition("/")[0] for path in paths) & {*target_names()}


def all_targets() -> tuple[Target, ...]:
    """Return every target in the order in which they are shown."""
    found: list[Target] = [import_module(f"{__name__}.{module}").TARGET for module in _modules()]
    return tuple(sorted(found, key=lambda target: (target.order, target.name)))


def chosen(names: Iterable[str]) -> tuple[Target, ...]:
    """Return the targets of these names and those that they need; raises ValueError for a name that nobody knows."""
    known = {target.name: target for target in all_targets()}
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in known:
            raise ValueError(tr("“{target}” is no target; there are {all}.", target=name, all=listing(known)))
        if name not in wanted:
            wanted.add(name)
            waiting += known[name].needs
    return tuple(target for target in known.values() if target.name in wanted)


def starting(deployment: Deployment, targets: Iterable[Target] | None = None) -> Target | None:
    """Return the one of `targets`, of all if none are given, whose files start the nodes of a deployment."""
    found = [one for one in (all_targets() if targets is None else targets) if deployment in one.starts]
    return found[-1] if found else None


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]
