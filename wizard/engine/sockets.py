"""The sockets of a probe: none goes on reading after its end, no server keeps on sending to it, and whether it is here.

Python tells of every socket that is made and connected (`sys.addaudithook`), whichever library does it; a descriptor
that a library of C made is told by `watch`. The system counts the bytes that arrive, on Linux alone.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import field
from ipaddress import ip_address
from typing import Any

from wizard.dataclass import dataclass
from wizard.engine.neighbours import is_beside

MIB = 1024 * 1024
BUDGET = 16 * MIB
"""Bytes that a probe may be sent: many times what any server has to say to it."""
GRACE = 10.0
"""Seconds after the end of a probe in which it may still take back what it made on a server: nobody waits for it, and
a server that has much to do needs more than one for a table."""
BEAT = 0.02
"""Seconds from one look at the sockets to the next."""
_BYTES_RECEIVED = 128
"""Where `tcpi_bytes_received` stands in Linux' `struct tcp_info` (linux/tcp.h, since 4.1)."""
_DISCARD = 9
"""A port to look for a way to: any will do."""
_INFO = getattr(socket, "TCP_INFO", None) if sys.platform == "linux" else None


@dataclass(slots=True)
class _Opened:
    """A socket: what gives it while it is there, whether it is only lent to us, and the bytes that it was sent.

    One of Python's own is kept until the probe is through: a library may leave it to the garbage, unclosed.
    """

    get: Callable[[], socket.socket | None]
    lent: bool = False
    received: int = 0
    is_done: bool = False
    was_open: bool = False

    def count(self) -> int:
        """Return the bytes that have arrived, as far as they are known."""
        if _INFO is not None and not self.is_done:
            with contextlib.suppress(OSError, struct.error), self._taken() as one:
                if one is not None:
                    told = socket.socket.getsockopt(one, socket.IPPROTO_TCP, _INFO, _BYTES_RECEIVED + 8)
                    self.received = int(struct.unpack_from("Q", told, _BYTES_RECEIVED)[0])
        return self.received

    def peer(self) -> str:
        """Return the address at the other end; for one that is lent, as Python tells of all others."""
        with contextlib.suppress(OSError, IndexError), self._taken() as one:
            if one is not None:
                return str(one.getpeername()[0])
        return ""

    def shut(self) -> bool:
        """Let each read and write end at once, and return whether that is done; the probe's own thread closes it.

        One that is not connected yet cannot be shut. A wrapper of TLS is not asked: it would only forget its state.
        """
        with contextlib.suppress(OSError), self._taken() as one:
            if one is not None and one.fileno() >= 0:
                socket.socket.shutdown(one, socket.SHUT_RDWR)
            self.is_done = True
        return self.is_done

    def close(self) -> None:
        """Close it, also one that was never connected; one that is lent is closed by who lent it."""
        self.shut()
        if not self.lent and (one := self.get()):
            with contextlib.suppress(OSError):
                one.close()

    def name(self) -> Any:
        """Return its own host and port; None where it has none, or is lent."""
        with contextlib.suppress(OSError):
            one = None if self.lent else self.get()
            return one.getsockname()[:2] if one else None
        return None

    def ends(self) -> tuple[Any, Any] | None:
        """Return its own address and that of the other end; None where it leads nowhere."""
        with contextlib.suppress(OSError):
            one = None if self.lent else self.get()
            return (one.getsockname(), one.getpeername()) if one else None
        return None

    @contextlib.contextmanager
    def _taken(self) -> Iterator[socket.socket | None]:
        one = self.get()
        try:
            yield one
        finally:
            if self.lent and one is not None:
                one.detach()


