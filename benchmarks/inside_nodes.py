"""A look from inside 32 nodes over the local transport, against its slowest node: all are asked at once.

The script is the real one and Node.js runs it 32 times; the nodes' meeting in the storage has time of its own, and is
left out.
"""

from __future__ import annotations

import statistics
import sys
import time
from unittest.mock import patch

from benchmarks.timing import tell
from wizard.app.inside import from_inside
from wizard.checks.inside import probe
from wizard.checks.inside.checks import checks
from wizard.checks.inside.facts import InsideFacts
from wizard.engine.facts import Known
from wizard.plan.plan import Plan
from wizard.plan.sections import Node, Transport

WANTED = 1.2
SLACK = 0.3
"""Seconds that the whole may take beyond the ratio."""
NODES = 32
REPEAT = 5


def _plan() -> Plan:
    nodes = tuple(Node(name=f"node{number}", host="127.0.0.1", port=20000 + number) for number in range(1, NODES + 1))
    values = {
        "nodes": nodes,
        "reach.transport": Transport.LOCAL,
        "licence.skip_download": True,
        "database.host": "127.0.0.1",
        "database.port": 1,
    }
    plan = Plan()
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan


def _once(plan: Plan) -> tuple[float, float]:
    """Return the seconds of the whole, and those of its slowest node."""
    request = from_inside([], nodes=True)
    if request is None:
        raise ValueError("nothing is asked")
    [check] = checks(plan, {}, request)
    facts = InsideFacts()
    began = time.perf_counter()
    with patch.object(probe, "_meet", return_value={}):
        check.probe(facts)
    took = time.perf_counter() - began
    told = facts.told.value if isinstance(facts.told, Known) else {}
    answers = [one.document for one in told.values() if isinstance(one.document, Known)]
    if len(answers) < NODES:
        raise TimeoutError(f"{NODES - len(answers)} nodes gave no answer")
    return took, max((one.elapsed_ms or 0) for one in answers) / 1000


def main() -> bool:
    """Measure and tell; gives whether the whole stays within 1.2 times its slowest node plus 0.3 s."""
    taken = [_once(_plan()) for _ in range(REPEAT)]
    whole, slowest = (statistics.median(values) for values in zip(*taken, strict=True))
    wanted = (slowest * WANTED + SLACK) / slowest
    return tell(f"{NODES} nodes from inside / slowest node", whole / slowest, wanted, whole=whole, slowest=slowest)


if __name__ == "__main__":
    sys.exit(not main() and "--strict" in sys.argv)
