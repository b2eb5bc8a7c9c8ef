"""Command check: run the live checks of a plan and write what they found."""

from __future__ import annotations

import argparse
import itertools
import queue
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.app.check import in_order, prepare, unknown_ids
from wizard.checks.registry import selection as select
from wizard.checks.registry import wanted
from wizard.cli.codes import EndError, ExitCode
from wizard.cli.output import say, write
from wizard.cli.outputs import Output, paired, write_all
from wizard.cli.past_runs import Past
from wizard.cli.progress import Progress
from wizard.cli.signals import interrupts_call
from wizard.cli.sources import collect, opened_source
from wizard.engine.component import FromInside
from wizard.engine.events import Event, RunFinished
from wizard.engine.limits import JOBS
from wizard.engine.report import Report
from wizard.engine.selection import Selection
from wizard.guide.reports.report import Format, rendered
from wizard.guide.reports.text import Detail
from wizard.guide.reports.told import Told
from wizard.guide.selection import contradiction, unanswered
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.spec import Stage

if TYPE_CHECKING:
    from wizard.app.open_source import OpenedSource
    from wizard.cli.repeated_runs import Look

_PATIENCE = 0.2


def check(options: argparse.Namespace) -> int:
    """Do the command and return the exit code."""
    selection, outputs = _selection(options), paired(options.outputs)
    if options.watch and any(output.file is None and output.form is not Format.TEXT for output in outputs):
        raise EndError(tr("With --watch, standard output tells what changes: give the format a file (--output FILE)."))
    if told := _judged_again(options, selection):
        write_all(told, outputs, _detail(options))
        return exit_code(told.report, strict=options.strict)
    if not options.source:
        raise EndError(tr("A SOURCE is wanted: these facts say nothing of a plan."))
    opened = opened_source(*options.source)
    secrets = collect(
        opened,
        options.secrets_file,
        ask_for=lambda key: _needs(selection, key),
        follow_all=options.follow_references,
    )
    look = _looking(options, opened, secrets)
    past = Past(options.source, opened, selection, options.since)

    def tell(report: Report, *, again: bool = False) -> None:
        told = past.told(report)
        past.keep(told, secrets)
        write_all(told, [output for output in outputs if output.file or not again], _detail(options))

    if options.watch:
        return exit_code(
            _watched(look, selection, options.watch, tell, lambda report: _measured(past.told(report), outputs)),
            strict=options.strict,
        )
    report = _waited(look, selection, options.wait) if options.wait else look(selection)
    for sentence in unanswered(opened.plan, selection, report.findings):
        say(sentence)
    tell(report)
    return exit_code(report, strict=options.strict)


def _looking(options: argparse.Namespace, opened: OpenedSource, secrets: Secrets) -> Look:
    """Return what runs the checks of a selection, as the options say."""
    inside = _inside(options)

    def look(wanted: Selection) -> Report:
        return conduct(
            opened.plan,
            secrets,
            selection=wanted,
            jobs=options.jobs,
            timeout=options.timeout,
            deadline=options.deadline,
            bundle=opened.bundle,
            inside=inside,
        )

    return look


def _judged_again(options: argparse.Namespace, selection: Selection) -> Told | None:
    """Return what a kept run among the files of facts tells, None where there is none."""
    if not options.facts:
        return None
    from wizard.cli.judged_again import judged, kept_run_of

    run = kept_run_of(options.facts)
    return judged(run, options, selection) if run else None


def _inside(options: argparse.Namespace) -> FromInside | None:
    """Return what is given from inside the nodes, or is to be asked there; None where neither."""
    if not (options.facts or options.nodes):
        return None
    from wizard.cli.probe import from_inside

    return from_inside(options)


def _waited(look: Look, selection: Selection, seconds: float) -> Report:
    from wizard.cli.repeated_runs import waited

    return waited(look, selection, seconds)


def _watched(
    look: Look, selection: Selection, seconds: float, tell: Callable[..., None], looked: Callable[[Report], None]
) -> Report:
    """Watch; the whole result goes to standard output once, and files are written anew with each change."""
    from wizard.cli.repeated_runs import watched

    looks = itertools.count()
    return watched(look, selection, seconds, lambda report: tell(report, again=next(looks) > 0), looked)


def _measured(told: Told, outputs: Sequence[Output]) -> None:
    """Write figures anew, though nothing changed: those that grow old mean that nobody looks."""
    for output in outputs:
        if output.form is Format.PROMETHEUS:
            write(rendered(told, output.form), output.file)


def _needs(selection: Selection, key: str) -> bool:
    """Whether a check that is wanted uses the secret at this setting."""
    return any(selection.wants(spec.id) for one in wanted(selection) for spec in one.needing(key))


def _detail(options: argparse.Namespace) -> Detail:
    if options.short:
        return Detail.SHORT
    return Detail.VERBOSE if options.verbose else Detail.USUAL


def _selection(options: argparse.Namespace) -> Selection:
    for prefix, similar in unknown_ids([*options.only, *options.skip]).items():
        hint = tr("Similar: {ids}.", ids=listing(similar)) if similar else ""
        raise EndError(sentences(tr("No check has an id that begins with “{prefix}”.", prefix=prefix), hint))
    selection = select(options.only, options.skip, Stage(options.stage))
    if sentence := contradiction(selection):
        raise EndError(sentence)
    return selection


def conduct(
    plan: Plan,
    secrets: Secrets,
    *,
    selection: Selection = Selection(),  # noqa: B008 - immutable
    jobs: int = JOBS,
    timeout: float | None = None,
    deadline: float | None = None,
    known: Sequence[Finding] = (),
    bundle: Path | None = None,
    inside: FromInside | None = None,
) -> Report:
    """Run the checks, with progress on a terminal; an interrupt cancels, and what is known by then is the report.

    `known` are findings that others have made; the report has them too. `bundle` is the one the plan was read from, if
    it was one. `inside` brings facts from inside the nodes.
    """
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    run = prepare(
        plan,
        secrets,
        events.put,
        selection=selection,
        jobs=jobs,
        timeout=timeout,
        deadline=deadline,
        bundle=bundle,
        inside=inside,
    )
    with interrupts_call(run.cancel), Progress(sys.stderr) as progress:
        run.start()
        report = _follow(events, progress)
    return in_order(run, replace(report, findings=(*report.findings, *known)))


def _follow(events: queue.SimpleQueue[Event], progress: Progress) -> Report:
    while True:
        try:
            event = events.get(timeout=_PATIENCE)  # a bound, as Windows cannot interrupt a wait without one
        except queue.Empty:
            progress.turn()
            continue
        if isinstance(event, RunFinished):
            return event.report
        progress.show(event)


def exit_code(report: Report, *, strict: bool) -> ExitCode:
    """Return the code that a report ends with."""
    if report.count(Severity.FAIL):
        return ExitCode.FAILED
    if report.faults or report.cancelled:
        return ExitCode.FAULT
    if strict and (report.count(Severity.WARN) or report.count(Severity.UNKNOWN)):
        return ExitCode.STRICT
    return ExitCode.OK
