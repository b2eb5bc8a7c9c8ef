"""How findings are put together into actions, with checks made up for it: whole actions, compared as they are."""

import pytest

from wizard.engine.actions import actions
from wizard.plan.action import Action, Area, Impact
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.remedy import advice, commands
from wizard.plan.spec import Spec

PLAIN = Spec("part.plain", "It is so.", remedy="Make it so.")
OTHER = Spec("part.other", "It is so, too.", remedy="Make it so.")
DATA = Spec("part.data", "It is kept.", remedy="Keep it.", area=Area.DATA, effect="It is lost.")
ADVICE = Spec("part.advice", "It is wise.", remedy="Be wise.", area=Area.ADVICE)
SPEED = Spec("part.speed", "It is quick.", remedy="Be quick.", area=Area.SPEED)
FIELD = Spec("part.field", "It is filled in.", remedy="Fill it in.", empty_field=True)
SPECS = {spec.id: spec for spec in (PLAIN, OTHER, DATA, ADVICE, SPEED, FIELD)}


def made(*findings, specs=SPECS):
    return actions(findings, lambda finding: specs.get(finding.id), lambda finding: f"step of {finding.id}")


def ids(*findings):
    return [(action.id, [identifier for identifier, _ in action.clears]) for action in made(*findings)]


def impact(finding, **options):
    return made(finding, **options)[0].impact


def test_an_action_tells_all_of_its_finding():
    remedy = commands("mend it")
    assert made(PLAIN.fail("It broke.", ErrorKind.DNS, subject="one", remedy=remedy)) == (
        Action(
            id="part.plain:one",
            title="It broke.",
            impact=Impact(
                Severity.FAIL, Area.START, "The cluster does not start with it, or does not serve everybody."
            ),
            remedy=remedy,
            doc="docs/checks.md#part.plain",
            step="step of part.plain",
            clears=(("part.plain", "one"),),
        ),
    )


def test_without_a_subject_an_action_bears_the_id_alone():
    assert made(PLAIN.warn("It broke."))[0].id == "part.plain"


@pytest.mark.parametrize(
    ("finding", "area", "text"),
    [
        (DATA.fail("x"), Area.DATA, "It is lost."),
        (DATA.warn("x"), Area.DATA, "Data can get lost, or into wrong hands."),
        (DATA.unknown("x"), Area.DATA, ""),
        (SPEED.fail("x"), Area.SPEED, "The cluster answers more slowly."),
        (PLAIN.warn("x"), Area.ADVICE, "The cluster runs, and can be made safer."),
        (PLAIN.unknown("x"), Area.START, ""),
        (ADVICE.warn("x"), Area.ADVICE, "The cluster runs, and can be made safer."),
        (ADVICE.fail("x"), Area.START, "The cluster does not start with it, or does not serve everybody."),
        (DATA.skip("x", remedy=advice("Look at it.")), Area.ADVICE, ""),
    ],
)
def test_what_is_at_stake_follows_from_the_check_and_the_severity(finding, area, text):
    assert impact(finding) == Impact(finding.severity, area, text)


def test_a_finding_of_no_known_check_has_what_is_at_stake_by_its_severity():
    assert impact(DATA.fail("x"), specs={}).area is Area.START
    assert impact(DATA.warn("x"), specs={}).text == "The cluster runs, and can be made safer."


def test_passes_and_information_ask_nothing():
    assert made(PLAIN.passed("x"), PLAIN.info("y", remedy=advice("Look at it."))) == ()


def test_the_gravest_comes_first_then_what_is_at_stake_then_the_order_told():
    found = [
        ADVICE.skip("1", remedy=advice("Look at it.")),
        ADVICE.warn("2"),
        DATA.warn("3"),
        SPEED.unknown("4"),
        DATA.unknown("5"),
        SPEED.fail("6"),
        DATA.fail("7"),
        PLAIN.fail("9"),
        OTHER.fail("8"),
    ]
    assert [action.title for action in made(*found)] == ["9", "8", "7", "6", "5", "4", "3", "2", "1"]


