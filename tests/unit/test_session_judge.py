"""What nodes say to a session of one of them: whether they share keys, database and the list of ended sessions."""

from dataclasses import replace

import pytest

from tests.unit.plans import good_plan
from wizard.checks.cluster import judge_keys
from wizard.checks.cluster.answers import Said, said
from wizard.checks.cluster.session import Shown
from wizard.checks.cluster.session_probe import SessionFacts
from wizard.checks.cluster.session_target import target_of
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment

PASS, FAIL, SKIP, UNKNOWN = Severity.PASS, Severity.FAIL, Severity.SKIP, Severity.UNKNOWN
TARGET = target_of(good_plan().with_value("application.check_account", "checks"), {})
NAMES = ("node1", "node2", "node3")
LATE = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s", elapsed_ms=5000)


def accepted(*, same=True):
    return Known(Shown(Said(200), same=same))


def refused(code, message="", status=401):
    return Known(Shown(Said(status, code, message)))


OVER = Known(Said(401, "BLOCKED_TOKEN"))
OPEN = Known(Said(200))


def judged(target=TARGET, serving=NAMES, login=Known(Said(200), 9), shown=(), ended=(), **facts):  # noqa: B008
    answers = {name: accepted() for name in serving} | dict(shown)
    over = dict.fromkeys(serving, OVER) | {"node1": OPEN} | dict(ended)
    values = {"serving": Known(serving), "login": login, "shown": Known(answers), "ended": Known(over)} | facts
    return list(judge_keys.judge(target, SessionFacts(**values)))


def told(**facts):
    return [(finding.severity, finding.error) for finding in judged(**facts)]


def test_nodes_that_share_all_pass():
    assert told() == [(PASS, None), (PASS, None)]


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({"serving": PENDING}, (UNKNOWN, ErrorKind.TIMEOUT)),
        ({"shown": PENDING, "login": PENDING}, (UNKNOWN, ErrorKind.OTHER)),
        ({"shown": PENDING, "login": LATE}, (UNKNOWN, ErrorKind.TIMEOUT)),
        ({"shown": LATE}, (UNKNOWN, ErrorKind.TIMEOUT)),
        ({"shown": PENDING, "login": Known(Said(401, "X_Y", "wrong"), 9)}, (UNKNOWN, ErrorKind.CREDENTIALS)),
        ({"shown": PENDING, "login": Known(Said(403), 9)}, (UNKNOWN, ErrorKind.PERMISSION)),
        ({"shown": PENDING, "login": Known(Said(200), 9)}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"shown": PENDING, "login": Known(Said(500), 9)}, (UNKNOWN, ErrorKind.PROTOCOL)),
    ],
)
def test_without_a_session_nothing_is_known(facts, first):
    values = {"serving": Known(NAMES), "login": Known(Said(200), 9), "shown": Known({}), "ended": PENDING} | facts
    found = list(judge_keys.judge(TARGET, SessionFacts(**values)))
    assert [(finding.severity, finding.error) for finding in found] == [first, (SKIP, None)]


def test_no_node_that_serves_is_skipped():
    found = list(judge_keys.judge(TARGET, SessionFacts(serving=Known(()))))
    assert [finding.severity for finding in found] == [SKIP, SKIP]


@pytest.mark.parametrize(
    ("serving", "name"), [(Known(("node2", "node1")), "node2"), (Known(()), ""), (PENDING, ""), (LATE, "")]
)
def test_the_first_node_that_serves_is_signed_in_on(serving, name):
    assert judge_keys.first_of(SessionFacts(serving=serving)) == name


def test_one_node_alone_has_nothing_to_compare():
    assert told(serving=("node1",)) == [(SKIP, None), (SKIP, None)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("USER_HAS_NO_ROLES_ERR", status=403), ErrorKind.PERMISSION),
        (refused("INVALID_TOKEN"), ErrorKind.PROTOCOL),
        (accepted(same=False), ErrorKind.PROTOCOL),
        (LATE, ErrorKind.PROTOCOL),
    ],
)
def test_a_token_refused_where_it_was_given_proves_nothing(answer, error):
    assert told(shown={"node1": answer}) == [(UNKNOWN, error), (SKIP, None)]


