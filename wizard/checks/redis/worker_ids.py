"""Worker IDs that appear in use, by the names of keys alone.

The plug-in that hands them out is closed and documents no name, so this infers: a name that speaks of worker IDs and
ends in a number of 0 to 31 stands for one that is taken. Values are never read, and SCAN is bounded in rounds and time.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable

from wizard.checks.redis.connection import Client
from wizard.checks.redis.facts import WorkerKeys
from wizard.plan.sections import WORKER_ID_COUNT

PATTERN = "*[wW][oO][rR][kK][eE][rR]*"
"""What SCAN is asked for, so that no other name travels."""
ROUNDS, COUNT = 10, 1000
"""At most so many times so many keys: such a database should hold a few dozen."""
SECONDS = 1.0
"""Seconds after which the next round is not begun: the check has five for all it asks."""

_SPEAKS = re.compile(r"(?i:worker[\W_]*ids?)(?![a-z])|(?i:worker[\W_]*id[\W_]*alloc)")
_NUMBER = re.compile(r"\D*(\d{1,2})")


def find_worker_keys(client: Client) -> WorkerKeys:
    """Look for such names in the client's database; raises what redis-py raises where SCAN or DBSIZE is refused."""
    total = int(client.dbsize())
    names, cursor, end = set[str](), 0, time.monotonic() + SECONDS
    for _ in range(ROUNDS):
        cursor, found = client.scan(cursor, match=PATTERN, count=COUNT)
        names.update(found)
        if not cursor or time.monotonic() > end:
            break
    return sorted_out(names, total, complete=not cursor)


def sorted_out(names: Iterable[str], total: int, *, complete: bool) -> WorkerKeys:
    """Tell names that stand for an ID from those that only speak of them; one ID under one name counts once."""
    ids: dict[str, set[int]] = defaultdict(set)
    speaking = 0
    for name in names:
        if match := _SPEAKS.search(name):
            speaking += 1
            number = _NUMBER.fullmatch(name, match.end())
            if number and int(number[1]) < WORKER_ID_COUNT:
                ids[name[: match.end()]].add(int(number[1]))
    return WorkerKeys(total, speaking, {name: tuple(sorted(found)) for name, found in sorted(ids.items())}, complete)
