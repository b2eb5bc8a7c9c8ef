"""What a configuration of HAProxy must say for NocoBase. Pure.

HAProxy passes Host and the upgrade on by itself, has no limit of bodies of its own, and waits for ever where no time is
set; so it is what stands there that can be wrong, but for the scheme, which nobody tells unless a rule does.
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.balancer.site.lack import PATIENCE, Lack, answered, in_variable, own_answers, seconds
from wizard.checks.balancer.target import LARGE_BYTES
from wizard.checks.shared.health import PATH as HEALTH_PATH
from wizard.formats.sites.model import HealthCheck, Site, Terms, Wanted
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
    if drop := terms.settings.get("del-header"):
        what = tr("Line {line} takes the header Upgrade out: no WebSocket opens.", line=drop.line)
        yield Lack(_FAIL, "Upgrade", "http-request del-header Upgrade unless { req.hdr(upgrade) -i websocket }", what)


def _health(wanted: Wanted, check: HealthCheck) -> Iterator[Lack]:
    """NocoBase's web server gives its page for every path, also where the application behind it is dead."""
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
    if check.path is None or check.path.partition("?")[0] == path:
        yield from _lenient(check)
        return
    if check.path:
        what = tr(
            "Line {line}: the health check of “backend {name}” asks for {path}, which NocoBase's web server answers "
            "also where the application is dead.",
            line=check.line,
            name=check.backend,
            path=check.path,
        )
    else:
        what = tr(
            "Line {line}: “backend {name}” looks at the port alone, which is open also where the application is dead.",
            line=check.line,
            name=check.backend,
        )
    yield Lack(_WARN, "httpchk", lines, what)


def _lenient(check: HealthCheck) -> Iterator[Lack]:
    rule = check.lenient
    if rule is None:
        return
    what = tr(
        "Line {line}: the health check of “backend {name}” takes the answer 503 for a good one ({text}), and NocoBase "
        "gives it where the application is dead.",
        line=rule.line,
        name=check.backend,
        text=rule.text,
    )
    put = tr("{put}  # in the place of line {line}", put="http-check expect rstring ^ok$", line=rule.line)
    yield Lack(_WARN, "http-check expect", put, what)


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
    name = "X-Forwarded-Host" if "x-forwarded-host" in terms.headers else "Host"
    host = terms.headers.get(name.lower())
    told = host is not None and name.lower() not in terms.doubtful
    if host and told and "%" not in host.text and host.words[0].lower() != wanted.netloc:
        what = tr("Line {line}: {name} is {text}.", line=host.line, name=name, text=host.words[0])
        yield Lack(_FAIL, name, f"http-request set-header {name} %[req.hdr(host)]", what)
    if wanted.scheme == "https":
        yield from _proto(wanted, terms)


def _proto(wanted: Wanted, terms: Terms) -> Iterator[Lack]:
    name = "X-Forwarded-Proto"
    proto = terms.headers.get(name.lower())
    line = f"http-request set-header {name} https" + (" if { ssl_fc }" if terms.tls else "")
    if proto is None and wanted.behind_proxy and name.lower() not in terms.removed:
        return  # HAProxy passes on what the other proxy says
    if proto is None:
        what = tr("No rule sets X-Forwarded-Proto for those who come over https: NocoBase believes that they do not.")
        yield Lack(_FAIL, name, line, what)
    elif name.lower() not in terms.doubtful and "%" not in proto.text and proto.words[0].lower() != wanted.scheme:
        what = tr("Line {line}: {name} is {text}.", line=proto.line, name=name, text=proto.words[0])
        yield Lack(_FAIL, name, line, what)
