"""What HAProxy, or a look at its sections, says about the configuration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wizard.checks.balancer.judge_syntax import untested, with_line
from wizard.checks.balancer.specs import SYNTAX
from wizard.checks.balancer.trial import Parsed, Said, SyntaxFacts
from wizard.engine.facts import Known
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, steps

_MESSAGE = re.compile(r"^\[(?P<level>[A-Z]+)\]\s+\(\d+\) : (?:config : )?(?P<words>.*)$", re.MULTILINE)
_TEST = "haproxy -c -f FILE"
_PLACE = re.compile(r"^parsing \[haproxy\.cfg:(?P<line>\d+)\] : ")
_CERTIFICATE = re.compile(r"ssl certificate|private key|loading dh|inconsistencies between", re.IGNORECASE)


def judge(text: str, facts: SyntaxFacts) -> Iterator[Finding]:
    """Return the one finding; `text` is the configuration, of which the faulty line is shown."""
    if isinstance(facts.tested, Known):
        yield _tested(text, facts.tested.value, facts.tested.elapsed_ms)
    elif isinstance(facts.parsed, Known):
        yield _parsed(text, facts.parsed.value, facts.parsed.elapsed_ms)
    else:
        yield untested(facts, "haproxy")


def _tested(text: str, tested: Said, elapsed_ms: int | None) -> Finding:
    messages = [match.groupdict() for match in _MESSAGE.finditer(tested.output)]
    more: dict[str, Any] = {"facts": {"haproxy": tested.version, "exit_code": tested.code}, "elapsed_ms": elapsed_ms}
    if tested.code == 0:
        return _accepted(tested, [item["words"] for item in messages if item["level"] == "WARNING"], more)
    alert = next((item["words"] for item in messages if item["level"] == "ALERT"), tested.output.strip())
    place = _PLACE.match(alert)
    words = _PLACE.sub("", alert).rstrip(".")
    if _CERTIFICATE.search(words):
        return SYNTAX.fail(tr("HAProxy cannot use the certificate."), ErrorKind.TLS, detail=words, **more)
    return SYNTAX.fail(
        tr("HAProxy {version} refuses the configuration.", version=tested.version),
        ErrorKind.OTHER,
        detail=with_line(text, words, place["line"] if place else None),
        remedy=_correct(),
        **more,
    )


def _accepted(tested: Said, warnings: list[str], more: dict[str, Any]) -> Finding:
    if warnings:
        return SYNTAX.warn(
            tr("HAProxy {version} takes the configuration, with a warning.", version=tested.version),
            detail="; ".join(warnings),
            **more,
        )
    note = tr("The certificate is not on this machine, so another stood in for it.") if tested.stand_in else ""
    return SYNTAX.passed(tr("HAProxy {version} takes the configuration.", version=tested.version), detail=note, **more)


def _parsed(text: str, parsed: Parsed, elapsed_ms: int | None) -> Finding:
    only = tr("No HAProxy is on this machine, so only the sections were looked at.")
    if parsed.error:
        line = str(parsed.line) if parsed.line else None
        return SYNTAX.fail(
            tr("The configuration is no valid one of HAProxy."),
            ErrorKind.OTHER,
            detail=f"{with_line(text, parsed.error.rstrip('.'), line)} {only}",
            remedy=_correct(),
            elapsed_ms=elapsed_ms,
        )
    return SYNTAX.info(
        tr("The configuration can be parsed; HAProxy itself did not test it."),
        detail=only,
        remedy=steps(tr("Install HAProxy here and check again, or on the balancer:"), _TEST),
        elapsed_ms=elapsed_ms,
    )


def _correct() -> Remedy:
    return steps(tr("Correct the setting that the line comes from. On the balancer:"), _TEST)
