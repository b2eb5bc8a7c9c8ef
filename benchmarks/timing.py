"""What the benchmarks share: the median of repeated measurements, one line a figure, and the rows of the table."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from time import perf_counter

_LONGEST = 60.0
"""Seconds after which a process is ended: it hangs."""


@dataclass(frozen=True)
class Row:
    """A figure beside its bound; without one there is the reason why it was not measured."""

    what: str
    at_most: float
    measured: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    """Seconds, or bytes where the figure is one of sizes."""
    reason: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the figure keeps its bound; None if it was not measured."""
        return None if self.measured is None else self.measured <= self.at_most


ROWS: list[Row] = []
"""Every figure of this process so far, in the order in which they were told."""


def medians(repeat: int, **measures: Callable[[], float]) -> dict[str, float]:
    """Take each measure `repeat` times, in turn so that a slow moment hits all alike; give the medians in seconds."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(repeat):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: statistics.median(values) for name, values in taken.items()}


def took(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the seconds that a process takes to its very end; raises CalledProcessError.

    Waiting with a time limit would look for the end every 50 ms alone, as long as a whole start may take.
    """
    began = perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        guard = Timer(_LONGEST, process.kill)
        guard.start()
        code = process.wait()
        seconds = perf_counter() - began
        guard.cancel()
    if code:
        raise subprocess.CalledProcessError(code, command)
    return seconds


def tell(title: str, figure: float, wanted: float, **parts: float) -> bool:
    """Print a ratio beside the one wanted, and its parts in ms; give whether it holds."""
    shown = {name: f"{seconds * 1000:.0f} ms" for name, seconds in parts.items()}
    return _told(Row(title, wanted, figure, parts), shown)


def tell_sizes(title: str, figure: float, wanted: float, **parts: float) -> bool:
    """Print a ratio of sizes beside the one wanted, and its parts in MB; give whether it holds."""
    return _told(Row(title, wanted, figure, parts), {name: f"{size / 1e6:.1f} MB" for name, size in parts.items()})


def not_measured(title: str, wanted: float, reason: str) -> bool:
    """Print why a figure is lacking; gives True, as nothing was missed."""
    ROWS.append(Row(title, wanted, None, reason=reason))
    print(f"{title}: not measured (wanted: {wanted:.2f} or less), because {reason}")
    return True


def _told(row: Row, shown: Mapping[str, str]) -> bool:
    ROWS.append(row)
    listed = ", ".join(f"{name} {value}" for name, value in shown.items())
    missed = "" if row.holds else "; MISSED"
    print(f"{row.what}: {row.measured:.2f} (wanted: {row.at_most:.2f} or less{missed}) [{listed}]")
    return bool(row.holds)


def of_a_new_user(home: str) -> dict[str, str]:
    """Return the environment of a user who has nothing yet; modules are compiled, as an installed program's are."""
    folders = {f"XDG_{kind}_HOME": home for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(home, "compiled"))}
    return {**os.environ, **folders, **compiled}
