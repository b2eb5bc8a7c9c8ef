"""Where a result goes: standard output, which carries nothing else, or a file.

What is said beside it goes to standard error.
"""

from __future__ import annotations

import contextlib
import os
import sys

from wizard.cli.codes import EndError
from wizard.plan.i18n import sentences, tr


def write(text: str, file: str | None) -> None:
    """Write the result; a file is replaced in one step, a device or a pipe is written to. Raises EndError."""
    if file is None:
        _print(text)
        return
    from pathlib import Path

    path = Path(file).expanduser()
    try:
        from wizard.guide.reports import report

        report.write(path, text)
    except OSError as error:
        raise EndError(
            tr("The result cannot be written to {path}: {reason}.", path=file, reason=error.strerror or error)
        ) from error


def say(*told: object) -> None:
    """Write sentences to standard error: on a terminal in lines as wide as that, elsewhere unbroken."""
    if sys.stderr is None:  # the caller closed it: 2>&-
        return
    from wizard.cli.style import style_of
    from wizard.guide.reports.style import wrapped

    text = sentences(*(str(sentence) for sentence in told if sentence))
    with contextlib.suppress(OSError):  # nobody hears it any more: the exit code tells on
        sys.stderr.writelines(f"{line}\n" for line in wrapped(text, 0, style_of(sys.stderr)))
        sys.stderr.flush()


def _print(text: str) -> None:
    if sys.stdout is None:  # the caller closed it: >&-
        raise EndError(tr("The result cannot be written: standard output is closed."))
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        forget_output()
        reason = error.strerror or error
        raise EndError(tr("The result cannot be written to standard output: {reason}.", reason=reason)) from error


def forget_output() -> None:
    """Send what standard output still holds nowhere, as the interpreter's last flush would fail and tell once more."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
