"""What was said while a fault was there, held against its rows: what is right, what is stray, and what to do first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tests.faults.row import Fault
from tests.faults.table import FAULTS
from wizard.guide.actions import actions_of
from wizard.plan.action import Action
from wizard.plan.finding import WORST_FIRST, Finding, Severity

UNSOUND = {Severity.FAIL, Severity.WARN, Severity.UNKNOWN}
Told = tuple[str, str, str]
"""An id, a subject and a severity."""


def rows_by_test() -> dict[str, list[Fault]]:
    """Return the rows of each test by its name as pytest has it, without parameters where a row means all of them."""
    found: dict[str, list[Fault]] = defaultdict(list)
    for row in FAULTS:
        found[f"tests/{row.at}"].append(row)
    return found


_ROWS = rows_by_test()


def rows_of(test: str) -> list[Fault]:
    """Return the rows that a test, named with its parameters, makes."""
    name = test.partition("[")[0]
    return [*_ROWS.get(test, ()), *(_ROWS.get(name, ()) if name != test else ())]


OF_ALL_TESTS = frozenset({"redis.cache_alone"})
"""What the tests before have left: the Redis of a session holds keys of whoever came first to it."""


def _beside(rows: Iterable[Fault]) -> set[str]:
    """Return the ids of other faults, but for those that another row of the same test is about."""
    own = {row.id for row in rows} | {identifier for row in rows for identifier in row.follows}
    return ({identifier for row in rows for identifier in row.beside} | OF_ALL_TESTS) - own


def unsound(findings: Iterable[Finding], rows: Sequence[Fault]) -> set[Told]:
    """Return all failures, warnings and unknowns that are not of another fault beside."""
    return {
        (item.id, item.subject, item.severity.value)
        for item in findings
        if item.severity in UNSOUND and item.id not in _beside(rows)
    }


def stray(findings: Iterable[Finding], rows: Sequence[Fault]) -> set[Told]:
    """Return what is neither expected nor said to follow."""
    right = {row.id for row in rows} | {identifier for row in rows for identifier in row.follows}
    return {told for told in unsound(findings, rows) if told[0] not in right}


def first_action(findings: Iterable[Finding], rows: Sequence[Fault]) -> Action | None:
    """Return what is to be done first about what was said, the gravest of each id and subject, but for other faults."""
    beside = _beside(rows)
    gravest: dict[tuple[str, str], Finding] = {}
    for item in sorted(findings, key=lambda item: WORST_FIRST.index(item.severity)):
        if item.id not in beside:
            gravest.setdefault((item.id, item.subject), item)
    return next(iter(actions_of(gravest.values())), None)


def is_named_first(findings: Iterable[Finding], rows: Sequence[Fault]) -> bool:
    """Whether the first action is about one of the rows; of what asks for nothing there is no action."""
    asking = [row for row in rows if row.severity in UNSOUND]
    action = first_action(findings, rows)
    return not asking or (action is not None and any((row.id, row.subject) in action.clears for row in asking))
