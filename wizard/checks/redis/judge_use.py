"""What the role can do there: its database, its round trip, its commands, its speed."""

from __future__ import annotations

from typing import Any

from wizard.checks.redis.facts import RedisFacts, Rights
from wizard.checks.redis.rights import NAMED, NEEDED, command_of
from wizard.checks.redis.round_trips import BLOOM_COMMANDS
from wizard.checks.redis.specs import BLOOM, COMMANDS, DATABASE, LATENCY, PRODUCT, USES, VERSION
from wizard.checks.redis.target import RedisTarget
from wizard.checks.redis.wording import bring_back, comes_of, grant, not_asked, not_known, refused, trouble_on_the_way
from wizard.checks.shared.restart import in_file
from wizard.engine.facts import Known, Pending, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, mark, sentences, tr
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.sections import RedisRole

ACCESS_LISTS = 6
"""The Redis from which on an account has rules; before, a command can only be renamed."""
SLOW_MS = 20.0
"""Milliseconds above which answers are called slow: a request of NocoBase asks its cache several times."""

_WORKS = {
    RedisRole.CACHE: mark("Values are kept, read and expire in database {database} of {address}."),
    RedisRole.SYNC: mark("Messages published at {address} arrive."),
    RedisRole.LOCK: mark("A lock in database {database} of {address} excludes others and is released."),
    RedisRole.QUEUE: mark("Messages go through a queue in database {database} of {address}."),
    RedisRole.WORKER_ID: mark("Numbers are reserved and counted in database {database} of {address}."),
}


def judge_database(target: RedisTarget, facts: RedisFacts) -> Finding:
    """The index exists; Redis has 16 unless told otherwise."""
    more = {"subject": target.role, "facts": {"database": target.database}}
    match facts.database:
        case Known(elapsed_ms=elapsed):
            words = tr("Database {database} exists at {address}.", database=target.database, address=target.address)
            return DATABASE.passed(words, elapsed_ms=elapsed, **more)
        case Trouble(kind=ErrorKind.PERMISSION) as trouble:
            summary, remedy = refused(target, trouble)
            return DATABASE.fail(summary, trouble.kind, detail=trouble.message, remedy=remedy, **more)
        case Trouble(kind=ErrorKind.MISSING) as trouble:
            return DATABASE.fail(
                tr("{address} has no database {database}.", database=target.database, address=target.address),
                trouble.kind,
                detail=trouble.message,
                remedy=commands(
                    steps(
                        tr(
                            "Let the server have more databases. Where that cannot be changed, as with some that are "
                            "rented, give each role a server of its own: in a lower database another role may live."
                        )
                    ),
                    steps(in_file("redis.conf"), f"databases {max(target.databases, target.database + 1)}"),
                ),
                **more,
            )
        case fact:
            return not_known(DATABASE, target, facts, fact)


def judge_use(target: RedisTarget, facts: RedisFacts) -> Finding:
    """The role's own round trip; for sync also a stream, as nobody knows which of the two the plug-in uses."""
    spec = USES[target.role]
    if isinstance(facts.use, Pending):
        return not_asked(spec, target, facts)
    if isinstance(facts.use, Trouble):
        summary, remedy = trouble_on_the_way(target, facts.use)
        return spec.fail(
            summary,
            facts.use.kind,
            detail=facts.use.message,
            remedy=remedy,
            subject=target.role,
            facts={"step": facts.use.about},
            because=comes_of(facts.use),
            elapsed_ms=facts.use.elapsed_ms,
        )
    steps = list(facts.use.value)
    if isinstance(facts.stream, Trouble):
        return _without_streams(target, facts.stream, steps, facts.use.elapsed_ms)
    if isinstance(facts.stream, Known) and facts.stream.value:
        steps += facts.stream.value
    return spec.passed(
        tr(_WORKS[target.role], database=target.database, address=target.address),
        detail=tr("Tried: {steps}.", steps=listing(steps)),
        subject=target.role,
        facts={"steps": steps},
        elapsed_ms=facts.use.elapsed_ms,
    )


def _without_streams(target: RedisTarget, trouble: Trouble, steps: list[str], elapsed: int | None) -> Finding:
    summary, remedy = trouble_on_the_way(target, trouble)
    return USES[target.role].warn(
        tr("Messages arrive, but streams do not work: {reason}", reason=summary),
        detail=tr(
            "NocoBase's page speaks of streams, the plug-in's of publish and subscribe; its code is closed. {message}",
            message=trouble.message,
        ),
        remedy=remedy,
        subject=target.role,
        error=trouble.kind,
        facts={"steps": steps, "step": trouble.about},
        because=comes_of(trouble),
        elapsed_ms=elapsed,
    )


