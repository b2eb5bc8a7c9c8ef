"""An export of 32 nodes with every target that fits, against its rendering and the same bytes written with fsync."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from benchmarks.timing import medians, tell
from wizard import resources
from wizard.app.export import export, preview
from wizard.formats import cluster_file
from wizard.formats.files import BundleFile
from wizard.plan.plan import Plan

WANTED = 1.5
NODES = 32
REPEAT = 9


def _plan() -> Plan:
    plan = cluster_file.read(resources.text("examples/three-nodes.yaml"), "three-nodes.yaml")
    numbers = range(1, NODES + 1)
    made = (replace(plan.nodes[0], name=f"node{number}", host=f"10.0.0.{number}") for number in numbers)
    return replace(plan, nodes=tuple(made))


def _rendered(plan: Plan) -> float:
    began = perf_counter()
    preview(plan, {})
    return perf_counter() - began


def _written(files: tuple[BundleFile, ...]) -> float:
    """Write the files one by one, each on the disk before the next, and their folders last."""
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        folders = {Path(folder)}
        for file in files:
            path = Path(folder, file.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.add(path.parent)
            with path.open("wb") as stream:
                stream.write(file.text.encode())
                stream.flush()
                os.fsync(stream.fileno())
        for one in folders:
            descriptor = os.open(one, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        return perf_counter() - began


def _exported(plan: Plan) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        export(plan, {}, Path(folder, "bundle"))
        return perf_counter() - began


def main() -> bool:
    """Measure and tell; return whether the ratio holds."""
    plan = _plan()
    files = preview(plan, {})
    _exported(plan)
    found = medians(
        REPEAT,
        export=lambda: _exported(plan),
        rendering=lambda: _rendered(plan),
        writing=lambda: _written(files),
    )
    against = found["rendering"] + found["writing"]
    title = f"export of {NODES} nodes, {len(files)} files ÷ rendering and writing with fsync"
    return tell(title, found["export"] / against, WANTED, **found)


if __name__ == "__main__":
    sys.exit(not main())
