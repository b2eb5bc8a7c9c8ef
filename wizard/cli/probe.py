"""Command probe: print the script that gathers facts inside a node; and what check takes of such facts."""

from __future__ import annotations

import argparse

from wizard.app.inside import from_inside as facts_from_inside
from wizard.app.inside import printed_script
from wizard.cli.codes import EndError, ExitCode
from wizard.cli.output import say, write
from wizard.cli.sources import opened_source
from wizard.engine.component import FromInside
from wizard.formats.files import SourceError
from wizard.plan.i18n import tr


def probe(options: argparse.Namespace) -> int:
    """Do the command and return the exit code."""
    plan = opened_source(*options.source).plan
    try:
        text = printed_script(plan)
    except OSError as error:
        raise EndError(tr("The script's key cannot be kept: {reason}.", reason=error.strerror or error)) from error
    write(text, None)
    say(tr("The script holds a key that is kept here, too: delete the script once it has run everywhere."))
    return ExitCode.OK


def from_inside(options: argparse.Namespace) -> FromInside | None:
    """Return what a check is given from inside the nodes; raises EndError where a file cannot be read."""
    try:
        return facts_from_inside(options.facts, nodes=options.nodes)
    except SourceError as error:
        raise EndError(str(error)) from error
