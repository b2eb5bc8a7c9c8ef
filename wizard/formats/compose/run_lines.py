r"""Commands that start containers (`docker run`, `podman create`), in the form of a project's services.

A line goes on behind a `\`; what a script sets before as `NAME=value` is put in, and what it asks other programs for is
not known here. Which of docker's options stand alone: docs.docker.com/reference/cli/docker/container/run.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from wizard.dataclass import dataclass
from wizard.formats.compose import own_file
from wizard.formats.compose.documents import Beside
from wizard.formats.compose.env_files import raw
from wizard.formats.compose.project import Mount, Project, Service, is_port, named_address, short_port, without_brackets
from wizard.formats.dotenv.expressions import Expanded, expand
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.place import Place
from wizard.plan.variable_names import is_assignment

COMMAND = pattern(
    r"^[ \t]*(?:sudo[ \t]+)?(?:docker|podman|nerdctl)[ \t]+(?:container[ \t]+)?(?:run|create)[ \t]", re.MULTILINE
)
_BRANCHES = pattern(
    r"^[ \t]*(?:for|while|until|case|if|select|function)\b|^[ \t]*[\w-]+[ \t]*\([ \t]*\)[ \t]*\{", re.MULTILINE
)
_ALONE = frozenset(
    {
        *("--detach", "--interactive", "--tty", "--rm", "--init", "--privileged", "--read-only", "--publish-all"),
        *("--no-healthcheck", "--oom-kill-disable", "--sig-proxy", "--quiet", "--disable-content-trust", "--replace"),
    }
)
_SHORT_ALONE = pattern(r"-[ditPq]+")
_SHORT = {"-e": "--env", "-v": "--volume", "-p": "--publish", "-h": "--hostname", "-l": "--label"}
_PIECE = pattern(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\\$|\$\([^()]*\)|`[^`]*`")
_ON, _LITERAL = "\x01", "\x02"
"""What stands for the end of a line that goes on, and for a `$` that a shell leaves alone."""
_MOST = 500
LARGEST = 128 * 1024
"""Characters: a longer script is no one's who starts a few containers."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    line: int


def has_branches(text: str) -> bool:
    """Whether a script decides or repeats something: what it starts is then not told by its lines."""
    return bool(_BRANCHES.search(text))


def read(text: str, title: str, beside: Beside) -> Project:
    """Return what the commands of a script start; raises SourceError."""
    if len(text) > LARGEST:
        raise SourceError(tr("{name}: it has more than {most} characters.", name=title, most=LARGEST))
    known: dict[str, str] = {}
    services: dict[str, Service] = {}
    for words in _lines(text, title):
        own = words[1:] if words and words[0].text == "export" else words
        if own and all(is_assignment(word.text) for word in own):
            for word in own:
                name, _sign, value = word.text.partition("=")
                if (found := _value(value, known)) is not None:
                    known[name] = found
            continue
        rest = _behind_run(words)
        if rest and len(services) < _MOST:
            service = _Reading(title, known, beside, len(services) + 1).service(rest)
            own_file.fill(service, {}, beside, partial(_title, title))
            services[service.name] = service
    return Project(services, {}, {}, swarm=False, profiles=frozenset(), name="")


def _lines(text: str, title: str) -> Iterator[list[_Word]]:
    """Go through the commands, each with its words and their lines."""
    start, whole = 1, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not whole:
            start = number
            if line.lstrip().startswith("#"):
                continue
        if line.endswith("\\"):
            whole += f"{line[:-1]} {_ON} "
            continue
        whole, complete = "", whole + line
        try:
            words = shlex.split(_guarded(complete), comments=True)
        except ValueError:
            raise SourceError(tr("{name}, line {line}: a quote is not closed.", name=title, line=start)) from None
        yield [*_numbered(words, start)]


def _numbered(words: Sequence[str], line: int) -> Iterator[_Word]:
    for word in words:
        if word == _ON:
            line += 1
        else:
            yield _Word(word, line)


def _guarded(line: str) -> str:
    """Return a line for the splitter: what is no variable's `$`, and what asks a program is one word."""
    return _PIECE.sub(_guarded_piece, line)


def _guarded_piece(found: re.Match[str]) -> str:
    piece = found[0]
    if piece[0] == "'":
        return piece.replace("$", _LITERAL)
    if piece[0] in "$`":
        return "$()"
    return piece.replace("\\$", _LITERAL)


