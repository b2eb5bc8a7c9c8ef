"""What stands of the accepted findings in the file of the source that was opened. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wizard.plan.accepted import Accepted

Note = Callable[[Sequence[Accepted], Sequence[Accepted]], None]
"""What brings into the file that the first became the second."""


class Noting:
    """Knows what was noted last, and asks again for what failed. Of one opened source: another one has its own."""

    def __init__(self, accepted: tuple[Accepted, ...]) -> None:
        """Begin with what was read."""
        self._noted = accepted
        self._asked: tuple[Accepted, ...] | None = accepted

    def asks(self, accepted: tuple[Accepted, ...]) -> bool:
        """Whether this has to be noted; it counts as asked for from now on."""
        if accepted == self._asked:
            return False
        self._asked = accepted
        return True

    def write(self, accepted: tuple[Accepted, ...], note: Note) -> None:
        """Note it; one after another, as each goes on from what the one before has written. Raises what `note` does."""
        note(self._noted, accepted)
        self._noted = accepted

    def failed(self) -> None:
        """Learn that it could not be noted: the next edit asks for it again."""
        self._asked = None
