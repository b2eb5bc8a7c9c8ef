"""One sign-in with NocoBase's published first account, on stand-ins: nobody should get in."""

import pytest

from tests.live.sessions import ScriptedNode, asked, found_on, users
from tests.patience import patience
from wizard.demo.http_stand_in import Answer
from wizard.demo.sessions import User
from wizard.plan.finding import ErrorKind, Severity

pytestmark = pytest.mark.live
SIGN_IN = "auth:signIn"
DEFAULT = User(1, "nocobase", "admin@nocobase.com", "admin123")


def _told(finding):
    return finding.severity, finding.error


def test_the_published_password_that_signs_in_is_a_warning_and_is_signed_out(node_stand_in):
    both = users(DEFAULT)
    nodes = [node_stand_in("node1", users=both), node_stand_in("node2", users=both)]
    found = found_on(*nodes, application__try_default_admin=True, application__check_account="")
    assert _told(found["cluster.default_admin"]) == (Severity.WARN, ErrorKind.CREDENTIALS)
    assert [asked(node, SIGN_IN) for node in nodes] == [1, 0]
    assert len(both.begun) == 1
    assert not both.open


def test_the_published_password_that_is_refused_passes(node_stand_in):
    node = node_stand_in("node1")
    found = found_on(node, application__try_default_admin=True, application__check_account="")
    assert found["cluster.default_admin"].severity is Severity.PASS
    assert asked(node, SIGN_IN) == 1


@pytest.mark.usefixtures("quiet_machine")
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer.of_json(403, {"errors": [{"message": "Invalid sign-in origin"}]}), ErrorKind.PROTOCOL),
        (Answer.of_json(429, {}), ErrorKind.PROTOCOL),
        (Answer.of_json(200, {"data": {}}), ErrorKind.PROTOCOL),
        (None, ErrorKind.TIMEOUT),
    ],
)
def test_an_answer_that_is_neither_yes_nor_no_is_unknown(launch, answer, error):
    node = launch(lambda: ScriptedNode("node1", says={SIGN_IN: answer}))
    limit = patience(0.5 if answer is None else 5)
    found = found_on(
        node,
        application__try_default_admin=True,
        application__check_account="",
        timeout=limit,
    )
    assert _told(found["cluster.default_admin"]) == (Severity.UNKNOWN, error)
