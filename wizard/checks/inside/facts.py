"""What was found out from inside the nodes, and what the plan says beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from wizard.checks.inside.document import Document, Meeting
from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact, Known, Trouble
from wizard.net.clock import Clock


@dataclass(frozen=True, slots=True)
class Told:
    """What one node told, or why not; and its clock, where it was asked now. `at_hand`: it came as a file."""

    document: Known[Document] | Trouble
    clock: Clock | None = None
    at_hand: bool = False


Meetings: TypeAlias = Mapping[str, Fact[Meeting]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One address in the balancer's list, and the addresses that it stands for; `resolved` is empty if nobody knows."""

    host: str
    port: int
    resolved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """The balancer's list. `place` is the file that it was read from, empty for the plan's own nodes."""

    place: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class InsideFacts:
    """What each node told (it fills up while they answer), what they saw in the storage, and the balancer's list."""

    told: Fact[dict[str, Told]] = PENDING
    entries: Fact[Entries] = PENDING
    meetings: Fact[Meetings] = PENDING


@dataclass(frozen=True, slots=True)
class Planned:
    """What the plan says.

    `prints` are fingerprints of what it gives each node, by the id of their key and the node's name; empty without that
    key. `nodes` are its nodes' names, `processes` how many each has.
    """

    nodes: tuple[str, ...]
    prints: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    processes: Mapping[str, int] = field(default_factory=dict)
    version: str = ""
    without_plugins: bool = False
    in_containers: bool = False
    """Whether the way in leads into containers, whose addresses are their own."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """The address of each endpoint (`db.internal:5432`), by its name."""
