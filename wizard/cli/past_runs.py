"""The past runs of what is checked: which one a check is compared with, and that this one is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wizard.app import history
from wizard.app.check import open_texts, pasted
from wizard.app.open_source import OpenedSource
from wizard.cli.codes import EndError
from wizard.cli.output import say
from wizard.engine.report import Report
from wizard.engine.selection import Selection
from wizard.engine.since import Since
from wizard.guide.reports.report import as_json
from wizard.guide.reports.told import Told
from wizard.plan.i18n import listing, tr
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret
from wizard.reading import path_of

LAST, GOOD = "last", "good"
"""The words of `--since` beside the name of a file."""


class Past:
    """What was found before of these sources; `since` says what to compare with, None: the last good run, if any."""

    def __init__(self, sources: Sequence[str], opened: OpenedSource, selection: Selection, since: str | None) -> None:
        """Find the run to compare with, before this one is kept; raises EndError where a file is none."""
        self._selection, self._source, self._plan = selection, listing(sources), opened.plan
        self._key, self._lost = history.key_of(sources, opened.saved_as), False
        run = self._wanted(since)
        self._run = history.following(run, opened.plan) if run else None

    def _wanted(self, since: str | None) -> history.PastRun | None:
        if since not in {None, LAST, GOOD}:
            return compare_with(str(since))
        found = history.last(self._key, self._selection, good=since != LAST)
        if since and not found:
            none = {LAST: tr("There is no earlier run to compare with."), GOOD: tr("There is no good run so far.")}
            say(none[since])
        return found

    def since(self, report: Report) -> Since | None:
        """Return what changed since that run, or None where there is none."""
        return history.since(self._run, report, self._selection) if self._run else None

    def told(self, report: Report) -> Told:
        """Return what is told of this run."""
        return Told(report, self._source, self.since(report), self._plan)

    def keep(self, told: Told, secrets: Mapping[str, Secret]) -> None:
        """Keep this run among those of its sources."""
        redactor = Redactor([*secrets.values(), *pasted(told.plan)], open_texts(told.plan))
        document = history.document_of(told.report, told.plan, self._selection, redactor, as_json(told))
        why = history.keep(self._key, told.report, document)
        if why and not self._lost:  # with --watch once
            say(tr("This run is not kept, and none can be compared with it: {reason}.", reason=why))
        self._lost = bool(why)


def compare_with(file: str) -> history.PastRun:
    """Return the run in a file; raises EndError where it is none."""
    try:
        return history.from_file(path_of(file))
    except history.HistoryError as error:
        raise EndError(str(error)) from error
