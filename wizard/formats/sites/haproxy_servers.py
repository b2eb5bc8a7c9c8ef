"""The servers of a backend of HAProxy: what each line says, and the `default-server` lines before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wizard.dataclass import dataclass
from wizard.formats.sites.haproxy_text import Line, Section
from wizard.formats.sites.model import Server, Term
from wizard.pattern import pattern

_BEHIND_NAME, _BEHIND_COUNT = 2, 3
"""Which word is the address: in `server NAME ADDRESS`, in `server-template PREFIX COUNT ADDRESS`."""
_COUNT = pattern(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_FAMILY = pattern(r"^(?:ipv4|ipv6|tcp|tcp4|tcp6)@")
_SWITCHES = {"check": "no-check", "backup": "no-backup", "disabled": "enabled"}
"""Words that switch something on, and those that switch it off again."""
_TAKEN_BACK = {off: on for on, off in _SWITCHES.items()}
_WATCHED = frozenset({"agent-check", "track"})
"""What tells of a server's life beside `check`."""

_WITH_VALUE = frozenset({"weight", "port", "addr"})

Words = Mapping[str, tuple[str, Line]]
"""What holds by its name: its value, and the line that says so."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A server: its line, what holds for it by that line and the usual words before it, and its address's place."""

    line: Line
    words: Words
    place: int

    @property
    def watched(self) -> bool:
        """Whether anything looks after the server's life."""
        return "check" in self.words or not _WATCHED.isdisjoint(self.words)

    @property
    def asked_elsewhere(self) -> bool:
        """Whether another address or port is asked for the server's life."""
        port = self.words.get("port")
        own = self.line.words[self.place].rpartition(":")[2] if len(self.line.words) > self.place else ""
        return self.watched and ("addr" in self.words or bool(port and port[0] != own))

    @property
    def off(self) -> Term | None:
        """What switches the server off, with the line where it stands."""
        if said := self.words.get("disabled"):
            return Term(("disabled",), said[1].number)
        weight = self.words.get("weight")
        return Term(("weight", "0"), weight[1].number) if weight and weight[0] == "0" else None


def listed(section: Section) -> list[Listed]:
    """Return the servers of a backend, templates last; the `default-server` lines before each of them hold for it."""
    usual: Words = {}
    for one in reversed(section.defaults):
        for line in one.all("default-server"):
            usual = _added(usual, line, line.words[1:])
    found: list[Listed] = []
    for line in section.lines:
        if line.words[0] == "default-server":
            usual = _added(usual, line, line.words[1:])
        elif line.words[0] in {"server", "server-template"}:
            place = _BEHIND_NAME if line.words[0] == "server" else _BEHIND_COUNT
            found.append(Listed(line, _added(usual, line, line.words[place + 1 :]), place))
    return sorted(found, key=lambda one: one.place)


def _added(usual: Words, line: Line, words: Sequence[str]) -> Words:
    """Return what holds after these words, of which later ones take back earlier ones."""
    holds = dict(usual)
    for at, word in enumerate(words):
        if word in _SWITCHES or word in _WATCHED:
            holds[word] = word, line
        elif word in _TAKEN_BACK:
            holds.pop(_TAKEN_BACK[word], None)
        elif word in _WITH_VALUE and (at == 0 or words[at - 1] not in _WITH_VALUE):
            holds[word] = (words[at + 1] if at + 1 < len(words) else ""), line
    return holds


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
        spare="backup" in one.words,
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
