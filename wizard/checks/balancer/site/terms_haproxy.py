"""What a configuration of HAProxy must say for NocoBase. Pure.

HAProxy passes Host and the upgrade on by itself, has no limit of bodies of its own, and waits for ever where no time is
set; so it is what stands there that can be wrong, but for the scheme, which nobody tells unless a rule does.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from wizard.checks.balancer.site import health
from wizard.checks.balancer.site.health import Cure
from wizard.checks.balancer.site.lack import PATIENCE, Lack, answered, asks_password, in_variable, own_answers, seconds
from wizard.checks.balancer.target import LARGE_BYTES
from wizard.checks.shared.health import PATH as HEALTH_PATH
from wizard.formats.sites.model import AS_IT_CAME, HealthCheck, Site, Term, Terms, Wanted
from wizard.plan.finding import Severity
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.remedy import steps

_FAIL, _WARN = Severity.FAIL, Severity.WARN


def lacks(wanted: Wanted, site: Site) -> Iterator[Lack]:
    """Return all that is amiss."""
    terms = site.api
    if terms is None:
        return
    mode = terms.settings.get("mode")
    if doubt := in_variable("mode", mode):
        yield doubt
    elif mode is None or mode.text != "http":
        what = tr("The mode is {mode}: HAProxy does not look into requests.", mode=mode.text if mode else "tcp")
        yield Lack(_FAIL, "mode", "mode http", what)
    yield from _body(wanted, terms)
    yield from _patience(terms)
    yield from _headers(wanted, terms)
    for term in site.repeats:
        what = tr(
            "Line {line} sends a request whose node failed to another one, a POST too ({text}): what the first had "
            "begun is done twice.",
            line=term.line,
            text=term.text,
        )
        yield Lack(_WARN, "retry-on", "http-request disable-l7-retry if ! METH_GET", what)
    for check in site.health:
        yield from _health(wanted, check)
    for answer in own_answers(wanted, site):
        out = steps(tr("line {line}: take it out", line=answer.line)).text
        yield Lack(_WARN, answer.path, out, answered(answer))
    if password := terms.settings.get("auth"):
        out = steps(tr("line {line}: take it out", line=password.line)).text
        yield asks_password("http-request auth", password, out)
    if site.websocket:
        yield from _upgrade(site.websocket)


def _health(wanted: Wanted, check: HealthCheck) -> Iterator[Lack]:
    path = f"{wanted.public_path}{HEALTH_PATH}"
    lines = "\n".join(("option httpchk", f"http-check send meth GET uri {path}", "http-check expect rstring ^ok$"))
    if check.unwatched:
        listed = listing(str(line) for line in check.unwatched)
        several = len(check.unwatched)
        what = trn(
            "Nobody looks whether the server of line {lines} lives: it gets requests when dead, too.",
            "Nobody looks whether the servers of lines {lines} live: they get requests when dead, too.",
            several,
            lines=listed,
        )
        put = trn("check  # at the end of line {lines}", "check  # at the end of lines {lines}", several, lines=listed)
        yield Lack(_WARN, "check", put, what)
    cure = Cure(("httpchk", lines), ("http-check expect", "http-check expect rstring ^ok$"))
    yield from health.lacks(wanted, check, f"backend {check.backend}", cure)


def _body(wanted: Wanted, terms: Terms) -> Iterator[Lack]:
    term, needed = terms.settings.get("limit"), wanted.upload_limit or LARGE_BYTES
    if term and int(term.text) < needed:
        what = tr("Line {line} refuses bodies of more than {size} bytes.", line=term.line, size=term.text)
        line = f"http-request deny deny_status 413 if {{ req.hdr_val(content-length) gt {wanted.upload_limit} }}"
        out = steps(tr("line {line}: take it out", line=term.line)).text
        yield Lack(_FAIL, "413", line if wanted.upload_limit else out, what)


def _patience(terms: Terms) -> Iterator[Lack]:
    for name in ("timeout client", "timeout server", "timeout tunnel"):
        term = terms.settings.get(name)
        if doubt := in_variable(name, term):
            yield doubt
        found = seconds(term.text, "ms") if term else None
        if term and found is not None and 0 < found < PATIENCE:
            what = tr("Line {line}: {name} is {text}.", line=term.line, name=name, text=term.text)
            yield Lack(_WARN, name, f"{name} {PATIENCE:g}s", what)


def _headers(wanted: Wanted, terms: Terms) -> Iterator[Lack]:
    told = [("X-Forwarded-Host", one) for one in terms.may_be.get("x-forwarded-host", (AS_IT_CAME,))]
    hosts = [("Host", one) for one in terms.may_be.get("host", (AS_IT_CAME,))]
    if any(_is_nothing(one, wanted) for _name, one in told):
        told = [*hosts, *(one for one in told if not _is_nothing(one[1], wanted))]
    wrong = [(name, one) for name, one in told if one.words and _is_another(one, wanted.netloc)]
    if wrong and len(wrong) == len(told):
        name, host = wrong[-1]
        what = tr("Line {line}: {name} is {text}.", line=host.line, name=name, text=host.words[0])
        yield Lack(_FAIL, name, f"http-request set-header {name} %[req.hdr(host)]", what)
    elif wrong:
        yield from _doubts(wrong[-1][0], [one for _name, one in told])
    if wanted.scheme == "https":
        yield from _proto(wanted, terms)


def _is_nothing(header: Term, wanted: Wanted) -> bool:
    """Whether nobody says what a header of proxies is."""
    return not header.words and not (header == AS_IT_CAME and wanted.behind_proxy)


def _is_another(header: Term, text: str) -> bool:
    return "%" not in header.text and header.words[0].lower() != text


def _doubts(name: str, values: Sequence[Term]) -> Iterator[Lack]:
    """Name the rules of which it cannot be told whether they hold."""
    for line in sorted({one.line for one in values if one.line}):
        what = tr("Line {line} may change {name}: whether it does cannot be told from the file.", line=line, name=name)
        yield Lack(Severity.UNKNOWN, name, "", what)


def _proto(wanted: Wanted, terms: Terms) -> Iterator[Lack]:
    name = "X-Forwarded-Proto"
    values = terms.may_be.get(name.lower(), (AS_IT_CAME,))
    unset = [one for one in values if _is_nothing(one, wanted)]
    wrong = [one for one in values if one.words and _is_another(one, wanted.scheme)]
    if not unset and not wrong:
        return  # HAProxy passes on what the other proxy says
    if len(unset) + len(wrong) < len(values):
        yield from _doubts(name, values)
        return
    if wrong:
        proto = wrong[-1]
        what = tr("Line {line}: {name} is {text}.", line=proto.line, name=name, text=proto.words[0])
    else:
        what = tr("No rule sets X-Forwarded-Proto for those who come over https: NocoBase believes that they do not.")
    line = f"http-request set-header {name} https" + (" if { ssl_fc }" if terms.tls else "")
    yield Lack(_FAIL, name, line, what)


def _upgrade(websocket: Terms) -> Iterator[Lack]:
    """A rule that takes out one of the two headers, or changes it, closes the way for WebSockets (tried with 2.6)."""
    for name, word in (("Upgrade", "websocket"), ("Connection", "upgrade")):
        values = websocket.may_be.get(name.lower(), (AS_IT_CAME,))
        wrong = [one for one in values if one != AS_IT_CAME and not _opens(one, word)]
        if wrong and len(wrong) < len(values):
            yield from _doubts(name, values)
        elif wrong:
            yield _closed(name, wrong[-1])


def _opens(header: Term, word: str) -> bool:
    return bool(header.words) and ("%" in header.text or word in header.words[0].lower())


def _closed(name: str, header: Term) -> Lack:
    sign = "unless { req.hdr(upgrade) -i websocket }"
    if not header.words:
        what = tr("Line {line} takes the header {name} out: no WebSocket opens.", line=header.line, name=name)
        return Lack(_FAIL, name, f"http-request del-header {name} {sign}", what)
    values = {"line": header.line, "name": name, "text": header.words[0]}
    what = tr("Line {line}: {name} is {text}, also for WebSockets: none opens.", **values)
    return Lack(_FAIL, name, f"http-request set-header {name} {shlex.quote(header.words[0])} {sign}", what)
