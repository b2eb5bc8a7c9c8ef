"""What a test of the command line calls it with, and what it gets."""

from dataclasses import dataclass
from pathlib import Path

from wizard.formats import cluster_file
from wizard.plan.plan import Plan


@dataclass
class Done:
    """What a call of the program gave."""

    code: int
    out: str
    err: str
    windows: list


def saved(plan: Plan, name: str = "cluster.yaml") -> str:
    Path(name).write_text(cluster_file.write(plan))
    return name
