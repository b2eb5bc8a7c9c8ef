"""Which ids of a run are wanted."""

from __future__ import annotations

from wizard.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """Which ids are wanted: those that begin with one of `only` (empty: all) and with none of `skip`.

    One of `whole_ids` means itself alone, and not also the longer ids that begin so. `withheld` are ids that are not
    asked at the stage of the cluster.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    whole_ids: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()

    @property
    def starting(self) -> bool:
        """Whether the run asks what must hold before the first node starts, as some ids are withheld for that alone."""
        return bool(self.withheld)

    def wants(self, identifier: str) -> bool:
        """Whether findings of this id are wanted."""
        if identifier in self.withheld:
            return False
        return (not self.only or any(self._covers(prefix, identifier) for prefix in self.only)) and not any(
            self._covers(prefix, identifier) for prefix in self.skip
        )

    def _covers(self, prefix: str, identifier: str) -> bool:
        return identifier == prefix or (prefix not in self.whole_ids and identifier.startswith(prefix))


ALL = Selection()
"""Every id."""
