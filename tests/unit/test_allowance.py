"""What one source may cost: the very last of it is allowed, one more is not, and the words say of what it was."""

import pytest

from wizard.formats.allowance import Cost, allowance, left, refuse_many_nodes, spend
from wizard.formats.files import SourceError

MOST = {
    Cost.TEXT: (4194304, "the files that it is read with are too long together"),
    Cost.VALUES: (25000, "its files have too many values together"),
    Cost.LINES: (200000, "its files have too many lines together"),
    Cost.WALKED: (60000, "its values are used too many times over"),
    Cost.VARIABLES: (8000, "its files have too many variables together"),
    Cost.EXPANDED: (4194304, "its variables become too long where they are put into one another"),
    Cost.SITES: (163840, "its configurations of balancers are too long together"),
    Cost.MATCHING: (300000, "its regular expressions take too long"),
    Cost.TESTED: (100000, "its conditions are too many together"),
}


@pytest.mark.parametrize("cost", Cost)
def test_a_source_may_cost_so_much_and_no_more(cost):
    most, words = MOST[cost]
    with allowance("x.yaml"):
        assert left(cost) == most
        spend(cost, most)
        assert left(cost) == 0
        with pytest.raises(SourceError, match=f"^x.yaml: {words}.$"):
            spend(cost, 1)


def test_what_is_read_within_a_source_counts_for_it():
    with allowance("outer"), allowance("inner"):
        spend(Cost.VARIABLES, 5000)
        with allowance("third"), pytest.raises(SourceError, match=r"^outer: "):
            spend(Cost.VARIABLES, 3001)


def test_after_a_source_the_next_one_begins_anew():
    for _ in range(2):
        with allowance("x.yaml"):
            spend(Cost.VARIABLES, 8000)


def test_outside_of_a_source_nothing_is_counted():
    spend(Cost.VARIABLES, 10**9)
    refuse_many_nodes(10**9)
    assert left(Cost.VARIABLES) == 8000


@pytest.mark.parametrize("count", [500, 501])
def test_five_hundred_nodes_are_judged(count):
    with allowance("x.yaml"):
        if count == 500:
            refuse_many_nodes(count)
        else:
            with pytest.raises(SourceError, match=r"^x\.yaml has 501 nodes; 500 is the most\.$"):
                refuse_many_nodes(count)
