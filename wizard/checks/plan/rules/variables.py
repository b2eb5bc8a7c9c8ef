"""Rules on variables beyond the settings, and on the remarks of an exported file that are still in a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wizard.checks.plan.specs import UNFILLED, UNKNOWN_VARIABLES
from wizard.plan.env_text import PLACEHOLDERS, is_unfilled
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import SecretRef, Secrets
from wizard.plan.variables import alike, known_variables


def judge(plan: Plan, secrets: Secrets) -> Iterator[Iterable[Finding]]:
    """Judge the names of the further variables, and the values at hand."""
    yield _unknown(plan)
    yield _unfilled(plan, secrets)


def _unknown(plan: Plan) -> Iterator[Finding]:
    known = {*known_variables(), plan.queue.url_variable}
    names = [extra.name for extra in plan.extras if extra.name not in known]
    for name in names:
        facts = {"setting": name}
        if near := alike(name):
            yield UNKNOWN_VARIABLES.warn(
                tr("NocoBase is not known to read {name}. Did you mean {near}?", name=name, near=near),
                subject=name,
                remedy=advice(tr("Rename {name} to {near}.", name=name, near=near)),
                facts={**facts, "near": near},
            )
        else:
            yield UNKNOWN_VARIABLES.info(
                tr("NocoBase is not known to read {name}.", name=name),
                subject=name,
                detail=tr("It is kept as it is. A plug-in or another program may read it; its value is hidden."),
                facts=facts,
            )
    if not names:
        yield UNKNOWN_VARIABLES.passed(tr("NocoBase is known to read every further variable."))


def _unfilled(plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    found = [key for key, value in _values(plan, secrets) if is_unfilled(value)]
    for key in found:
        yield UNFILLED.fail(
            tr("{key} still holds the remark of an exported file.", key=key),
            ErrorKind.MISSING,
            subject=key,
            detail=tr("Its value contains {words}.", words=" / ".join(f"“{words}”" for words in PLACEHOLDERS)),
            remedy=advice(tr("Replace the whole value by the secret itself.")),
            facts={"setting": key},
        )
    if not found:
        yield UNFILLED.passed(tr("No value at hand holds the remark of an exported file."))


def _values(plan: Plan, secrets: Secrets) -> Iterator[tuple[str, str]]:
    for key, ref in plan.secret_refs():
        if secret := secrets.get(ref.name):
            yield key, secret.reveal()
    for key, setting, value in plan.settings():
        if setting.env and isinstance(value, str):
            yield key, value
    for extra in plan.extras:
        if not isinstance(extra.value, SecretRef):
            yield extra.name, extra.value
