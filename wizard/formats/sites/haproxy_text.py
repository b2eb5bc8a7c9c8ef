"""A configuration of HAProxy as sections and lines. There is no library for it that is well kept."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.sites.model import SiteError, refuse_long
from wizard.plan.i18n import tr

_SECTIONS = frozenset(
    (
        *("backend", "defaults", "frontend", "global", "listen"),
        *("acme", "cache", "crt-store", "fcgi-app", "healthcheck", "http-errors", "log-forward", "log-profile"),
        *("mailers", "namespace_list", "peers", "program", "resolvers", "ring", "traces", "userlist"),
    )
)
"""All that its parser knows (REGISTER_CONFIG_SECTION in its source), from version 2.6 to 3.4."""


_MOST_INHERITED = 50
"""Sections of defaults that one may inherit from, one through another; each is looked through for each setting."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words without quotes, and its number."""

    words: tuple[str, ...]
    number: int

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(self.words)

    def begins(self, *words: str) -> bool:
        """Whether the line begins with these words."""
        return self.words[: len(words)] == words


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One section: its kind (`frontend`), its name, the name of the defaults it asks for, its line and its lines.

    `defaults` are the sections whose lines it inherits, the nearest first. `by_word` has its lines by their first word,
    `acls` those of each condition that has a name.
    Two sections are never equal: to compare one would compare all that it inherits from, again and again.
    """

    kind: str
    name: str
    line: int
    lines: tuple[Line, ...]
    defaults: tuple[Section, ...] = ()
    by_word: dict[str, list[Line]] = field(init=False, repr=False, default_factory=dict)
    acls: dict[str, list[Line]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the lines, once."""
        for line in self.lines:
            self.by_word.setdefault(line.words[0], []).append(line)
        for line in self.by_word.get("acl", ()):
            self.acls.setdefault(" ".join(line.words[1:2]), []).append(line)

    def all(self, first: str, *more: str) -> list[Line]:
        """Return its own lines that begin with these words."""
        return [line for line in self.by_word.get(first, ()) if line.begins(first, *more)]

    def setting(self, first: str, *more: str) -> Line | None:
        """Return the line that holds, its own or an inherited one; the last of several."""
        for section in (self, *self.defaults):
            if found := section.all(first, *more):
                return found[-1]
        return None


def sections(text: str) -> list[Section]:
    """Return the sections in their order; raises SiteError that names the line."""
    refuse_long(text)
    found: list[Section] = []
    known = _Defaults()
    head: Line | None = None
    lines: list[Line] = []
    for line in _lines(text):
        if line.words[0] in _SECTIONS:
            if head:
                found.append(_section(head, lines, known))
            head, lines = line, []
        elif head is None:
            raise SiteError(tr("“{word}” stands in no section", word=line.words[0]), line.number)
        else:
            lines.append(line)
    if head is None:
        raise SiteError(tr("there is no section in it"))
    return [*found, _section(head, lines, known)]


def _section(head: Line, lines: Sequence[Line], known: _Defaults) -> Section:
    kind, *rest = head.words
    name = rest[0] if rest and rest[0] != "from" else ""
    found = Section(kind, name, head.number, tuple(lines), known.of(head))
    known.add(found)
    return found


class _Defaults:
    """The sections of defaults that were read so far, the last of each name."""

    def __init__(self) -> None:
        self._last: Section | None = None
        self._named: dict[str, Section] = {}

    def add(self, section: Section) -> None:
        if section.kind == "defaults":
            self._last = self._named[section.name] = section

    def of(self, head: Line) -> tuple[Section, ...]:
        """Return the defaults that `from` names, else the last ones; defaults themselves have none without it."""
        if "from" in head.words[1:-1]:
            nearest = self._named.get(head.words[head.words.index("from") + 1])
        else:
            nearest = None if head.words[0] == "defaults" else self._last
        found = (nearest, *nearest.defaults) if nearest else ()
        if len(found) > _MOST_INHERITED:
            raise SiteError(
                tr("it inherits from more than {most} sections of defaults", most=_MOST_INHERITED), head.number
            )
        return found


def _lines(text: str) -> Iterator[Line]:
    """Go through the lines; raises SiteError where one stands in a block that a condition (`.if`) puts in or out."""
    begun: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            raise SiteError(tr("the line has a quote without its end"), number) from error
        if not words:
            continue
        if not words[0].startswith("."):
            if begun:
                raise SiteError(tr("“{word}” decides what holds, and is not followed", word=begun[-1].text), number)
            yield Line(tuple(words), number)
        elif words[0] == ".if":
            begun.append(Line(tuple(words), number))
        elif words[0] == ".endif":
            begun = begun[:-1]
