"""Facts go through JSON and come back alike, every type of every component; and no secret goes with them."""

import importlib
import json
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wizard.checks
from wizard.checks.licence.probe import LicenceFacts, Login
from wizard.checks.node.probe import NodeFacts
from wizard.checks.redis.facts import KeySample, RedisFacts
from wizard.checks.storage.contents import KeyFile
from wizard.checks.storage.probe import StorageFacts
from wizard.engine.check import obstructed
from wizard.engine.facts import PENDING, Known, Pending, Trouble
from wizard.engine.facts_json import FactsJsonError, facts_from_json, facts_to_json
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret
from wizard.plan.spec import Spec

_NOTHING_KNOWN = Redactor(())


def _fact_types() -> Iterator[type[Any]]:
    """Go through every class of the components that has facts as fields."""
    for module in pkgutil.walk_packages(wizard.checks.__path__, "wizard.checks."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.name and _has_facts(kind):
                yield kind


def _has_facts(kind: type[Any]) -> bool:
    return any(Pending in get_args(hint) for hint in get_type_hints(kind).values())


FACTS = sorted(_fact_types(), key=lambda kind: f"{kind.__module__}.{kind.__name__}")
_TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
_LIMITS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True, scope="module")
def _plain_values():
    """Let hypothesis make values that equal themselves, and no secrets: those are withheld."""
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
    st.register_type_strategy(str, _TEXT)
    st.register_type_strategy(Secret, st.none())
    st.register_type_strategy(Sequence, lambda hint: st.lists(st.from_type(get_args(hint)[0]), max_size=3).map(tuple))
    st.register_type_strategy(Path, _TEXT.map(Path))
    ms = st.none() | st.integers(0, 10_000)
    st.register_type_strategy(Known, lambda hint: st.builds(Known, st.from_type(get_args(hint)[0]), ms))


def _through(facts: Any) -> Any:
    return facts_from_json(type(facts), json.loads(json.dumps(facts_to_json(facts, _NOTHING_KNOWN))))


def test_every_component_that_asks_somebody_has_facts():
    components = {kind.__module__.split(".")[2] for kind in FACTS}
    assert components >= {"balancer", "cluster", "database", "licence", "node", "plan", "rabbitmq", "redis", "storage"}


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
class TestEachTypeOfFacts:
    def test_nothing_asked_yet_comes_back_as_it_was(self, kind):
        assert _through(kind()) == kind()

    def test_what_was_found_comes_back_as_it_was(self, kind):
        for name, hint in get_type_hints(kind).items():
            _holds(kind, name, hint)


def _holds(kind: type[Any], name: str, hint: Any) -> None:
    @_LIMITS
    @given(st.from_type(hint))
    def holds(fact: Any) -> None:
        facts = kind()
        setattr(facts, name, fact)
        assert _through(facts) == facts

    holds()


def test_a_mapping_whose_keys_are_no_texts_comes_back():
    facts = RedisFacts(keys=Known(KeySample(3, {("nocobase", "string"): 2, ("x", "list"): 1}), 4))
    assert _through(facts) == facts


def test_trouble_comes_back_with_all_that_was_said_of_it():
    facts = RedisFacts(connection=Trouble(ErrorKind.TLS, "no", "certificate", 7, ours=True))
    assert _through(facts) == facts


@pytest.mark.parametrize(
    "facts",
    [
        LicenceFacts(login=Known(Login(200, "", Secret("the-token-of-a-licence")))),
        StorageFacts(aes_key=Known(KeyFile("/a", 32, Secret("the-content-of-a-key")))),
    ],
)
def test_what_holds_a_secret_is_withheld_and_judged_as_unknown(facts):
    text = json.dumps(facts_to_json(facts, _NOTHING_KNOWN))
    assert "the-" not in text
    came = _through(facts)
    (fact,) = [value for item in fields(came) if isinstance(value := getattr(came, item.name), Trouble)]
    finding = obstructed(Spec("thing.works", "It works."), fact, Spec("thing.gate", "It is there."), what="It fails.")
    assert finding.severity is Severity.UNKNOWN
    assert finding.remedy == ""


def test_a_known_secret_in_a_text_of_a_server_is_hidden():
    facts = NodeFacts(health=Known(Reply(500, {"x": "pass-1234-word"}, b"\xff pass-1234-word")))
    written = facts_to_json(facts, Redactor([Secret("pass-1234-word")]))
    assert "1234" not in json.dumps(written)
    assert facts_from_json(NodeFacts, written).websocket is PENDING


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"health": 1},
        {"health": {"known": {"status": "x"}, "elapsed_ms": None}},
        {"nothing": {"pending": True}},
        {"health": {"known": {"status": 200}}},
    ],
)
def test_what_is_not_the_form_of_the_facts_is_refused(data):
    with pytest.raises(FactsJsonError):
        facts_from_json(NodeFacts, data)
