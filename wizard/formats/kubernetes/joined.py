"""Trees that are put together of parts of several files: each part keeps its own file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wizard.formats.cluster_file.tree import DEEPEST, MOST_MERGED, Tree


class Joined(Tree):
    """A mapping or a list of other trees, at the place of the one it was made of."""

    def __init__(self, base: Tree, parts: Mapping[str, Tree] | None = None, items: Sequence[Tree] = ()) -> None:
        """Put `parts` together, or `items` where it is to be a list."""
        self.base: Tree = base.base if isinstance(base, Joined) else base  # flat, however often it is put together
        self._parts = parts
        self._items = [*items]
        self._name = base.place.file
        self.key = base.key

    @property
    def line(self) -> int:
        return self.base.line

    @property
    def begins(self) -> int:
        return 0

    @property
    def tag(self) -> str:
        return ""

    def items(self) -> Iterator[tuple[str, Tree]]:
        if self._parts is None:
            return super().items()
        return iter(self._parts.items())

    def merged(self, left: int = MOST_MERGED, levels: int = DEEPEST) -> dict[str, Tree]:  # noqa: ARG002 - it is done
        return dict(self._parts or {})

    def rows(self) -> list[Tree]:
        return [*self._items]

    def text(self) -> str:
        return ""

    def is_null(self) -> bool:
        return False

    def is_plain(self) -> bool:
        return False

    def is_list(self) -> bool:
        return self._parts is None

    def is_mapping(self) -> bool:
        return self._parts is not None


class Written(Joined):
    """A text that is put together, at the place of the value it was made of."""

    def __init__(self, base: Tree, text: str) -> None:
        """Put `text` where `base` stands."""
        super().__init__(base, {})
        self._text = text

    def text(self) -> str:
        return self._text

    def is_plain(self) -> bool:
        return True

    @property
    def tag(self) -> str:
        return "tag:yaml.org,2002:str"

    def is_mapping(self) -> bool:
        return False
