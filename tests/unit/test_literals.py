"""Many texts are found as few are: which of them stand in a text, and where each place of it is held by one."""

from hypothesis import given
from hypothesis import strategies as st

from wizard.plan import literals
from wizard.plan.literals import Literals

ALIKE = st.text("ab", min_size=4, max_size=9)


@given(st.lists(ALIKE, max_size=40), st.text("abc", max_size=60))
def test_many_texts_are_found_as_by_looking_for_each(every, text):
    few = literals._FEW
    try:
        literals._FEW = -1  # all are many
        many = Literals(every)
        found, spans = many.within(text), list(many.spans(text))
    finally:
        literals._FEW = few
    assert sorted(found) == sorted({one for one in every if one in text})
    assert [len(one) for one in found] == sorted(map(len, found), reverse=True)
    plain = {at for one in every for begin in begins(text, one) for at in range(begin, begin + len(one))}
    assert {at for start, end in spans for at in range(start, end)} == plain
    assert list(Literals(every).spans(text)) == spans


@given(st.lists(ALIKE, max_size=40), st.text("abc", max_size=60))
def test_many_are_replaced_in_one_go_and_none_is_left(every, text):
    few = literals._FEW_FOUND
    try:
        literals._FEW_FOUND = -1
        done = Literals(every).replaced(text, "_")
    finally:
        literals._FEW_FOUND = few
    held = {at for one in every for begin in begins(text, one) for at in range(begin, begin + len(one))}
    assert done.replace("_", "") == "".join(sign for at, sign in enumerate(text) if at not in held)


def begins(text, one):
    return [at for at in range(len(text)) if text.startswith(one, at)]
