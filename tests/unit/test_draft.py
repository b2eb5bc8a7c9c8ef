"""What a reader of variables builds up: which are used, what is refused, what is hidden, and where each stands."""

import pytest

from wizard.formats.dotenv.draft import Draft
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.plan.place import Place
from wizard.plan.plan import Extra
from wizard.plan.secret import HIDDEN, Secret, SecretRef

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
FOR_COMPOSE = "It is written for Compose, which puts a value in the place of “$NAME”; NocoBase takes it as it is."
FROM_ELSEWHERE = "Its value comes from elsewhere when a node is started, and is not at hand here."
CUT = (
    "NocoBase's reader cuts an unquoted value at “#”: write it in single quotes, and a “#” in the password of an "
    "address as %23."
)


def one(name, value, line=3, **more):
    return Assignment(name, value, line, **more)


def draft(*assignments):
    return Draft({found.name: found for found in assignments}, "app.env")


def test_a_variable_is_used_once_and_an_empty_one_counts_as_not_set():
    made = draft(one("TZ", "UTC"), one("DB_HOST", ""))
    assert made.take("TZ").value == "UTC"
    assert made.take("TZ") is None
    assert made.take("DB_HOST") is None
    assert made.take("APP_KEY") is None
    assert made.left == {}


@pytest.mark.parametrize(
    ("found", "places"),
    [
        (one("TZ", "UTC", 3), {"application.time_zone": Place("app.env", 3, "TZ")}),
        (one("TZ", "UTC", 1, file="b.env"), {"application.time_zone": Place("b.env", 1, "TZ")}),
        (one("TZ", "UTC", 0), {}),
    ],
)
def test_what_is_said_stands_at_its_line_and_what_has_none_nowhere(found, places):
    made = draft(found)
    made.read("application.time_zone", found)
    assert made.finished().places == places
    assert made.finished().application.time_zone == "UTC"


def test_a_secret_is_kept_apart_and_the_plan_has_its_name():
    made = draft()
    made.read("database.password", one("DB_PASSWORD", "hunter1"))
    assert made.finished().database.password == SecretRef("database.password")
    assert {name: secret.reveal() for name, secret in made.secrets.items()} == {"database.password": "hunter1"}


def test_what_cannot_be_read_is_kept_with_the_reason_and_its_place():
    made = draft()
    made.read("database.port", one("DB_PORT", "54x"))
    [item] = made.finished().unreadable
    assert (item.key, item.value, item.where) == ("database.port", "54x", "line 3")
    assert item.problem
    assert CUT not in item.problem


def test_of_a_value_that_was_cut_the_sentence_says_that_too():
    made = draft()
    made.read("database.port", one("DB_PORT", "54x", cut=True))
    [item] = made.finished().unreadable
    assert item.problem.endswith(CUT)


def test_any_word_but_true_is_no_for_nocobase_and_is_told_all_the_same():
    made = draft()
    made.set("database.underscored", True)
    made.read("database.underscored", one("DB_UNDERSCORED", "perhaps"))
    plan = made.finished()
    assert plan.database.underscored is False
    assert [item.key for item in plan.unreadable] == ["database.underscored"]


@pytest.mark.parametrize("value", [" db", "db ", "\tdb", "db\n"])
def test_white_space_around_a_text_is_kept_by_nocobase_and_so_it_is_refused(value):
    made = draft()
    made.read("database.name", one("DB_DATABASE", value))
    [item] = made.finished().unreadable
    assert item.problem == "It begins or ends with white space, which NocoBase keeps."
    assert item.value == value


