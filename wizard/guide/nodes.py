"""What the cards of the nodes tell: the usual worker modes, what a node is called, what was found of each."""

from __future__ import annotations

from enum import Enum

from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Node


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


def work_of(node: Node) -> Work:
    """Return which of them a node has."""
    return next((work for work in Work if work.value == node.worker_mode), Work.LIST)


def title_of(node: Node, index: int) -> str:
    """Return the node's name, or its number where it has none yet."""
    return node.name or tr("node {number}", number=index + 1)


def found_by_node(_plan: Plan, record: FindingsStore) -> dict[str, list[Finding]]:
    """Return by name what a run found of each node."""
    found: dict[str, list[Finding]] = {}
    for item in record.of("node"):
        found.setdefault(item.subject, []).append(item)
    return found