class TestOneCause:
    def test_the_same_words_of_several_subjects_are_one_and_of_two_checks_are_two(self):
        assert ids(PLAIN.fail("x", subject="a"), PLAIN.fail("x", subject="b"), OTHER.fail("x", subject="a")) == [
            ("part.plain:a", ["part.plain", "part.plain"]),
            ("part.other:a", ["part.other"]),
        ]

    def test_the_same_words_with_another_severity_are_another_cause(self):
        assert len(made(PLAIN.fail("x", subject="a"), PLAIN.warn("x", subject="b"))) == 2
        assert len(made(PLAIN.fail("x", subject="a"), PLAIN.fail("y", subject="b"))) == 2

    def test_what_is_unknown_for_one_reason_is_one_cause_whatever_the_check(self):
        assert ids(PLAIN.unknown("x"), OTHER.unknown("x")) == [("part.plain", ["part.plain", "part.other"])]
        assert ids(PLAIN.warn("x"), OTHER.warn("x")) == [
            ("part.plain", ["part.plain"]),
            ("part.other", ["part.other"]),
        ]

    def test_one_remedy_is_one_cause_unless_it_is_the_checks_own_in_general(self):
        remedy = commands("mend it")
        assert len(made(PLAIN.fail("x", remedy=remedy), OTHER.fail("y", remedy=remedy))) == 1
        assert len(made(PLAIN.fail("x"), OTHER.fail("y"))) == 2
        assert len(made(PLAIN.fail("x"), OTHER.fail("y"), specs={})) == 1

    def test_empty_fields_of_one_section_are_one_cause(self):
        def empty(**more):
            return FIELD.fail(f"{more} is empty.", ErrorKind.MISSING, **more)

        assert len(made(empty(subject="database.host"), empty(subject="database.name"))) == 1
        assert len(made(empty(subject="database.host"), empty(subject="redis.host"))) == 2
        assert len(made(empty(facts={"setting": "database.host"}), empty(subject="database.name"))) == 1
        assert len(made(empty(facts={"setting": "redis.host"}), empty(subject="database.name"))) == 2

    def test_a_field_that_is_wrong_is_a_cause_of_its_own(self):
        first = FIELD.fail("x", ErrorKind.OTHER, subject="database.host")
        assert len(made(first, FIELD.fail("y", ErrorKind.OTHER, subject="database.name"))) == 2
        plain = PLAIN.fail("x", ErrorKind.MISSING, subject="database.host")
        assert len(made(plain, PLAIN.fail("y", ErrorKind.MISSING, subject="database.name"))) == 2

    def test_causes_that_a_third_finding_ties_together_are_one(self):
        remedy, another = commands("mend it"), commands("mend that")
        tied = [
            PLAIN.fail("a", remedy=remedy),
            PLAIN.fail("b", remedy=another, subject="1"),
            OTHER.fail("c", remedy=commands("mend all"), subject="2"),
            OTHER.fail("c", remedy=another, subject="3"),
            PLAIN.fail("d", remedy=another, subject="4"),
            OTHER.fail("c", remedy=remedy, subject="5"),
        ]
        [action] = made(*tied)
        assert action.clears == tuple((finding.id, finding.subject) for finding in tied)
        assert action.title == "a"

    def test_the_worst_finding_names_the_cause_and_another_may_bring_the_remedy(self):
        remedy = commands("mend it")
        found = [PLAIN.unknown("a", remedy=remedy), OTHER.skip("b", remedy=remedy), DATA.fail("c", remedy=remedy)]
        [action] = made(*found)
        assert (action.id, action.title) == ("part.data", "c")
        [action] = made(PLAIN.unknown("x"), OTHER.unknown("x", remedy=remedy))
        assert (action.id, action.title, action.remedy) == ("part.plain", "x", remedy)

    def test_two_of_one_id_and_subject_are_told_apart(self):
        assert [action.id for action in made(PLAIN.fail("a"), PLAIN.fail("b"), PLAIN.fail("c"), OTHER.fail("d"))] == [
            "part.plain",
            "part.plain#2",
            "part.plain#3",
            "part.other",
        ]


