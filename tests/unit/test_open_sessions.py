"""The end of the program ends the sessions that are open, and waits for those that are being ended."""

import json
import threading

import pytest

from tests.patience import patience
from tests.unit.plans import good_plan
from wizard.checks.cluster import open_sessions
from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.open_sessions import Leaving
from wizard.checks.cluster.session import Account, sign_in
from wizard.checks.node.target import target_of
from wizard.net import http
from wizard.net.http import Reply
from wizard.plan.secret import Secret


class Session:
    """A session whose sign-out takes until it is let go."""

    node = "node1"

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()
        self.ended = 0

    def end(self, _node, _timeout=0.0):
        self.asked.set()
        assert self.let_go.wait(patience())
        self.ended += 1


@pytest.fixture
def session(monkeypatch):
    made = Session()
    monkeypatch.setattr(open_sessions, "sign_in", lambda _node, _account: (Said(200), made))
    monkeypatch.setattr(open_sessions, "PATIENCE", patience())
    return made


def started(action) -> threading.Thread:
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread


def test_a_session_that_is_being_ended_is_waited_for(session):
    leaving = Leaving()
    leaving.begin("node1", None)
    own = started(lambda: leaving.end(session, "node1"))
    assert session.asked.wait(patience())
    end = started(leaving.end_all)
    assert end.is_alive()
    session.let_go.set()
    end.join(patience())
    own.join(patience())
    assert (end.is_alive(), session.ended) == (False, 1)


def test_a_session_that_is_open_is_ended_once(session):
    leaving = Leaving()
    leaving.begin("node1", None)
    session.let_go.set()
    leaving.end_all()
    leaving.end(session, "node1")
    assert session.ended == 1


def test_when_the_program_ends_no_session_is_begun(session):
    leaving = Leaving()
    leaving.end_all()
    with pytest.raises(SystemExit):
        leaving.begin("node1", None)
    assert session.ended == 0


@pytest.mark.parametrize("token", ["a\r\nX-Other: 1", "a b", "é", "", 7, None])
def test_what_is_no_token_opens_no_session(monkeypatch, token):
    answer = Reply(200, {}, json.dumps({"data": {"token": token, "user": {"id": 1}}}).encode())
    monkeypatch.setattr(http, "send", lambda *_asked, **_more: answer)
    assert sign_in(target_of(good_plan(), 0), Account("someone", Secret("pass-word")))[1] is None
