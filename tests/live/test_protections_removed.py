"""Each protection is removed in a copy of the source tree, and its test then fails, for the reason that is listed."""

import pytest

from tests.protections.listed import protections
from tests.protections.removing import Copy

LISTED = protections()

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("protections") / "copy")


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one.what)
def test_the_removal_of_a_protection_is_seen(copy, one):
    assert copy.without(one) == ""


def test_in_the_copy_itself_every_one_of_these_tests_passes(copy):
    code, said = copy.run(*sorted({one.test.partition("[")[0] for one in LISTED}), seconds=1200)
    assert code == 0, said[-3000:]
