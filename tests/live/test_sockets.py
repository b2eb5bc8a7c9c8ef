"""The sockets of a check: closed at its end, whoever made them, but for what it still has to take back."""

import contextlib
import socket
import threading

import pytest
from pika.compat import nonblocking_socketpair

from tests.live.sessions import PASSWORD, ScriptedNode, users
from tests.patience import patience, wait_until
from tests.servers.hostile import HostilePeer
from tests.unit.test_runner import check
from wizard.checks.cluster.fan_out import all_of
from wizard.checks.cluster.open_sessions import signed_in
from wizard.checks.cluster.session import Account
from wizard.checks.node.target import Target
from wizard.demo.nodes import NodeStandIn
from wizard.engine import sockets
from wizard.engine.events import CheckStarted, RunFinished
from wizard.engine.facts import Known, attempt
from wizard.engine.runner import Run
from wizard.engine.sockets import Scope
from wizard.net import http
from wizard.net.cleanup import Cleanup
from wizard.net.errors import explain_any
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret

pytestmark = pytest.mark.live
SOON = 0.2
"""Seconds of a deadline that passes: on a quiet machine, long after what a probe does first."""


@pytest.fixture
def peer():
    """Start a peer that plays a script, and give its address."""
    with contextlib.ExitStack() as stack:

        def start(script):
            return "127.0.0.1", stack.enter_context(HostilePeer(script)).port

        yield start


def _trickle(wire):
    wire.trickle(b"x")


def _flood(wire):
    wire.flood(b"x")


def _read_on(connection):
    """Read as a driver does that waits for an end."""
    with contextlib.suppress(ConnectionResetError):  # what the peer still sends after the end is answered so
        while connection.recv(65536):
            pass


def _found(run_check, **options):
    events = []
    over = threading.Event()

    def take(event):
        events.append(event)
        if isinstance(event, RunFinished):
            over.set()

    run = Run([run_check], take, **options)
    run.start()
    assert over.wait(patience())
    return events[-1].report.findings


class _Reader:
    """A probe that finds one thing, and then reads from `address` for as long as it is let."""

    def __init__(self, address):
        self.address = address
        self.ended = threading.Event()
        self.refused = []

    def __call__(self, facts):
        facts.connect = Known("a")
        try:
            with socket.create_connection(self.address, patience()) as connection:
                _read_on(connection)
            with contextlib.suppress(ConnectionAbortedError):
                socket.create_connection(self.address, patience()).close()
                self.refused.append("not refused")
        finally:
            self.ended.set()


def test_at_its_deadline_a_probe_reads_no_further_and_opens_nothing_more(peer):
    probe = _Reader(peer(_trickle))
    first, _second = _found(check(probe, deadline=patience(SOON)))
    assert first.severity is Severity.PASS
    assert probe.ended.wait(patience(1))
    assert probe.refused == []


def test_cancelled_a_probe_reads_no_further(peer):
    probe, begun = _Reader(peer(_trickle)), threading.Event()
    run = Run([check(probe, deadline=600)], lambda event: begun.set() if isinstance(event, CheckStarted) else None)
    run.start()
    assert begun.wait(patience())
    run.cancel()
    assert probe.ended.wait(patience(1))


@pytest.mark.parametrize("pair", [socket.socketpair, nonblocking_socketpair], ids=["the system's", "pika's, of TCP"])
def test_a_pair_by_which_a_library_wakes_its_own_loop_is_left_to_it(peer, pair):
    address, connected, ended, woken = peer(_trickle), threading.Event(), threading.Event(), []

    def probe(_facts):
        ours, theirs = pair()
        theirs.settimeout(patience())
        try:
            with ours, theirs, socket.create_connection(address, patience()) as connection:
                connected.set()
                _read_on(connection)  # ends as the run is cancelled
                ours.send(b"x")
                woken.append(theirs.recv(1))
        finally:
            ended.set()

    run = Run([check(probe, deadline=600)], lambda _event: None)
    run.start()
    assert connected.wait(patience())
    run.cancel()
    assert ended.wait(patience())
    assert woken == [b"x"]


def test_what_a_probe_left_behind_in_threads_of_its_own_ends_with_it(peer):
    address, ended = peer(_trickle), threading.Event()

    def ask():
        try:
            with socket.create_connection(address, patience()) as connection:
                _read_on(connection)
        finally:
            ended.set()

    def probe(facts):
        all_of({"node1": ask}, patience(SOON))
        facts.connect = facts.second = Known("a")

    found = _found(check(probe, deadline=600))
    assert {one.severity for one in found} == {Severity.PASS}
    assert ended.wait(patience(1))


def test_a_server_that_sends_without_end_is_cut_off_and_what_was_found_before_stands(peer):
    probe = _Reader(peer(_flood))
    first, second = _found(check(probe, deadline=600))
    assert first.severity is Severity.PASS
    assert (second.severity, second.error) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)
    assert "more than 16 MiB" in second.summary
    assert probe.ended.wait(patience(1))


def test_what_a_probe_takes_back_is_done_after_its_deadline(peer, monkeypatch):
    monkeypatch.setattr(sockets, "GRACE", patience())
    late, heard, done = threading.Event(), [], threading.Event()

    def script(wire):
        wire.hear()
        assert late.wait(patience())
        wire.say(b"gone")
        heard.append(wire.hear())

    address = peer(script)

    def probe(_facts):
        with Cleanup().pending(), socket.create_connection(address, patience()) as connection:
            connection.sendall(b"make")
            heard.append(connection.recv(4))
            connection.sendall(b"take back")
        done.set()

    _found(check(probe, deadline=patience(SOON)))
    another = _Reader(peer(_trickle))
    _found(check(another, deadline=patience(SOON)))
    assert another.ended.wait(patience())  # so the sockets of the first one were looked at, too
    late.set()
    assert done.wait(patience(1))
    assert wait_until(lambda: len(heard) == 2, within=10)
    assert heard == [b"gone", b"take back"]


def test_what_hangs_while_it_takes_back_ends_a_moment_later(peer, monkeypatch):
    monkeypatch.setattr(sockets, "GRACE", 0.5)
    address, ended = peer(_trickle), threading.Event()

    def probe(_facts):
        try:
            with Cleanup().pending(), socket.create_connection(address, patience()) as connection:
                _read_on(connection)
        finally:
            ended.set()

    _found(check(probe, deadline=patience(SOON)))
    assert ended.wait(patience(2))


def test_a_session_is_ended_after_the_check_that_began_it():
    accounts, sockets_of_check = users(), Scope()
    with ScriptedNode(users=accounts) as node:
        target = Target("node1", node.host, node.port, "/")
        with sockets_of_check.entered(), signed_in(target, Account("checks", Secret(PASSWORD))) as entry:
            assert entry.session
            sockets_of_check.end()
            refused = attempt(lambda: socket.create_connection((node.host, node.port), patience()), explain_any)
        assert not accounts.open
    assert refused.kind is ErrorKind.PROTOCOL


def test_nobody_looks_after_sockets_once_all_checks_have_ended(peer):
    _found(check(_Reader(peer(_trickle)), deadline=patience(SOON)))
    assert wait_until(lambda: "sockets" not in {thread.name for thread in threading.enumerate()}, within=10)


def test_a_connection_whose_socket_was_closed_meanwhile_is_opened_anew():
    """As the end of a probe closes them, also under a thread that asks on."""
    with NodeStandIn() as node, http.plain(node.host, node.port) as way:
        assert http.get(way, "/api/__health_check").status == 200
        way.sock.close()
        assert http.get(way, "/api/__health_check").status == 200
