"""All figures as one table: `python -m benchmarks`.

It ends with 0 whatever the figures are, as another job on the machine would be judged with them; `--strict` ends with 1
where a bound is missed. `--slow` takes what lasts for minutes, too; names take those benches alone; `--json FILE`
writes the table for programs. docs/performance.md says what is measured and why.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.apart import rows_of
from benchmarks.timing import Row

BENCHES = {
    "answers": False,
    "first_window": False,
    "window_memory": False,
    "start_up": False,
    "export_bundle": False,
    "compose_read": False,
    "silent_hosts": False,
    "full_check": True,
    "far_nodes": True,
    "inside_nodes": True,
    "event_loop": False,
    "many_runs": True,
    "built": True,
}
"""Every bench, and whether it is one of those that last for more than half a minute."""


def _verdict(row: Row) -> str:
    if row.holds is None:
        return f"not measured, because {row.reason}"
    return "holds" if row.holds else "MISSED"


def _table(rows: Iterable[Row]) -> str:
    lines = ["| what ÷ against | at most | measured | |", "|---|---|---|---|"]
    for row in rows:
        measured = "–" if row.measured is None else f"{row.measured:.2f}"
        lines.append(f"| {row.what} | {row.at_most:.2f} | {measured} | {_verdict(row)} |")
    return "\n".join(lines)


def _document(rows: Iterable[Row]) -> str:
    machine = {"system": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()}
    listed = [
        {
            "what": row.what,
            "at_most": row.at_most,
            "measured": row.measured,
            "holds": row.holds,
            "parts": dict(row.parts),
            "reason": row.reason,
        }
        for row in rows
    ]
    return json.dumps({"schema": 1, "machine": machine, "rows": listed}, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Run what is asked for, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="BENCH", help=f"one of: {', '.join(BENCHES)}")
    parser.add_argument("--slow", action="store_true", help="what lasts for minutes, too")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a bound is missed")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the table into a file, too")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for name, slow in BENCHES.items():
        if name in options.names or (not options.names and (options.slow or not slow)):
            rows += rows_of(f"benchmarks.{name}")
        elif not options.names:
            print(f"{name}: left out (--slow, or its name)")
    print(f"\n{_table(rows)}")
    if options.json:
        options.json.write_text(_document(rows), encoding="utf-8")
    return int(options.strict and any(row.holds is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
