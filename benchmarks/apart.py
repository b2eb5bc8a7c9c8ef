"""Each bench in a process of its own: else one would begin with what others left in memory, and have it searched."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.timing import ROWS, Row, not_measured


def rows_of(module: str) -> list[Row]:
    """Run the bench of a module in a process and return its rows; what it prints is printed here.

    A bench that cannot be run is a row with the reason.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.json")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", __name__, module, str(file)], check=False)
        if file.exists():
            return [Row(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
    return [Row(module.rpartition(".")[2], 0.0, None, reason=f"its process ended with {done.returncode}")]


def _measure(module: str, file: Path) -> None:
    try:
        import_module(module).main()
    except Exception as error:  # noqa: BLE001 - a server or a library that is missing here
        not_measured(module.rpartition(".")[2], 0.0, f"it ended with {type(error).__name__}: {error}")
    file.write_text(json.dumps([asdict(row) for row in ROWS]), encoding="utf-8")


if __name__ == "__main__":
    _measure(sys.argv[1], Path(sys.argv[2]))
