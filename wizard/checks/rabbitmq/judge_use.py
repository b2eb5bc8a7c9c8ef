"""What the account can do with the broker: the message's way, the rights, the kinds of queues."""

from __future__ import annotations

from typing import Any

from wizard.checks.rabbitmq.errors import ALARM as ABOUT_ALARM
from wizard.checks.rabbitmq.facts import STEPS, BrokerFacts
from wizard.checks.rabbitmq.specs import ALARM, LATENCY, PERMISSIONS, QUEUE_KINDS, USE
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.engine.check import stopped_by, value_of
from wizard.engine.facts import Fact, Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, mark, sentences, tr
from wizard.plan.remedy import Remedy, commands, steps
from wizard.plan.spec import Spec

SLOW_MS = 50.0
"""Milliseconds above which answers are called slow; a queue waits more patiently than a cache."""

_FAILED = {
    "declared": mark("A queue cannot be declared in {virtual_host}."),
    "published": mark("A message cannot be published in {virtual_host}."),
    "consumed": mark("A message cannot be consumed in {virtual_host}."),
    "acknowledged": mark("A message cannot be acknowledged in {virtual_host}."),
    "deleted": mark("A queue cannot be deleted in {virtual_host}."),
}
_RIGHTS = {"declared": "configure", "published": "write", "consumed": "read"}


def _first_trouble(facts: BrokerFacts) -> tuple[str, Trouble] | None:
    for step in STEPS:
        if isinstance(fact := getattr(facts, step), Trouble):
            return step, fact
    return None


def _steps(facts: BrokerFacts) -> dict[str, str]:
    """Return each step's outcome for the report: done, the kind of its error, or not reached."""
    found: dict[str, str] = {}
    for step in STEPS:
        fact: Fact[Any] = getattr(facts, step)
        found[step] = (
            "done" if isinstance(fact, Known) else fact.kind.value if isinstance(fact, Trouble) else "not reached"
        )
    return found


