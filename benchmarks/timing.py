"""What the benchmarks share: the median of repeated measurements, and one line a figure."""

from __future__ import annotations

import statistics
from collections.abc import Callable


def medians(repeat: int, **measures: Callable[[], float]) -> dict[str, float]:
    """Take each measure `repeat` times, in turn so that a slow moment hits all alike; give the medians in seconds."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(repeat):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: statistics.median(values) for name, values in taken.items()}


def tell(title: str, figure: float, wanted: float, **parts: float) -> bool:
    """Print a ratio beside the one wanted, and its parts in ms; give whether it holds."""
    holds = figure <= wanted
    shown = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in parts.items())
    print(f"{title}: {figure:.2f} (wanted: {wanted:.2f} or less{'' if holds else '; MISSED'}) [{shown}]")
    return holds
