"""What nginx, or the parser, says about the configuration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wizard.checks.balancer.specs import SYNTAX
from wizard.checks.balancer.trial import Parsed, Said, SyntaxFacts
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, steps

_MESSAGE = re.compile(
    r"\[(?P<level>\w+)\] (?:\d+#\d+: )?(?P<words>.*?)(?: in nginx\.conf:(?P<line>\d+))?$", re.MULTILINE
)
_LINE = re.compile(r" in nginx\.conf:\d+$")


def judge(text: str, facts: SyntaxFacts) -> Iterator[Finding]:
    """Return the one finding; `text` is the configuration, of which the faulty line is shown."""
    if isinstance(facts.tested, Known):
        yield _tested(text, facts.tested.value, facts.tested.elapsed_ms)
    elif isinstance(facts.parsed, Known):
        yield _parsed(text, facts.parsed.value, facts.parsed.elapsed_ms)
    else:
        yield untested(facts, "nginx")


def untested(facts: SyntaxFacts, name: str) -> Finding:
    """Say that the program `name` gave no verdict, and why."""
    trouble = next((fact for fact in (facts.tested, facts.parsed) if isinstance(fact, Trouble)), None)
    program = value_of(facts.program)
    return SYNTAX.unknown(
        tr("Could not be found out: {program} did not test the configuration.", program=program or name),
        error=trouble.kind if trouble else ErrorKind.OTHER,
        detail=trouble.message if trouble else "",
    )


def _tested(text: str, tested: Said, elapsed_ms: int | None) -> Finding:
    messages = [match.groupdict() for match in _MESSAGE.finditer(tested.output)]
    more: dict[str, Any] = {"facts": {"nginx": tested.version, "exit_code": tested.code}, "elapsed_ms": elapsed_ms}
    if tested.code == 0:
        return _accepted(tested, messages, more)
    fault = next((item for item in messages if item["level"] in {"emerg", "alert", "crit"}), None)
    words, line = (fault["words"], fault["line"]) if fault else (tested.output.strip(), None)
    if words.startswith("bind()") and "syntax is ok" in tested.output:
        return SYNTAX.passed(
            tr("nginx {version} takes the configuration.", version=tested.version),
            detail=tr("A port could not be opened on this machine, which is not the balancer: {words}", words=words),
            **more,
        )
    if words.startswith("host not found"):
        return SYNTAX.unknown(
            tr("Could not be found out: nginx looks up the nodes' names, and one is not known on this machine."),
            error=ErrorKind.DNS,
            detail=words,
            **more,
        )
    if words.startswith(("cannot load certificate", "SSL_CTX_use")):
        return SYNTAX.fail(tr("nginx cannot use the certificate."), ErrorKind.TLS, detail=words, **more)
    return SYNTAX.fail(
        tr("nginx {version} refuses the configuration.", version=tested.version),
        ErrorKind.OTHER,
        detail=with_line(text, words, line),
        remedy=_correct(),
        **more,
    )


def _accepted(tested: Said, messages: list[dict[str, str | Any]], more: dict[str, Any]) -> Finding:
    warnings = [item["words"] for item in messages if item["level"] == "warn"]
    if warnings:
        return SYNTAX.warn(
            tr("nginx {version} takes the configuration, with a warning.", version=tested.version),
            detail="; ".join(warnings),
            **more,
        )
    note = tr("The certificate is not on this machine, so another stood in for it.") if tested.stand_in else ""
    return SYNTAX.passed(tr("nginx {version} takes the configuration.", version=tested.version), detail=note, **more)


def _parsed(text: str, parsed: Parsed, elapsed_ms: int | None) -> Finding:
    only = tr("No nginx is on this machine, so the configuration was only parsed.")
    if parsed.error:
        line = str(parsed.line) if parsed.line else None
        return SYNTAX.fail(
            tr("The configuration is no valid one of nginx."),
            ErrorKind.OTHER,
            detail=f"{with_line(text, _LINE.sub('', parsed.error), line)} {only}",
            remedy=_correct(),
            elapsed_ms=elapsed_ms,
        )
    return SYNTAX.info(
        tr("The configuration can be parsed; nginx itself did not test it."),
        detail=only,
        remedy=steps(tr("Install nginx here and check again, or on the balancer:"), "nginx -t"),
        elapsed_ms=elapsed_ms,
    )


def _correct() -> Remedy:
    return steps(tr("Correct the setting that the line comes from. On the balancer:"), "nginx -t")


def with_line(text: str, words: str, line: str | None) -> str:
    """Return the words of a program about a line of the configuration, with the line itself."""
    if line is None:
        return words
    lines = text.splitlines()
    content = lines[int(line) - 1].strip() if 0 < int(line) <= len(lines) else ""
    return tr("Line {line}, “{content}”: {words}.", line=line, content=content, words=words)
