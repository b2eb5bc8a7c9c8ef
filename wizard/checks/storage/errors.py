"""Errors of the file system, mapped to the closed set of kinds."""

from __future__ import annotations

import errno

from wizard.engine.facts import Trouble
from wizard.net.errors import explain_any
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr

_KINDS = {
    errno.EACCES: ErrorKind.PERMISSION,
    errno.EPERM: ErrorKind.PERMISSION,
    errno.EROFS: ErrorKind.PERMISSION,
    errno.ENOENT: ErrorKind.MISSING,
    errno.ENOTDIR: ErrorKind.MISSING,
    errno.ETIMEDOUT: ErrorKind.TIMEOUT,
}


class NoFolderError(Exception):
    """The path is there, but it is no folder."""


class ChangedError(Exception):
    """What was read back is not what was written."""


def explain(error: Exception) -> Trouble:
    """Map what the system's file calls raise; the system's own words are the evidence."""
    if isinstance(error, NoFolderError):
        return Trouble(ErrorKind.OTHER, tr("it is a file, not a folder"))
    if isinstance(error, ChangedError):
        return Trouble(ErrorKind.OTHER, tr("what was read back is not what was written"))
    if isinstance(error, OSError) and error.errno is not None:
        return Trouble(_KINDS.get(error.errno, ErrorKind.OTHER), error.strerror or str(error))
    return explain_any(error)
