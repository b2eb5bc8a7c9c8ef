"""The contract of a source: a kind of file or folder that a plan can be read from."""

from __future__ import annotations

from dataclasses import field
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from wizard.dataclass import dataclass
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.sources.material import Material


class Likeness(IntEnum):
    """How surely something is of a kind. The surest kind reads it; of two alike, the one whose name comes first."""

    NO = 0
    FALLBACK = 1
    """Text that no other kind knows."""
    LIKELY = 2
    SURE = 3


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """What a source gave: the plan, the secrets that were in it, by the names of their references, and its title.

    `bundle` is where an exported bundle lies, if it was one: a folder or an archive with a manifest. `saved_as` is the
    id of a saved cluster, if it was one; `is_cluster_file` says that it is a cluster file by itself. `sealed` is the
    text of a bundle's `secrets.env.age`: secrets encrypted with a passphrase. `accepts_in` is the file in which the
    window notes what is accepted of it (of layers of Compose the one beside the first of them), or the folder of a
    bundle that was put together by hand. It is None of a saved cluster, of an exported bundle without such a file, and
    of several sources that complete one another.
    """

    plan: Plan
    secrets: dict[str, Secret] = field(default_factory=dict)
    title: str = ""
    bundle: Path | None = None
    saved_as: str = ""
    is_cluster_file: bool = False
    sealed: str = field(default="", repr=False)
    accepts_in: Path | None = None


class Source(Protocol):
    """One kind. Its module defines `SOURCE`, and nothing else need know of it (`wizard.sources.registry`).

    `title` is what people call the kind, `description` what is read of it; both are marked for translation. A kind
    whose files override one another has `read_layers`, too, which reads several of them as one.
    """

    @property
    def title(self) -> str: ...

    @property
    def description(self) -> str: ...

    def likeness(self, material: Material) -> Likeness:
        """Return how surely it is of this kind; looks and does not judge what is in it."""

    def read(self, material: Material) -> OpenedSource:
        """Read the plan; raises SourceError with a sentence that names the file, and the line where there is one."""
