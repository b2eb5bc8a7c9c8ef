"""Put what is one mistake under one finding: a wrong name and the lack of the right one, a text nobody can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wizard.checks.plan.specs_read import ENV_TEXT, READABLE, UNFILLED, UNKNOWN_VARIABLES, UNREAD_VARIABLES
from wizard.plan.finding import ASKING, ErrorKind, Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import RedisRole
from wizard.plan.sections.redis import ADAPTER_VARIABLES, ROLE_VARIABLES

_NAMES = {UNREAD_VARIABLES.id, UNKNOWN_VARIABLES.id}
_TEXTS = {READABLE.id, UNFILLED.id}


def joined(plan: Plan, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, each that comes of another with what it comes of (`Finding.because`).

    What lacks the variable that a wrongly named one was meant for comes of that name, which is as grave then; and a
    text that readers take differently comes of the same text where it is no value at all.
    """
    meant = _meant(plan, findings)
    graver = {
        name for finding in findings if finding.severity is Severity.FAIL for name in _names(plan, finding, meant)
    }
    return [_joined(plan, finding, findings, meant, graver) for finding in findings]


def _joined(
    plan: Plan, finding: Finding, findings: Sequence[Finding], meant: dict[str, list[str]], graver: set[str]
) -> Finding:
    if finding.id in _NAMES:
        if finding.subject in graver and finding.severity is not Severity.FAIL:
            return replace(finding, severity=Severity.FAIL, error=finding.error or ErrorKind.MISSING)
        return finding
    if finding.id == ENV_TEXT.id and finding.severity is Severity.WARN:
        return replace(finding, because=(*finding.because, *_unread(plan, finding.subject, findings)))
    unfilled = {other.facts.get("setting") for other in findings if other.id == UNFILLED.id and other is not finding}
    if (finding.severity is Severity.WARN or finding.id == ENV_TEXT.id) and (
        setting := finding.facts.get("setting")
    ) in unfilled - {None}:
        return replace(finding, because=(*finding.because, str(setting)))
    if names := tuple(_names(plan, finding, meant)):
        return replace(finding, because=(*finding.because, *names))
    return finding


def _meant(plan: Plan, findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Return the variables that the plan does not give, each with the names that were meant for it."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.id not in _NAMES or finding.severity not in ASKING:
            continue
        for variable in (*finding.facts.get("instead", ()), *filter(None, [finding.facts.get("near")])):
            if not is_given(plan, variable):
                found.setdefault(variable, []).append(finding.subject)
    return found


def _names(plan: Plan, finding: Finding, meant: dict[str, list[str]]) -> Iterator[str]:
    if meant and finding.severity in ASKING and finding.id not in {*_NAMES, ENV_TEXT.id}:
        for variable in variables_of(plan, str(finding.facts.get("setting", ""))):
            yield from meant.get(variable, ())


def _unread(plan: Plan, variable: str, findings: Sequence[Finding]) -> list[str]:
    keys = [
        str(finding.facts.get("setting", ""))
        for finding in findings
        if finding.id in _TEXTS and finding.severity is Severity.FAIL
    ]
    return [key for key in keys if variable in variables_of(plan, key)]


def variables_of(plan: Plan, key: str) -> tuple[str, ...]:
    """Return the variables that say the setting `key`, or the variable that it is itself."""
    if key == "queue.kind":
        return ("QUEUE_ADAPTER",)
    if key.startswith("queue."):
        return (plan.queue.url_variable,)
    if key.startswith("redis."):
        roles = [role for role in RedisRole if key.startswith(f"{plan.redis.endpoint_key(role)}.")]
        return tuple(ROLE_VARIABLES[role] for role in roles)
    try:
        return plan.setting(key).env
    except KeyError:
        return (key,) if key else ()


def is_given(plan: Plan, variable: str) -> bool:
    """Whether the plan gives the nodes a variable, whatever its value; what an export writes anyway is given."""
    of_files = {place.name for place in plan.places.values()}
    extras = {extra.name for extra in plan.extras if extra.value}
    if variable in {*plan.places, *of_files, *extras}:
        return True
    for role, name in ROLE_VARIABLES.items():
        if name == variable:
            return bool(plan.redis.endpoint(role).host) or bool(plan.problem(name))
    if variable in {*ADAPTER_VARIABLES, "QUEUE_ADAPTER"}:
        return not any(map(str.isupper, of_files))
    keys = [(key, value) for key, setting, value in plan.settings() if variable in setting.env]
    return any(value not in {None, ""} and not _is_missing(plan, key) for key, value in keys)


def _is_missing(plan: Plan, key: str) -> bool:
    """Whether a default stands for what the source had to say and did not."""
    return any(item.key == key and item.value == "" and not item.where for item in plan.unreadable)
