"""A text of a server is searched for secrets before it is cut: no cut leaves a piece of one."""

import sys

import pytest

from wizard.checks.cluster.answers import said
from wizard.checks.inside import document as inside
from wizard.checks.licence import validity
from wizard.checks.redis.probe import _family
from wizard.net import http, transport
from wizard.net.http import Reply
from wizard.plan.quoted import Quoted, bounded, hiding
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret

SECRET = "Wr0ng-horse  batt3ry"
PIECES = {SECRET[start : start + 5] for start in range(len(SECRET) - 4)}


def of_an_answer(text):
    return said(Reply(401, body=_json({"errors": [{"code": "X", "message": text}]})), Redactor([])).words


def of_a_licence(text):
    found = validity.read({"keyExist": True, "current": {"domain": text}})
    return found.seen_as if found else ""


def of_a_page(text):
    return Reply(500, body=text.encode()).quote()


def of_the_largest_page(text):
    """Return what is quoted of a body that was cut within the secret, and has next to nothing before it."""
    whole = b" " * (http.LARGEST - text.encode().find(SECRET.encode()) % len(SECRET) - 3) + SECRET.encode()
    return Reply(500, body=whole[: http.LARGEST]).quote()


def of_a_program(text):
    words = [sys.executable, "-c", f"import sys; sys.stderr.write({text!r}); sys.exit(3)"]
    with pytest.raises(transport.TransportError) as caught:
        transport.ask(words, b"", 20)
    return Quoted(caught.value.trouble.about).shown_end(500)


def of_a_node_from_inside(text):
    return inside._text(text)


def _json(data):
    import json

    return json.dumps(data).encode()


@pytest.mark.parametrize("lead", [0, 4, 8, 150, 185, 195, 199, 280, 295, 299, 485, 495, 499])
@pytest.mark.parametrize(
    "way",
    [
        of_an_answer,
        of_a_licence,
        of_a_page,
        of_the_largest_page,
        of_a_node_from_inside,
        _family,
        lambda text: bounded(text, 200),
        lambda text: Quoted(text).shown(200),
    ],
)
def test_no_piece_of_a_secret_is_left_where_a_text_is_cut(way, lead):
    with hiding(Redactor([Secret(SECRET)]).text):
        shown = str(way("x" * lead + SECRET + "y" * 600))
    assert not [piece for piece in PIECES if piece in shown]


@pytest.mark.parametrize(("before", "after"), [(0, 0), (700, 0), (0, 490), (15, 495), (40_000, 25_530)])
def test_no_piece_of_a_secret_is_left_of_what_a_program_said(before, after):
    with hiding(Redactor([Secret(SECRET)]).text):
        shown = of_a_program(" " * before + SECRET + "y" * after)
    assert not [piece for piece in PIECES if piece in shown]
    assert shown.endswith("y" * 400 if after else HIDDEN)


def test_the_last_words_of_a_program_are_shown():
    assert of_a_program("a" * 30_000 + " Permission denied (publickey).").endswith("a Permission denied (publickey).")
