"""The twelve faults that only the nodes' inside shows: what is found, what is to be done first, and the exit code.

Beside them in real processes: tests/live/test_inside.py, and on hosts of their own tests/live/test_faults_on_hosts.py.
"""

from datetime import UTC, datetime

import pytest

from tests.unit.inside import ALL_MET, ENDPOINTS, ENTRIES, NAMES, PRINTS, document, judged, meeting, planned
from tests.unit.plans import good_plan
from wizard.checks.inside.document import meeting_of
from wizard.checks.inside.facts import Entries, Entry
from wizard.cli.check import exit_code
from wizard.engine.facts import Known
from wizard.engine.report import Report
from wizard.guide.reports.told import Told
from wizard.net.clock import Clock
from wizard.plan.finding import Severity

FAIL, WARN = Severity.FAIL, Severity.WARN
FOUND, NOTHING_FAILED, STRICT = 3, 0, 4


def _of_node2(**changes):
    return {"changed": {"node2": document("node2", **changes)}}


def _variable(**changes):
    return _of_node2(variables={name: told for name, told in PRINTS["node2"].items() if name != "AES"} | changes)


def _met(**changed):
    return {"meetings": ALL_MET | {name: Known(meeting_of(meeting(name, **told))) for name, told in changed.items()}}


UNREACHED = [{"name": name, "step": "tcp" if name == "database" else "", "code": "ECONNREFUSED"} for name in ENDPOINTS]
MANY = dict.fromkeys(NAMES, 11)

FAULTS = {
    "another APP_KEY": (_of_node2(keys__app={"source": "APP_KEY", "print": "e" * 24}), "app_key", FAIL),
    "another AES key": (_of_node2(keys__aes={"source": "APP_AES_SECRET_KEY", "print": "e" * 24}), "aes_key", FAIL),
    "another database": (_variable(DB_HOST="a" * 24), "database", FAIL),
    "another storage": (
        _met(node1={"others": ("node3",)}, node2={"others": ()}, node3={"others": ("node1",)}),
        "storage",
        FAIL,
    ),
    "storage shared without locks": (_met(node3={"locks": {"node1": "granted", "node2": "granted"}}), "locks", WARN),
    "a stale variable": (_variable(TZ="c" * 24), "variables", FAIL),
    "the local lock": (_of_node2(choices={"LOCK_ADAPTER_DEFAULT": "local"}), "adapters", FAIL),
    "another package": (_of_node2(package__version="2.2.14"), "package", FAIL),
    "a clock off by 5 s": ({"clocks": dict.fromkeys(NAMES, Clock(0, 0.1)) | {"node2": Clock(5, 0.1)}}, "clocks", WARN),
    "an endpoint that one node cannot reach": (_of_node2(endpoints=UNREACHED), "endpoints", FAIL),
    "more processes than worker IDs": (
        {"changed": {name: document(name, process__count=11) for name in NAMES}, "plan": planned(processes=MANY)},
        "processes",
        FAIL,
    ),
    "a node that the balancer does not know": (
        {"entries": Known(Entries("site.conf", ENTRIES.value.entries[:2]))},
        "balancer",
        WARN,
    ),
    "an entry without a node": (
        {"entries": Known(Entries("site.conf", (*ENTRIES.value.entries, Entry("10.0.0.9", 13000, ("10.0.0.9",)))))},
        "balancer",
        WARN,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_gives_its_finding_its_first_action_and_its_exit_code(name):
    given, identifier, severity = FAULTS[name]
    report = Report(tuple(judged(**given).values()), datetime(2026, 11, 29, tzinfo=UTC), 1)
    asking = {one.id: one.severity for one in report.findings if one.severity in {FAIL, WARN, Severity.UNKNOWN}}
    assert asking == {f"inside.{identifier}": severity}
    first, *others = Told(report, "cluster.yaml", None, good_plan()).actions
    assert (first.id, others) == (f"inside.{identifier}", [])
    assert first.remedy
    assert exit_code(report, strict=False) == (FOUND if severity is FAIL else NOTHING_FAILED)
    assert exit_code(report, strict=True) == (FOUND if severity is FAIL else STRICT)


def test_nodes_without_a_fault_end_with_nothing_to_do():
    report = Report(tuple(judged().values()), datetime(2026, 11, 29, tzinfo=UTC), 1)
    assert Told(report, "cluster.yaml", None, good_plan()).actions == ()
    assert exit_code(report, strict=True) == NOTHING_FAILED