@dataclass(slots=True, eq=False)
class Scope:
    """The sockets that are made while it is entered, in this thread and those that copy its context.

    `flooded` is called once when more than BUDGET bytes have come: whoever gave it has one BEAT to keep what was found.
    """

    flooded: Callable[[], object] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _opened: list[_Opened] = field(default_factory=list, init=False)
    _holds: dict[object, float] = field(default_factory=dict, init=False)
    _ended: float = field(default=float("inf"), init=False)
    _bound: float = field(default=float("inf"), init=False)
    _past: int = field(default=0, init=False)
    _asked: set[str] = field(default_factory=set, init=False)
    _has_helpers: bool = field(default=False, init=False)
    _is_flooded: bool = field(default=False, init=False)
    _is_left: bool = field(default=False, init=False)

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Take every socket that is made meanwhile for one of this scope."""
        _install()
        _WATCH.add(self)
        token = _SCOPE.set(self)
        try:
            yield
        finally:
            _SCOPE.reset(token)

    def end(self) -> None:
        """Close what is open, and let nothing more be opened, as soon as nothing is held. Returns at once."""
        self._ended = min(self._ended, time.monotonic())

    def leave(self) -> None:
        """End, and close what a library left to the garbage; for the thread that made them, when it is through."""
        self.end()
        self._is_left = True
        self._close_all()

    def _close_all(self) -> None:
        """Close what is open, unless something is still held: then whoever holds it last does."""
        if not self._holds:
            for one in list(self._opened):
                one.close()

    @contextlib.contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """Let all that is done meanwhile take no longer than `seconds` together."""
        self._bound = time.monotonic() + seconds
        try:
            yield
        finally:
            self._bound = float("inf")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let what is done meanwhile come to its end: it has GRACE seconds more than the scope."""
        item = object()
        self._holds[item] = time.monotonic()
        _WATCH.add(self)
        try:
            yield
        finally:
            del self._holds[item]
            if self._is_left:
                self._close_all()

    def take(self, opened: _Opened) -> None:
        """Count a socket among these."""
        with self._lock:
            self._opened = [one for one in self._opened if not self._is_gone(one)]
            self._opened.append(opened)

    def note(self, address: object) -> None:
        """Remember what is asked: the address of a socket, or none for another program of this machine.

        A library that is about to connect to a socket of its own asks nobody.
        """
        if not isinstance(address, tuple) or not address:
            self._has_helpers = True
        elif (host := str(address[0])) in self._asked:
            return  # else the open sockets would be looked through for each of many nodes
        elif address[:2] not in [one.name() for one in tuple(self._opened)]:
            self._asked.add(host)

    @property
    def is_here(self) -> bool:
        """Whether an answer needs this machine's processors: a server on it, or in a container of it, or a program."""
        return self._has_helpers or any(is_own(host) or is_beside(host) for host in tuple(self._asked))

    @property
    def is_ended(self) -> bool:
        """Whether its end was asked for."""
        return time.monotonic() >= self._ended

    @property
    def is_open(self) -> bool:
        """Whether a connection may be made, and go on."""
        now, until = time.monotonic(), min(self._ended, self._bound)
        held = any(now < max(began, until) + GRACE for began in tuple(self._holds.values()))
        return not self._is_flooded and (now < until or held)

    def look(self) -> bool:
        """Count, and close what must be closed; return whether there is anything left to look after."""
        with self._lock:
            opened = list(self._opened)
            self._asked.update(filter(None, (one.peer() for one in opened if one.lent)))
            received = self._past + sum(one.count() for one in opened)
        if received > BUDGET and not self._is_flooded:
            if tell := self.flooded:
                self.flooded = None
                tell()
                return True
            self._is_flooded = True
        if self.is_open:
            return True
        shut = [one.is_done or one.shut() for one in _outward(opened)]
        return bool(self._holds) or not all(shut) or self._ended == float("inf")

    def _is_gone(self, one: _Opened) -> bool:
        """Whether a socket was closed; what it was sent is remembered. One that is just being made is not open yet."""
        if one.lent:
            return False
        made = one.get()
        if made is not None and made.fileno() >= 0:
            one.was_open = True
            return False
        if one.was_open:
            self._past += one.received
        return one.was_open


