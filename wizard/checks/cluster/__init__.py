"""What no single subject shows: clocks against one another, the plan's database against what the nodes tell."""

from __future__ import annotations

from wizard.checks.check import CrossCheck
from wizard.checks.cluster.judge import judge_clocks, judge_database
from wizard.checks.cluster.specs import CLOCKS, DATABASE, SPECS

__all__ = ["SPECS", "cross_checks"]


def cross_checks() -> list[CrossCheck]:
    """Give the comparisons; their findings have no subject."""
    return [
        CrossCheck(component="cluster", specs=(CLOCKS,), judge=judge_clocks),
        CrossCheck(component="cluster", specs=(DATABASE,), judge=judge_database),
    ]
