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
from importlib import import_module
from pathlib import Path

from benchmarks.timing import ROWS, Row, not_measured

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


def _run(name: str) -> None:
    """Run a bench; one that cannot is a row with the reason, and keeps the others from nothing."""
    try:
        import_module(f"benchmarks.{name}").main()
    except Exception as error:  # noqa: BLE001 - a server or a library that is missing here
        not_measured(name, 0.0, f"it ended with {type(error).__name__}: {error}")


def _verdict(row: Row) -> str:
    if row.holds is None:
        return f"not measured, because {row.reason}"
    return "holds" if row.holds else "MISSED"


def _table() -> str:
    lines = ["| what ÷ against | at most | measured | |", "|---|---|---|---|"]
    for row in ROWS:
        measured = "–" if row.measured is None else f"{row.measured:.2f}"
        lines.append(f"| {row.what} | {row.at_most:.2f} | {measured} | {_verdict(row)} |")
    return "\n".join(lines)


def _document() -> str:
    machine = {"system": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()}
    rows = [
        {
            "what": row.what,
            "at_most": row.at_most,
            "measured": row.measured,
            "holds": row.holds,
            "parts": dict(row.parts),
            "reason": row.reason,
        }
        for row in ROWS
    ]
    return json.dumps({"schema": 1, "machine": machine, "rows": rows}, indent=2, ensure_ascii=False) + "\n"


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
    for name, slow in BENCHES.items():
        if name in options.names or (not options.names and (options.slow or not slow)):
            _run(name)
        elif not options.names:
            print(f"{name}: left out (--slow, or its name)")
    print(f"\n{_table()}")
    if options.json:
        options.json.write_text(_document(), encoding="utf-8")
    return int(options.strict and any(row.holds is False for row in ROWS))


if __name__ == "__main__":
    sys.exit(main())
