"""Rules on single values: readable, present, and such that every reader of an env file gives them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wizard.checks.plan.line_ends import how_it_came, without_line_end
from wizard.checks.plan.rule import Rule
from wizard.checks.plan.rules import further
from wizard.checks.plan.specs import WORKER_MODE
from wizard.checks.plan.specs_read import ENV_TEXT, READABLE, REQUIRED
from wizard.checks.shared.unread import label
from wizard.plan.env_text import LINE_ENDS, EnvForm, form_of
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.kinds import Boolean
from wizard.plan.placeholder_places import SAMPLES, is_placeholder_of_a_place
from wizard.plan.plan import Plan, Unlike, Unreadable
from wizard.plan.remedy import Remedy, advice, plan_value, steps
from wizard.plan.secret import HIDDEN, Secret, SecretRef, Secrets
from wizard.plan.sections import Deployment, LicenceMethod, QueueKind
from wizard.plan.sections.redis import ADAPTER_VARIABLES, ROLE_VARIABLES
from wizard.plan.urls import is_maybe_password

_ADAPTERS = {**{name: name for name in ADAPTER_VARIABLES}, "queue.kind": "QUEUE_ADAPTER"}
"""Keys whose text can be read and is wrong, with their variables: any other store than Redis stays in one process."""


_OF_ONE_PROCESS = frozenset({"", "local", "memory"})
"""What NocoBase takes for an adapter of its own, and where none is named: nodes start with it."""
_ALONE = {
    "CACHE_DEFAULT_STORE": mark("Nodes start, and each process keeps a cache of its own, which no other one sees."),
    "LOCK_ADAPTER_DEFAULT": mark(
        "Nodes start, and a lock keeps out nobody but the process itself: two nodes can do at once what one alone may."
    ),
    "QUEUE_ADAPTER": mark(
        "Nodes start, and a task waits in the memory of the process that took it, where no other node sees it."
    ),
}
_ADDRESSES = frozenset(ROLE_VARIABLES.values())
"""Addresses of one kind: what is wrong with several of them in one way is one thing to do."""


def _readable(plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    items = [item for item in plan.unreadable if not plan.is_expression(item.key)]
    first: dict[str, str] = {}
    for item in items:
        found = _unreadable(plan, item, secrets)
        alike = first.setdefault(item.problem, item.key) if item.key in _ADDRESSES else ""
        yield replace(found, cause=f"address {alike}") if alike else found
    others = list(further.judged(plan, secrets))
    yield from others
    if not items and all(other.severity is Severity.INFO for other in others):
        yield READABLE.passed(tr("Every value can be read."))


def _unreadable(plan: Plan, item: Unreadable, secrets: Secrets) -> Finding:
    more: dict[str, Any] = {"subject": item.key, "facts": {"setting": item.key}}
    name = label(plan, item.key)
    if item.key == "database.dialect" and (of_dialect := _without_dialect(plan, item, more)):
        return of_dialect
    if item.key == "database.dialect" and (dialect := _dialect_meant(item.shown)):
        more["remedy"] = plan_value("database.dialect", dialect, f"DB_DIALECT={dialect}")
    if adapter := _ADAPTERS.get(item.key):
        more |= _of_adapter(item, adapter)
    if item.value == "" and not item.where:
        return READABLE.fail(tr("{name} is missing.", name=name), ErrorKind.MISSING, detail=item.problem, **more)
    said = _said(item, secrets)
    sample = not adapter and is_placeholder_of_a_place(said)
    if not sample and (of_its_own := _of_its_own(plan, item, said, more)):
        return of_its_own
    if sample:
        more["cause"] = SAMPLES
        more["remedy"] = advice(tr("Write your own value at {key}, and the same where it is used.", key=name))
        return READABLE.fail(
            tr("{key} is a placeholder of a sample, not a value of your own.", key=name), ErrorKind.MISSING, **more
        )
    if item.where == item.key:  # a line without a name
        name = name[:1].upper() + name[1:]
    elif item.where:
        name = tr("{name} ({where})", name=name, where=item.where)
    if adapter:
        summary = tr("{name} is “{text}”. {problem}", name=name, text=item.shown or HIDDEN, problem=item.problem)
        return READABLE.fail(summary, ErrorKind.OTHER, **more)
    return READABLE.fail(
        tr("{name} cannot be read. {problem}", name=name, problem=item.problem), ErrorKind.PROTOCOL, **more
    )


def _of_its_own(plan: Plan, item: Unreadable, said: str, more: dict[str, Any]) -> Finding | None:
    """Judge what is told in words of its own; None for any other text."""
    if found := _lived_with(plan, item, more) or _switched_on(label(plan, item.key), item, more):
        return found
    if is_maybe_password(Secret(said)):
        summary = tr("{name}: not known whether its address has a user or a password.", name=label(plan, item.key))
        return READABLE.unknown(summary, **more | {"remedy": advice(item.problem)})
    return None


def _switched_on(name: str, item: Unreadable, more: dict[str, Any]) -> Finding | None:
    """Judge CLUSTER_MODE where it was taken for a switch: PM2 gets it as the number of processes. None for others."""
    if not item.key.endswith(".processes") or not item.shown.isalpha():
        return None
    values = {"name": name, "text": item.shown}
    return READABLE.fail(
        tr("{name} is “{text}”: it is how many processes a node runs, and switches no cluster on.", **values),
        ErrorKind.PROTOCOL,
        detail=tr("Several nodes are a cluster by what they share: the database, Redis, the storage and the keys."),
        remedy=advice(tr("Take CLUSTER_MODE out, or write the number of processes of the node.")),
        **more,
    )


def _without_dialect(plan: Plan, item: Unreadable, more: dict[str, Any]) -> Finding | None:
    """Judge a kind of database that a cluster cannot have, or that is not said; None for another text."""
    if _is_sqlite(item):
        return READABLE.fail(
            tr("DB_DIALECT is sqlite: its database is a file on one machine, which the nodes cannot share."),
            ErrorKind.OTHER,
            detail=tr(
                "A cluster needs PostgreSQL, MySQL or MariaDB. Data of a SQLite file has to be moved there first."
            ),
            remedy=plan_value("database.dialect", "postgres", "DB_DIALECT=postgres"),
            **more,
        )
    if item.value == "" and not item.where:
        kinds = [str(option.value) for option in type(plan.database.dialect)]
        words = tr("Add it with what is meant, one of {values}:", values=listing(kinds))
        remedy = steps(words, f"DB_DIALECT={kinds[0]}")
        return READABLE.fail(item.problem, ErrorKind.MISSING, remedy=remedy, **more)
    return None


def _of_adapter(item: Unreadable, adapter: str) -> dict[str, Any]:
    """Return the remedy of an adapter's variable, and what follows where nodes start with what it says."""
    alone = item.shown in _OF_ONE_PROCESS
    return {"remedy": _redis(item, adapter), **({"effect": tr(_ALONE[adapter])} if alone else {})}


