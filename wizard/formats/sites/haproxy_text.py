"""A configuration of HAProxy as sections and lines. There is no library for it that is well kept."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from wizard.dataclass import dataclass
from wizard.formats.sites.model import SiteError, refuse_long
from wizard.plan.i18n import tr

_SECTIONS = frozenset(
    (
        *("backend", "defaults", "frontend", "global", "listen"),
        *("acme", "cache", "crt-list", "crt-store", "dynamic-update", "fcgi-app", "http-errors", "log-forward"),
        *("log-profile", "mailers", "peers", "program", "resolvers", "ring", "traces", "userlist"),
    )
)


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


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its kind (`frontend`), its name, the name of the defaults it asks for, its line and its lines.

    `defaults` are the sections whose lines it inherits, the nearest first.
    """

    kind: str
    name: str
    line: int
    lines: tuple[Line, ...]
    defaults: tuple[Section, ...] = ()

    def all(self, *words: str) -> list[Line]:
        """Return its own lines that begin with these words."""
        return [line for line in self.lines if line.begins(*words)]

    def setting(self, *words: str) -> Line | None:
        """Return the line that holds, its own or an inherited one; the last of several."""
        for section in (self, *self.defaults):
            if found := section.all(*words):
                return found[-1]
        return None


def sections(text: str) -> list[Section]:
    """Return the sections in their order; raises SiteError that names the line."""
    refuse_long(text)
    found: list[Section] = []
    head: Line | None = None
    lines: list[Line] = []
    for line in _lines(text):
        if line.words[0] in _SECTIONS:
            if head:
                found.append(_section(head, lines, found))
            head, lines = line, []
        elif head is None:
            raise SiteError(tr("“{word}” stands in no section", word=line.words[0]), line.number)
        else:
            lines.append(line)
    if head is None:
        raise SiteError(tr("there is no section in it"))
    return [*found, _section(head, lines, found)]


def _section(head: Line, lines: Sequence[Line], before: Sequence[Section]) -> Section:
    kind, *rest = head.words
    name = rest[0] if rest and rest[0] != "from" else ""
    return Section(kind, name, head.number, tuple(lines), _defaults(head, before))


def _defaults(head: Line, before: Sequence[Section]) -> tuple[Section, ...]:
    """Return the defaults that `from` names, else the last ones before; defaults themselves have none without it."""
    known = [section for section in before if section.kind == "defaults"]
    if "from" in head.words[1:-1]:
        wanted = head.words[head.words.index("from") + 1]
        known = [section for section in known if section.name == wanted]
    elif head.words[0] == "defaults":
        return ()
    return (known[-1], *known[-1].defaults) if known else ()


def _lines(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            raise SiteError(tr("the line has a quote without its end"), number) from error
        if words:
            yield Line(tuple(words), number)
