"""NocoBase's WORKER_MODE, as its code reads it (packages/core/server/src/worker-mode.ts), not as its page says."""

from __future__ import annotations

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.i18n import tr

ASYNC_TASK = "async-task:process"
KNOWN_TASKS = ("workflow:process", ASYNC_TASK)
"""The tasks NocoBase documents; plug-ins may define others."""

_TASK = pattern(r"[A-Za-z0-9@/_.-]+:[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class WorkerMode:
    """What a node does: whether the balancer may send it requests, and which tasks it takes (None: all)."""

    serves: bool
    tasks: frozenset[str] | None

    def takes(self, task: str) -> bool:
        """Whether the node takes `task`."""
        return self.tasks is None or task in self.tasks


def read(text: str) -> tuple[WorkerMode, str]:
    """Read a trimmed worker mode as NocoBase would; the second item says so if it does not what it seems to do."""
    if not text:
        return WorkerMode(serves=True, tasks=None), ""
    if text == "*":
        return WorkerMode(serves=False, tasks=None), ""
    items = text.split(",")
    mode = WorkerMode(serves="!" in items, tasks=frozenset(item for item in items if item not in {"!", "*", ""}))
    return mode, _problem(text, items)


def _problem(text: str, items: list[str]) -> str:
    if text == "-":
        return tr("“-” is for NocoBase's own sub-processes, never for a node.")
    if any(item != item.strip() for item in items):
        return tr("NocoBase does not trim spaces in the worker mode: write the list without them.")
    if "*" in items:
        return tr("“*” means all tasks only when it stands alone; in “{text}” it processes none.", text=text)
    return ""


def doubt(text: str) -> str:
    """Return a sentence on an item that is unlike NocoBase's own tasks, or nothing: a plug-in may define such a key."""
    odd = [item for item in text.split(",") if item not in {"", "!", "*", "-"} and not _TASK.fullmatch(item)]
    return tr("“{item}” is unlike NocoBase's own tasks, such as workflow:process.", item=odd[0]) if odd else ""