def _outward(opened: list[_Opened]) -> list[_Opened]:
    """Return those that lead to a server, not to another one of ours.

    By a pair of its own a library wakes its loop, also from another thread, and may still do so: pika's is of TCP,
    as is that of `socket.socketpair` on Windows.
    """
    ends = {id(one): both for one in opened if (both := one.ends())}
    ours = {own for own, _ in ends.values()}
    return [one for one in opened if id(one) not in ends or ends[id(one)][1] not in ours]


class _Watch:
    """A thread that looks after the scopes, as long as there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scopes: set[Scope] = set()
        self._runs = False

    def add(self, scope: Scope) -> None:
        with self._lock:
            self._scopes.add(scope)
            if not self._runs:
                threading.Thread(target=self._look, name="sockets", daemon=True).start()
                self._runs = True

    def _look(self) -> None:
        while True:
            time.sleep(BEAT)
            for scope in tuple(self._scopes):
                if not scope.look():
                    self._drop(scope)
            with self._lock:
                if not self._scopes:
                    self._runs = False
                    return

    def _drop(self, scope: Scope) -> None:
        with self._lock:
            self._scopes.discard(scope)


_WATCH = _Watch()
_SCOPE: ContextVar[Scope | None] = ContextVar("sockets", default=None)


def is_own(host: str) -> bool:
    """Whether an address is one of this machine's: a way there begins where it ends. Nothing is sent.

    Where a socket may be bound is no sign: a balancer's machine may let it take any address (ip_nonlocal_bind).
    """
    with contextlib.suppress(OSError, ValueError):
        address = ip_address(host)
        if address.is_loopback or address.is_unspecified:
            return True
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET  # noqa: PLR2004 - IPv6
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.connect((host, _DISCARD))
            return ip_address(one.getsockname()[0].partition("%")[0]) == ip_address(host.partition("%")[0])
    return host == "localhost"


def hold() -> contextlib.AbstractContextManager[None]:
    """Return a context in which the end of this thread's scope waits a moment; see `Scope.held`."""
    scope = _SCOPE.get()
    return scope.held() if scope else contextlib.nullcontext()


def are_closed() -> bool:
    """Whether this thread's scope has ended: what is still asked gets no answer any more."""
    scope = _SCOPE.get()
    return scope is not None and not scope.is_open


def is_given_up() -> bool:
    """Return whether nobody waits for this thread's scope any more, though it may still take back what it made."""
    scope = _SCOPE.get()
    return scope is not None and scope.is_ended


def watch(fileno: Callable[[], int]) -> None:
    """Count a descriptor that no Python object holds among this thread's scope; negative once it is closed."""
    if scope := _SCOPE.get():
        scope.take(_Opened(lambda: _lent(fileno), lent=True))


def _lent(fileno: Callable[[], int]) -> socket.socket | None:
    with contextlib.suppress(Exception):  # whatever a library raises where its connection has just gone
        if (descriptor := fileno()) >= 0:
            return socket.socket(fileno=descriptor)
    return None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    """Take a socket that is made, and refuse one that is connected too late (docs.python.org, audit events)."""
    if event not in {"socket.__new__", "socket.connect", "subprocess.Popen"}:
        return
    scope = _SCOPE.get()
    if scope is None:
        return
    if event == "socket.__new__":
        made = arguments[0]
        if isinstance(made, socket.socket):  # another one is the interpreter's own, which nobody connects
            scope.take(_Opened(lambda: made))
    elif event == "subprocess.Popen":
        scope.note(None)
    elif not scope.is_open:
        raise ConnectionAbortedError
    else:
        scope.note(arguments[1])


_installing = threading.Lock()
_is_installed = False


def _install() -> None:
    """Ask Python to tell of sockets, once: there is no way to take that back."""
    global _is_installed  # noqa: PLW0603 - the interpreter's own state
    with _installing:
        if not _is_installed:
            sys.addaudithook(_audit)
            _is_installed = True