def judge_bloom(target: RedisTarget, facts: RedisFacts) -> Finding:
    """The Bloom filter: without it, NocoBase looks every token up in the database."""
    match facts.bloom:
        case Known(elapsed_ms=elapsed):
            return BLOOM.passed(tr("The Bloom filter works."), subject=target.role, elapsed_ms=elapsed)
        case Trouble(kind=ErrorKind.PERMISSION | ErrorKind.MISSING) as trouble:
            refusal = trouble.kind is ErrorKind.PERMISSION
            return BLOOM.warn(
                refused(target, trouble)[0]
                if refusal
                else tr("{address} has no Bloom filter.", address=target.address),
                detail=sentences(
                    tr(
                        "NocoBase then logs a warning and asks the database whether a token is revoked: "
                        "slower sign-in checks, nothing lost.",
                    ),
                    ""
                    if refusal or not trouble.about
                    else tr("The server does not know {command}.", command=trouble.about),
                ),
                remedy=grant(target, *BLOOM_COMMANDS)
                if refusal
                else advice(tr("Run the image redis:8, or redis/redis-stack-server, which bring it.")),
                subject=target.role,
                error=trouble.kind,
                because=(COMMANDS.id,) if refusal else (PRODUCT.id, VERSION.id),
                elapsed_ms=trouble.elapsed_ms,
            )
        case fact:
            return not_known(BLOOM, target, facts, fact)


def judge_commands(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Every command the role needs is there and allowed; what single functions need is worth a warning."""
    if not isinstance(facts.rights, Known):
        return not_known(COMMANDS, target, facts, facts.rights)
    rights = facts.rights.value
    more: dict[str, Any] = {
        "subject": target.role,
        "facts": {"refused": list(rights.refused), "absent": list(rights.absent), "untried": list(rights.untried)},
        "elapsed_ms": facts.rights.elapsed_ms,
    }
    if rights.refused or rights.absent:
        return _lacking(target, rights, more)
    if rights.untried:
        return _untried(target, facts, rights, more)
    words = tr("The account {user} may run every command the role needs.", user=target.account)
    return COMMANDS.passed(words, **more)


def _lacking(target: RedisTarget, rights: Rights, more: dict[str, Any]) -> Finding:
    """Say which commands the server does not know or refuses; what the role needs decides how grave that is."""
    words: list[str] = []
    lines: list[Remedy] = []
    if rights.absent:
        words.append(tr("{address} does not know {names}.", address=target.address, names=listing(rights.absent)))
        lines.append(steps(bring_back(*rights.absent)))
    if rights.refused:
        names = listing(rights.refused)
        words.append(tr("The account {user} may not run {names}.", user=target.account, names=names))
        lines.append(grant(target, *rights.refused, names=NAMED[target.role] <= set(rights.refused)))
    summary, more = (
        sentences(*words),
        more | {"remedy": commands(*lines) if rights.refused else advice(bring_back(*rights.absent))},
    )
    untried = tr("Could not be tried without harm: {names}.", names=listing(rights.untried)) if rights.untried else ""
    needed = {command_of(line) for line in NEEDED[target.role]}
    if rights.refused:
        more["cause"] = f"rights of {target.account} at {target.address}"
    if lacking := needed & {*rights.refused, *rights.absent}:
        kind = ErrorKind.MISSING if lacking & set(rights.absent) else ErrorKind.PERMISSION
        return COMMANDS.fail(summary, kind, detail=untried, **more)
    uses = tr("“Clear cache” needs FLUSHDB, counters of one-time codes need SCRIPT LOAD and EVALSHA.")
    closed = tr("The plug-in's code is closed; it may use them.")
    detail = uses if target.role is RedisRole.CACHE else closed
    kind = ErrorKind.MISSING if rights.absent else ErrorKind.PERMISSION
    return COMMANDS.warn(summary, detail=f"{detail} {untried}".strip(), error=kind, **more)


def _untried(target: RedisTarget, facts: RedisFacts, rights: Rights, more: dict[str, Any]) -> Finding:
    names = listing(rights.untried)
    before_lists = isinstance(facts.server, Known) and 0 < facts.server.value.major < ACCESS_LISTS
    look = ("COMMAND", "INFO", *rights.untried) if before_lists else ("ACL", "GETUSER", target.account)
    return COMMANDS.unknown(
        tr("Whether the account {user} may run {names} could not be found out.", user=target.account, names=names),
        detail=tr(
            "They cannot be tried without harm. Redis 7 and later tells it to a script (EVAL), which this server or "
            "this account does not allow; nothing that could be tried was refused."
        ),
        remedy=steps(tr("See it on the server:"), target.redis_cli(*look, admin=True)),
        **more,
    )


def judge_latency(target: RedisTarget, facts: RedisFacts) -> Finding:
    """How long an answer takes, as measured from the machine this program runs on."""
    if not isinstance(facts.latency, Known) or not facts.latency.value:
        return not_known(LATENCY, target, facts, facts.latency)
    times = facts.latency.value
    median = times[len(times) // 2]
    more = {"subject": target.role, "facts": {"median_ms": round(median, 2), "longest_ms": round(times[-1], 2)}}
    words = tr("{address} answers in {median:.1f} ms.", address=target.address, median=max(0.1, median))
    if median <= SLOW_MS:
        return LATENCY.passed(words, detail=tr("Measured from this machine."), **more)
    return LATENCY.warn(
        words,
        detail=tr(
            "Measured from this machine; every request asks Redis several times. See how far the nodes are from it."
        ),
        remedy=commands(target.redis_cli("--latency")),
        **more,
    )
