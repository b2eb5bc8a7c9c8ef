"""What each line of a pasted text is: a server, a host, what users type, or text for the readers of sources. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats import client_lines, variable_lists
from wizard.formats.recognise import Form, recognise
from wizard.formats.variable_lists import Given
from wizard.guide import node_lists, node_tables, servers
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr

_HOSTS = pattern(
    r"\s*+(?!.*=)(?!.*:\s)(?!\s*-\s)(?=[\w.\[\]{}-]+?[.\[{]|(?:https?://)?[\w.\[\]{}-]++:\d{1,5}\b)"
    r"[\w.\[\]{}:/-]++(?:[\s,;]++[\w.\[\]{}:/-]++)*+[\s,;]*+"
)
"""A line of hosts: no assignment, no key of YAML, no item of a list, and a dot, a range or a port in its first word."""
_ROW = pattern(r"\s*+[A-Za-z][\w-]*+ *+[,;\t]\s*+[A-Za-z\d-]++(?:\.[A-Za-z\d-]++)++ *+(?:[,;\t]\s*+\d{1,5}\s*+)?")
"""A row of a table of nodes, as of CSV: a name, a host with a dot, and a port."""
_IPV6 = pattern(r"\s*+\[?(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:\]?|\]:\d{1,5})\s*+")
_PUBLIC = pattern(r"\s*+https?://[^\s,;=?#]++(?:[?#]\S*+)?+\s*+")
"""What users type, where it is no node's: an address without a port, or as it stands in a browser, with its query."""
_BROWSED = pattern(r"\s*+https?://[^\s,;=?#]+/(?:admin|signin|signup)(?:[/?#]\S*+)?+\s*+")
"""The address of a page of NocoBase: users see it, whatever its port."""
_BEHIND = pattern(r"[?#].*")
_NAME = pattern(r"(?:[\s,;]*+(?=[A-Za-z_-]++\d)[A-Za-z][\w-]*+)++[\s,;]*+")
"""Hosts by their first names alone, with a number, taken for hosts where all lines are."""
_AROUND = "\"'`"
_OURS = frozenset({None, Form.ECS, Form.SECTIONS, Form.SHELL, Form.PROPERTIES, Form.VARIABLES})
"""Kinds of text that no source reads as a whole; a command line of a shell may say what a node gets."""
_MOST_COMMANDS = 200
"""Lines with commands that are looked at."""


@dataclass(frozen=True)
class Lines:
    """What each line is: an address of a server or what users type, with the first line of each, a host, or else.

    `hosts` has an empty line for each of another kind, so that each keeps its number; `numbers` has those of `rest`.
    """

    servers: dict[str, int] = field(default_factory=dict)
    public: dict[str, int] = field(default_factory=dict)
    hosts: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def number(self, line: int) -> int:
        """Return the number that a line of `rest` has in the pasted text."""
        return self.numbers[line - 1] if 0 < line <= len(self.numbers) else line

    def keep(self, text: str, number: int) -> None:
        """Leave a text, of some lines perhaps, to the readers of sources."""
        lines = text.split("\n")
        self.rest.extend(lines)
        self.numbers.extend([number] * len(lines))

    def take(self, given: Given) -> None:
        """Leave variables to the readers, and tell of those whose value is not at hand."""
        for one in given.variables:
            if (line := variable_lists.env_line(one)) is not None:
                self.keep(line, one.line)
        if away := [one.name for one in given.variables if variable_lists.env_line(one) is None]:
            self.problems.append(tr("The text does not hold the values of {names}: fill them in.", names=listing(away)))
        if given.files:
            words = tr("The text names {files}: paste what is in it, too.", files=listing(given.files))
            self.problems.append(words)


def read(text: str) -> Lines:
    """Sort the lines of a text."""
    found = Lines()
    ours = recognise(text) in _OURS
    if ours and (given := variable_lists.in_json(text)) and given.variables:
        found.take(given)
        return found
    lines = node_lists.without_unseen(text).splitlines()
    if ours:
        lines, given = variable_lists.in_lists(client_lines.files_as_lines(lines))
        found.take(given)
    _sort(found, _without_signs(lines), commands=ours)
    return found


def _sort(found: Lines, lines: Sequence[str], *, commands: bool) -> None:
    table = _end_of_table(lines)
    listed = [bare for line in lines if (bare := node_lists.bare(line)).strip()]
    hosts_alone = all(
        (_HOSTS.fullmatch(line) and not _BROWSED.fullmatch(line)) or _NAME.fullmatch(line) for line in listed
    )
    left = _MOST_COMMANDS if commands else 0
    for begin, end in client_lines.joined(lines):
        if left and client_lines.may_be_command(lines[begin]):
            left -= 1
            if _is_command(found, "\n".join(lines[begin:end]), begin + 1):
                found.hosts.extend([""] * (end - begin))
                continue
        for at in range(begin, end):
            _sort_line(found, lines[at], at + 1, hosts_alone=hosts_alone or at < table)


def _end_of_table(lines: Sequence[str]) -> int:
    """Return before which line a table of nodes ends that the text begins with; 0 where there is none."""
    begin = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if not any(map(node_tables.is_head, lines[begin : begin + 1])):
        return 0
    return next((at for at, line in enumerate(lines) if at > begin and not line.strip()), len(lines))


def _is_command(found: Lines, text: str, number: int) -> bool:
    """Take what a line of a shell says; whether it says anything."""
    if client_lines.client(text):
        found.servers.setdefault(text.strip(), number)
        return True
    if given := variable_lists.in_command(text, number):
        found.take(given)
        return True
    return False


def _sort_line(found: Lines, line: str, number: int, *, hosts_alone: bool) -> None:
    host = ""
    if servers.named(line):
        found.servers.setdefault(line.strip(), number)
    elif hosts_alone or (_is_host(line) and not _BROWSED.fullmatch(line)):
        host = line
    elif _PUBLIC.fullmatch(line):
        found.public.setdefault(_BEHIND.sub("", line).strip(), number)
    else:
        found.keep(line, number)
    found.hosts.append(host)


def _is_host(line: str) -> bool:
    bare = node_lists.bare(line)
    return any(form.fullmatch(bare) for form in (_HOSTS, _IPV6)) or _ROW.fullmatch(bare.replace('"', "")) is not None


def _without_signs(lines: Sequence[str]) -> list[str]:
    """Return lines without quotes around them; those of a list without the signs of its items."""
    bare = [node_lists.without_bullet(line) for line in lines]
    items = all(one != line for one, line in zip(bare, lines, strict=True) if line.strip())
    return [line.strip()[1:-1] if _quoted(line) else line for line in (bare if items else lines)]


def _quoted(line: str) -> bool:
    """Whether one pair of quotes is around all that stands in a line."""
    text = line.strip()
    return len(text) > 1 and text[0] == text[-1] and text[0] in _AROUND and text.count(text[0]) == 2  # noqa: PLR2004
