"""Plans that name one test server, what a check of them finds, and how tests name an outcome."""

from typing import Any

from tests.live.running import findings_of
from wizard.checks.redis import checks as redis
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Layout, RedisRole

SECRET = "redis.server.password"
ROLES = [role.value for role in RedisRole]
PASSED = (Severity.PASS, None)


def outcome(finding: Finding) -> tuple[Severity, ErrorKind | None]:
    """Return what a test compares of a finding."""
    return finding.severity, finding.error


def failed(kind: ErrorKind) -> tuple[Severity, ErrorKind | None]:
    """Return the outcome of a failure."""
    return Severity.FAIL, kind


def warned(kind: ErrorKind | None = None) -> tuple[Severity, ErrorKind | None]:
    """Return the outcome of a warning."""
    return Severity.WARN, kind


def plan_of(server: Any, values: dict[str, Any] | None = None) -> tuple[Plan, dict[str, Secret]]:
    """Return a plan with all roles on `server`, with `values` besides, and its secrets."""
    plan, secrets = Plan(), {}
    given = {"redis.server.host": server.host, "redis.server.port": server.port}
    given["redis.server.username"] = getattr(server, "user", "")
    if password := getattr(server, "password", ""):
        given["redis.server.password"] = SecretRef(SECRET)
        secrets[SECRET] = Secret(password)
    for key, value in (given | (values or {})).items():
        plan = plan.with_value(key, value)
    return plan, secrets


def plan_of_roles(servers: dict[RedisRole, Any], hosts: dict[RedisRole, str]) -> tuple[Plan, dict[str, Secret]]:
    """Return a plan with a server a role, reached by the name in `hosts` where it has one."""
    plan, secrets = Plan().with_value("redis.layout", Layout.PER_ROLE), {}
    for role, server in servers.items():
        key = f"redis.{role.field}"
        plan = plan.with_value(f"{key}.host", hosts.get(role, server.host)).with_value(f"{key}.port", server.port)
        plan = plan.with_value(f"{key}.password", SecretRef(f"{key}.password"))
        secrets[f"{key}.password"] = Secret(server.password)
    return plan, secrets


def found(server: Any, values: dict[str, Any] | None = None, **options: Any) -> dict[tuple[str, str], Finding]:
    """Check all roles on `server` and give the findings by (id, role)."""
    return found_of(*plan_of(server, values), **options)


def found_of(plan: Plan, secrets: dict[str, Secret], **options: Any) -> dict[tuple[str, str], Finding]:
    """Check a plan and give the findings by (id, role)."""
    return findings_of(redis.checks(plan, secrets), cross_checks=redis.cross_checks(plan), **options)
