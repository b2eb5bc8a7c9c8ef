"""Errors below every protocol keep their kind on each system."""

import errno
import json

import pytest

from wizard.engine.facts import Known, Trouble, attempt
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


def code_of(module, line):
    """Return a function that runs a line as if it stood in a module of that name."""
    names = {"__name__": module, "json": json}
    exec(f"def run():\n    {line}\n", names)
    return names["run"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [("None.host", AttributeError), ("None + 1", TypeError), ("assert False", AssertionError), ("absent", NameError)],
)
def test_a_fault_in_our_own_code_is_no_answer_of_a_server(line, kind):
    with pytest.raises(kind):
        attempt(code_of("wizard.checks.redis.probe", line), explain_any)
    found = attempt(code_of("redis.connection", line), explain_any)
    assert isinstance(found, Trouble)
    assert found.kind is (ErrorKind.OTHER if kind is NameError else ErrorKind.PROTOCOL)


SHAPES = ["int('O')", "[][0]", "{}['role']", "one, two = [1]"]


@pytest.mark.parametrize("line", [*SHAPES, "json.loads('[' * 100000)", "json.loads('{')", "b'\\xff'.decode()"])
def test_a_value_that_a_driver_or_a_parser_stumbles_over_is_the_servers(line):
    modules = ["redis.connection", *([] if line in SHAPES else ["wizard.checks.redis.probe"])]
    for module in modules:
        found = attempt(code_of(module, line), explain_any)
        assert (found.kind, found.message) == (ErrorKind.PROTOCOL, "the answer cannot be understood")
        assert not found.ours


@pytest.mark.parametrize("line", SHAPES)
def test_a_value_that_our_own_code_stumbles_over_says_nothing_of_the_server(line, caplog):
    found = attempt(code_of("wizard.checks.redis.probe", line), explain_any)
    assert (found.kind, found.ours) == (ErrorKind.OTHER, True)
    assert "or the program has a fault" in found.message
    assert "not taken in" in caplog.text


def test_what_went_well_is_told_as_it_is():
    assert isinstance(attempt(code_of("wizard.checks.redis.probe", "return 1"), explain_any), Known)