def _value(text: str, known: Mapping[str, str]) -> str | None:
    """Return what a shell makes of a word; None where that is not known here."""
    if "$(" in text or "`" in text:
        return None
    found = expand(text, known)
    return None if found.value is None or found.unset else found.value.replace(_LITERAL, "$")


def _behind_run(words: Sequence[_Word]) -> list[_Word]:
    """Return the words behind `docker run`; none of any other command."""
    texts = [word.text for word in words]
    if texts[:1] == ["sudo"]:
        words, texts = words[1:], texts[1:]
    if not texts or texts[0].rpartition("/")[2] not in {"docker", "podman", "nerdctl"}:
        return []
    at = 2 if texts[1:2] == ["container"] else 1
    return list(words[at + 1 :]) if texts[at : at + 1] in (["run"], ["create"]) else []


class _Reading:
    """Reads one command into a service."""

    def __init__(self, title: str, known: Mapping[str, str], beside: Beside, number: int) -> None:
        self._title, self._known, self._beside, self._number = title, known, beside, number

    def service(self, words: Sequence[_Word]) -> Service:
        options, rest = _split(words)
        name = next((word.text for key, word in options if key == "--name"), f"node{self._number}")
        service = Service(name, Place(self._title, words[0].line, name), names={name})
        if rest:
            service.image = self._text(rest[0])
            service.image_place = Place(self._title, rest[0].line, "image")
            service.arguments = " ".join(self._text(word) for word in rest[1:])
        for key, word in options:
            self._option(service, key, word)
        return service

    def _option(self, service: Service, key: str, word: _Word) -> None:
        text, place = self._text(word), Place(self._title, word.line, key.lstrip("-"))
        match key:
            case "--env":
                self._variable(service, word)
            case "--env-file":
                self._file(service, text, word.line)
            case "--volume":
                source, _sign, target = text.partition(":")
                target = target.partition(":")[0] or source
                service.mounts[target.rstrip("/")] = Mount(source, target.rstrip("/"), place)
            case "--mount":
                self._mount(service, text, place)
            case "--publish":
                service.unread += [] if is_port(text) else [(text, place)]
                service.ports |= {(one.host, one.published, one.target): one for one in short_port(text, place)}
            case "--add-host":
                called, address = named_address(text)
                service.hosts[called] = without_brackets(address), place
            case "--hostname" | "--network-alias":
                service.names.add(text)
            case "--network" | "--net":
                service.on_host_network = text == "host"
            case "--entrypoint":
                service.entrypoint = text
            case _:
                return

    def _mount(self, service: Service, text: str, place: Place) -> None:
        parts = dict(part.partition("=")[::2] for part in text.split(","))
        source = parts.get("source", parts.get("src", ""))
        target = parts.get("target", parts.get("destination", parts.get("dst", ""))).rstrip("/")
        if target:
            service.mounts[target] = Mount(source, target, place, parts.get("type", ""))

    def _variable(self, service: Service, word: _Word) -> None:
        name, sign, value = word.text.partition("=")
        found = _value(value, self._known) if sign else self._known.get(name)
        service.made_of_environment.pop(name, None)
        if found is None:
            service.made_of_environment[name] = Expanded(None, (name,), (name,))
        service.from_environment[name] = Assignment(name, found or "", word.line, quote="'", file=self._title)

    def _file(self, service: Service, path: str, line: int) -> None:
        text, file = self._beside(path), _title(self._title, path)
        if text is None:
            service.lost.append(Place(self._title, line, path))
            return
        for name, one in raw(text).items():
            service.from_files[name] = Assignment(name, one.found.value, one.found.line, quote="'", file=file)

    def _text(self, word: _Word) -> str:
        found = _value(word.text, self._known)
        return word.text.replace(_LITERAL, "$") if found is None else found


def _title(script: str, path: str) -> str:
    """Return what a file is called that a script names."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(script), path))


def _split(words: Sequence[_Word]) -> tuple[list[tuple[str, _Word]], list[_Word]]:
    """Return the options by their long names, each with its value, and the image with what follows it."""
    found: list[tuple[str, _Word]] = []
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        word = words[at]
        at += 1
        key, sign, value = word.text.partition("=")
        if key in _ALONE or _SHORT_ALONE.fullmatch(word.text):
            continue
        if key.startswith("--"):
            if sign:
                found.append((key, _Word(value, word.line)))
                continue
        else:
            short, rest = word.text[:2], word.text[2:]
            key = _SHORT.get(short, short)
            if rest:
                found.append((key, _Word(rest.removeprefix("="), word.line)))
                continue
        if at < len(words):
            found.append((key, words[at]))
            at += 1
    return found, list(words[at:])
