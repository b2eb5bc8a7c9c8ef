"""Errors below every protocol keep their kind on each system."""

import errno

import pytest

from wizard.net.errors import explain_any
from wizard.plan.finding import ErrorKind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EHOSTUNREACH, "No route to host"), ErrorKind.REFUSED),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), ErrorKind.REFUSED),
        (OSError(errno.EHOSTDOWN, "Host is down"), ErrorKind.REFUSED),
        (ConnectionAbortedError(errno.ECONNABORTED, "aborted"), ErrorKind.PROTOCOL),
        (OSError(errno.EMFILE, "Too many open files"), ErrorKind.OTHER),
    ],
)
def test_an_error_of_the_system_has_its_kind(error, kind):
    assert explain_any(error).kind is kind