def judge_use(target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """One message goes through a queue, or the step at which it stopped."""
    if stopped := _first_trouble(facts):
        step, trouble = stopped
        refused = trouble.kind is ErrorKind.PERMISSION
        alarm = trouble.about == ABOUT_ALARM
        return USE.fail(
            tr(_FAILED[step], virtual_host=target.virtual_host),
            trouble.kind,
            detail=trouble.message,
            remedy=commands(target.grant() if refused else "rabbitmq-diagnostics check_local_alarms"),
            facts=_steps(facts),
            because=(PERMISSIONS.id,) if refused else (ALARM.id,) if alarm else (),
            elapsed_ms=trouble.elapsed_ms,
        )
    if not isinstance(facts.deleted, Known):
        return USE.unknown(tr("Could not be found out: the connection broke before."), facts=_steps(facts))
    return USE.passed(
        tr("A message went through a queue in {virtual_host}.", virtual_host=target.virtual_host),
        detail=tr(
            "Declared, published with confirmation, consumed, acknowledged, deleted: {name}",
            name=value_of(facts.declared),
        ),
        facts=_steps(facts),
        elapsed_ms=sum(getattr(facts, step).elapsed_ms or 0 for step in STEPS),
    )


def judge_permissions(target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """The three rights of RabbitMQ, told apart by the step that was refused."""
    stopped = _first_trouble(facts)
    if stopped and stopped[1].kind is ErrorKind.PERMISSION and stopped[0] in _RIGHTS:
        right = _RIGHTS[stopped[0]]
        return PERMISSIONS.fail(
            tr(
                "{user} lacks the right to {right} in {virtual_host}.",
                user=target.account,
                right=right,
                virtual_host=target.virtual_host,
            ),
            ErrorKind.PERMISSION,
            detail=sentences(
                tr("The answer: {message}.", message=stopped[1].message),
                tr("No document names the queues and exchanges of NocoBase, so a pattern narrower than .* is a guess."),
            ),
            remedy=commands(target.grant(), target.rabbitmqctl("list_permissions", inside=True)),
            facts={"refused": right},
        )
    if stopped or not isinstance(facts.consumed, Known):
        return behind_use(PERMISSIONS, target, facts)
    return PERMISSIONS.passed(tr("{user} may configure, write and read.", user=target.account))


def judge_alarm(target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """A broker that runs out of memory or disk blocks whoever publishes."""
    if isinstance(facts.published, Trouble) and facts.published.about == ABOUT_ALARM:
        summary, remedy = _alarm(target, facts.published.message.lower())
        return ALARM.fail(
            summary,
            ErrorKind.OTHER,
            detail=tr("The broker's answer to the message: {message}.", message=facts.published.message),
            remedy=remedy,
            elapsed_ms=facts.published.elapsed_ms,
        )
    if isinstance(facts.published, Known):
        return ALARM.passed(tr("No alarm: the broker confirmed a message."), elapsed_ms=facts.published.elapsed_ms)
    return behind_use(ALARM, target, facts)


def _alarm(target: BrokerTarget, reason: str) -> tuple[str, Remedy]:
    """Word the alarm by the broker's reason: “low on memory”, “low on disk” or both."""
    remedies = []
    if "memory" in reason or "disk" not in reason:
        free = tr("Free memory on the broker's host, or let the broker use more of it, here until its next start:")
        for_good = tr("For good, in rabbitmq.conf: {line}", line="vm_memory_high_watermark.relative = 0.6")
        remedies += [steps(free, "rabbitmqctl set_vm_memory_high_watermark 0.6"), steps(for_good)]
    if "disk" in reason or "memory" not in reason:
        free = tr("Free the broker's disk, or accept as little as 2 GB free, here until its next start:")
        for_good = tr("For good, in rabbitmq.conf: {line}", line="disk_free_limit.absolute = 2GB")
        remedies += [steps(free, "rabbitmqctl set_disk_free_limit 2GB"), steps(for_good)]
    if ("memory" in reason) is ("disk" in reason):
        summary = tr(
            "RabbitMQ at {address} accepts no messages: an alarm for memory or disk is on.", address=target.address
        )
    elif "memory" in reason:
        summary = tr("RabbitMQ at {address} accepts no messages: it is low on memory.", address=target.address)
    else:
        summary = tr("RabbitMQ at {address} accepts no messages: it is low on disk.", address=target.address)
    return summary, commands("rabbitmq-diagnostics alarms", *remedies)


def judge_queue_kinds(target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """Lasting queues of both kinds; nobody knows which one NocoBase's plug-in declares, as its code is closed."""
    kinds = {"classic": facts.classic, "quorum": facts.quorum}
    if not all(isinstance(fact, Known | Trouble) for fact in kinds.values()):
        return behind_use(QUEUE_KINDS, target, facts)
    lacking = {kind: fact for kind, fact in kinds.items() if isinstance(fact, Trouble)}
    found = {kind: kind not in lacking for kind in kinds}
    if not lacking:
        return QUEUE_KINDS.passed(tr("Lasting queues can be declared: classic and quorum."), facts=found)
    first = next(iter(lacking.values()))
    return QUEUE_KINDS.warn(
        tr("Lasting queues cannot be declared as: {kinds}.", kinds=listing(lacking)),
        detail=first.message,
        remedy=commands(target.grant() if first.kind is ErrorKind.PERMISSION else "rabbitmqctl list_feature_flags"),
        error=first.kind,
        facts=found,
    )


def judge_latency(target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """How long an answer takes, as measured from the machine this program runs on."""
    if not isinstance(facts.latency, Known) or not facts.latency.value:
        return behind_use(LATENCY, target, facts)
    times = facts.latency.value
    median = times[len(times) // 2]
    found = {"median_ms": round(median, 2), "longest_ms": round(times[-1], 2)}
    words = tr("{address} answers in {median:.1f} ms.", address=target.address, median=max(0.1, median))
    here = tr("Measured from this machine.")
    return (
        LATENCY.passed(words, detail=here, facts=found)
        if median <= SLOW_MS
        else LATENCY.warn(words, detail=here, facts=found)
    )


def behind_use(spec: Spec, target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """Say of what got no answer why: the message before it did not come through, or the broker fell silent later."""
    if isinstance(facts.deleted, Known):
        silent = tr("Could not be found out: {address} stopped answering.", address=target.address)
        return spec.unknown(silent, error=ErrorKind.TIMEOUT)
    return stopped_by(USE, spec)
