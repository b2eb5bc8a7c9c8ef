"""Read the site file, and look up the names in it where they are not those of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from wizard import reading
from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact, Known, Trouble, attempt
from wizard.formats.recognise import Form, recognise
from wizard.formats.sites import haproxy_site, nginx_site
from wizard.formats.sites.model import Site, SiteError, SiteFile, Wanted
from wizard.net.errors import explain_any, resolve
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.plan.sections import BalancerKind

_BALANCERS = frozenset({Form.NGINX, Form.HAPROXY, Form.CADDY, Form.TRAEFIK, Form.APACHE, Form.KEEPALIVED})

Addresses = Mapping[str, tuple[str, ...]]
"""What each name stands for; nothing where nobody knows it."""


@dataclass(slots=True)
class SiteFacts:
    """The text (None: there is none), what it says, and the addresses behind the names in it and in the plan."""

    text: Fact[str | None] = PENDING
    site: Fact[Site] = PENDING
    addresses: Fact[Addresses] = PENDING


def probe(file: SiteFile, wanted: Wanted, facts: SiteFacts) -> None:
    """Fill `facts`; a text that cannot be understood is the last that is looked at."""
    facts.text = attempt(file.read, explain)
    if not isinstance(facts.text, Known) or facts.text.value is None:
        return
    text = facts.text.value
    facts.site = attempt(lambda: _read(text, wanted), explain)
    if isinstance(facts.site, Known):
        site = facts.site.value
        facts.addresses = attempt(lambda: _look_up(site, wanted), explain)


def _read(text: str, wanted: Wanted) -> Site:
    """Read a site of the planned program; raises SiteError that names the one it is written for, if it is another's."""
    if text.startswith("\ufeff"):
        raise SiteError(tr("it begins with a byte-order mark, which no balancer reads over"), line=1)
    form = recognise(text)
    if form in _BALANCERS and form.value.lower() != wanted.kind.value:
        raise SiteError(tr("it is for {program}", program=form))
    if wanted.kind is BalancerKind.HAPROXY:
        return haproxy_site.read(text, wanted)
    return nginx_site.read(text, wanted)


def read_file(name: str) -> str:
    """Return the text of a file (`~` is the user's own folder).

    Raises OSError, SiteError for what is no file of text.
    """
    try:
        return reading.read_text(reading.path_of(name), errors="replace")
    except reading.UnreadableError as error:
        raise SiteError(str(error.strerror)) from None


def explain(error: Exception) -> Trouble:
    """Map what reading raises; `about` is the line, where one is to blame."""
    match error:
        case SiteError():
            return Trouble(ErrorKind.PROTOCOL, str(error), about=str(error.line or ""))
        case PermissionError():
            return Trouble(ErrorKind.PERMISSION, str(error.strerror))
        case FileNotFoundError():
            return Trouble(ErrorKind.MISSING, str(error.strerror))
    return explain_any(error)


def _look_up(site: Site, wanted: Wanted) -> Addresses:
    """Look up what is named unlike on the two sides; names that are the same need no name server."""
    nodes = {(node.host.lower(), node.port): node.host for node in (*wanted.serving, *wanted.idle)}
    servers = {
        (one.host.lower(), one.port): one.host for group in site.groups for one in group.servers if not one.vague
    }
    if not servers.keys() - nodes.keys():
        return {}
    names = {host.lower() for side in (nodes, servers) for host in side.values()}
    return {name: _addresses(name) for name in sorted(names)}


def _addresses(name: str) -> tuple[str, ...]:
    with suppress(OSError, UnicodeError):
        return tuple(resolve(name, 0))
    return ()
