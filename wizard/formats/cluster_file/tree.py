"""A YAML document as a tree that knows its lines: every scalar as the text that stands in the file.

Values are not turned into numbers or dates on the way, so that a version `2.10` stays one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from wizard.formats.allowance import Cost, left, spend
from wizard.formats.files import SourceError
from wizard.plan.i18n import tr
from wizard.plan.place import Place
from wizard.plan.variable_names import told

if TYPE_CHECKING:
    from ruamel.yaml.composer import Composer
    from ruamel.yaml.nodes import Node

LARGEST = 256 * 1024
"""Longer texts are no cluster file, in characters: one of 32 nodes has 20,000."""

DEEPEST = 64
MOST_NODES = 12_000
"""Values, keys and groups that a document may have: a cluster file of 300 nodes has as many."""

MOST_MERGED = 2000
"""Entries that come together in one mapping by merge keys (`<<`), in all their levels."""
_MERGE = "<<"
_NULL = "tag:yaml.org,2002:null"


class Tree:
    """One node of the document, and the place it has: file, line, and key."""

    def __init__(self, node: Node, name: str, key: str = "") -> None:
        """Wrap a node of ruamel.yaml's composer."""
        self._node = node
        self._name = name
        self.key = key

    @property
    def line(self) -> int:
        """The line it begins at, counted from 1."""
        line: int = self._node.start_mark.line
        return line + 1

    @property
    def place(self) -> Place:
        """Where it stands in its file."""
        return Place(self._name, self.line, self.key)

    def fail(self, problem: str) -> NoReturn:
        """Refuse the file because of this node."""
        raise SourceError(tr("{name}, line {line}: {problem}", name=self._name, line=self.line, problem=problem))

    def items(self) -> Iterator[tuple[str, Tree]]:
        """Go through a mapping; nothing at all is an empty one. A key that stands twice is refused."""
        from ruamel.yaml.nodes import MappingNode, ScalarNode

        if self.is_null():
            return
        if not isinstance(self._node, MappingNode):
            self.fail(tr("{key} must have settings below it, each as “name: value”.", key=self._shown()))
        seen = set()
        spend(Cost.WALKED, len(self._node.value))
        for key, value in self._node.value:
            place = Tree(key, self._name, self.key)
            if not isinstance(key, ScalarNode):
                place.fail(tr("A key must be a name."))
            if key.value in seen:
                place.fail(tr("“{key}” stands here twice.", key=told(key.value)))
            seen.add(key.value)
            yield key.value, _Value(value, key, self._name, f"{self.key}.{key.value}" if self.key else key.value)

    def merged(self, left: int = MOST_MERGED, levels: int = DEEPEST) -> dict[str, Tree]:
        """Return a mapping's values by their keys; what is merged into it (`<<`) gives way to its own."""
        from ruamel.yaml.nodes import MappingNode, SequenceNode

        if not isinstance(self._node, MappingNode):
            return dict(self.items())
        left -= len(self._node.value)
        spend(Cost.WALKED, len(self._node.value))
        if left < 0 or levels < 0:  # what is merged into itself has no end
            self.fail(tr("too much is merged into one another here."))
        found: dict[str, Tree] = {}
        own: dict[str, Tree] = {}
        for key, value in self._node.value:
            if key.value != _MERGE:
                own[str(key.value)] = _Value(
                    value, key, self._name, f"{self.key}.{key.value}" if self.key else key.value
                )
                continue
            others = value.value if isinstance(value, SequenceNode) else [value]
            for other in reversed(others):  # of several the first wins
                found |= Tree(other, self._name, self.key).merged(left // len(others), levels - 1)
        return found | own

    def rows(self) -> list[Tree]:
        """Return the items of a list; nothing at all is an empty one."""
        from ruamel.yaml.nodes import SequenceNode

        if self.is_null():
            return []
        if not isinstance(self._node, SequenceNode):
            self.fail(tr("{key} must be a list, each item after a “-”.", key=self._shown()))
        spend(Cost.WALKED, len(self._node.value))
        return [Tree(node, self._name, f"{self.key}.{index}") for index, node in enumerate(self._node.value)]

    def text(self) -> str:
        """Return a scalar as it stands; nothing at all is the empty text."""
        from ruamel.yaml.nodes import ScalarNode

        if not isinstance(self._node, ScalarNode):
            self.fail(tr("{key} must be one value.", key=self._shown()))
        value: str = self._node.value
        return "" if self.is_null() else value

    @property
    def begins(self) -> int:
        """The line at which the text of a literal block (`|`) begins; 0 of any other value.

        The lines of such a text are those of the file.
        """
        from ruamel.yaml.nodes import ScalarNode

        literal = isinstance(self._node, ScalarNode) and self._node.style == "|"
        return int(self._node.start_mark.line) + 2 if literal else 0

    @property
    def tag(self) -> str:
        """Its tag, such as `!reset` of Compose."""
        return str(self._node.tag)

    def is_null(self) -> bool:
        """Whether nothing stands there (`key:`, `~` or `null`)."""
        return bool(self._node.tag == _NULL)

    def is_plain(self) -> bool:
        """Whether it is one value that stands there without quotes, and is no block of lines."""
        from ruamel.yaml.nodes import ScalarNode

        return isinstance(self._node, ScalarNode) and not self._node.style

    def is_scalar(self) -> bool:
        """Whether a text stands here, and nothing below it."""
        return not self.is_mapping() and not self.is_list()

    def is_list(self) -> bool:
        """Whether items stand below it."""
        from ruamel.yaml.nodes import SequenceNode

        return isinstance(self._node, SequenceNode)

    def is_mapping(self) -> bool:
        """Whether names stand below it."""
        from ruamel.yaml.nodes import MappingNode

        return isinstance(self._node, MappingNode)

    def _shown(self) -> str:
        return f"“{self.key}”" if self.key else tr("The file")


class _Value(Tree):
    """The value of a key; its line is the key's, where a reader looks first."""

    def __init__(self, node: Node, place: Node, name: str, key: str) -> None:
        super().__init__(node, name, key)
        self._place = place

    @property
    def line(self) -> int:
        line: int = self._place.start_mark.line
        return line + 1


def compose(text: str, name: str, largest: int = LARGEST, most: int = MOST_NODES, before: int = 0) -> Tree:
    """Read the document; raises SourceError with the line where it is no YAML.

    `largest` is in characters, `most` counts values, keys and groups: what a program prints may be longer than what a
    person writes. `before` are the lines of the file that stand before it.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import Reader

    if len(text) > largest:
        if largest == LARGEST:
            raise SourceError(tr("{name} is too large for a cluster file.", name=name))
        raise SourceError(tr("{name} is too large: it has more than {most} characters.", name=name, most=largest))
    spend(Cost.LINES, text.count("\n"))
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _bounded_composer(min(most, left(Cost.VALUES)))
        yaml.Reader = Reader
        yaml.reader.line = before
        node = yaml.compose(text)
        spend(Cost.VALUES, yaml.composer.count)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        # a message in quotes quotes the file, and there may be a secret in the wrong place
        if error.problem and "'" not in error.problem:
            sentence = tr("{name}, line {line}: it is not YAML: {reason}.", name=name, line=line, reason=error.problem)
        else:
            sentence = tr("{name}, line {line}: it is not YAML.", name=name, line=line)
        raise SourceError(sentence) from None
    except (YAMLError, ValueError):
        raise SourceError(
            tr("{name}, line {line}: it is not YAML.", name=name, line=before + _odd_line(text))
        ) from None
    if node is None:
        raise SourceError(tr("{name}, line 1: the file is empty.", name=name))
    return Tree(node, name)


@lru_cache(maxsize=8)
def _bounded_composer(most: int) -> type[Composer]:
    """Return ruamel.yaml's composer with an end: it calls itself for each level, and each level makes the next slower.

    It is given the events one by one, so what lies behind the bound is not looked at.
    """
    from ruamel.yaml.composer import Composer, ComposerError

    class Bounded(Composer):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.levels = self.count = 0  # not `depth`, which ruamel.yaml has for itself
            self.warn_double_anchors = False  # the warning quotes the file

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.levels += 1
            self.count += 1
            if self.levels > DEEPEST or self.count > most:
                problem = tr("it is nested too deep") if self.levels > DEEPEST else tr("it has too many values")
                raise ComposerError(None, None, problem, self.parser.peek_event().start_mark)
            node = super().compose_node(parent, index)
            self.levels -= 1
            return node

    return Bounded


def _odd_line(text: str) -> int:
    """Return the line of the first character that YAML does not allow, or 1."""
    odd = next(
        (at for at, character in enumerate(text) if not character.isprintable() and character not in "\t\r\n"), 0
    )
    return text.count("\n", 0, odd) + 1
