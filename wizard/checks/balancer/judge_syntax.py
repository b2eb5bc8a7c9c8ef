"""What nginx, or the parser, says about the configuration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wizard.checks.balancer.specs import SYNTAX
from wizard.checks.balancer.syntax_words import Program, with_line
from wizard.checks.balancer.trial import Said, SyntaxFacts
from wizard.engine.facts import Known
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr

NGINX = Program("nginx", "nginx", "nginx -t")
_MESSAGE = re.compile(
    r"\[(?P<level>\w+)\] (?:\d+#\d+: )?(?P<words>.*?)(?: in nginx\.conf:(?P<line>\d+))?$", re.MULTILINE
)
_LINE = re.compile(r" in nginx\.conf:\d+$")


def judge(text: str, facts: SyntaxFacts) -> Iterator[Finding]:
    """Return the one finding; `text` is the configuration, of which the faulty line is shown."""
    if isinstance(facts.tested, Known):
        yield _tested(text, facts.tested.value, facts.tested.elapsed_ms)
    elif isinstance(facts.parsed, Known):
        only = tr("No nginx is on this machine, so the configuration was only parsed.")
        parsed, elapsed_ms = facts.parsed.value, facts.parsed.elapsed_ms
        yield NGINX.parsed(text, parsed, _LINE.sub("", parsed.error), only, elapsed_ms)
    else:
        yield NGINX.untested(facts)


def _tested(text: str, tested: Said, elapsed_ms: int | None) -> Finding:
    messages = [match.groupdict() for match in _MESSAGE.finditer(tested.output)]
    more: dict[str, Any] = {"facts": {"nginx": tested.version, "exit_code": tested.code}, "elapsed_ms": elapsed_ms}
    if tested.code == 0:
        return NGINX.accepted(tested, [item["words"] for item in messages if item["level"] == "warn"], more)
    fault = next((item for item in messages if item["level"] in {"emerg", "alert", "crit"}), None)
    words, line = (fault["words"], fault["line"]) if fault else (tested.output.strip(), None)
    if words.startswith("bind()") and "syntax is ok" in tested.output:
        return SYNTAX.passed(
            tr("{program} {version} takes the configuration.", program=NGINX.name, version=tested.version),
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
        return NGINX.bad_certificate(words, more)
    return NGINX.refused(tested, with_line(text, words, line), more)
