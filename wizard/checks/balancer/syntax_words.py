"""What a test of a configuration is told as, whichever program made it."""

from __future__ import annotations

from typing import Any

from wizard.checks.balancer.specs import SYNTAX
from wizard.checks.balancer.trial import Parsed, Said, SyntaxFacts
from wizard.dataclass import dataclass
from wizard.engine.check import value_of
from wizard.engine.facts import Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import clauses, tr
from wizard.plan.remedy import Remedy, steps


@dataclass(frozen=True, slots=True)
class Program:
    """The program that tests: its command, its name for people, and how an admin tests with it on the balancer."""

    command: str
    name: str
    test: str

    def untested(self, facts: SyntaxFacts) -> Finding:
        """Say that the program gave no verdict, and why."""
        trouble = next((fact for fact in (facts.tested, facts.parsed) if isinstance(fact, Trouble)), None)
        found = value_of(facts.program)
        return SYNTAX.unknown(
            tr("Could not be found out: {program} did not test the configuration.", program=found or self.command),
            error=trouble.kind if trouble else ErrorKind.OTHER,
            detail=trouble.message if trouble else "",
        )

    def accepted(self, tested: Said, warnings: list[str], more: dict[str, Any]) -> Finding:
        """Say that the program takes the configuration, with its warnings if there are any."""
        values = {"program": self.name, "version": tested.version}
        if warnings:
            return SYNTAX.warn(
                tr("{program} {version} takes the configuration, with a warning.", **values),
                detail=clauses(warnings),
                **more,
            )
        note = tr("The certificate is not on this machine, so another stood in for it.") if tested.stand_in else ""
        return SYNTAX.passed(tr("{program} {version} takes the configuration.", **values), detail=note, **more)

    def bad_certificate(self, words: str, more: dict[str, Any]) -> Finding:
        """Say that the certificate is of no use to the program, in its own words."""
        summary = tr("{program} cannot use the certificate.", program=self.name)
        return SYNTAX.fail(summary, ErrorKind.TLS, detail=words, **more)

    def refused(self, tested: Said, detail: str, more: dict[str, Any]) -> Finding:
        """Say that the program does not take the configuration."""
        values = {"program": self.name, "version": tested.version}
        return SYNTAX.fail(
            tr("{program} {version} refuses the configuration.", **values),
            ErrorKind.OTHER,
            detail=detail,
            remedy=self._correct(),
            **more,
        )

    def parsed(self, text: str, parsed: Parsed, words: str, only: str, elapsed_ms: int | None) -> Finding:
        """Say what a parser of our own found; `only` says what it looked at, `words` what it said of a fault."""
        if parsed.error:
            line = str(parsed.line) if parsed.line else None
            return SYNTAX.fail(
                tr("The configuration is no valid one of {program}.", program=self.name),
                ErrorKind.OTHER,
                detail=f"{with_line(text, words, line)} {only}",
                remedy=self._correct(),
                elapsed_ms=elapsed_ms,
            )
        return SYNTAX.info(
            tr("The configuration can be parsed; {program} itself did not test it.", program=self.name),
            detail=only,
            remedy=steps(
                tr("Install {program} here and check again, or on the balancer:", program=self.name), self.test
            ),
            elapsed_ms=elapsed_ms,
        )

    def _correct(self) -> Remedy:
        return steps(tr("Correct the setting that the line comes from. On the balancer:"), self.test)


def with_line(text: str, words: str, line: str | None) -> str:
    """Return the words of a program about a line of the configuration, with the line itself."""
    if line is None:
        return words
    lines = text.splitlines()
    content = lines[int(line) - 1].strip() if 0 < int(line) <= len(lines) else ""
    return tr("Line {line}, “{content}”: {words}.", line=line, content=content, words=words)
