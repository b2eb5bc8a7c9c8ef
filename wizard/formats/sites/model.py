"""What a balancer's own configuration says, whichever program it is for: where requests go, and under what terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.sections import BalancerKind


class SiteError(Exception):
    """A configuration, or a part of it, that cannot be understood; `line` says where, 0 if that is not known."""

    def __init__(self, message: str, line: int = 0) -> None:
        """Take a sentence for the admin."""
        super().__init__(message)
        self.line = line


LARGEST = 128 * 1024
"""Characters of a configuration: one of 500 nodes has less. Each sign of it is looked at, in Python."""

MOST_STATEMENTS = 10_000
_ENDS = ";{\n"
_SOCKETS = ("unix:", "unix@", "abns@", "abnsz@", "fd@", "sockpair@", "/")
"""What addresses that are no host's begin with, in nginx and in HAProxy."""
HEALTH_LIKE = pattern(r"/(?:[\w./-]*[/_.-])?(?:health|alive|liveness|ready|readiness|ping|heartbeat)[\w.-]*")
"""Paths that something beside a browser asks for, to see whether a service lives."""


def refuse_long(text: str) -> None:
    """Raise SiteError where a text is longer than any configuration of a balancer."""
    if len(text) > LARGEST:
        raise SiteError(tr("it has more than {most} characters", most=LARGEST))
    if sum(map(text.count, _ENDS)) > MOST_STATEMENTS:
        raise SiteError(tr("it has more than {most} lines or statements", most=MOST_STATEMENTS))


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What could not be understood: a sentence without its full stop, and the line, 0 if that is not known."""

    words: str
    line: int = 0

    @classmethod
    def of(cls, error: SiteError) -> Puzzle:
        """Keep an error as data."""
        return cls(str(error), error.line)


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A configuration that can be read: what findings call it, and how its text comes.

    `read` gives None where there is no such file to be had after all; it raises OSError where there should be one.
    `service` is the one of a Compose file that has it in itself; `expanded`: there a shell puts variables into it.
    """

    name: str
    read: Callable[[], str | None]
    service: str = ""
    expanded: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A planned node, as the balancer reaches it."""

    name: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the plan wants of the balancer.

    `names` are the hosts under which users come, `netloc` is host and port of the public address, `ports` are those
    that the balancer listens on for it. `upload_limit` is in bytes, 0 for none. `guards_uploads`: NocoBase gives
    uploaded files to those alone who are signed in. `storage` is the folder of the storage, as far as the plan knows.
    """

    kind: BalancerKind
    scheme: str
    names: tuple[str, ...]
    netloc: str
    ports: tuple[int, ...]
    public_path: str
    serving: tuple[Node, ...]
    idle: tuple[Node, ...]
    upload_limit: int
    guards_uploads: bool = True
    behind_proxy: bool = False
    storage: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing the configuration says: its words without the name, and its line.

    `value` is what its variables come to for the request in question, where the file says so.
    """

    words: tuple[str, ...]
    line: int
    value: str | None = None

    @property
    def text(self) -> str:
        """The words as one."""
        return " ".join(self.words)


AS_IT_CAME = Term((), 0)
"""A header that no rule of HAProxy changes; one that a rule takes out has no words either, but the rule's line."""


@dataclass(frozen=True, slots=True)
class Server:
    """One line of a group: an address that gets requests. `port` is None where the line names none.

    `text` is the line as it stands there. `off` says that it is switched off and gets none, `off_by` by which words;
    `spare` that it gets some only while the others fail.
    """

    host: str
    port: int | None
    text: str
    line: int
    off: bool = False
    spare: bool = False
    prefix: str = ""
    first: int = 0
    count: int = 0
    """Of a template: what the names of its servers begin with, the first number behind that, and how many follow."""
    off_by: Term | None = None
    unread: bool = False
    """The line has no address, or its count cannot be read: which servers it means is not known."""

    @property
    def numbers(self) -> range:
        """The numbers in the names of a template's servers."""
        return range(self.first, self.first + self.count)

    @property
    def vague(self) -> bool:
        """Whether it may be any node: its address is a socket, filled in elsewhere, or cannot be read."""
        return self.unread or "$" in self.host or self.host.startswith(_SOCKETS)