def test_a_refused_value_that_may_be_secret_is_quoted_nowhere():
    made = draft()
    made.refuse("extra", one("MY_PASSWORD", " four "), "“four” is wrong.")
    made.refuse("other", one("PLAIN", "the"), "“the” is wrong.", secret=True)
    first, second = made.finished().unreadable
    assert first.value == SecretRef("unreadable.MY_PASSWORD")
    assert first.problem == f"“{HIDDEN}” is wrong."
    assert second.value == SecretRef("unreadable.PLAIN")
    assert second.problem == "“the” is wrong."  # too short to be looked for in a sentence
    assert made.secrets["unreadable.MY_PASSWORD"].reveal() == " four "


@pytest.mark.parametrize(("composed", "problem"), [(False, FOR_COMPOSE), (True, FROM_ELSEWHERE)])
def test_what_compose_puts_elsewhere_is_kept_with_what_it_means(composed, problem):
    made = draft()
    made.express("database.host", one("DB_HOST", "$HOST"), Expanded("db", ("HOST",)), composed=composed)
    plan = made.finished()
    [item], [told] = plan.unreadable, plan.expressions
    assert (item.key, item.value, item.problem) == ("database.host", "$HOST", problem)
    assert (told.name, told.key, told.place) == ("DB_HOST", "database.host", Place("app.env", 3, "DB_HOST"))
    assert (told.meant, told.named, told.composed) == ("db", ("HOST",), composed)


@pytest.mark.parametrize(
    ("name", "value", "meant", "hidden"),
    [
        ("TITLE", "$X", "plain", False),
        ("TITLE", "$X", f"https://user:{KEY}@host/", True),  # its name tells nothing, what it means does
        ("MY_PASSWORD", "$X", "plain", True),
        ("REDIS_URL", "$X", "plain", True),  # an address without a scheme may be half of one with a password
    ],
)
def test_what_an_expression_means_is_a_secret_where_it_may_be_one(name, value, meant, hidden):
    made = draft()
    made.express(name, one(name, value), Expanded(meant, ("X",)))
    [told] = made.finished().expressions
    assert isinstance(told.meant, Secret) is hidden
    assert (told.meant.reveal() if hidden else told.meant) == meant


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (Expanded(None), None),
        (Expanded("", unset=("X",)), None),
        (Expanded("a", unset=("X",)), "a"),
        (Expanded(""), ""),
    ],
)
def test_nothing_is_meant_where_compose_refuses_or_has_nothing_to_give(found, meant):
    made = draft()
    made.express("TITLE", one("TITLE", "$X"), found)
    assert made.finished().expressions[0].meant == meant


def test_of_a_secret_only_what_is_surely_a_name_is_told():
    made = draft()
    made.express("k", one("MY_PASSWORD", "Ab$Cd${SURE}"), Expanded("x", ("Cd", "SURE", "BEYOND")))
    made.express("t", one("TITLE", "Ab$Cd${SURE}"), Expanded("x", ("Cd", "SURE", "BEYOND")))
    secret, plain = made.finished().expressions
    assert secret.named == ("SURE", "BEYOND")
    assert plain.named == ("Cd", "SURE", "BEYOND")


@pytest.mark.parametrize(
    ("name", "value", "hidden"),
    [
        ("MY_TITLE", "shop", False),
        ("MY_TITLE", "", False),
        ("MY_PASSWORD", "hunter1", True),
        ("MY_PASSWORD", "", False),
    ],
)
def test_what_no_setting_covers_is_kept_verbatim_and_hidden_where_it_may_be_secret(name, value, hidden):
    made = draft()
    made.keep(one(name, value))
    plan = made.finished()
    assert plan.extras == (Extra(name, SecretRef(f"extra.{name}") if hidden else value),)
    assert plan.places == {name: Place("app.env", 3, name)}
    assert set(made.secrets) == ({f"extra.{name}"} if hidden else set())


def test_what_was_refused_stays_beside_a_decision_that_came_later():
    made = draft()
    made.read("database.port", one("DB_PORT", "54x"))
    made.set("database.port", 5433)
    plan = made.finished()
    assert plan.database.port == 5433
    assert [item.key for item in plan.unreadable] == ["database.port"]
