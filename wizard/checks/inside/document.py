"""What a node told of itself (`resources/probe/probe.mjs`), read with suspicion: whatever answered there wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.quoted import Quoted

SCHEMA = 1
NODE, MEETING = "nocobase-node", "nocobase-storage"
_BEGINNING = 100
"""Bytes of a line in which the script says that it is its own."""
_PRINT = pattern(r"[0-9a-f]{24}")
"""A fingerprint."""
_LONGEST = 300
_MOST = 2000


class DocumentError(ValueError):
    """JSON that is no document of the script's; the message is a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Process:
    """NocoBase's processes on the node: the first one's id and user, how many there are, and the port they were given.

    `refused` is the system's code where their environment could not be read.
    """

    pid: int = 0
    uid: int = 0
    count: int = 0
    port: int = 0
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A key in use: where it comes from, its fingerprint, and whether it is one that NocoBase publishes."""

    source: str
    print: str
    published: bool = False


@dataclass(frozen=True, slots=True)
class Storage:
    """The storage's folder as the node sees it; `code` is the system's where it could not be looked at."""

    path: str = ""
    mount: str = ""
    uid: int = 0
    mode: str = ""
    free: int | None = None
    writable: bool = False
    marks: Mapping[str, str] | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """The way to one endpoint: where it ended (`dns`, `tcp`, `tls`, nothing: it did not), and the system's code.

    `addresses` are those to which its name leads there; none where an older script looked.
    """

    step: str
    code: str
    distrust: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Licence:
    """What the licence kit said of the key: `none`, `read`, `unreadable` or `no_kit`."""

    state: str = ""
    identity: str = ""
    domain: str = ""
    status: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All that a node told. `key` is the id of the fingerprints' key, empty without one.

    `variables` and `choices` are None where the process's environment could not be read, `variables` also without a
    key. Without `app_key` nothing was told of keys; with it and without `aes_key` the node encrypts with none. `began`
    and `at` are the node's clock in seconds since 1970 at the script's beginning and end.
    """

    node: str
    key: str
    user: str
    container: bool
    addresses: tuple[str, ...]
    process: Process
    variables: Mapping[str, str] | None
    choices: Mapping[str, str] | None
    worker_mode: str
    app_key: Key | None
    aes_key: Key | None
    version: str
    renewed: bool
    plugins: Mapping[str, str]
    licence: Licence
    storage: Storage
    ways: Mapping[str, Way]
    began: float
    at: float


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a node saw of the others in its storage: milliseconds by node, and what became of a lock of theirs.

    Its file lay there for `waited` milliseconds, until its last look; another's must have lain there for `needed` while
    it looked, to be seen for certain. It surely was there from `since` to `until`, seconds since 1970 by this machine's
    clock; where the way there was slow, `until` may be before `since`.
    """

    path: str = ""
    seen: Mapping[str, int] | None = None
    locks: Mapping[str, str] | None = None
    locked: bool = False
    code: str = ""
    waited: int = 0
    needed: int = 0
    since: float = 0.0
    until: float = 0.0


def lines_of(said: bytes) -> list[bytes]:
    """Return the lines that the script wrote among others: a login may greet before them, and say goodbye after them.

    Where none says so of itself, all that may be JSON objects.
    """
    lines = (line.strip().removeprefix(b"\xef\xbb\xbf") for line in said.splitlines())
    objects = [line for line in lines if line.startswith(b"{")]
    return [line for line in objects if b'"kind":"nocobase-' in line[:_BEGINNING]] or objects


def document_of(data: Any, name: str = "") -> Document:
    """Read a document; raises DocumentError. `name` is the node that was asked, in the place of what it says."""
    told = _start(data, NODE)
    package, process = _table(told, "package"), _table(told, "process")
    app_key, aes_key = _keys(_table(told, "keys"))
    plugins = {_text(item[0]): _text(item[1]) for item in [*_pairs(told, "plugins"), *_pairs(told, "installed")]}
    return Document(
        node=name or _text(told.get("node")),
        key=_text(told.get("key")),
        user=_text(_table(told, "user").get("name")),
        container=told.get("container") is True,
        addresses=tuple(_text(item) for item in _list(told, "addresses")),
        process=Process(
            pid=_number(process.get("pid")),
            uid=_number(process.get("uid")),
            count=_number(process.get("count")),
            port=_number(process.get("port")),
            refused=_text(_table(told, "trouble").get("code")),
        ),
        variables=_texts(told, "variables", alone=True),
        choices=_texts(told, "choices", alone=True),
        worker_mode=_text(told.get("worker_mode")),
        app_key=app_key,
        aes_key=aes_key,
        version=_text(package.get("version")),
        renewed=package.get("renewed") is True,
        plugins=plugins,
        licence=_licence(_table(told, "licence")),
        storage=_storage(_table(told, "storage")),
        ways={_text(item.get("name")): _way(item) for item in _list(told, "endpoints") if isinstance(item, dict)},
        began=_number(told.get("began")) / 1000,
        at=_number(told.get("at")) / 1000,
    )


def meeting_of(data: Any) -> Meeting:
    """Read what a node saw in its storage; raises DocumentError."""
    told = _table(_start(data, MEETING), "meeting")
    seen = {_text(name): _number(after) for name, after in _table(told, "seen").items()}
    return Meeting(
        path=_text(told.get("path")),
        seen=seen,
        locks=_texts(told, "locks") or {},
        locked=told.get("locked") is True,
        code=_text(told.get("code")),
        waited=_number(told.get("waited")) or 0,
        needed=_number(told.get("needed")) or 0,
    )


def _start(data: Any, kind: str) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("kind") != kind:
        raise DocumentError(tr("it is not what the script writes"))
    if data.get("schema") != SCHEMA:
        raise DocumentError(tr("it is written by a script of another version of this program"))
    return data


def _keys(told: Mapping[str, Any]) -> tuple[Key | None, Key | None]:
    """Return the keys for sessions and for encrypting; none where one of them is not as the script tells it."""
    app, aes = told.get("app"), told.get("aes", "")
    if not _is_key(app) or not (aes is None or _is_key(aes)):
        return None, None
    return _key(app), _key(aes) if aes else None


def _is_key(told: Any) -> TypeGuard[dict[str, Any]]:
    if not isinstance(told, dict) or not isinstance(told.get("source"), str):
        return False
    found = told.get("print")
    is_print = isinstance(found, str) and bool(_PRINT.fullmatch(found))
    return (found is None or is_print) and isinstance(told.get("published", False), bool)


def _key(told: Mapping[str, Any]) -> Key:
    return Key(_text(told["source"]), _text(told.get("print")), told.get("published") is True)


def _licence(told: Mapping[str, Any]) -> Licence:
    names = ("state", "id", "domain", "status", "upgrades_until")
    return Licence(*(_text(told.get(name)) for name in names))


def _storage(told: Mapping[str, Any]) -> Storage:
    return Storage(
        path=_text(told.get("path")),
        mount=_text(_table(told, "mount").get("kind")),
        uid=_number(told.get("uid")),
        mode=_text(told.get("mode")),
        free=_number(told.get("free")) if "free" in told else None,
        writable=told.get("writable") is True,
        marks=_texts(told, "marks"),
        code=_text(told.get("code")),
    )


def _way(told: Mapping[str, Any]) -> Way:
    addresses = tuple(_text(item) for item in _list(told, "addresses"))
    return Way(_text(told.get("step")), _text(told.get("code")), _text(told.get("distrust")), addresses)


def _text(value: Any) -> str:
    """Return a text; a longer one is cut, and before that what is secret in it is hidden."""
    if not isinstance(value, str):
        return ""
    return Quoted(value if len(value) <= _LONGEST else Quoted(value).shown(_LONGEST - 1))


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < 2**53 else 0


def _table(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    return found[:_MOST] if isinstance(found, list) else []


def _pairs(told: Mapping[str, Any], name: str) -> list[list[Any]]:
    return [item for item in _list(told, name) if isinstance(item, list) and len(item) == 2]  # noqa: PLR2004 - a pair


def _texts(told: Mapping[str, Any], name: str, *, alone: bool = False) -> Mapping[str, str] | None:
    """Return a table of texts; what is none is an empty one, or with `alone` makes the whole table none."""
    found = told.get(name)
    if not isinstance(found, dict) or (alone and not all(isinstance(value, str) for value in found.values())):
        return None
    return {_text(key): _text(value) for key, value in list(found.items())[:_MOST]}
