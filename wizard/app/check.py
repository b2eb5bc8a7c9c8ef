"""Verb check: put a run together, and bring its findings into the order in which people read them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from wizard.app.bundle_files import look_at, site_of
from wizard.checks.plan import bundle_files
from wizard.checks.registry import ALL_SPECS, COMPONENTS, checks_for, cross_checks_for
from wizard.engine.check import Check
from wizard.engine.events import Event
from wizard.engine.report import Report
from wizard.engine.runner import JOBS, Run, Selection
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secrets

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
) -> Run:
    """Return a run of all components, not started yet. `emit` gets each event from the run's own thread.

    `timeout` replaces each check's own deadline, `deadline` bounds the whole run; both in seconds. `bundle` is where
    the plan was read from, if that was a bundle; `edited` says that the plan is no longer the one that was read.
    """
    exported = site_of(bundle, plan) if bundle and not edited else None  # it holds the former plan until an export
    return Run(
        checks=[*checks_for(plan, secrets, exported), *_of_bundle(bundle, edited=edited)],
        cross_checks=cross_checks_for(plan),
        emit=emit,
        selection=selection,
        redactor=Redactor(secrets.values()),
        jobs=jobs,
        timeout=timeout,
        deadline=deadline,
    )


def _of_bundle(bundle: Path | None, *, edited: bool) -> list[Check[Any]]:
    return [] if bundle is None else [*bundle_files.checks(lambda: look_at(bundle), str(bundle), edited=edited)]


def unknown_ids(prefixes: Iterable[str]) -> dict[str, list[str]]:
    """Return those of `prefixes` that no id begins with, each with the ids that look like it."""
    ids = [spec.id for spec in ALL_SPECS]
    return {
        prefix: difflib.get_close_matches(prefix, [*COMPONENTS, *ids], n=3, cutoff=_ALIKE)
        for prefix in prefixes
        if not any(identifier.startswith(prefix) for identifier in ids)
    }


def in_order(run: Run, report: Report) -> Report:
    """Return the report with its findings by component, then subject, then id, however the checks happened to end."""
    return replace(report, findings=tuple(sorted(report.findings, key=places(run))))


def places(run: Run) -> Callable[[Finding], tuple[int, int, int]]:
    """Return the key that sorts the findings of `run` into the order in which people read them."""
    subjects = {(check.component, check.subject): place for place, check in enumerate(run.checks)}
    ids = {spec.id: place for place, spec in enumerate(ALL_SPECS)}

    def place(finding: Finding) -> tuple[int, int, int]:
        component = finding.component
        return (
            COMPONENTS.index(component) if component in COMPONENTS else len(COMPONENTS),
            subjects.get((component, finding.subject), subjects.get((component, ""), len(subjects))),
            ids.get(finding.id, len(ids)),
        )

    return place
