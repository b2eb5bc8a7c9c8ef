"""Which backend of HAProxy a request goes to: its `use_backend` rules, as far as their conditions can be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.sites.haproxy_text import Line, Section
from wizard.formats.sites.model import SiteError, Wanted
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr

_UPGRADE = pattern(
    r"(?:req\.)?f?hdr(_beg|_end|_sub|_found)?\((upgrade|connection)\)(?:,(?:lower|upper))?", re.IGNORECASE
)
_PARTS: dict[str, Callable[[str, str], bool]] = {
    "": str.__eq__,
    "_beg": str.startswith,
    "_end": str.endswith,
    "_sub": str.__contains__,
    "_found": lambda _text, _word: True,
}
_HOST = pattern(r"(?:req\.)?hdr(_end|_beg|_dom)?\(host\)(?:,\S+)?$", re.IGNORECASE)
_FORWARDED = pattern(r"(?:req\.)?f?hdr(_found)?\(x-forwarded-proto(?:,-?1)?\)(?:,lower)?", re.IGNORECASE)
_SNI = pattern(r"ssl_fc_sni(_end|_beg|_dom)?(?:,lower)?", re.IGNORECASE)
_PATHS: dict[str, Callable[[str, str], bool]] = {
    "path": str.__eq__,
    "path_beg": str.startswith,
    "path_end": str.endswith,
    "path_sub": str.__contains__,
    "path_dir": lambda path, word: f"/{word.strip('/')}/" in f"{path}/",
}
_HOSTS: dict[str, Callable[[str, str], bool]] = {
    "": str.__eq__,
    "_end": str.endswith,
    "_beg": str.startswith,
    "_dom": lambda host, word: f".{word.strip('.')}." in f".{host}.",
}

_Named = Mapping[str, Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a user's browser makes it: its path, its host, and whether it opens a WebSocket.

    `tls`: it comes over TLS to HAProxy itself; None if that is not known. `forwarded` is the scheme that another proxy
    before HAProxy says, empty where there is none. `ports` are those of HAProxy at which it may come.
    """

    path: str
    host: str
    websocket: bool = False
    tls: bool | None = None
    forwarded: str = ""
    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes, and the rules that were not followed as their conditions cannot be told.

    `doubtful` are those rules with the backend that each names.
    """

    backend: str
    doubtful: tuple[tuple[str, str], ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """The rules themselves."""
        return tuple(text for _name, text in self.doubtful)


def requests(wanted: Wanted, *, tls: bool | None = None) -> dict[str, Asked]:
    """Return the planned requests by the path that names them: a page, the API, the WebSocket."""
    root = wanted.public_path
    page = _asked(root, wanted, tls=tls)
    return {
        root: page,
        f"{root}api/": replace(page, path=f"{root}api/app:getInfo"),
        f"{root}ws": replace(page, path=f"{root}ws", websocket=True),
    }


def _asked(path: str, wanted: Wanted, *, tls: bool | None) -> Asked:
    forwarded = wanted.scheme if wanted.behind_proxy else ""
    return Asked(path, wanted.netloc, tls=tls, forwarded=forwarded, ports=wanted.ports)


def uploads(wanted: Wanted, *, tls: bool | None = None) -> dict[str, Asked]:
    """Return the requests for a file that a user uploaded by its folder: NocoBase's own, that of addresses from 2.2."""
    folders = ("storage/uploads/", "files/")
    return {folder: _asked(f"{wanted.public_path}{folder}1.png", wanted, tls=tls) for folder in folders}


def upload(wanted: Wanted, *, tls: bool | None = None) -> Asked:
    """Return the request that sends a file."""
    return _asked(f"{wanted.public_path}api/attachments:create", wanted, tls=tls)


def hosts_of(frontend: Section) -> list[str]:
    """Return the whole names of hosts that the conditions of a frontend ask for, without ports, each once."""
    found: dict[str, None] = {}
    for line in (*frontend.all("acl"), *frontend.all("use_backend")):
        asked = False
        for word in line.words:
            if match := _HOST.match(word):
                asked = not match[1]
            elif word in {"}", "or", "||"}:
                asked = False
            elif asked and "." in word.strip(".") and not word.startswith(("-", ".", "{")):
                found[word.lower().partition(":")[0]] = None
    return list(found)


def route(frontend: Section, asked: Asked) -> Route:
    """Return where the frontend sends a request; raises SiteError where that cannot be told."""
    unread: list[Line] = []
    taken: Line | None = None
    for line in frontend.all("use_backend"):
        holds = _condition(frontend.acls, line.words[2:], asked)
        if holds:
            taken = line
            break
        if holds is None:
            unread.append(line)
    taken = taken or frontend.setting("default_backend")
    if taken is None:
        return _undecided(frontend)
    name = taken.words[1] if len(taken.words) > 1 else ""
    if "%" in name:
        raise SiteError(tr("where requests go is in a variable ({text})", text=name), taken.number)
    return Route(name, tuple((line.words[1] if len(line.words) > 1 else "", line.text) for line in unread))


def met(section: Section, line: Line, asked: Asked) -> bool | None:
    """Whether a rule holds for a request; None if its condition cannot be told."""
    at = next((at for at, word in enumerate(line.words) if word in {"if", "unless"}), len(line.words))
    return _condition(section.acls, line.words[at:], asked)


