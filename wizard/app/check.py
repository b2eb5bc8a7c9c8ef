"""Verb check: put a run together, and bring its findings into the order in which people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from wizard.app import log_file
from wizard.app.from_here import from_here
from wizard.app.places import placed
from wizard.checks.registry import all_specs, checks_for, component, cross_checks_for, names, spec_of, wanted
from wizard.engine.component import FromInside, Request
from wizard.engine.events import Event
from wizard.engine.limits import JOBS
from wizard.engine.report import Report
from wizard.engine.runner import Run
from wizard.engine.selection import Selection
from wizard.plan.accepted import marked
from wizard.plan.finding import Finding
from wizard.plan.pasted import is_key
from wizard.plan.plan import Plan
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret, Secrets

_ALIKE = 0.8
"""How alike two ids must be for one to be offered in the place of the other, from 0 to 1."""


def prepare(
    plan: Plan,
    secrets: Secrets,
    emit: Callable[[Event], None],
    *,
    selection: Selection = Selection(),  # noqa: B008 - immutable
    jobs: int = JOBS,
    timeout: float | None = None,
    deadline: float | None = None,
    bundle: Path | None = None,
    edited: bool = False,
    inside: FromInside | None = None,
) -> Run:
    """Return a run of all components, not started yet. `emit` gets each event from the run's own thread.

    `timeout` replaces each check's own deadline, `deadline` bounds the whole run; both in seconds. `bundle` is where
    the plan was read from, if that was a bundle; `edited` says that the plan is no longer the one that was read.
    `inside` brings facts from inside the nodes.
    """
    found_beside = None
    if bundle:
        from wizard.app.bundle_files import beside

        found_beside = beside(bundle, edited=edited)
    return Run(
        checks=checks_for(plan, secrets, Request(selection=selection, beside=found_beside, inside=inside)),
        cross_checks=cross_checks_for(plan, selection),
        emit=emit,
        selection=selection,
        redactor=Redactor([*secrets.values(), *pasted(plan), *_keys(inside)], open_texts(plan)),
        accept=lambda finding: accepted(plan, placed(from_here(finding, plan), plan)),
        log=log_file.path,
        jobs=jobs,
        timeout=timeout,
        deadline=deadline,
    )


def _keys(inside: FromInside | None) -> list[Secret]:
    return [inside.key] if inside and inside.key else []


def accepted(plan: Plan, finding: Finding) -> Finding:
    """Return the finding, marked where the plan accepts it today."""
    if not plan.accepted:
        return finding
    spec = spec_of(finding)
    return marked(finding, plan.accepted, spec.identity if spec else (), datetime.now(UTC).astimezone().date())


def open_texts(plan: Plan) -> list[str]:
    """Return what a plan holds in the open: a secret that is alike must not tear holes into it."""
    names = (*(extra.name for extra in plan.extras), *(ref.name for _key, ref in plan.secret_refs()))
    return [*(text for text in _plain_texts(plan) if not is_key(text)), *names]


def pasted(plan: Plan) -> list[Secret]:
    """Return what a plan holds in the open and looks like a key: no finding quotes it, whoever pasted it there."""
    texts = (*_plain_texts(plan), *(extra.value for extra in plan.extras if isinstance(extra.value, str)))
    return [Secret(text) for text in texts if is_key(text)]


def _plain_texts(plan: Plan) -> list[str]:
    return [value for _key, setting, value in plan.settings() if isinstance(value, str) and not setting.secret]


def unknown_ids(prefixes: Iterable[str]) -> dict[str, list[str]]:
    """Return those of `prefixes` that no id begins with, each with the ids that look like it."""
    return {prefix: _alike(prefix) for prefix in prefixes if not wanted(Selection((prefix,)))}


def _alike(prefix: str) -> list[str]:
    import difflib

    every = [*names(), *(spec.id for spec in all_specs())]
    return difflib.get_close_matches(prefix, every, n=3, cutoff=_ALIKE)


def in_order(run: Run, report: Report) -> Report:
    """Return the report with its findings by component, then subject, then id, however the checks happened to end."""
    return replace(report, findings=tuple(sorted(report.findings, key=places(run))))


def places(run: Run) -> Callable[[Finding], tuple[int, int, int]]:
    """Return the key that sorts the findings of `run` into the order in which people read them."""
    subjects = {(check.component, check.subject): place for place, check in enumerate(run.checks)}
    shown = {name: place for place, name in enumerate(names())}
    ids: dict[str, dict[str, int]] = {}

    def place(finding: Finding) -> tuple[int, int, int]:
        name = finding.component
        if name not in ids:
            of_it = component(name).specs if name in shown else ()
            ids[name] = {spec.id: number for number, spec in enumerate(of_it)}
        return (
            shown.get(name, len(shown)),
            subjects.get((name, finding.subject), subjects.get((name, ""), len(subjects))),
            ids[name].get(finding.id, len(ids[name])),
        )

    return place