@pytest.mark.parametrize("deployment", Deployment)
@pytest.mark.parametrize("storage", ["/srv/noco base", ""])
def test_a_token_refused_for_its_key_fails_with_commands_that_compare(deployment, storage):
    target = replace(TARGET, deployment=deployment, storage=storage)
    keys, ended = judged(target, shown={"node2": refused("INVALID_TOKEN", "bad signature")})
    assert (keys.severity, keys.error) == (FAIL, ErrorKind.CREDENTIALS)
    assert ended.severity is PASS


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("NOT_EXIST_USER"), ErrorKind.MISSING),
        (accepted(same=False), ErrorKind.MISSING),
        (refused("EXPIRED_TOKEN"), ErrorKind.MISSING),
        (refused("INVALID_TOKEN"), ErrorKind.CREDENTIALS),
        (refused("INVALID_TOKEN", status=500), ErrorKind.OTHER),
        (Trouble(ErrorKind.REFUSED), ErrorKind.OTHER),
        (LATE, ErrorKind.OTHER),
    ],
)
def test_a_token_that_another_node_does_not_take_has_a_kind(answer, error):
    keys, ended = told(shown={"node3": answer})
    assert keys == (UNKNOWN if error is ErrorKind.OTHER else FAIL, error)
    assert ended == (PASS, None)


def test_where_no_other_node_takes_it_the_end_is_not_judged():
    assert told(shown={"node2": LATE, "node3": LATE}) == [(UNKNOWN, ErrorKind.OTHER), (SKIP, None)]


def test_a_node_that_does_not_serve_leaves_it_open():
    assert told(serving=("node1", "node2"))[0] == (UNKNOWN, ErrorKind.OTHER)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ({"node2": OPEN}, (FAIL, ErrorKind.MISSING)),
        ({"node2": OPEN, "node3": OPEN}, (FAIL, ErrorKind.MISSING)),
        ({"node2": OPEN, "node3": LATE}, (FAIL, ErrorKind.MISSING)),
        ({"node2": Known(Said(401, "INVALID_TOKEN"))}, (UNKNOWN, ErrorKind.OTHER)),
        ({"node2": Trouble(ErrorKind.REFUSED)}, (UNKNOWN, ErrorKind.OTHER)),
        ({"node2": None}, (UNKNOWN, ErrorKind.OTHER)),
        ({"node1": Known(Said(500, "BROKEN"))}, (UNKNOWN, ErrorKind.OTHER)),
        ({"node1": LATE}, (UNKNOWN, ErrorKind.TIMEOUT)),
        ({"node1": None}, (UNKNOWN, ErrorKind.OTHER)),
    ],
)
def test_a_session_that_ended_must_be_over_on_all(ended, expected):
    assert told(ended=ended) == [(PASS, None), expected]


def test_an_end_that_was_not_asked_is_unknown():
    values = {"serving": Known(NAMES), "login": Known(Said(200)), "shown": Known(dict.fromkeys(NAMES, accepted()))}
    _, ended = judge_keys.judge(TARGET, SessionFacts(**values))
    assert (ended.severity, ended.error) == (UNKNOWN, ErrorKind.OTHER)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(200, body=b'{"errors": [{"code": "A_CODE"}]}'), Said(200)),
        (Reply(401, body=b"[]"), Said(401)),
        (Reply(401, body=b'{"errors": [{"code": "A_CODE", "message": "no"}]}'), Said(401, "A_CODE", "no")),
        (Reply(401, body=b'{"errors": [], "error": {"code": "A_CODE"}}'), Said(401, "A_CODE")),
        (Reply(401, body=b'{"error": {"code": "lower", "message": 1}}'), Said(401)),
        (Reply(401, body=b'{"error": "text"}'), Said(401)),
        (Reply(401, body=b'{"error": {"code": 5, "message": "pass-word is wrong"}}'), Said(401, "", "••• is wrong")),
    ],
)
def test_of_an_answer_only_code_and_message_are_kept(reply, expected):
    found = said(reply, Redactor([Secret("pass-word")]))
    assert (found.status, found.code) == (expected.status, expected.code)
    assert "pass-word" not in found.message
    assert bool(found.message) is bool(expected.message)


def test_a_message_is_cut_after_200_characters():
    reply = Reply(401, body=b'{"error": {"code": "A_CODE", "message": "%s"}}' % (b"x" * 201))
    assert said(reply, Redactor([])).words == f"HTTP 401 A_CODE “{'x' * 200}…”"


def test_nodes_that_all_gave_no_answer_are_named_as_those_of_which_nothing_is_known():
    [keys, _rest] = judged(shown={"node2": LATE, "node3": LATE})
    assert keys.severity is UNKNOWN
    assert keys.summary == "Could not be found out: whether a token of node1 is accepted by node2, node3."
    [keys, _rest] = judged(shown={"node3": LATE})
    assert keys.summary == "A token of node1 is accepted by node2; of node3 it could not be found out."


def test_a_token_that_a_node_could_not_be_shown_as_it_is_down_comes_of_that():
    answers = {"node1": accepted(), "node2": accepted()}
    [keys, _rest] = judged(serving=("node1", "node2"), shown=answers)
    assert (keys.severity, keys.because) == (UNKNOWN, ("node.health", "node.connect"))
    [keys, _rest] = judged(shown={"node3": LATE})
    assert keys.because == ()