def _redis(item: Unreadable, adapter: str) -> Remedy:
    """Say to choose Redis; for the lock only once its plug-in is there, else a first start breaks off."""
    line = f"{adapter}=redis"
    if item.key == "LOCK_ADAPTER_DEFAULT" and item.shown == "local":
        return steps(tr("Once the lock's plug-in is enabled, and not before:"), line)
    return plan_value(item.key, "redis", line)


def _said(item: Unreadable, secrets: Secrets) -> str:
    value = secrets.get(item.value.name) if isinstance(item.value, SecretRef) else item.value
    return value.reveal() if isinstance(value, Secret) else value or ""


def _is_sqlite(item: Unreadable) -> bool:
    return "sqlite" in item.shown.lower()  # sqlite3, better-sqlite3, sqlite::memory:


def _dialect_meant(text: str) -> str:
    """Return the kind of database that NocoBase calls otherwise, or nothing."""
    word = text.lower()
    starts = {"pg": "postgres", "postgre": "postgres", "maria": "mariadb", "mysql": "mysql"}
    return next((kind for start, kind in starts.items() if word.startswith(start)), "")


def _lived_with(plan: Plan, item: Unreadable, more: dict[str, Any]) -> Finding | None:
    """Judge a text that this program has no value for, and NocoBase starts with all the same; None for another."""
    try:
        setting = plan.setting(item.key)
    except KeyError:
        return None
    values = {"name": label(plan, item.key), "text": item.shown or HIDDEN}
    if plan.beyond(item.key):
        summary = tr("{name} is “{text}”, which NocoBase takes and this program has no value for.", **values)
        return READABLE.unknown(summary, detail=item.problem, **more)
    if isinstance(setting.kind, Boolean) and setting.env:
        line = steps(tr("For yes; for no write false:"), f"{setting.env[0]}=true").text
        remedy = plan_value(item.key, True, line)
        summary = tr("{name} is “{text}”, which has no effect: only the exact text true is yes.", **values)
        return READABLE.warn(summary, detail=item.problem, remedy=remedy, **more)
    return None


def required_keys(plan: Plan) -> list[str]:
    """Return the keys of the settings that this plan cannot do without."""
    pods = plan.application.deployment is Deployment.KUBERNETES  # it gives them their addresses and their storage
    keys = ["application.public_url", "database.host", "database.name", "database.user"]
    keys += [] if pods else ["storage.path"]
    if plan.licence.method is LicenceMethod.ACCOUNT:
        keys += ["licence.username", "licence.password"]
    else:
        keys += ["licence.key"]
    if plan.queue.kind is QueueKind.RABBITMQ:
        keys += ["queue.host", "queue.adapter", "queue.url_variable"]
    for index in range(len(plan.nodes)):
        keys += [f"nodes.{index}.name"] if pods else [f"nodes.{index}.name", f"nodes.{index}.host"]
    if plan.balancer.tls and plan.balancer.is_written:
        keys += ["balancer.certificate", "balancer.certificate_key"]
    return keys