def _undecided(frontend: Section) -> Route:
    """Return the one backend that all conditions name, or the `listen` section itself."""
    lines = frontend.all("use_backend")
    names = {line.words[1] for line in lines}  # each has a condition behind its name
    if len(names) == 1:
        return Route(names.pop())
    if lines:
        listed = listing(line.text for line in lines)
        raise SiteError(tr("conditions decide where requests go ({lines})", lines=listed), lines[0].number)
    return Route(frontend.name)


def _condition(named: _Named, words: Sequence[str], asked: Asked) -> bool | None:
    """Whether `if …` or `unless …` holds: terms side by side must all hold, `or` parts alternatives; None: not told."""
    if not words:
        return True
    spend(Cost.TESTED, len(words))
    parts: list[list[bool | None]] = [[]]
    negated = False
    for term in _terms(words[1:]):
        if term in {("or",), ("||",)}:
            parts.append([])
        elif term == ("!",):
            negated = not negated
        else:
            told = _test(term[1:], asked) if term[0] == "{" else _acl(named, term[0], asked)
            parts[-1].append(None if told is None else told is not negated)
            negated = False
    holds = _any(_all(part) for part in parts)
    return holds if holds is None or words[0] == "if" else not holds


def _terms(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Part a condition: a name, `or`, `!`, or a test in braces, which may touch the words beside them."""
    inner: list[str] | None = None
    for word in re.findall(r"[{}!]|[^{}!]+", "\0".join(words)):
        for piece in filter(None, word.split("\0")):
            if piece == "{":
                inner = []
            elif piece == "}" and inner is not None:
                yield ("{", *inner)
                inner = None
            elif inner is not None:
                inner.append(piece)
            else:
                yield (piece,)


def _acl(named: _Named, name: str, asked: Asked) -> bool | None:
    """Whether a named condition holds: one of its lines is enough."""
    if name in {"TRUE", "FALSE"}:
        return name == "TRUE"
    return _any(_test(line.words[2:], asked) for line in named.get(name, ()))


def _test(words: Sequence[str], asked: Asked) -> bool | None:
    """Whether one test holds: of the path, the host or the headers of an upgrade; None for any other."""
    if len(words) < 2:  # noqa: PLR2004 - what is asked, and a value
        return _test_of_one(words, asked)
    spend(Cost.TESTED, len(words))
    method, rest = words[0], list(words[1:])
    if rest[0] == "-m" and len(rest) > 1:
        method, rest = _matching(method, rest[1]), rest[2:]
    if (told := _test_of_way(method, rest, asked)) is not None:
        return told
    flags = {word for word in rest if word.startswith("-")}
    values = [word for word in rest if word not in flags]
    if flags - {"-i"} or not values:
        return None
    fold = str.lower if "-i" in flags else str
    if (compare := _PATHS.get(method)) is not None:
        return any(compare(fold(asked.path), fold(value)) for value in values)
    return _test_of_headers(method, {value.lower() for value in values}, asked)


def _test_of_one(words: Sequence[str], asked: Asked) -> bool | None:
    """Whether a test without a value holds: of TLS, or of a password."""
    if words and words[0].startswith("http_auth("):
        return False
    return asked.tls if words == ("ssl_fc",) else None


def _test_of_way(method: str, values: Sequence[str], asked: Asked) -> bool | None:
    """Whether a test of the port, the upgrade, a password or what another proxy says holds; None for any other."""
    if method == "dst_port":
        ports = [value for value in values if value != "eq"]
        found = {str(port) in ports for port in asked.ports}
        return found.pop() if len(found) == 1 and all(port.isdecimal() for port in ports) else None
    if match := _UPGRADE.fullmatch(method):
        says, compare = "websocket" if match[2].lower() == "upgrade" else "upgrade", _PARTS[match[1] or ""]
        return asked.websocket and any(compare(says, value.lower()) for value in values or [""])
    if method.startswith("http_auth"):
        return False  # pages send a token in the header that would have the password
    match = _FORWARDED.fullmatch(method)
    if match is None:
        return None
    if match[1] or not asked.forwarded:
        return bool(asked.forwarded)
    return asked.forwarded in {value.lower() for value in values} or None


def _matching(method: str, kind: str) -> str:
    """Return the method that is the same as one with `-m KIND`."""
    name = re.split("[(,]", method, maxsplit=1)[0]
    return method if kind == "str" else f"{name}_{kind}{method.removeprefix(name)}"


def _test_of_headers(method: str, values: Collection[str], asked: Asked) -> bool | None:
    """Whether a test of the host, or of its name within TLS, holds."""
    match = _HOST.match(method) or (_SNI.fullmatch(method) if asked.tls else None)
    if match is None or (match[1] or "") not in _HOSTS:
        return None
    hosts = {asked.host.lower(), asked.host.rpartition(":")[0].lower() or asked.host.lower()}
    return any(_HOSTS[match[1] or ""](host, value) for host in hosts for value in values)


def _all(told: Iterable[bool | None]) -> bool | None:
    found = list(told)
    if False in found:
        return False
    return None if None in found or not found else True


def _any(told: Iterable[bool | None]) -> bool | None:
    found = list(told)
    if True in found:
        return True
    return None if None in found or not found else False
