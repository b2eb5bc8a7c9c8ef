"""Results in pairs: each `--format` with the `--output` beside it; one of them at most goes to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from wizard.cli.codes import EndError
from wizard.cli.output import write
from wizard.cli.style import style_of
from wizard.dataclass import dataclass
from wizard.guide.reports.report import Format, rendered
from wizard.guide.reports.text import Detail, summary_lines
from wizard.guide.reports.told import Told
from wizard.plan.i18n import tr

_STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """One result: its format, and the file it goes to (None: standard output)."""

    form: Format
    file: str | None


def paired(words: Iterable[tuple[str, str]]) -> list[Output]:
    """Return the results that the options `format` and `output` ask for, given in their order; raises EndError.

    A file goes with the format before it, or else with the one behind it, and is text where there is none.
    """
    made: list[list[str | None]] = []
    for option, word in words:
        at = 0 if option == "format" else 1
        if made and made[-1][at] is None:
            made[-1][at] = word
        else:
            made.append([word, None] if option == "format" else [None, word])
    outputs = [
        Output(Format(form or "text"), None if file in {None, _STANDARD_OUTPUT} else file)
        for form, file in made or [[None, None]]
    ]
    files = [output.file for output in outputs]
    if len(files) != len(set(files)):
        raise EndError(tr("Each format needs a file of its own (--output FILE); one of them may do without."))
    return outputs


def write_all(told: Told, outputs: Iterable[Output], detail: Detail) -> None:
    """Write each result; the figures are said on standard error where none goes to standard output. Raises EndError."""
    wanted = sorted(outputs, key=lambda output: output.file is None)  # files first: a reader of ours may go
    failed: list[EndError] = []
    for output in wanted:
        style = style_of(None if output.file else sys.stdout)
        try:
            write(rendered(told, output.form, style, detail), output.file)
        except EndError as error:
            failed.append(error)
    if wanted and all(output.file for output in wanted):
        print(*summary_lines(told.report, style_of(sys.stderr)), sep="\n", file=sys.stderr)
    if failed:
        raise failed[0]