def _required(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    sqlite = any(item.key == "database.dialect" and _is_sqlite(item) for item in plan.unreadable)
    missing = [key for key in required_keys(plan) if not plan.problem(key) and plan.get(key) in {"", None}]
    for key in missing:
        yield REQUIRED.fail(
            tr("{name} is missing.", name=label(plan, key)),
            ErrorKind.MISSING,
            subject=key,
            facts={"setting": key},
            because=("database.dialect",) if key.startswith("database.") and sqlite else (),
        )
    if not missing:
        yield REQUIRED.passed(tr("Every setting that a cluster needs has a value."))


def _env_text(plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    bad, quoted = [item.name for item in plan.unlike], []
    values = list(_file_values(plan, secrets))
    broken = {name for _key, name, value in values if value.endswith(LINE_ENDS)}
    for item in plan.unlike:
        if item.earlier:
            yield _repeated(item)
        elif item.name not in broken:
            yield _unlike(item)
    for key, name, value in values:
        form = form_of(value)
        if value.endswith(LINE_ENDS):
            bad.append(name)
            yield _ends_with_a_line(plan, key, name)
        elif form is EnvForm.NONE:
            bad.append(name)
            yield ENV_TEXT.fail(
                tr("{name} has characters that no env file carries to every reader.", name=name),
                ErrorKind.PROTOCOL,
                subject=key,
                detail=tr("Line ends, two backslashes, “${” and mixed quotes are read differently by each program."),
                remedy=advice(
                    tr("Use letters, digits and _ . / : @ % + = , - only; the wizard can generate such a value.")
                ),
                facts={"setting": key},
            )
        elif form is not EnvForm.BARE:
            quoted.append(name)
    if quoted:
        yield ENV_TEXT.info(
            tr("An exported env file has these in quotes: {names}.", names=listing(dict.fromkeys(quoted))),
            detail=tr("“docker run --env-file” keeps the quotes as part of a value; it has a file of its own."),
        )
    elif not bad:
        yield ENV_TEXT.passed(tr("Every value at hand is read alike by every reader of env files."))


def _ends_with_a_line(plan: Plan, key: str, name: str) -> Finding:
    return ENV_TEXT.fail(
        tr("{name} ends with a line break, which is a part of the value.", name=name),
        ErrorKind.PROTOCOL,
        subject=key,
        detail=how_it_came(plan, name),
        remedy=without_line_end(plan, name),
        facts={"setting": key},
        cause=f"line end {key}",
    )


def _unlike(item: Unlike) -> Finding:
    return ENV_TEXT.warn(
        tr("{name} ({where}) is not read alike by every reader of env files.", name=item.name, where=item.where),
        subject=item.name,
        detail=tr(
            "NocoBase's reader cuts an unquoted value at “#” and expands nothing; shells and Compose expand “$”; "
            "quotes, blanks and backslashes mean something else to each. Here it was read as NocoBase reads it."
        ),
        remedy=advice(tr("Put the value of {name} in single quotes, or choose one that needs none.", name=item.name)),
        facts={"setting": item.name},
        because=(WORKER_MODE.id,) if item.name == "WORKER_MODE" else (),  # in quotes its blanks were as wrong
    )


def _repeated(item: Unlike) -> Finding:
    return ENV_TEXT.warn(
        tr(
            "{name} stands in the file twice with different values: the one at {where} counts, that of line {line} "
            "does not.",
            name=item.name,
            where=item.where,
            line=item.earlier,
        ),
        subject=item.name,
        detail=tr("Every reader of env files takes the last one. An edit of the other changes nothing."),
        remedy=advice(tr("Take out the line that does not count.")),
        facts={"setting": item.name},
    )


def _file_values(plan: Plan, secrets: Secrets) -> Iterator[tuple[str, str, str]]:
    """Go through what an env file would hold in a place of its own: key, shown name, plain text."""
    for key, setting, value in plan.settings():
        if not setting.env:
            continue
        text = _plain(value, secrets) if setting.secret else setting.kind.render(value)
        if text:
            yield key, setting.env[0], text
    for extra in plan.extras:
        if text := _plain(extra.value, secrets):
            yield extra.name, extra.name, text


def _plain(value: str | SecretRef | None, secrets: Secrets) -> str | None:
    if isinstance(value, SecretRef):
        secret = secrets.get(value.name)
        return secret.reveal() if secret else None
    return value


def _required_reads(plan: Plan) -> tuple[str, ...]:
    """Return what decides which settings are required, and those of them that could be read: a wrong value is one."""
    decide = ("application.deployment", "balancer.kind", "balancer.tls", "licence.method", "nodes", "queue.kind")
    return (*decide, *(key for key in required_keys(plan) if not plan.problem(key)))


RULES = (
    Rule(_readable, None),
    Rule(_required, _required_reads),
    Rule(_env_text, None),
)
