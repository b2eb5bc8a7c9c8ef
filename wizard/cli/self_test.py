"""Command self-test: proves that this installation is whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from wizard.cli.codes import ExitCode
from wizard.cli.output import write
from wizard.cli.style import style_of
from wizard.plan.finding import Severity
from wizard.plan.words import tr
from wizard.verbs.self_test import prove
from wizard.verbs.style import WORDS, printable

if TYPE_CHECKING:
    from wizard.cli.faces import Faces


def self_test(faces: Faces) -> int:
    """Do the command and give the exit code: 0 if every part works."""
    style, whole = style_of(sys.stdout), True
    for proof in prove(faces.paint_page):
        severity = Severity.PASS if proof.works else Severity.FAIL
        whole = whole and proof.works
        write(f"{style.severity(f'{tr(WORDS[severity]):8}', severity)}{proof.name}: {printable(proof.words)}\n", None)
    return ExitCode.OK if whole else ExitCode.FAULT
