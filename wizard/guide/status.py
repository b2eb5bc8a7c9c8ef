"""How a part of the cluster stands by what is known of it, the same on every page and on the map. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wizard.checks import registry
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import ErrorKind, Finding, Severity, worst
from wizard.plan.i18n import mark, markn, tr, trn
from wizard.plan.plan import Plan

UNTESTED = "todo"
STALE = "stale"
"""States beside the severities; all of them are names of icons."""

_WORDS = {
    UNTESTED: mark("not tested"),
    STALE: mark("changed since the test"),
    Severity.PASS: mark("passed"),
    Severity.INFO: mark("note"),
    Severity.WARN: mark("warning"),
    Severity.FAIL: mark("failed"),
    Severity.SKIP: mark("not looked at"),
    Severity.UNKNOWN: mark("could not be found out"),
}

QUIET = frozenset({Severity.SKIP, Severity.INFO})
"""What says nothing of how a thing stands."""
OPEN = frozenset({Severity.FAIL, Severity.UNKNOWN, Severity.WARN})
"""What wants a person."""


def tested(component: str, found: Sequence[Finding]) -> bool:
    """Whether a component was really tested: a check that leads it passed, and none was left out midway."""
    asked = registry.component(component)
    leads, needed = ({spec.id for spec in specs} for specs in (asked.leads, asked.never_left_out))
    passed = any(item.id in leads and item.severity is Severity.PASS for item in found)
    return passed and not any(item.id in needed and item.severity is Severity.SKIP for item in found)


def state(component: str, found: Sequence[Finding], record: FindingsStore) -> str:
    """Return the icon of a part by what a run found of it: untested, overtaken by an edit, or the gravest severity."""
    told = [item for item in found if item.severity not in QUIET and not item.accepted]
    if not told:
        return UNTESTED
    if any(record.stale(item) for item in told):
        return STALE
    gravest = worst([item.severity for item in told])
    return UNTESTED if gravest is Severity.PASS and not tested(component, found) else gravest.value


def in_words(standing: str) -> str:
    """Return a severity, or one of the states beside them, as a few words beside its icon."""
    return tr(_WORDS[standing])


def wants_person(finding: Finding) -> bool:
    """Whether a finding wants a person: it asks something, and nobody has accepted it."""
    return finding.severity in OPEN and not finding.accepted


def stale_words(found: Sequence[Finding], record: FindingsStore, *, short: bool = False) -> str:
    """Say why what was found no longer counts: an edit has overtaken it, or a run is about to tell it anew.

    In `short` words it is what was edited alone, for where an icon says the rest.
    """
    if not any(record.stale(item) and not record.awaits(item) for item in found):
        return tr("being tested again")
    keys = record.edited_since(found)
    if short and len(keys) == 1:
        return tr("{value} changed", value=label(record.plan, keys[0]))
    if short and keys:
        return trn("1 value changed", "{count} values changed", len(keys))
    if len(keys) == 1:
        return tr("{value} changed since the test", value=label(record.plan, keys[0]))
    words = markn("1 value changed since the test", "{count} values changed since the test")
    return trn(*words, len(keys)) if keys else tr("changed since the test")


def label(plan: Plan, key: str) -> str:
    """Return what a setting, or `nodes`, is called on its own page; a variable that no setting covers by its name."""
    if key == "nodes":
        return tr("Nodes")
    try:
        return tr(plan.setting(key).label)
    except KeyError:
        return key


def counted(found: Sequence[Finding]) -> str:
    """Say how many want a person, the gravest kind alone; nothing if none does."""
    found = [item for item in found if not item.accepted]
    failed = [item for item in found if item.severity is Severity.FAIL]
    if failed and all(is_empty_field(item) for item in failed):  # it has not failed at anything
        count = len({item.facts.get("setting", item.subject) for item in failed})
        return trn("1 value missing", "{count} values missing", count)
    for severity, words in (
        (Severity.FAIL, markn("1 failed", "{count} failed")),
        (Severity.UNKNOWN, markn("1 could not be found out", "{count} could not be found out")),
        (Severity.WARN, markn("1 warning", "{count} warnings")),
    ):
        count = sum(item.severity is severity for item in found)
        if count:
            return trn(*words, count)
    return ""


def is_empty_field(finding: Finding) -> bool:
    """Whether a finding says that a field was left empty."""
    spec = registry.spec_of(finding)
    return spec is not None and spec.empty_field and finding.error is ErrorKind.MISSING


def empty_fields(found: Iterable[Finding]) -> frozenset[str]:
    """Return the keys of the settings that a cluster needs and that were left empty."""
    failed = (item for item in found if item.severity is Severity.FAIL and not item.accepted)
    return frozenset(str(item.facts.get("setting", item.subject)) for item in failed if is_empty_field(item))


def hint_of_run(*, running: bool, stale: bool, found: bool, changed: str = "") -> str:
    """Return what stands above the findings of a step that asks a real thing; nothing where they are of now.

    `changed` are the labels of the values whose edits made them stale, where these are known.
    """
    if running:
        return tr("Being tested …")
    if stale and changed:
        return tr("Changed since this test: {values}. Test again to know.", values=changed)
    if stale:
        return tr("Something was changed since this test: test again to know.")
    return "" if found else tr("Not tested yet. Test asks the real thing, and leaves nothing behind there.")


def hint_of_values() -> str:
    """Return what stands above the findings of a step whose values alone are judged."""
    return tr(
        "The values alone are judged here, at every edit. Whether the address answers is tested on the step Balancer, "
        "and whether the nodes have these keys on the Review."
    )


def untold_words(count: int) -> str:
    """Say that some results could not be told anew when the language became another one."""
    return trn(
        "1 result is told in the language in which it was found, until it is tested again.",
        "{count} results are told in the language in which they were found, until they are tested again.",
        count,
    )
