"""What the judges of Redis word alike: facts that are not known, and lines that an admin can paste."""

from __future__ import annotations

from typing import Any

from wizard.checks.redis.facts import RedisFacts
from wizard.checks.redis.specs import CLUSTER, COMMANDS, DATABASE, MEMORY, PERSISTENCE, PRIMARY
from wizard.checks.redis.target import RedisTarget
from wizard.engine.check import stopped_by
from wizard.engine.facts import Fact, Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import alternatives, listing, tr
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.spec import Spec

_OF_COMMANDS = frozenset({ErrorKind.PERMISSION, ErrorKind.MISSING})


def obstacle(facts: RedisFacts) -> Spec | None:
    """Return the check behind the gate that stopped the others: a server of the wrong kind, or no such database."""
    if isinstance(facts.server, Known) and not facts.server.value.fit:
        return CLUSTER if facts.server.value.clustered else PRIMARY
    return DATABASE if isinstance(facts.database, Trouble) else None


def not_asked(spec: Spec, target: RedisTarget, facts: RedisFacts) -> Finding:
    """Say of a fact that is still pending why it was never asked for."""
    if gate := obstacle(facts):
        return stopped_by(gate, spec, target.role)
    return spec.unknown(
        tr("Could not be found out: the connection to {address} broke before.", address=target.address),
        subject=target.role,
        error=ErrorKind.TIMEOUT,
    )


def not_known(spec: Spec, target: RedisTarget, facts: RedisFacts, fact: Fact[Any]) -> Finding:
    """Say of a fact that could not be found out why, as unknown: for what the server may keep to itself."""
    if not isinstance(fact, Trouble):
        return not_asked(spec, target, facts)
    if fact.kind is ErrorKind.PERMISSION:
        reason = tr("Could not be found out: the account may not run {command}.", command=fact.about or "INFO")
    elif fact.kind is ErrorKind.MISSING and fact.about:
        reason = tr(
            "Could not be found out: {address} does not know {command}.", address=target.address, command=fact.about
        )
    else:
        reason = tr("Could not be found out from {address}.", address=target.address)
    return spec.unknown(
        reason,
        subject=target.role,
        detail=fact.message,
        error=fact.kind,
        remedy=told_to_an_admin(target) if fact.kind is ErrorKind.PERMISSION and _is_a_look(fact.about) else None,
        because=() if fact.kind in _OF_COMMANDS else comes_of(fact),
        elapsed_ms=fact.elapsed_ms,
    )


def comes_of(trouble: Trouble) -> tuple[str, ...]:
    """Return the id whose finding says what lies behind a trouble, as far as its kind or the server's words tell."""
    if trouble.kind in _OF_COMMANDS:
        return (COMMANDS.id,)
    if _cannot_save(trouble.message):
        return (PERSISTENCE.id,)
    return (MEMORY.id,) if _is_full(trouble.message) else ()


def _cannot_save(message: str) -> bool:
    return any(word in message for word in ("MISCONF", "misconf", "unable to persist"))


def _is_full(message: str) -> bool:
    return "OOM" in message or "maxmemory" in message


def not_told(spec: Spec, target: RedisTarget, *commands: str) -> Finding:
    """Say that the server told it to nobody, because the account may not run `commands`."""
    reason = tr("Could not be found out: the account may not run {command}.", command=alternatives(commands))
    return spec.unknown(reason, subject=target.role, error=ErrorKind.PERMISSION, remedy=told_to_an_admin(target))


def told_to_an_admin(target: RedisTarget) -> Remedy:
    """Return how to look at what the plan's account may not read; one remedy for all of it, as it is one cause.

    It is not granted: CONFIG GET tells the password of others, too.
    """
    words = tr("The plan's account may not read it. See it as an admin of the server:")
    looks = (("INFO",), *(("CONFIG", "GET", name) for name in ("timeout", "tcp-keepalive", "save")))
    return steps(words, *(target.redis_cli(*look, admin=True) for look in looks))


