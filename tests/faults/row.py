"""One row of the table of faults: what is broken, the test that breaks it, and what must come of it."""

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
    while that test ran (tests/faults/witness.py), so a row cannot promise what does not happen. Rows of one test are
    one fault that shows in several findings, or several faults. The first action must be about one of them.

    `follows` are other ids that the fault breaks, too, each with the reason in a sentence: they count as right in
    benchmarks/diagnosis.py. `beside` are ids of other faults that the test's surroundings have, each with the reason:
    they are true and not of this fault, so they count neither way.
    """

    scenario: str
    at: str
    id: str
    severity: Severity
    error: ErrorKind | None = None
    subject: str = ""
    follows: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> tuple[str, str, Severity, ErrorKind | None]:
        """What must be found, as the witness notes it."""
        return self.id, self.subject, self.severity, self.error
