"""What the cards of the nodes tell: the usual worker modes, what a node is called, what was found of each."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from wizard.checks import registry
from wizard.guide import status
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark, tr, trn
from wizard.plan.plan import Plan
from wizard.plan.sections import WORKER_ID_COUNT, Node


class Work(Enum):
    """The usual worker modes, and the list of one's own."""

    ALL = ""
    REQUESTS = "!"
    TASKS = "*"
    LIST = None


WORK_WORDS = {
    Work.ALL: mark("Everything"),
    Work.REQUESTS: mark("Requests only"),
    Work.TASKS: mark("Tasks only"),
    Work.LIST: mark("Named tasks"),
}

NAMED_TASKS = "workflow:process,async-task:process"
"""What a node takes that is to take tasks by their names, until somebody says which."""


def work_of(node: Node) -> Work:
    """Return which of them a node has."""
    return next((work for work in Work if work.value == node.worker_mode), Work.LIST)


def title_of(node: Node, index: int) -> str:
    """Return the node's name, or its number where it has none yet."""
    return node.name or tr("node {number}", number=index + 1)


def found_by_node(_plan: Plan, record: FindingsStore) -> dict[str, list[Finding]]:
    """Return by name what a run found of each node."""
    found: dict[str, list[Finding]] = {}
    for item in record.of(registry.nodes().name):
        found.setdefault(item.subject, []).append(item)
    return found


def state(found: Sequence[Finding], record: FindingsStore) -> str:
    """Return the icon of a node by what a run found of it."""
    return status.state(registry.nodes().name, found, record)


def budget_in_words(processes: int) -> str:
    """Say how many of the worker IDs the nodes take, and how many are left or missing."""
    left = WORKER_ID_COUNT - processes
    if left < 0:
        return trn(
            "{used} of {all} worker IDs in use: 1 too many",
            "{used} of {all} worker IDs in use: {count} too many",
            -left,
            used=processes,
            all=WORKER_ID_COUNT,
        )
    return trn(
        "{used} of {all} worker IDs in use, 1 left",
        "{used} of {all} worker IDs in use, {count} left",
        left,
        used=processes,
        all=WORKER_ID_COUNT,
    )
