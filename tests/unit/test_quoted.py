"""Secrets are hidden in what others said, in every form; words of our own stay whole, whatever the secret is."""

import html
import shlex
import sys
from urllib.parse import quote

import httpx
import pytest

from tests.patience import patience
from wizard.checks.inside.document import NODE, document_of
from wizard.checks.licence import validity
from wizard.checks.shared import health
from wizard.engine.check import Check, obstructed
from wizard.engine.events import CheckFinished
from wizard.engine.facts import Trouble
from wizard.engine.runner import Run
from wizard.net import transport
from wizard.net.http import Reply, ask
from wizard.net.transport import TransportError
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.plan.quoted import Own, Quoted, hiding
from wizard.plan.redact import Redactor
from wizard.plan.remedy import commands
from wizard.plan.secret import HIDDEN, Secret
from wizard.plan.spec import Spec

SPEC = Spec("thing.works", "It works.", remedy="Make it so.")
HARD = "p<4$s 'w\"ö/rd#1"


def _run(judge, probe=lambda _facts: None, secrets=(), open_texts=()):
    """Run one check and give its findings as a face gets them."""
    found = []
    check = Check(component="thing", specs=(SPEC,), facts=dict, probe=probe, judge=judge)
    run = Run([check], found.append, redactor=Redactor([Secret(one) for one in secrets], open_texts))
    run.start()
    assert run.wait(patience())
    return next(event.findings for event in found if isinstance(event, CheckFinished))


@pytest.mark.parametrize(
    "form",
    [
        HARD,
        quote(HARD, safe=""),
        quote(HARD, safe="").lower(),
        html.escape(HARD),
        html.escape(HARD).replace("&#x27;", "&#39;"),
        HARD.encode().hex(),
        HARD.encode().hex().upper(),
        shlex.quote(HARD),
    ],
)
def test_what_a_server_says_is_hidden_in_every_form(form):
    (finding,) = _run(
        lambda _facts: [SPEC.fail(tr("It says “{said}”.", said=Quoted(f"no {form} here")))], secrets=[HARD]
    )
    assert form not in finding.summary
    assert HIDDEN in finding.summary


@pytest.mark.parametrize("secret", ["nocobase", "redis", "password", "works", "6379"])
class TestASecretThatIsAPlainWord:
    def test_leaves_words_of_our_own_whole(self, secret):
        text, lines = f"It works with {secret}, nocobase, redis and a password at 6379.", f"yarn {secret} redis-cli"
        (finding,) = _run(
            lambda _facts: [SPEC.fail(text, remedy=commands(lines), facts={"setting": f"redis.{secret}.host"})],
            secrets=[secret],
        )
        assert finding.summary == text
        assert finding.remedy == lines
        assert finding.facts["setting"] == f"redis.{secret}.host"

    def test_is_hidden_in_what_a_server_says(self, secret):
        said = f"access denied: {secret}"
        (finding,) = _run(
            lambda _facts: [
                SPEC.fail(tr("It refuses: {said}.", said=Quoted(said)), detail=Quoted(said), facts={"a": Quoted(said)})
            ],
            secrets=[secret],
        )
        assert secret not in finding.summary + finding.detail + finding.facts["a"]

    def test_is_hidden_in_the_message_of_trouble(self, secret):
        trouble = Trouble(ErrorKind.OTHER, f"server: {secret}")
        (finding,) = _run(lambda _facts: [obstructed(SPEC, trouble, SPEC, what="It fails.")], secrets=[secret])
        assert finding.detail == f"server: {HIDDEN}"


def test_a_name_of_the_plan_that_is_a_secret_too_stays_in_a_command():
    grant = 'GRANT CONNECT ON DATABASE "noco" TO "app_user1";'
    (finding,) = _run(
        lambda _facts: [SPEC.fail("It fails.", remedy=commands(grant))],
        secrets=["app_user1"],
        open_texts=["app_user1", "noco"],
    )
    assert finding.remedy == grant


def test_a_secret_that_is_no_word_is_hidden_even_where_nobody_marked_it():
    (finding,) = _run(
        lambda _facts: [SPEC.fail("It is s3cret-Value.", detail="s3cret-Value")], secrets=["s3cret-Value"]
    )
    assert "s3cret" not in finding.summary + finding.detail


