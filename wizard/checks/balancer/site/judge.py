"""What the site file means for the plan: who gets requests, and under what terms. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.balancer.judge_uploads import in_file
from wizard.checks.balancer.site.judge_terms import terms
from wizard.checks.balancer.site.judge_upstream import upstream
from wizard.checks.balancer.site.probe import SiteFacts
from wizard.checks.balancer.specs import LIMITS, OF_FILE, UPSTREAM
from wizard.engine.check import skip_rest, value_of
from wizard.engine.facts import Known, Trouble
from wizard.formats.sites.model import Wanted
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.sections import BalancerKind

NO_FILE = mark("Not looked at: no site file is known. Name the one in use in the step Balancer (balancer.site_file).")
_PROGRAMS = {BalancerKind.NGINX: "nginx", BalancerKind.HAPROXY: "HAProxy"}


def judge(name: str, wanted: Wanted, facts: SiteFacts) -> Iterator[Finding]:
    """Return a finding for each of OF_FILE, and one on uploads with the file as its subject; `name` is the file's."""
    if isinstance(facts.text, Known) and facts.text.value is None:
        yield from (spec.skip(tr(NO_FILE)) for spec in OF_FILE)
    elif isinstance(facts.site, Known):
        site = facts.site.value
        yield upstream(name, wanted, site, value_of(facts.addresses) or {})
        yield terms(name, wanted, site)
        yield in_file(name, wanted, site)
    else:
        yield _unread(name, wanted, facts)
        yield from skip_rest((LIMITS,), UPSTREAM)


def _unread(name: str, wanted: Wanted, facts: SiteFacts) -> Finding:
    fact = facts.site if isinstance(facts.text, Known) else facts.text
    if not isinstance(fact, Trouble):
        return UPSTREAM.unknown(tr("Could not be found out: {file} was not read.", file=name), error=ErrorKind.OTHER)
    if fact is facts.text:
        reason = tr("Could not be found out: the site file {file} cannot be read.", file=name)
        return UPSTREAM.unknown(reason, error=fact.kind, detail=fact.message, elapsed_ms=fact.elapsed_ms)
    program = _PROGRAMS[wanted.kind]
    reason = tr(
        "Could not be found out: {file} cannot be understood as a site of {program}.", file=name, program=program
    )
    where = tr("Line {line}: {words}.", line=fact.about, words=fact.message) if fact.about else f"{fact.message}."
    return UPSTREAM.unknown(reason, error=fact.kind, detail=where, elapsed_ms=fact.elapsed_ms)