@dataclass(frozen=True, slots=True)
class Group:
    """Where requests are passed to: an `upstream`, a `backend`, or one address alone (`single`).

    `hidden` names what stands in it and was not followed. `paths` are those of the planned ones that go there. `maybe`
    are servers elsewhere that get some of these requests, under conditions that cannot be told; their text is the rule.
    """

    name: str
    line: int
    servers: tuple[Server, ...]
    single: bool = False
    hidden: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    maybe: tuple[Server, ...] = ()


@dataclass(frozen=True, slots=True)
class Unseen:
    """What may say more, and was not read: `near` is a file included right there, else only what stands above all."""

    what: str
    near: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what terms requests to one path are passed on, as they are inherited there.

    `line` is that of the innermost block, `headers_line` that of the block with the headers: one further in with a
    header of its own would shut them out. `headers` are by small name. `unseen` may say more of the settings,
    `headers_unseen` of the headers; None if nothing may, so that what is not here has the program's own default. `tls`
    says whether TLS ends here. `server_line` is that of nginx's `server`. `may_be` are all values that HAProxy's rules
    leave to a header, as it is told of some by small name: more than one where conditions cannot be told.
    """

    path: str
    line: int
    headers_line: int
    settings: Mapping[str, Term] = field(default_factory=dict)
    headers: Mapping[str, Term] = field(default_factory=dict)
    tls: bool = False
    server_line: int = 0
    may_be: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    unseen: Unseen | None = None
    headers_unseen: Unseen | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a health check makes of NocoBase's answers, by the rule that is to blame; none where all is well.

    `lenient` takes that of a dead application for a good one, `strict` refuses that of a living one, of `doubt` it
    cannot be told. `hostless` asks in a way that every node refuses.
    """

    lenient: Term | None = None
    strict: Term | None = None
    doubt: Term | None = None
    hostless: Term | None = None


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """How a backend asks its servers whether they live: the path, and its line.

    The path is empty where it opens a connection alone, None where that cannot be told.
    `unwatched` are the lines of servers that are not asked at all, `program` is the directive of nginx that asks.
    """

    backend: str
    path: str | None
    line: int
    unwatched: tuple[int, ...] = ()
    program: str = ""
    outcome: Outcome = Outcome()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the balancer answers with success itself: the path, and the words and line by which it does."""

    path: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Astray:
    """A planned path for which nodes are asked for another one (`asked`): the words and line that make it so.

    `address` is the one of the nodes, as it stands there.
    """

    path: str
    asked: str
    text: str
    line: int
    address: str


@dataclass(frozen=True, slots=True)
class Bypass:
    """What takes files from users' uploads past NocoBase: the words and line of it.

    `cached`: NocoBase is asked, and its answer kept for others; else it is not asked at all. `folder` is where below
    the public path the files are asked for. `perhaps`: only if they lie below a folder in which the balancer looks.
    """

    text: str
    line: int
    cached: bool = False
    folder: str = "storage/uploads/"
    perhaps: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """What was understood. `groups` are those that the planned paths go to; `terms` are those of the API and `/ws`.

    `bodies` are the terms of the blocks in which nginx takes the body of an upload, and of another request of the API.
    `repeats` are what sends a request that failed to another node, whatever its method. `health` are the health checks
    of the groups, where the program has any, `answers` the health paths that it answers itself. `bypasses` give
    uploaded files away, `astray` are the paths that nodes are not asked for as they came. `puzzle` says why groups
    could not be told; `notes` what was not followed.
    """

    groups: tuple[Group, ...]
    api: Terms | None
    websocket: Terms | None
    bodies: tuple[Terms, ...] = ()
    repeats: tuple[Term, ...] = ()
    health: tuple[HealthCheck, ...] = ()
    answers: tuple[Answer, ...] = ()
    bypasses: tuple[Bypass, ...] = ()
    astray: tuple[Astray, ...] = ()
    puzzle: Puzzle | None = None
    notes: tuple[str, ...] = ()


def by_name(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return each group once, with all the paths that go there."""
    found: dict[str, Group] = {}
    for group in groups:
        before = found.get(group.name)
        if before:
            maybe = tuple(dict.fromkeys((*before.maybe, *group.maybe)))
            group = replace(group, paths=(*before.paths, *group.paths), maybe=maybe)  # noqa: PLW2901 - both in one
        found[group.name] = group
    return tuple(found.values())
