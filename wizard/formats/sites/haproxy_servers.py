"""The servers of a backend of HAProxy: what each line says, and the `default-server` lines before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.dataclass import dataclass
from wizard.formats.sites.haproxy_text import Line, Section
from wizard.formats.sites.model import Server, Term
from wizard.pattern import pattern

_BEHIND_NAME, _BEHIND_COUNT = 2, 3
"""Which word is the address: in `server NAME ADDRESS`, in `server-template PREFIX COUNT ADDRESS`."""
_COUNT = pattern(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_FAMILY = pattern(r"^(?:ipv4|ipv6|tcp|tcp4|tcp6)@")
_OPPOSITES = {"check": "no-check", "backup": "no-backup", "disabled": "enabled"}
_WATCHED = frozenset({"agent-check", "track"})
"""What tells of a server's life beside `check`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A server as its line has it, with the usual words before its own."""

    line: Line
    usual: tuple[Line, ...]
    place: int

    def says(self, word: str) -> Line | None:
        """Return the line by which a word such as `backup` holds; None where it does not, or its opposite is later."""
        holds: Line | None = None
        for line, words in self._every():
            for one in words:
                if one in {word, _OPPOSITES.get(word)}:
                    holds = line if one == word else None
        return holds

    @property
    def watched(self) -> bool:
        """Whether anything looks after the server's life."""
        return bool(self.says("check")) or any(_WATCHED & set(words) for _line, words in self._every())

    @property
    def off(self) -> Term | None:
        """What switches the server off, with the line where it stands."""
        if line := self.says("disabled"):
            return Term(("disabled",), line.number)
        weighed = [
            (line, words[at + 1])
            for line, words in self._every()
            for at, word in enumerate(words[:-1])
            if word == "weight"
        ]
        return Term(("weight", "0"), weighed[-1][0].number) if weighed and weighed[-1][1] == "0" else None

    def _every(self) -> Iterator[tuple[Line, Sequence[str]]]:
        yield from ((line, line.words[1:]) for line in self.usual)
        yield self.line, self.line.words[self.place + 1 :]


def listed(section: Section) -> list[Listed]:
    """Return the servers of a backend, templates last; the `default-server` lines before each of them hold for it."""
    usual = [line for one in reversed(section.defaults) for line in one.all("default-server")]
    found: list[Listed] = []
    for line in section.lines:
        if line.words[0] == "default-server":
            usual.append(line)
        elif line.words[0] in {"server", "server-template"}:
            place = _BEHIND_NAME if line.words[0] == "server" else _BEHIND_COUNT
            found.append(Listed(line, tuple(usual), place))
    return sorted(found, key=lambda one: one.place)


def server_of(one: Listed) -> Server:
    """Read `server NAME ADDRESS …` or `server-template NAME COUNT ADDRESS …`."""
    words, place, off = one.line.words, one.place, one.off
    address = _FAMILY.sub("", words[place]) if len(words) > place else ""
    template = place == _BEHIND_COUNT
    numbers = _numbers(words[2]) if template and address else range(0)
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or address.startswith(("/", "unix@", "abns@")):
        host, port = address, ""
    return Server(
        host.strip("[]") or one.line.text,
        int(port[:9]) if port else None,
        one.line.text,
        one.line.number,
        off=off is not None,
        off_by=off,
        spare=one.says("backup") is not None,
        prefix=words[1] if template and address else "",
        first=numbers.start,
        count=numbers.stop - numbers.start,
        unread=not address or (template and not numbers),
    )


def _numbers(text: str) -> range:
    """Return the numbers of a template's servers: `3` is 1 to 3, `2-4` is 2 to 4; none where they cannot be read."""
    match = _COUNT.fullmatch(text)
    if match is None:
        return range(0)
    first, last = (1, int(match[1])) if match[2] is None else (int(match[1]), int(match[2]))
    return range(first, max(first, last + 1))
