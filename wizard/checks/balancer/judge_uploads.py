"""Whether uploaded files are given to those alone who are signed in, live and by the site file. Pure."""

from __future__ import annotations

from typing import Any

from wizard.checks.balancer import remedies
from wizard.checks.balancer.probe import UPLOAD, BalancerFacts
from wizard.checks.balancer.specs import FILES, UPLOADS
from wizard.checks.balancer.target import Target
from wizard.engine.check import obstructed
from wizard.engine.facts import Known, Pending
from wizard.formats.sites.model import Bypass, Site, Wanted
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.remedy import commands, steps

_OK, _NOT_FOUND, _REFUSED = 200, 404, {401, 403}
_NO_GUARD = mark("Not asked: as it is planned, NocoBase gives uploaded files to everybody.")
_WHY = mark(
    "NocoBase gives a file below “storage/uploads/” to those alone who are signed in (read in 2.2.15; which version "
    "was the first is not known). What a web server gives from its own disk goes round that, and only what lies on "
    "that disk is there."
)


def uploads(target: Target, facts: BalancerFacts) -> Finding:
    """Return the finding on the address of an upload that nobody has, asked without a session."""
    fact, url = facts.uploads, target.url(UPLOAD)
    if not isinstance(fact, Known):
        reason = tr("Could not be found out: {url} gets no answer.", url=url)
        if isinstance(fact, Pending):
            return obstructed(UPLOADS, fact, FILES, what=reason)
        return UPLOADS.unknown(reason, error=fact.kind, detail=fact.message, elapsed_ms=fact.elapsed_ms)
    if fact.value is None:
        return UPLOADS.skip(tr(_NO_GUARD))
    return _answered(target, fact.value, {"facts": {"status": fact.value.status}, "elapsed_ms": fact.elapsed_ms})


def _answered(target: Target, reply: Reply, more: dict[str, Any]) -> Finding:
    values = {"url": target.url(UPLOAD), "status": reply.status}
    if reply.status in _REFUSED:
        says = tr("Nobody gets an uploaded file without a session: {url} answers HTTP {status}.", **values)
        return UPLOADS.passed(says, **more)
    past = reply.status == _OK or (reply.status == _NOT_FOUND and reply.is_page)
    if not past:
        reason = tr("Could not be found out: {url} is answered with HTTP {status}.", **values)
        return UPLOADS.unknown(reason, error=ErrorKind.PROTOCOL, detail=reply.quote(), **more)
    more |= {"detail": tr(_WHY), "remedy": remedies.uploads(target.kind, target.public_path)}
    if not target.version:
        says = tr("Uploaded files may be given to everybody: {url} is answered with HTTP {status}, not 401.", **values)
        return UPLOADS.warn(says, **more)
    says = tr(
        "A web server in front answers for uploaded files without asking NocoBase: {url} is answered with HTTP "
        "{status}.",
        **values,
    )
    return UPLOADS.fail(says, ErrorKind.PERMISSION, **more)


def in_file(file: str, wanted: Wanted, site: Site) -> Finding:
    """Return the finding on a site file: what takes uploaded files past NocoBase, or keeps them for others."""
    if not wanted.guards_uploads:
        return UPLOADS.skip(tr(_NO_GUARD), subject=file)
    given = [one for one in site.bypasses if not one.cached and not one.perhaps]
    kept = [one for one in site.bypasses if one.cached]
    said = dict.fromkeys(tr("Line {line}: {text}", line=one.line, text=one.text) for one in (*given, *kept))
    lines = "\n".join(said)
    called = [group.name for group in site.groups if f"{wanted.public_path}api/" in group.paths]
    nodes = called[0] if called else remedies.UNNAMED
    folders = dict.fromkeys(one.folder for one in given)
    remedy = commands(*(remedies.uploads(wanted.kind, wanted.public_path, nodes, folder) for folder in folders))
    if given:
        says = tr("{file} answers for uploaded files without asking NocoBase.", file=file)
        if kept:
            remedy = commands(remedy, steps(remedies.uncached(kept).text))
        detail = f"{lines}\n{tr(_WHY)}"
        return UPLOADS.fail(says, ErrorKind.PERMISSION, detail=detail, remedy=remedy, subject=file)
    if kept:
        says = tr("{file} lets caches keep uploaded files, and give them to others than those who asked.", file=file)
        return UPLOADS.warn(says, detail=lines, remedy=remedies.uncached(kept), subject=file)
    if perhaps := [one for one in site.bypasses if one.perhaps]:
        return UPLOADS.unknown(
            tr("Could not be found out from {file}: whether it answers for uploaded files itself.", file=file),
            error=ErrorKind.OTHER,
            detail=_looked_at(perhaps),
            subject=file,
        )
    return UPLOADS.passed(tr("{file} leaves uploaded files to NocoBase.", file=file), subject=file)


def _looked_at(perhaps: list[Bypass]) -> str:
    said = (
        tr(
            "Line {line}: files of this folder are given to everybody before NocoBase is asked ({text}). Whether the "
            "uploads lie below it cannot be told from here.",
            line=one.line,
            text=one.text,
        )
        for one in perhaps
    )
    return "\n".join(dict.fromkeys(said))
