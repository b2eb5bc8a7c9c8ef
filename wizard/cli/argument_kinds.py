"""The kinds of values that options of the command line take; argparse tells what is wrong with one."""

from __future__ import annotations

import argparse

from wizard.plan.i18n import tr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

MOST_JOBS = 1000
MOST_SECONDS = 86400
"""A day: longer than any run, and far below what the systems' clocks can count."""


class InPairs(argparse.Action):
    """Keeps the options that belong together in the order in which they were given, as `outputs`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse's own form
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,  # noqa: ARG002 - argparse's own form
    ) -> None:
        """Take one of them."""
        namespace.outputs = (*namespace.outputs, (self.dest, values))


def day(text: str) -> date:
    """Read a day that is not over yet."""
    from datetime import UTC, datetime

    from wizard.formats.cluster_file import accepted

    try:
        found = accepted.day(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is no day as YYYY-MM-DD", text=text)) from None
    if found < datetime.now(UTC).astimezone().date():
        raise argparse.ArgumentTypeError(tr("{text} is over", text=text))
    return found


def seconds(text: str) -> float:
    """Read a number of seconds above 0."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            tr("“{text}” is no number of seconds above 0 and up to {most}", text=text, most=MOST_SECONDS)
        )
    return found


def timeout(text: str) -> float:
    """Return the seconds for one check: with fewer a healthy server would be called silent."""
    found = seconds(text)
    if found < 1:
        why = tr("“{text}” is too short, as a healthy server may not have answered by then: 1 is the least", text=text)
        raise argparse.ArgumentTypeError(why)
    return found


def jobs(text: str) -> int:
    """Read how many checks may be at work at once."""
    found = int(text) if text.isdecimal() else 0
    if not 0 < found <= MOST_JOBS:
        raise argparse.ArgumentTypeError(tr("“{text}” is no number from 1 to {most}", text=text, most=MOST_JOBS))
    return found
