"""What the rules say of the good plan after a change, beside what they say of it anyway: a line for each finding."""

from dataclasses import fields, replace
from pathlib import Path

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.component import COMPONENT
from wizard.checks.plan.rules import rules
from wizard.plan.plan import Extra
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment, Node

PATHS = {"pm2_home": "/var/lib/a/.pm2", "socket_path": "/var/lib/a/gateway.sock"}
OTHERS = {"pm2_home": "/var/lib/b/.pm2", "socket_path": "/var/lib/b/gateway.sock"}
BARE = {"application.deployment": Deployment.BARE}
ALONE = {
    **BARE,
    "nodes": (Node(name="a", host="10.0.0.1", **PATHS), Node(name="b", host="10.0.0.1", port=13001, **OTHERS)),
}
"""Two nodes without containers on one host, each with paths of its own."""
NO_REDIS = (
    "fail plan.redis_address (cache) missing redis.server.host",
    "fail plan.redis_address (sync) missing redis.server.host",
    "fail plan.redis_address (lock) missing redis.server.host",
    "fail plan.redis_address (queue) missing redis.server.host",
    "fail plan.redis_address (worker-id) missing redis.server.host",
    "gone plan.redis_distinct",
    "gone plan.redis_localhost",
)
"""What they say where the one server of Redis has no host."""
LEFT_OUT = ("", None, False, ())
USUAL = (
    "pass plan.value",
    "pass plan.required",
    "pass plan.env_text",
    "pass plan.sources",
    "pass plan.expressions",
    "pass plan.unknown_variables",
    "pass plan.unfilled",
    "pass plan.unread_variables",
    "pass plan.overridden",
    "pass plan.app_key application.app_key",
    "pass plan.aes_key application.aes_key",
    "pass plan.root_password application.root_password",
    "pass plan.public_url application.public_url",
    "pass plan.environment application.environment",
    "pass plan.version application.version",
    "pass plan.plugins licence.without_plugins",
    "pass plan.client_addresses",
    "pass plan.uploads",
    "pass plan.time_zone database.time_zone",
    "pass plan.database_password database.password",
    "pass plan.database_tls database.tls_mode",
    "pass plan.pool database.pool_max",
    "pass plan.database_localhost database.host",
    "pass plan.redis_address redis.layout",
    "pass plan.redis_localhost redis.layout",
    "pass plan.redis_distinct redis.databases.cache",
    "pass plan.nodes nodes",
    "pass plan.worker_ids nodes",
    "pass plan.worker_mode nodes",
    "pass plan.coverage nodes",
    "pass plan.shared_storage storage.kind",
)
"""What they say of the good plan itself."""


def changed(changes):
    """Return the good plan and its secrets after changes: settings by their keys, `extras` and `secrets` by name."""
    plan, secrets = good_plan(), dict(SECRETS)
    for key, value in changes.items():
        match key:
            case "secrets":
                secrets |= {name: Secret(text) for name, text in value.items()}
            case "without":
                secrets = {name: secret for name, secret in secrets.items() if name not in value}
            case "extras":
                plan = replace(plan, extras=tuple(Extra(name, text) for name, text in value.items()))
            case "unsaid" | "unlike" | "expressions" | "disagreements" | "places" | "observed" | "accepted":
                plan = replace(plan, **{key: value})
            case "unreadable":
                for item in value:
                    plan = plan.with_unreadable(item)
            case _:
                plan = plan.with_value(key, value)
    return plan, secrets


def told(changes):
    """Return `severity id (subject) error setting` of each finding; `and` before a pass beside what is told of its id.

    `gone` stands before an id of which nothing is said any more.
    """
    findings = rules(*changed(changes))
    assert len({(finding.id, finding.subject) for finding in findings}) == len(findings), (
        "one finding per id and subject"
    )
    found = [(finding.id, line_of(finding)) for finding in findings]
    new = [line for _, line in found if line not in USUAL]
    ids = {identifier for identifier, line in found if line not in USUAL}
    said = {identifier for identifier, _ in found}
    besides = [f"and {line}" for identifier, line in found if line in USUAL and identifier in ids]
    gone = sorted(f"gone {line.split()[1]}" for line in USUAL if line.split()[1] not in said)
    return [*new, *besides, *gone]


def line_of(finding):
    subject = finding.subject and f"({finding.subject})"
    parts = (finding.severity.value, finding.id, subject, finding.error or "", str(finding.facts.get("setting", "")))
    return " ".join(filter(None, parts))


def declared(spec):
    """Return all that an id declares, one line for each part that is not left out."""
    parts = {field.name: getattr(spec, field.name) for field in fields(spec)}
    parts["severities"] = " ".join(spec.severities)
    lines = [f"  {name}: {value}" for name, value in parts.items() if name != "id" and value not in LEFT_OUT]
    return "\n".join([spec.id, *lines]) + "\n"


def main() -> None:
    """Write down anew what the plan's ids declare: `python -m tests.unit.told`."""
    text = "\n".join(map(declared, COMPONENT.specs))
    Path(__file__).with_name("rules_declared.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