def _is_a_look(command: str) -> bool:
    return command.partition(" ")[0] in {"", "INFO", "CONFIG"}


ALL_NAMES = ("~*", "&*")
"""The rules that allow keys and channels of any name; NocoBase's plug-ins document none of theirs."""


def grant(target: RedisTarget, *allowed: str, names: bool = False) -> Remedy:
    """Return the command that allows commands to the account; with `names`, on keys and channels of any name."""
    rules = [*(ALL_NAMES if names else ()), *(f"+{command.lower().replace(' ', '|')}" for command in allowed)]
    change = target.redis_cli("ACL", "SETUSER", target.account, *rules, admin=True)
    save, rewrite = (target.redis_cli(*words, admin=True) for words in (("ACL", "SAVE"), ("CONFIG", "REWRITE")))
    otherwise = tr("Where the server has no file of access lists, ACL SAVE says so; then:")
    return commands(change, save, steps(otherwise, rewrite))


def bring_back(*commands: str) -> str:
    """Return the way to commands that a server does not know; rename-command can be changed in its file alone."""
    names = listing(dict.fromkeys(command.split(maxsplit=1)[0] for command in commands))
    return tr(
        "Take the lines out of redis.conf that begin with rename-command and name {names}, and restart the server. "
        "Where there are none, the product lacks them: run the image redis:8.",
        names=names,
    )


def refused(target: RedisTarget, trouble: Trouble) -> tuple[str, Remedy]:
    """Word a refusal met on the way: what is refused, and the command that allows it."""
    message = trouble.message.lower()
    if "access a key" in message or "keys mentioned" in message:
        words = tr("The account {user} may not touch keys of any name.", user=target.account)
        return words, grant(target, names=True)
    if "access a channel" in message or "channels mentioned" in message:
        words = tr("The account {user} may not use channels of any name.", user=target.account)
        return words, grant(target, names=True)
    return (
        tr("The account {user} may not run {command}.", user=target.account, command=trouble.about),
        grant(target, trouble.about),
    )


def trouble_on_the_way(target: RedisTarget, trouble: Trouble) -> tuple[str, Remedy | None]:
    """Word why a round trip failed: the sentence and the remedy."""
    message = trouble.message
    step = trouble.about
    match trouble.kind:
        case ErrorKind.PERMISSION:
            return refused(target, trouble)
        case ErrorKind.TIMEOUT:
            return _left(target, step), _fell_silent()
        case ErrorKind.MISSING:
            words = tr("{address} does not know the command {step}.", address=target.address, step=step)
            return words, advice(bring_back(step))
        case _ if _cannot_save(message):
            return (
                tr("{address} accepts no writes: it cannot save to disk.", address=target.address),
                steps(tr("Look at the server's log and disk, then:"), target.redis_cli("BGSAVE", admin=True)),
            )
        case _ if _is_full(message):
            return (
                tr("{address} accepts no writes: its memory limit is reached.", address=target.address),
                commands(target.configure("maxmemory", "2gb")),
            )
        case _:
            return _failed(target, step), None if step else _fell_silent()


def _fell_silent() -> Remedy:
    """Return what to do where no command was refused: the server gave no answer, or took no second connection."""
    return advice(
        tr(
            "The server answered a moment before: see in its log what keeps it now, such as a long command, a restart "
            "or too many clients, then run the check again."
        )
    )


def _left(target: RedisTarget, step: str) -> str:
    if not step:  # the time of the whole check was up
        return tr("{address} stopped answering while what NocoBase does with it was tried.", address=target.address)
    return tr("{address} left {step} without an answer.", address=target.address, step=step)


def _failed(target: RedisTarget, step: str) -> str:
    if not step:  # no command: the connection of a second client
        return tr("A second connection to {address} failed.", address=target.address)
    return tr("{step} failed at {address}.", address=target.address, step=step)
