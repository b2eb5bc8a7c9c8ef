"""What is accepted in the window and on the command line at once: neither loses what the other did."""

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.plans import good_plan
from wizard.guide.document import Document
from wizard.plan.accepted import Accepted, merged
from wizard.plan.finding import Severity

A = Accepted("redis.connect", "cache", Severity.FAIL, "known")
B = Accepted("redis.connect", "lock", Severity.FAIL, "known")
C = Accepted("plan.value", "", Severity.WARN, "wanted")
LATER = replace(A, until=date(2999, 1, 1))
OTHER = replace(A, reason="for another reason")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ((), (), (), ()),
        ((), (A,), (), (A,)),
        ((), (), (A,), (A,)),
        ((), (A,), (B,), (B, A)),
        ((A, B), (B,), (A, B), (B,)),
        ((A, B), (A, B), (B,), (B,)),
        ((A,), (LATER,), (A,), (LATER,)),
        ((A,), (A,), (LATER,), (LATER,)),
        ((A,), (LATER,), (OTHER,), (LATER,)),
        ((A,), (), (OTHER, C), (C,)),
        ((A,), (LATER,), (), (LATER,)),
    ],
)
def test_each_side_keeps_what_it_changed_and_where_both_did_ours_counts(base, ours, theirs, both):
    assert merged(base, ours, theirs) == both


def _document(*accepted: Accepted) -> Document:
    document = Document(lambda _plan, _secrets: ())
    document.clear(replace(good_plan(), accepted=accepted), {}, "")
    return document


def _accept(document: Document, *accepted: Accepted) -> None:
    document.replace(replace(document.plan, accepted=accepted))


def test_what_another_program_accepted_outlives_an_undo_and_ours_can_be_undone():
    document = _document()
    _accept(document, A)
    sent = document.plan
    assert document.learn(sent, replace(sent, accepted=(A, B)))
    assert document.plan.accepted == (A, B)
    document.undo()
    assert document.plan.accepted == (B,)
    document.redo()
    assert document.plan.accepted == (A, B)


def test_what_was_accepted_while_a_draft_was_saved_stays():
    document = _document(A)
    sent = document.plan
    _accept(document, A, C)
    assert document.learn(sent, replace(sent, accepted=(A, B)))
    assert document.plan.accepted == (A, B, C)


def test_nothing_is_learned_of_another_cluster_or_where_nothing_changed():
    document = _document(A)
    sent = document.plan
    assert not document.learn(sent, sent)
    assert not document.learn(sent, replace(sent, id="another", accepted=()))
    assert document.plan.accepted == (A,)


def test_what_is_accepted_makes_no_other_plan_than_the_bundles():
    document = _document()
    _accept(document, A)
    assert not document.edited
    document.edit("database.name", "other")
    assert document.edited
    document.undo()
    document.undo()
    assert not document.edited
