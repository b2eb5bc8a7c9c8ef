"""The sockets of a probe, on this machine's loopback: counted, shut at its end, and lent ones left to their owners."""

import contextlib
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.patience import patience
from wizard.engine import sockets
from wizard.engine.sockets import Scope, are_closed, hold, is_given_up, is_own, watch

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="bytes are counted by Linux alone")


@pytest.fixture(autouse=True)
def unwatched(monkeypatch):
    """Let no thread look after the scopes: here each look is the test's own."""
    monkeypatch.setattr(sockets, "_WATCH", SimpleNamespace(add=lambda _scope: None))


@pytest.fixture
def clock(monkeypatch):
    """Return the seconds that a scope's clock shows, to be set."""
    shown = [0.0]
    monkeypatch.setattr(sockets, "time", SimpleNamespace(monotonic=lambda: shown[0]))
    return shown


@pytest.fixture
def server():
    """Return a server of this machine, outside of any scope."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(patience())
        yield listening


def connected(server):
    """Return a connection made in the scope of whoever calls, and the other end of it, made in none."""
    one = socket.create_connection(server.getsockname(), patience())
    token = sockets._SCOPE.set(None)
    other = server.accept()[0]
    sockets._SCOPE.reset(token)
    other.settimeout(patience())
    return one, other


def is_over(one):
    """Say whether nothing comes any more, and not that something may yet."""
    one.settimeout(patience())
    return one.recv(1) == b""


def sent(other, one, data):
    """Send so much, and wait until it is there."""
    other.sendall(data)
    assert one.recv(len(data), socket.MSG_WAITALL) == data


def test_until_its_end_a_probe_may_ask_and_afterwards_it_is_refused(server):
    scope = Scope()
    with scope.entered():
        one, other = connected(server)
        assert (scope.is_open, scope.is_ended, scope.look()) == (True, False, True)
        assert (are_closed(), is_given_up()) == (False, False)
        scope.end()
        assert (scope.is_open, scope.is_ended) == (False, True)
        assert (are_closed(), is_given_up()) == (True, True)
        with pytest.raises(ConnectionAbortedError):
            socket.create_connection(server.getsockname())
    assert (are_closed(), is_given_up()) == (False, False)
    assert scope.look() is False  # all is shut: nothing is left to look after
    assert is_over(one)
    assert is_over(other)
    assert one.fileno() >= 0  # whoever made it closes it
    one.close()
    other.close()


def test_a_pair_of_its_own_is_left_when_what_leads_to_a_server_is_shut(server):
    scope = Scope()
    with scope.entered():
        own = socket.create_server(("127.0.0.1", 0))
        ours = socket.create_connection(own.getsockname(), patience())
        theirs = own.accept()[0]
        own.close()
        one, other = connected(server)
    scope.end()
    assert scope.look() is False
    assert is_over(one)
    sent(ours, theirs, b"wake")
    sent(theirs, ours, b"woken")
    for each in (ours, theirs, one, other):
        each.close()


def test_what_is_not_connected_yet_is_looked_after_until_it_is_closed():
    scope = Scope()
    with scope.entered():
        one = socket.socket()
    scope.end()
    assert scope.look() is True
    one.close()
    assert scope.look() is False


def test_through_it_closes_what_was_left_to_the_garbage_unless_something_is_held(server):
    scope = Scope()
    with scope.entered():
        one, other = connected(server)
        loose = socket.socket()
        with hold():
            scope.leave()
            assert (one.fileno() >= 0, loose.fileno() >= 0) == (True, True)
            assert scope.is_ended
        assert (one.fileno(), loose.fileno()) == (-1, -1)
    another = Scope()
    with another.entered():
        late = socket.socket()
        with hold():
            pass
        assert late.fileno() >= 0
        another.leave()
    assert late.fileno() == -1
    other.close()


def test_what_is_held_has_ten_seconds_from_the_end_or_from_when_it_began(clock):
    scope = Scope()
    with scope.entered():
        clock[0] = 2.0
        with hold():
            scope.end()
            clock[0] = 11.9
            assert (scope.is_open, scope.look(), are_closed(), is_given_up()) == (True, True, False, True)
            clock[0] = 12.0
            assert (scope.is_open, are_closed()) == (False, True)
            assert scope.look() is True  # it is still held
        clock[0] = 20.0
        with scope.held():
            clock[0] = 29.9
            assert scope.is_open
            clock[0] = 30.0
            assert not scope.is_open
        clock[0] = 29.0
        assert not scope.is_open
        assert scope.look() is False


def test_an_end_that_is_asked_for_twice_is_the_first_one(clock):
    scope = Scope()
    clock[0] = 5.0
    scope.end()
    clock[0] = 9.0
    scope.end()
    clock[0] = 5.0
    assert scope.is_ended
    clock[0] = 4.9
    assert not scope.is_ended


def test_what_is_bounded_is_shut_after_its_seconds_and_more_may_be_opened_behind_it(clock, server):
    scope = Scope()
    with scope.entered():
        with scope.bounded(5.0):
            one, other = connected(server)
            clock[0] = 4.9
            assert scope.is_open
            clock[0] = 5.0
            assert not scope.is_open
            assert scope.look() is True  # the scope itself goes on
            assert is_over(one)
        assert scope.is_open
        more, again = connected(server)
        sent(again, more, b"x")
    for each in (one, other, more, again):
        each.close()


@LINUX
def test_what_a_server_sends_above_the_budget_is_told_once_and_then_cut_off(server, monkeypatch):
    monkeypatch.setattr(sockets, "BUDGET", 5)
    told = []
    scope = Scope(lambda: told.append("flooded"))
    with scope.entered():
        one, other = connected(server)
        sent(other, one, b"12345")
        assert (scope.look(), told, scope.is_open) == (True, [], True)
        sent(other, one, b"6")
        assert (scope.look(), told, scope.is_open) == (True, ["flooded"], True)  # a beat to keep what was found
        assert (scope.look(), told, scope.is_open) == (True, ["flooded"], False)
        assert is_over(one)
        scope.end()
        assert scope.look() is False
    one.close()
    other.close()


@LINUX
def test_what_came_by_connections_that_were_closed_counts_too(server, monkeypatch):
    monkeypatch.setattr(sockets, "BUDGET", 7)
    scope = Scope()
    with scope.entered():
        for _time in range(2):
            one, other = connected(server)
            sent(other, one, b"1234")
            assert scope.is_open
            scope.look()
            one.close()
            other.close()
    assert not scope.is_open


def test_sixteen_mebibytes_are_the_budget():
    assert sockets.BUDGET == 16_777_216


@pytest.mark.parametrize(
    ("address", "here"),
    [
        (("127.0.0.1", 9), True),
        (("::1", 9, 0, 0), True),
        (("localhost", 9), True),
        (("0.0.0.0", 9), True),
        (("192.0.2.9", 9), False),
        (("db.internal", 9), False),
        ("/run/redis.sock", True),
        ((), True),
        (None, True),
    ],
)
def test_an_answer_needs_this_machine_where_a_server_or_a_program_of_it_is_asked(address, here):
    scope = Scope()
    assert scope.is_here is False
    scope.note(address)
    scope.note(address)
    assert scope.is_here is here


def test_whom_a_probe_asks_is_noticed_by_its_sockets_and_programs(server):
    for ask in (
        lambda: connected(server),
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    ):
        scope = Scope()
        with scope.entered():
            made = ask()
        assert scope.is_here is True
        for each in made if isinstance(made, tuple) else ():
            each.close()


def test_a_probe_that_asks_nobody_but_itself_needs_no_server_of_this_machine():
    scope = Scope()
    with scope.entered(), socket.create_server(("127.0.0.1", 0)) as own:
        socket.create_connection(own.getsockname(), patience()).close()
        assert scope.is_here is False


def test_a_descriptor_that_is_lent_is_seen_and_shut_but_never_closed(server):
    one, other = connected(server)
    lent = Scope()
    with lent.entered():
        watch(one.fileno)
    assert lent.is_here is False
    assert lent.look() is True
    assert lent.is_here is True  # its other end is on this machine
    lent.leave()
    assert is_over(other)
    assert one.fileno() >= 0
    assert one.getsockname()[0] == "127.0.0.1"
    assert lent.look() is False
    one.close()
    other.close()


@LINUX
def test_what_comes_by_a_descriptor_that_is_lent_counts(server, monkeypatch):
    monkeypatch.setattr(sockets, "BUDGET", 3)
    one, other = connected(server)
    scope = Scope()
    with scope.entered():
        watch(one.fileno)
    sent(other, one, b"123")
    scope.look()
    assert scope.is_open
    sent(other, one, b"4")
    scope.look()
    assert not scope.is_open
    one.close()
    other.close()


@pytest.mark.parametrize("number", [lambda: -1, lambda: 1 // 0], ids=["closed", "gone"])
def test_a_descriptor_that_its_library_has_closed_is_nothing_to_look_after(number):
    scope = Scope()
    with scope.entered():
        watch(number)
    assert scope.look() is True
    scope.leave()
    assert scope.look() is False


def test_the_first_descriptor_of_all_is_one_too(monkeypatch):
    taken = []
    monkeypatch.setattr(sockets, "socket", SimpleNamespace(socket=lambda fileno: taken.append(fileno) or taken))
    sockets._lent(lambda: 0)
    sockets._lent(lambda: -1)
    assert taken == [0]


def test_without_a_scope_nothing_is_held_or_watched(server):
    with hold():
        one, other = connected(server)
    watch(one.fileno)
    assert (are_closed(), is_given_up()) == (False, False)
    sent(other, one, b"x")
    one.close()
    other.close()


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", True),
        ("::", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("db.internal", False),
        ("", False),
    ],
)
def test_an_address_is_this_machines_own_or_not(host, own):
    assert is_own(host) is own


@pytest.mark.parametrize(
    ("host", "begins", "family", "own"),
    [
        ("203.0.113.5", "203.0.113.5", "four", True),
        ("203.0.113.5", "203.0.113.6", "four", False),
        ("2001:db8::5", "2001:db8::5", "six", True),
        ("2001:db8::5", "2001:db8:0::5", "six", True),
        ("2001:db8::5", "2001:db8::6", "six", False),
        ("fe80::1%eth0", "fe80::1%eth0", "six", True),
        ("fe80::1%eth0", "fe80::1", "six", True),
    ],
)
def test_a_way_that_begins_where_it_ends_is_of_this_machine(monkeypatch, host, begins, family, own):
    asked = []

    def made(of, kind):
        asked.append((of, kind))
        one = SimpleNamespace(connect=lambda address: asked.append(address[0]), getsockname=lambda: (begins, 4711))
        return contextlib.nullcontext(one)

    stand_in = SimpleNamespace(socket=made, AF_INET="four", AF_INET6="six", SOCK_DGRAM="without a word")
    monkeypatch.setattr(sockets, "socket", stand_in)
    assert is_own(host) is own
    assert asked == [(family, "without a word"), host]
