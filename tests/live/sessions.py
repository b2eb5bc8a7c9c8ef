"""Stand-in nodes with an account, and the checks that sign in there."""

from typing import Any

from tests.live.running import findings_of
from wizard.checks.cluster import checks as cluster
from wizard.demo.http_stand_in import Answer, Received
from wizard.demo.nodes import NodeStandIn
from wizard.demo.sessions import User, Users
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node

PASSWORD = "Ck-Pw_12345-of-checks"
SECRETS = {"application.check_password": Secret(PASSWORD)}
PUBLIC = "https://app.example.com"


def users(*more: User, **about: Any) -> Users:
    """Return an installation with the account for checks."""
    return Users([User(7, "checks", "checks@example.com", PASSWORD, **about), *more])


def plan_of(*servers: Any, **values: Any) -> Plan:
    """Return a plan of these nodes with the account; `nodes__0__worker_mode` and its like set more."""
    nodes = tuple(Node(name=f"node{i + 1}", host=server.host, port=server.port) for i, server in enumerate(servers))
    plan = Plan(nodes=nodes)
    fixed = {
        "application.check_account": "checks",
        "application.check_password": SecretRef("application.check_password"),
        "application.public_url": PUBLIC,
    }
    for key, value in {**fixed, **{name.replace("__", "."): value for name, value in values.items()}}.items():
        plan = plan.with_value(key, value)
    return plan


def all_found_on(*servers: Any, secrets=None, timeout: float | None = None, **values: Any):
    """Run the checks on these nodes and give the findings by id and subject; no secret may be in one."""
    given = SECRETS if secrets is None else secrets
    found = findings_of(cluster.checks(plan_of(*servers, **values), given), timeout=timeout)
    assert PASSWORD not in str(found)
    return found


def found_on(*servers: Any, **options: Any):
    """Run the checks on these nodes and give the findings by id."""
    return {identifier: finding for (identifier, _subject), finding in all_found_on(*servers, **options).items()}


class ScriptedNode(NodeStandIn):
    """A stand-in that says something else to some actions, or does something first."""

    def __init__(self, name: str = "node1", **options: Any) -> None:
        self.says: dict[str, Answer | None] = options.pop("says", {})
        self.first = options.pop("first", {})
        super().__init__(name, **options)

    def answer(self, request: Received) -> Answer | None:
        action = request.path.rpartition("api/")[2]
        if action in self.first:
            self.first[action]()
        return self.says[action] if action in self.says else super().answer(request)


def asked(server: NodeStandIn, action: str) -> int:
    """How often an action was asked of a node."""
    return sum(request.path.endswith(action) for request in server.requests)
