"""What a component says of itself where it says nothing else, and how it is asked; which ids of a run are wanted."""

import pytest

from wizard.engine.component import Beside, Component, Request, known
from wizard.engine.selection import ALL, Selection
from wizard.plan.plan import Plan
from wizard.plan.spec import Spec

CONNECT, VERSION, RIGHTS = Spec("part.connect", "m"), Spec("part.version", "m"), Spec("part.rights", "m")


def component(**more):
    return Component(**{"name": "part", "title": "Part", "specs": (CONNECT, VERSION, RIGHTS), "step": "parts"} | more)


def test_what_a_component_does_not_say_is_nothing():
    bare = component()
    assert (bare.overtaken_by, bare.leads, bare.never_left_out, bare.variables, bare.asked_by) == ((), (), (), (), ())
    assert (bare.secrets, bare.turn, bare.spans) == ({}, 50, False)
    assert bare.cross_checks(Plan()) == []
    assert (bare.absent(Plan()), bare.fact(Plan(), []), bare.figure([])) == ("", "", "")
    assert bare.shown_on(Plan(), CONNECT.passed("x")) == ""
    with pytest.raises(NotImplementedError):
        bare.checks(Plan(), {}, Request())


def test_a_request_wants_all_and_has_no_bundle_unless_it_says_so():
    assert (Request().selection, Request().beside) == (ALL, None)
    beside = Beside(path="/b", edited=True, files=list, read=str, deployed=list, opened=str)
    assert (beside.path, beside.edited, beside.files(), beside.read("x")) == ("/b", True, [], "x")


def test_a_secret_is_needed_by_the_ids_of_its_key_or_else_of_its_section():
    asked = component(secrets={"part.password": (RIGHTS,), "part": (CONNECT, VERSION)})
    assert asked.needing("part.password") == (RIGHTS,)
    assert asked.needing("part.key") == (CONNECT, VERSION)
    assert asked.needing("other.key") == ()


def test_an_id_is_found_by_its_name_alone():
    assert component().spec("part.version") is VERSION
    assert component().spec("part.versions") is None


def test_the_version_is_the_one_that_its_own_check_found():
    found = [
        CONNECT.passed("x", facts={"version": "1"}),
        VERSION.skip("y"),
        VERSION.passed("z", facts={"version": 16.4}),
        VERSION.passed("z", facts={"version": "17"}),
    ]
    assert component().version(found) == "16.4"
    assert component(name="other").version(found) == ""
    assert component().version([VERSION.passed("z", facts={"version": None})]) == ""


def test_what_was_found_out_is_looked_up_by_id_and_name():
    found = [CONNECT.passed("x", facts={"port": 1}), VERSION.passed("y", facts={"port": 2, "host": "h"})]
    assert (known(found, "part.connect", "port"), known(found, "part.version", "host")) == (1, "h")
    assert known(found, "part.connect", "host") is None
    assert known([], "part.connect", "host") is None


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (Selection(withheld=frozenset({"a.one"})), ["a.one_more", "b.two"]),
        (Selection(only=("a",), withheld=frozenset({"a.one"})), ["a.one_more"]),
        (Selection(only=("a.one",), skip=("a.one",)), []),
        (Selection(only=("a.one_more", "b"), skip=("b.two",)), ["a.one_more"]),
        (Selection(skip=("a.one",)), ["b.two"]),
    ],
)
def test_what_is_withheld_or_skipped_is_wanted_by_nobody(selection, wanted):
    assert [one for one in ("a.one", "a.one_more", "b.two") if selection.wants(one)] == wanted
