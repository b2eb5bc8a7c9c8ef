"""What is worth waiting for: what fails, and what may be known once the other side is there."""

from dataclasses import replace

import pytest

from wizard.guide.waiting import waiting
from wizard.plan.finding import Acceptance, ErrorKind, Finding
from wizard.plan.spec import Spec

SPEC, RULE = Spec("licence.plugins", "The key covers them."), Spec("plan.app_key", "There is a key.")
FAILS = SPEC.fail("No.", ErrorKind.MISSING)
PASSED = SPEC.passed("Yes.")
KEY = SPEC.unknown("Only NocoBase can decode a licence key.")


def _unknown(error: ErrorKind | None) -> Finding:
    return SPEC.unknown("Who knows.", error=error)


@pytest.mark.parametrize(
    ("findings", "goes_on"),
    [
        ([], False),
        ([PASSED], False),
        ([FAILS], True),
        ([KEY], False),
        ([KEY, FAILS], True),
        ([replace(FAILS, accepted=Acceptance("known"))], False),
        ([RULE.fail("No key.", ErrorKind.MISSING)], False),
        ([SPEC.warn("Old.", error=ErrorKind.TIMEOUT)], False),
        *(
            ([_unknown(error)], True)
            for error in (
                ErrorKind.DNS,
                ErrorKind.REFUSED,
                ErrorKind.TIMEOUT,
                ErrorKind.TLS,
                ErrorKind.CREDENTIALS,
            )
        ),
        *(
            ([_unknown(error)], False)
            for error in (
                ErrorKind.PERMISSION,
                ErrorKind.MISSING,
                ErrorKind.VERSION,
                ErrorKind.PROTOCOL,
                ErrorKind.OTHER,
            )
        ),
    ],
)
def test_waiting_goes_on_while_something_fails_or_may_be_known_soon(findings, goes_on):
    assert waiting(findings).goes_on is goes_on


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ([PASSED], "acme: nothing fails any more."),
        ([KEY], "acme: nothing fails any more. 1 check stays unknown however often it is looked at."),
        ([KEY, KEY], "acme: nothing fails any more. 2 checks stay unknown however often they are looked at."),
    ],
)
def test_the_end_of_waiting_says_what_stays_unknown(findings, said):
    assert waiting(findings).over("acme") == said
