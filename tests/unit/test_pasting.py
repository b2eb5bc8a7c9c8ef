"""Anything pasted is taken apart line by line, and shown with what it takes the place of."""

import pytest

from tests.unit.plans import good_plan
from wizard.guide.pasting import Pasted, read, taken_over
from wizard.plan.plan import Plan
from wizard.plan.secret import HIDDEN, Secret

TEXT = """DB_DIALECT=postgres
DB_HOST=10.0.0.9
DB_PASSWORD=kT7-quite.secret_value
redis://cache.internal:6379/0
10.0.0.[11-13]
"""


def _titles(pasted):
    return {one.title: (one.found, one.instead) for one in pasted.found}


def test_env_text_addresses_and_ranges_in_one_text_are_each_found():
    pasted = read(TEXT, Plan())
    assert pasted.problems == ()
    found = _titles(pasted)
    assert found["Redis"] == ("cache.internal:6379", "empty")
    assert found["Nodes"] == ("10.0.0.11:13000, 10.0.0.12:13000, 10.0.0.13:13000", "empty")
    assert found["Database: Host"] == ("10.0.0.9", "empty")
    assert found["Database: Password"] == (HIDDEN, "empty")
    assert "kT7" not in repr(pasted)


def test_what_is_ticked_is_taken_over_with_its_secrets_and_nothing_else():
    pasted = read(TEXT, Plan())
    wanted = [one for one in pasted.found if one.title != "Nodes"]
    plan, secrets = taken_over(Plan(), wanted)
    assert plan.nodes == ()
    assert (plan.database.host, plan.redis.server.host) == ("10.0.0.9", "cache.internal")
    assert plan.database.password is not None
    assert secrets[plan.database.password.name] == Secret("kT7-quite.secret_value")


def test_what_it_takes_the_place_of_is_told():
    plan = good_plan()
    found = _titles(read("DB_HOST=10.9.9.9", plan))
    assert found["Database: Host"] == ("10.9.9.9", plan.database.host)


@pytest.mark.parametrize("text", ["10.0.0.[14-11]", "redis://[::1", "redis://:secret@"])
def test_what_cannot_be_read_is_said_and_takes_nothing_over(text):
    pasted = read(text, Plan())
    assert pasted.found == ()
    assert len(pasted.problems) == 1
    assert "secret" not in pasted.problems[0]


def test_nothing_is_found_in_nothing():
    assert read(" \n", Plan()).found == ()


def test_an_address_that_stands_there_again_is_found_once():
    found = read("redis://cache.example:6379/0\n" * 2000, Plan())
    assert [one.found for one in found.found] == ["cache.example:6379"]
    assert not found.problems


@pytest.mark.parametrize(("count", "problems"), [(100, 0), (101, 1)])
def test_a_hundred_addresses_are_looked_at_and_the_next_one_is_named(count, problems):
    text = "\n".join(f"redis://c{number}.example:6379/0" for number in range(count))
    found = read(f"\n{text}\n", Plan())
    assert len(found.found) == 100
    said = "pasted text, line 102: only the first 100 addresses of servers are looked at."
    assert found.problems == (said,) * problems


def test_a_text_longer_than_a_mebi_is_not_looked_at():
    longest = "10.0.0.1\n" + " " * (1024 * 1024 - 9)
    assert read(longest, Plan()).found
    assert read(longest + " ", Plan()) == Pasted(
        (), ("pasted text is too large: it has more than 1048576 characters.",)
    )