def test_a_long_answer_is_cut_after_it_was_searched():
    body = b"x" * 195 + b"the-secret-in-the-body"
    (finding,) = _run(
        lambda _facts: [health.judge(SPEC, Reply(500, {}, body), "Node a")], secrets=["the-secret-in-the-body"]
    )
    assert "the-s" not in finding.detail + finding.facts["answer"]


LONG = "the-secret-in-a-long-text"


def test_of_a_long_text_of_others_4000_signs_stand_in_one_of_ours():
    said = f"{'a' * 3990}{HARD}{'b' * 4000}"
    (finding,) = _run(lambda _facts: [SPEC.fail(tr("It says “{said}”.", said=Quoted(said)))], secrets=[HARD])
    assert finding.summary == f"It says “{'a' * 3990}{HIDDEN}bbbb…”."


def test_what_a_node_tells_is_cut_after_it_was_searched():
    with hiding(Redactor([Secret(LONG)]).text):
        found = document_of({"kind": NODE, "schema": 1, "worker_mode": "x" * 295 + LONG})
    assert "the-s" not in str.__str__(found.worker_mode)


def test_what_an_answer_about_the_licence_says_is_cut_after_it_was_searched():
    told = {"keyExist": True, "keyStatus": "x" * 495 + LONG}
    with hiding(Redactor([Secret(LONG)]).text):
        assert "the-s" not in validity.read(told).unread


def test_the_last_words_of_a_program_are_cut_after_they_were_searched():
    script = f"import sys; sys.stderr.write({LONG!r} + 'x' * 1990); sys.exit(1)"
    with pytest.raises(TransportError) as refused:
        transport.ask([sys.executable, "-c", script], b"", patience())
    with hiding(Redactor([Secret(LONG)]).text):
        assert "text" not in Quoted(refused.value.trouble.about).shown_end(2000)


def test_of_an_answer_no_more_is_read_than_is_kept():
    given = []

    def pieces():
        for number in range(100):
            given.append(number)
            yield b"x" * 10

    answering = httpx.MockTransport(lambda _request: httpx.Response(200, content=pieces()))
    with httpx.Client(transport=answering) as client:
        assert ask(client, "GET", "http://node/", largest=25).body == b"x" * 25
    assert given == [0, 1, 2]


def test_a_message_in_an_answer_of_nocobase_is_what_another_said():
    body = b'{"error": {"code": "APP_ERROR", "message": "user nocobase may not"}}'
    (finding,) = _run(lambda _facts: [health.judge(SPEC, Reply(500, {}, body), "nocobase-1")], secrets=["nocobase"])
    assert "nocobase-1" in finding.summary
    assert "user nocobase" not in finding.summary


def test_a_judge_compares_what_was_said_as_it_came():
    said = Quoted("password authentication failed")
    with hiding(Redactor([Secret("password")]).text):
        assert "password" in said
        assert said == "password authentication failed"
        assert f"{said}" == f"{HIDDEN} authentication failed"
        assert f"{'It says: ' + said}" == f"It says: {HIDDEN} authentication failed"
        assert f"{said + ' (1045)'}" == f"{HIDDEN} authentication failed (1045)"


def test_without_a_run_a_quoted_text_is_as_it_is():
    assert f"{Quoted('any text')}" == "any text"


def test_our_own_words_in_the_place_of_a_message_are_not_searched():
    with hiding(Redactor([Secret("answer")]).text):
        assert f"{Trouble(ErrorKind.TIMEOUT, Own('no answer')).message}" == "no answer"
        assert f"{Trouble(ErrorKind.TIMEOUT, 'no answer').message}" == f"no {HIDDEN}"


def test_a_probe_quotes_without_the_secret_too():
    seen = []
    (finding,) = _run(
        lambda facts: [SPEC.passed("It works.")],
        probe=lambda _facts: seen.append(Reply(200, {}, b"the-body-s3cret").quote()),
        secrets=["the-body-s3cret"],
    )
    assert seen == [HIDDEN]
    assert finding.summary == "It works."
