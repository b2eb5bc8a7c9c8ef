"""What HAProxy, or a look at its sections, says about the configuration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wizard.checks.balancer.syntax_words import Program, with_line
from wizard.checks.balancer.trial import Said, SyntaxFacts
from wizard.engine.facts import Known
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr

HAPROXY = Program("haproxy", "HAProxy", "haproxy -c -f FILE")
_MESSAGE = re.compile(r"^\[(?P<level>[A-Z]+)\]\s+\(\d+\) : (?:config : )?(?P<words>.*)$", re.MULTILINE)
_PLACE = re.compile(r"^parsing \[haproxy\.cfg:(?P<line>\d+)\] : ")
_CERTIFICATE = re.compile(r"ssl certificate|private key|loading dh|inconsistencies between", re.IGNORECASE)


def judge(text: str, facts: SyntaxFacts) -> Iterator[Finding]:
    """Return the one finding; `text` is the configuration, of which the faulty line is shown."""
    if isinstance(facts.tested, Known):
        yield _tested(text, facts.tested.value, facts.tested.elapsed_ms)
    elif isinstance(facts.parsed, Known):
        only = tr("No HAProxy is on this machine, so only the sections were looked at.")
        parsed, elapsed_ms = facts.parsed.value, facts.parsed.elapsed_ms
        yield HAPROXY.parsed(text, parsed, parsed.error.rstrip("."), only, elapsed_ms)
    else:
        yield HAPROXY.untested(facts)


def _tested(text: str, tested: Said, elapsed_ms: int | None) -> Finding:
    messages = [match.groupdict() for match in _MESSAGE.finditer(tested.output)]
    more: dict[str, Any] = {"facts": {"haproxy": tested.version, "exit_code": tested.code}, "elapsed_ms": elapsed_ms}
    if tested.code == 0:
        return HAPROXY.accepted(tested, [item["words"] for item in messages if item["level"] == "WARNING"], more)
    alert = next((item["words"] for item in messages if item["level"] == "ALERT"), tested.output.strip())
    place = _PLACE.match(alert)
    words = _PLACE.sub("", alert).rstrip(".")
    if _CERTIFICATE.search(words):
        return HAPROXY.bad_certificate(words, more)
    return HAPROXY.refused(tested, with_line(text, words, place["line"] if place else None), more)