def test_secrets_that_are_not_at_hand_are_one_cause_and_each_is_named_once():
    found = [
        PLAIN.unknown("x", lacks="database.password"),
        OTHER.unknown("y", lacks="redis.password"),
        DATA.unknown("z", lacks="redis.password"),
        SPEED.unknown("w"),
    ]
    assert [action.title for action in made(*found)] == [
        "2 secrets are not at hand: database.password, redis.password.",
        "w",
    ]
    assert made(*found[1:3])[0].title == "1 secret is not at hand: redis.password."
    assert made(found[1])[0].title == "y"


class TestWhatComesOfAnother:
    def test_it_goes_with_its_cause_and_says_nothing_in_the_title(self):
        cause = PLAIN.fail("It broke.", subject="one")
        rest = OTHER.skip("Not looked at.", subject="one", because=("part.plain",))
        [action] = made(rest, cause)
        assert (action.id, action.title) == ("part.plain:one", "It broke.")
        assert action.clears == (("part.other", "one"), ("part.plain", "one"))

    def test_the_one_of_its_own_subject_goes_before_another(self):
        one, two = PLAIN.fail("a", subject="one"), PLAIN.fail("b", subject="two")
        rest = OTHER.skip("c", subject="two", because=("part.plain",))
        assert ids(one, two, rest) == [
            ("part.plain:one", ["part.plain"]),
            ("part.plain:two", ["part.plain", "part.other"]),
        ]

    def test_of_two_causes_the_first_that_is_there_is_taken(self):
        rest = OTHER.skip("c", because=("part.none", "part.data", "part.plain"))
        assert ids(PLAIN.fail("a"), DATA.fail("b"), rest) == [
            ("part.plain", ["part.plain"]),
            ("part.data", ["part.data", "part.other"]),
        ]

    def test_a_cause_may_be_a_setting_that_another_finding_speaks_of(self):
        about = PLAIN.fail("a", facts={"setting": "database.host"})
        rest = OTHER.skip("c", because=("database.host",))
        assert ids(about, PLAIN.fail("b", facts={"setting": "database.port"}), rest) == [
            ("part.plain", ["part.plain", "part.other"]),
            ("part.plain#2", ["part.plain"]),
        ]

    def test_what_was_not_judged_is_no_cause_for_the_setting_that_it_is_about(self):
        facts = {"setting": "database.host", "unsaid": ["nodes"]}
        late = OTHER.unknown("b", because=("database.host",))
        assert len(ids(PLAIN.unknown("a", facts=facts), late)) == 2
        lacking = PLAIN.unknown("a", facts={"setting": "database.host", "unsaid": ["database.host"]})
        assert len(ids(lacking, late)) == 1

    def test_it_is_no_cause_of_itself(self):
        assert made(PLAIN.skip("a", because=("part.plain",))) == ()
        both = [PLAIN.skip("a", because=("part.plain",)), PLAIN.fail("b", because=("part.plain",))]
        [action] = made(*both)
        assert (action.title, len(action.clears)) == ("b", 2)

    def test_where_the_cause_was_not_told_it_asks_only_with_a_remedy(self):
        assert made(PLAIN.skip("a", because=("gone.connect",))) == ()
        assert len(made(PLAIN.skip("a", because=("gone.connect",), remedy=advice("Look at it.")))) == 1

    def test_words_alike_do_not_tie_what_comes_of_others(self):
        found = [
            DATA.fail("x", subject="one"),
            DATA.fail("y", subject="two"),
            PLAIN.unknown("z", subject="one", because=("part.data",)),
            PLAIN.unknown("z", subject="two", because=("part.data",)),
        ]
        assert [len(action.clears) for action in made(*found)] == [2, 2]
