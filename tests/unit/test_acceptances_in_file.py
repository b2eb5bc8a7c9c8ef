"""What is accepted in the window is noted where the source is: each change once, and again what failed."""

import pytest

from wizard.guide.acceptances_in_file import Noting
from wizard.plan.accepted import Accepted
from wizard.plan.finding import Severity

ONE, TWO = (Accepted("redis.connect", role, Severity.FAIL, "known") for role in ("cache", "lock"))


def refuse(_before, _after):
    raise OSError("refused")


def test_each_change_is_asked_for_once():
    noting = Noting((ONE,))
    assert [noting.asks(now) for now in ((ONE,), (), (), (ONE,))] == [False, True, False, True]


def test_what_failed_is_asked_for_again_and_goes_on_from_what_was_written():
    written = []
    noting = Noting(())
    assert noting.asks((ONE,))
    with pytest.raises(OSError, match="refused"):
        noting.write((ONE,), refuse)
    noting.failed()
    assert noting.asks((ONE,))
    noting.write((ONE,), lambda *pair: written.append(pair))
    noting.write((ONE, TWO), lambda *pair: written.append(pair))
    assert written == [((), (ONE,)), ((ONE,), (ONE, TWO))]


def test_what_was_asked_for_and_taken_back_before_it_was_written_is_taken_back_there():
    written = []
    noting = Noting(())
    assert noting.asks((ONE,))
    assert noting.asks(())
    for now in ((ONE,), ()):
        noting.write(now, lambda *pair: written.append(pair))
    assert written == [((), (ONE,)), ((ONE,), ())]
