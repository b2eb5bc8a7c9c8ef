"""A list of a YAML file changed by lines: what goes is cut out, what comes stands after the last; all else stays."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from wizard.dataclass import dataclass

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text whole lines begin and end, and what stands before the first sign of the first."""

    begins: int
    ends: int
    indent: str


def changed(text: str, key: str, gone: Collection[int], added: str) -> str | None:
    """Return the text with the items of these numbers cut out of the list `key`, and the lines `added` after the last.

    `added` begins at the first column; its line ends are single. Where no item is left, the key goes too. Returns None
    where the list is not written as lines of items (`[…]`, aliases), and where it is not there.
    """
    found = _spans(text, key)
    if found is None:
        return None
    whole, items = found
    if len(gone) == len(items) and not added:
        return text[: whole.begins] + text[whole.ends :]
    last = items[-1]
    lines = "".join(f"{last.indent}{line}" if line.strip() else line for line in added.splitlines(keepends=True))
    before = text[: last.ends]
    text = (
        f"{before}\n{lines}{text[last.ends :]}" if lines and before[-1:] != "\n" else before + lines + text[last.ends :]
    )
    for number in sorted(gone, reverse=True):
        text = text[: items[number].begins] + text[items[number].ends :]
    return text


def _spans(text: str, key: str) -> tuple[Span, list[Span]] | None:
    """Return where the entry `key` stands as a whole, and where each of its items."""
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    document = YAML().compose(text)
    entries = document.value if isinstance(document, MappingNode) and not document.flow_style else []
    name, node = next(((name, node) for name, node in entries if name.value == key), (None, None))
    if name is None or not isinstance(node, SequenceNode) or node.flow_style or node.anchor or not node.value:
        return None
    items: list[Span] = []
    for item in node.value:
        dash = text.rfind("-", 0, item.start_mark.index)
        first = text.rfind("\n", 0, dash) + 1
        indent = text[first:dash]
        between = text[dash + 1 : item.start_mark.index]
        if indent.strip() or between.strip() or "\n" in between or (items and first < items[-1].ends):
            return None
        items.append(Span(first, _end(text, item), indent))
        if items[-1].ends <= item.start_mark.index:  # an alias: its value stands elsewhere
            return None
    first = text.rfind("\n", 0, name.start_mark.index) + 1
    return Span(first, items[-1].ends, ""), items


def _end(text: str, node: Node) -> int:
    """Return where the line ends in which the last value of a node ends; a group's own end is after its comments."""
    from ruamel.yaml.nodes import CollectionNode, MappingNode

    while isinstance(node, CollectionNode) and node.value and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    end: int = node.end_mark.index
    if end and text[end - 1] == "\n":
        return end
    found = text.find("\n", end)
    return found + 1 if found >= 0 else len(text)
