"""How right the diagnosis is: every fault of the tests' table, by what was found while its test made it.

Recall is the part of the table's findings that were made; precision the part of all failures, warnings and unknowns
that the table expects, or says to follow from the fault. `--list` names what the table does not explain. It runs the
tests of the table, which takes minutes; words narrow them down: `python -m benchmarks.diagnosis tests/live/test_redis`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.faults.row import Fault
from tests.faults.table import FAULTS
from tests.faults.witness import NOTES

RECALL = 1.0
PRECISION = 0.95
_UNSOUND = {"fail", "warn", "unknown"}


def _notes(tests: Iterable[str]) -> dict[str, set[tuple[str, str, str]]]:
    """Run tests and return what was found while each ran: id, subject and severity."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "notes")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
        subprocess.run(command, check=False, env={**os.environ, NOTES: str(file)}, stdout=subprocess.DEVNULL)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {note["test"]: {tuple(made) for made in note["made"]} for note in map(json.loads, lines)}


def _rows() -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = defaultdict(list)
    for row in FAULTS:
        found[f"tests/{row.at}"].append(row)
    return found


def _of(test: str, rows: dict[str, list[Fault]]) -> list[Fault]:
    return [*rows.get(test, ()), *rows.get(test.partition("[")[0], ())]


def _unexplained(rows: list[Fault], made: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    right = {row.id for row in rows} | {identifier for row in rows for identifier in row.follows}
    return (one for one in made if one[2] in _UNSOUND and one[0] not in right)


def main() -> bool:
    """Measure and tell; gives whether both figures hold."""
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    rows = _rows()
    chosen = sorted({test for test in rows if not wanted or test.startswith(tuple(wanted))})
    notes = {test: made for test, made in _notes(chosen).items() if _of(test, rows)}
    expected = [(row, made) for test, made in notes.items() for row in _of(test, rows)]
    found = sum((row.id, row.subject, row.severity.value) in made for row, made in expected)
    unsound = sum(one[2] in _UNSOUND for made in notes.values() for one in made)
    stray = {test: list(_unexplained(_of(test, rows), made)) for test, made in notes.items()}
    wrong = Counter(one[0] for some in stray.values() for one in some)
    recall = found / len(expected) if expected else 0.0
    precision = 1 - wrong.total() / unsound if unsound else 0.0
    print(f"recall: {recall:.3f} (wanted: {RECALL:.3f}) [{found} of {len(expected)} rows, {len(notes)} tests]")
    print(f"precision: {precision:.3f} (wanted: {PRECISION:.3f} or more) [{wrong.total()} of {unsound} not explained]")
    if "--list" in sys.argv:
        for test, some in stray.items():
            for identifier, subject, severity in some:
                print(f"  {severity}  {identifier}  {subject}  {test}")
    return recall >= RECALL and precision >= PRECISION


if __name__ == "__main__":
    sys.exit(not main())
