"""How right the diagnosis is: every fault of the tests' table, by what was found while its test made it.

Recall is the part of the table's findings that were made; precision the part of all failures, warnings and unknowns
that the table expects, or says to follow from the fault. The first action must be about the fault. `--list` names what
the table does not explain. It runs the tests of the table, which takes minutes; `--short` takes those without servers
and a few with them, and words narrow them down: `python -m benchmarks.diagnosis tests/live/test_redis`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.faults.diagnosis import rows_by_test, rows_of
from tests.faults.witness import NOTES

RECALL = 1.0
PRECISION = 0.95
PROCESSES = 2
SHORT = ("tests/unit", "tests/live/test_licence.py", "tests/live/test_node.py", "tests/live/test_redis_connect.py")

Note = Mapping[str, Any]


def _notes(tests: Iterable[str]) -> list[Note]:
    """Run tests and return what was noted of each that made a fault and ended well."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "notes")
        options = ["-q", "-p", "no:cacheprovider", "-n", str(PROCESSES), "--dist", "loadfile"]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        subprocess.run(command, check=False, env={**os.environ, NOTES: str(file)}, stdout=subprocess.DEVNULL)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def _told(notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        for identifier, subject, severity in note["stray"]:
            yield f"  not explained: {severity}  {identifier}  {subject}  {note['test']}"
        for identifier in note["idle"]:
            yield f"  said to follow, and does not: {identifier}  {note['test']}"
        if not note["named_first"]:
            yield f"  the first action is about something else: {note['first']}  {note['test']}"


def main() -> bool:
    """Measure and tell; returns whether all figures hold."""
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    wanted += SHORT if "--short" in sys.argv else ()
    chosen = sorted({test for test in rows_by_test() if not wanted or test.startswith(tuple(wanted))})
    notes = _notes(chosen)
    expected = [(row, note["made"]) for note in notes for row in rows_of(note["test"])]
    found = sum([row.id, row.subject, row.severity.value] in made for row, made in expected)
    unsound, stray = (sum(len(note[kind]) for note in notes) for kind in ("unsound", "stray"))
    idle, named = sum(len(note["idle"]) for note in notes), sum(note["named_first"] for note in notes)
    recall = found / len(expected) if expected else 0.0
    precision = 1 - stray / unsound if unsound else 0.0
    rows = len({(row.at, row.expected) for row, _made in expected})
    print(f"recall: {recall:.3f} (wanted: {RECALL:.3f}) [{rows} rows by {len(notes)} tests]")
    print(f"precision: {precision:.3f} (wanted: {PRECISION:.3f} or more) [{stray} of {unsound} not explained]")
    print(f"first action: {named} of {len(notes)} name the fault; said to follow, and do not: {idle}")
    if "--list" in sys.argv:
        print("\n".join(_told(notes)))
    return recall >= RECALL and precision >= PRECISION and named == len(notes) and not idle


if __name__ == "__main__":
    sys.exit(not main())
