"""The JSON form of facts, literally: one class made up for it that has every kind of value, there and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import pytest

from wizard.engine.facts import PENDING, Fact, Known, Trouble
from wizard.engine.facts_json import FactsJsonError, facts_from_json, facts_to_json
from wizard.plan.finding import ErrorKind
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret

REDACTOR = Redactor([Secret("pass-1234-word")])


class Kind(Enum):
    ONE = "one"
    TWO = 2


@dataclass(frozen=True)
class Place:
    host: str
    port: int | None = None


@dataclass(frozen=True)
class Box:
    inside: Known[str] | None = None
    key: Secret | None = None


@dataclass(frozen=True)
class Counted:
    known: int
    pending: bool


@dataclass
class Facts:
    text: Fact[str] = PENDING
    number: Fact[float] = PENDING
    whole: Fact[int | bool] = PENDING
    place: Fact[Place | None] = PENDING
    either: Fact[Place | Box] = PENDING
    mapping: Fact[Mapping[tuple[str, int], Place]] = PENDING
    several: Fact[tuple[str, ...]] = PENDING
    pair: Fact[tuple[int, Place, str]] = PENDING
    some: Fact[set[int]] = PENDING
    fixed: Fact[frozenset[str]] = PENDING
    listed: Fact[list[Kind]] = PENDING
    path: Fact[Path] = PENDING
    raw: Fact[bytes] = PENDING
    moment: Fact[datetime] = PENDING
    kind: Fact[Kind] = PENDING
    boxes: Fact[tuple[Box, ...]] = PENDING
    secrets: Fact[Mapping[str, Secret]] = PENDING
    counted: Fact[Counted] = PENDING


FORMS = {
    "text": (Known("a"), {"known": "a", "elapsed_ms": None}),
    "number": (Known(1.5, 7), {"known": 1.5, "elapsed_ms": 7}),
    "whole": (Known(value=True), {"known": True, "elapsed_ms": None}),
    "place": (Known(None, 0), {"known": None, "elapsed_ms": 0}),
    "either": (
        Known(Place("h", 1)),
        {"known": {"class": "Place", "host": "h", "port": 1}, "elapsed_ms": None},
    ),
    "mapping": (
        Known({("a", 1): Place("h")}),
        {"known": [[["a", 1], {"host": "h", "port": None}]], "elapsed_ms": None},
    ),
    "several": (Known(("a", "b")), {"known": ["a", "b"], "elapsed_ms": None}),
    "pair": (
        Known((1, Place("h", 2), "c")),
        {"known": [1, {"host": "h", "port": 2}, "c"], "elapsed_ms": None},
    ),
    "some": (Known({3}), {"known": [3], "elapsed_ms": None}),
    "fixed": (Known(frozenset({"a"})), {"known": ["a"], "elapsed_ms": None}),
    "listed": (Known((Kind.ONE,)), {"known": ["one"], "elapsed_ms": None}),
    "path": (Known(Path("/srv/x")), {"known": "/srv/x", "elapsed_ms": None}),
    "raw": (Known(b"a\xff"), {"known": "a\udcff", "elapsed_ms": None}),
    "moment": (
        Known(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        {"known": "2026-01-02T03:04:05+00:00", "elapsed_ms": None},
    ),
    "kind": (Known(Kind.ONE), {"known": "one", "elapsed_ms": None}),
    "counted": (
        Known(Counted(3, pending=False)),
        {"known": {"known": 3, "pending": False}, "elapsed_ms": None},
    ),
    "boxes": (
        Known((Box(Known("x", 3)), Box())),
        {"known": [{"inside": {"known": "x", "elapsed_ms": 3}, "key": None}, {"inside": None, "key": None}]}
        | {"elapsed_ms": None},
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_kind_of_value_has_its_form_and_comes_back(name):
    fact, form = FORMS[name]
    facts = Facts(**{name: fact})
    written = facts_to_json(facts, REDACTOR)
    assert written == {item: {"pending": True} for item in Facts.__dataclass_fields__} | {name: form}
    read = facts_from_json(Facts, written)
    assert read == facts
    assert type(getattr(read, name).value) is type(fact.value)


def test_the_class_is_named_only_where_several_are_allowed():
    for value in (Place("h"), Box(Known("x"))):
        written = facts_to_json(Facts(either=Known(value)), REDACTOR)
        assert written["either"]["known"]["class"] == type(value).__name__
        assert facts_from_json(Facts, written).either == Known(value)


def test_trouble_has_all_its_parts():
    trouble = Trouble(ErrorKind.TLS, "no", "certificate", 7, ours=True)
    written = facts_to_json(Facts(text=trouble), REDACTOR)["text"]
    assert written == {
        "trouble": {"kind": "tls", "message": "no", "about": "certificate", "elapsed_ms": 7, "ours": True}
    }
    assert facts_from_json(Facts, {"text": written}).text == trouble


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("boxes", (Box(), Box(key=Secret("the-content-of-a-key")))),
        ("either", Box(key=Secret("the-content-of-a-key"))),
        ("secrets", {"a": Secret("the-content-of-a-key")}),
    ],
)
def test_a_secret_is_withheld_wherever_it_is_and_comes_back_as_trouble_of_this_machine(name, value):
    written = facts_to_json(Facts(**{name: Known(value, 9)}), REDACTOR)[name]
    assert written == {"withheld": True, "elapsed_ms": 9}
    assert getattr(facts_from_json(Facts, {name: written}), name) == Trouble(
        ErrorKind.OTHER, "it holds a secret, which is not kept", elapsed_ms=9, ours=True
    )


@dataclass(frozen=True)
class Deep:
    inside: Known[Secret] | None = None
    several: tuple[Secret, ...] = ()


@dataclass
class DeepFacts:
    deep: Fact[Deep] = PENDING


@pytest.mark.parametrize(
    "deep", [Deep(Known(Secret("the-content-of-a-key"))), Deep(several=(Secret("the-content-of-a-key"),))]
)
def test_a_secret_within_a_known_value_or_a_list_is_withheld(deep):
    assert facts_to_json(DeepFacts(Known(deep)), REDACTOR) == {"deep": {"withheld": True, "elapsed_ms": None}}
    assert "known" in facts_to_json(DeepFacts(Known(Deep())), REDACTOR)["deep"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("text", "x pass-1234-word"), ("path", Path("/pass-1234-word")), ("raw", b"pass-1234-word \xff")],
)
def test_what_the_redactor_knows_is_hidden_in_each_kind_of_text(name, value):
    shown = facts_to_json(Facts(**{name: Known(value)}), REDACTOR)[name]["known"]
    assert "1234" not in shown
    assert len(shown) > 2


@dataclass
class Odd:
    odd: Fact[complex] = PENDING
    other: str = field(default="x")


def test_what_has_no_form_is_refused_when_it_is_written():
    with pytest.raises(TypeError, match=r"^no JSON form for complex$"):
        facts_to_json(Odd(Known(1j)), REDACTOR)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "no object for Facts"),
        ([], "no object for Facts"),
        ({"text": {"trouble": []}}, "no object for Trouble"),
        ({"text": 1}, "1 is not of the declared type"),
        ({"number": {"known": "1", "elapsed_ms": None}}, "a text where none is declared"),
        ({"text": {"known": 1, "elapsed_ms": None}}, "1 is not of the declared type"),
        ({"nothing": {"pending": True}}, "not the facts of Facts: KeyError"),
        ({"text": {"known": "x"}}, "not the facts of Facts: KeyError"),
        ({"kind": {"known": "three", "elapsed_ms": None}}, "not the facts of Facts: ValueError"),
        ({"moment": {"known": "soon", "elapsed_ms": None}}, "not the facts of Facts: ValueError"),
        ({"place": {"known": {"hosts": "h"}, "elapsed_ms": None}}, "not the facts of Facts: KeyError"),
        ({"place": {"known": {}, "elapsed_ms": None}}, "not the facts of Facts: TypeError"),
    ],
)
def test_what_is_not_of_the_form_is_refused_with_the_reason(data, words):
    with pytest.raises(FactsJsonError) as caught:
        facts_from_json(Facts, data)
    assert str(caught.value) == words


def test_a_whole_number_is_read_as_the_declared_number():
    read = facts_from_json(Facts, {"number": {"known": 2, "elapsed_ms": None}}).number.value
    assert (read, type(read)) == (2.0, float)
    whole = facts_from_json(Facts, {"whole": {"known": 2, "elapsed_ms": None}}).whole.value
    assert (whole, type(whole)) == (2, int)
    with pytest.raises(FactsJsonError):
        facts_from_json(Facts, {"number": {"known": True, "elapsed_ms": None}})
