"""Each protection that is listed still stands where it is said to stand, and so does the test that holds it."""

from collections import Counter

from tests.protections.listed import protections

LISTED = protections()


def test_each_row_names_what_stands_there_once_and_a_test_that_there_is():
    assert [problem for one in LISTED for problem in one.problems()] == []


def test_no_protection_is_listed_twice():
    counted = Counter((one.file, one.stands, one.instead, one.test) for one in LISTED)
    assert max(counted.values()) == 1


def test_a_row_whose_words_or_whose_test_are_gone_is_told():
    one = LISTED[0].__class__("It is so.", "wizard/reading.py", "no such words", "", "tests/unit/x.py::test_y", "")
    assert len(one.problems()) == 2
