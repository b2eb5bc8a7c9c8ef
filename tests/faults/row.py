"""One row of the table of faults: what is broken, the test that breaks it, and the finding that must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.plan.finding import ErrorKind, Severity

INFO, WARN, FAIL, UNKNOWN = Severity.INFO, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
DNS, REFUSED, TIMEOUT, TLS = ErrorKind.DNS, ErrorKind.REFUSED, ErrorKind.TIMEOUT, ErrorKind.TLS
CREDENTIALS, PERMISSION, MISSING = ErrorKind.CREDENTIALS, ErrorKind.PERMISSION, ErrorKind.MISSING
VERSION, PROTOCOL, OTHER = ErrorKind.VERSION, ErrorKind.PROTOCOL, ErrorKind.OTHER


@dataclass(frozen=True)
class Fault:
    """A scenario in words, the test `at` (below tests/) that makes it, and what the product must say of it.

    A test named without its parameters means each of them. The finding is looked for among all that the product made
    while that test ran (tests/faults/witness.py), so a row cannot promise what does not happen. `follows` are other ids
    that the fault breaks, too, each with the reason: they count as right in benchmarks/diagnosis.py.
    """

    scenario: str
    at: str
    id: str
    severity: Severity
    error: ErrorKind | None = None
    subject: str = ""
    follows: Mapping[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> tuple[str, str, Severity, ErrorKind | None]:
        """What must be found, as the witness notes it."""
        return self.id, self.subject, self.severity, self.error
