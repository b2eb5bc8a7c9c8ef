"""Rule on further variables that take the place of what the plan decides (docs/nocobase.md, "Env files")."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs_read import OVERRIDDEN
from wizard.plan.finding import Finding
from wizard.plan.i18n import listing, tr
from wizard.plan.plan import Extra, Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import SecretRef, Secrets
from wizard.plan.sections import BARE_ONLY, Deployment, QueueKind
from wizard.plan.sections.redis import ADAPTER_VARIABLES, ROLE_VARIABLES
from wizard.plan.setting import settings_of

_Value = str | SecretRef | None
"""What a variable gets; None: it is composed of several settings."""


def _overridden(plan: Plan, secrets: Secrets) -> list[Finding]:
    """Judge each further variable whose name the plan gives a value, too."""
    decided = dict(_decided(plan))
    found = [finding for extra in plan.extras for finding in _of_one(plan, extra, decided, secrets)]
    return found or [OVERRIDDEN.passed(tr("No further variable takes the place of what the plan decides."))]


def _of_one(plan: Plan, extra: Extra, decided: dict[str, tuple[str, _Value]], secrets: Secrets) -> Iterator[Finding]:
    own = {key: text for key, text in _of_nodes(plan, extra.name) if text != extra.value or plan.problem(key)}
    if own:
        yield OVERRIDDEN.fail(
            tr("The further variable {name} takes the place of that of each node.", name=extra.name),
            subject=extra.name,
            detail=tr(
                "It stands in the cluster file under “extras”. Every node gets its value, and {keys} is not written: "
                "what the plan says of the nodes, and what was checked by it, is not what they do.",
                keys=listing(own),
            ),
            remedy=advice(
                tr(
                    "Take the line “{name}:” out of “extras”, and write the value of each node under {keys}.",
                    name=extra.name,
                    keys=listing(own),
                )
            ),
            facts={"setting": extra.name, "instead_of": list(own)},
        )
    elif extra.name in decided and not _same(plan, extra, decided[extra.name], secrets):
        key = decided[extra.name][0]
        yield OVERRIDDEN.warn(
            tr("The further variable {name} takes the place of {key}.", name=extra.name, key=key),
            subject=extra.name,
            detail=tr(
                "It stands in the cluster file under “extras”. The checks look at what {key} says; the nodes do not "
                "get it.",
                key=key,
            ),
            remedy=advice(
                tr("Take the line “{name}:” out of “extras”, and let {key} decide.", name=extra.name, key=key)
            ),
            facts={"setting": extra.name, "instead_of": [key]},
        )


def _of_nodes(plan: Plan, name: str) -> Iterator[tuple[str, str]]:
    """Go through the settings of nodes that `name` is the variable of, with their texts."""
    bare = plan.application.deployment is Deployment.BARE
    for index, node in enumerate(plan.nodes):
        for field, setting in settings_of(node).items():
            if name in setting.env and (bare or field not in BARE_ONLY):
                yield f"nodes.{index}.{field}", setting.kind.render(getattr(node, field))


def _decided(plan: Plan) -> Iterator[tuple[str, tuple[str, _Value]]]:
    """Go through the variables that the plan gives all nodes: name, setting, value."""
    for key, setting, value in plan.settings():
        text = value if isinstance(value, SecretRef) else setting.kind.render(value)
        if (text or plan.problem(key)) and not key.startswith("nodes."):
            yield from ((name, (key, text)) for name in setting.env)
    yield from ((name, ("redis.layout", "redis")) for name in ADAPTER_VARIABLES)
    if plan.licence.without_plugins:
        yield "LOCK_ADAPTER_DEFAULT", ("licence.without_plugins", "local")
    for role in plan.redis_roles:
        if plan.redis.endpoint(role).host:
            yield ROLE_VARIABLES[role], (f"{plan.redis.endpoint_key(role)}.host", None)
    if plan.queue.kind is QueueKind.REDIS:
        yield "QUEUE_ADAPTER", ("queue.kind", "redis")
    else:
        yield "QUEUE_ADAPTER", ("queue.adapter", plan.queue.adapter)
        yield plan.queue.url_variable, ("queue.host", None)
    if plan.application.deployment is Deployment.BARE and plan.storage.path:
        yield "STORAGE_PATH", ("storage.path", plan.storage.path)


def _same(plan: Plan, extra: Extra, decided: tuple[str, _Value], secrets: Secrets) -> bool:
    key, value = decided
    return not plan.problem(key) and _alike(extra.value, value, secrets)


def _alike(one: _Value, other: _Value, secrets: Secrets) -> bool:
    """Whether both say the same, as far as it is known."""
    known = _plain(one, secrets)
    return one == other or (known is not None and known == _plain(other, secrets))


def _plain(value: _Value, secrets: Secrets) -> str | None:
    if not isinstance(value, SecretRef):
        return value
    secret = secrets.get(value.name)
    return secret.reveal() if secret else None


RULES = (Rule(_overridden, None),)
