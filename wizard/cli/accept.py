"""Command accept: a finding that is known and wanted counts no longer, with a reason and until a date."""

from __future__ import annotations

import argparse

from wizard.app.acceptance import AcceptError, accept_finding
from wizard.cli.codes import EndError, ExitCode
from wizard.cli.output import say
from wizard.cli.sources import opened_source
from wizard.formats.files import SourceError
from wizard.plan.bundle_names import ACCEPTED
from wizard.plan.i18n import sentences, tr


def accept(options: argparse.Namespace) -> int:
    """Do the command and return the exit code."""
    identifier, _, subject = options.finding.partition(":")
    opened = opened_source(options.source)
    try:
        file = accept_finding(options.source, opened, (identifier, subject), options.reason, options.until)
    except (AcceptError, SourceError) as error:
        raise EndError(str(error)) from error
    told = tr("Accepted; it stands in {file}.", file=file)
    if file.name == ACCEPTED:
        told = sentences(told, tr("It holds for every source in that folder."))
    say(told)
    return ExitCode.OK
