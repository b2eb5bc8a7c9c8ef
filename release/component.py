"""One thing of others' that is shipped."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Component:
    """Something of others' that is shipped. `kind` is that of a package URL: `pypi`, `deb`, `cargo`, `generic`.

    `within` is the title of the component in which it is compiled or packed, where it is not there by itself.
    """

    name: str
    version: str
    kind: str
    licence: str
    texts: tuple[str, ...] = field(default=(), compare=False)
    within: str = ""

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}".strip()
