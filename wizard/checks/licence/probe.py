"""Ask the package service as NocoBase does at each start: sign in, list what is licensed, look at the versions."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from wizard.checks.licence.target import Target
from wizard.dataclass import dataclass
from wizard.engine.check import value_of
from wizard.engine.facts import PENDING, Fact, Trouble, attempt
from wizard.net import http
from wizard.net.http import OK, Reply
from wizard.plan.plugins import BUNDLE
from wizard.plan.secret import Secret

if TYPE_CHECKING:
    import httpx

TIMEOUT = 9.0
"""NocoBase's own login test allows 10 s (plugin-license, server/utils/pkg.ts)."""
_LARGEST = 4 * 1024 * 1024
"""Bytes of a package's description that are read: its short form has about one KiB for each version."""
_SHORT_METADATA = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"


@dataclass(frozen=True, slots=True)
class Login:
    """The answer to the login without its token, and the token if there is one."""

    status: int
    quoted: str
    token: Secret | None


@dataclass(frozen=True, slots=True)
class Offer:
    """The versions a package is offered in, in the service's order; None where it does not say."""

    package: str
    status: int
    versions: tuple[str, ...] | None


@dataclass(slots=True)
class LicenceFacts:
    """What the service said to the login, which packages are licensed (None: not said), and their versions."""

    login: Fact[Login] = PENDING
    licensed: Fact[tuple[str, ...] | None] = PENDING
    offers: Fact[tuple[Offer, ...]] = PENDING


def probe(target: Target, facts: LicenceFacts) -> None:
    """Fill `facts`; without a token nothing more is asked. A redirect is not followed: it would carry the password."""
    with contextlib.ExitStack() as stack:
        opened = attempt(lambda: stack.enter_context(_client(target)), http.explain)
        if isinstance(opened, Trouble):
            facts.login = opened
            return
        client = opened.value
        facts.login = attempt(lambda: _sign_in(client, target), http.explain)
        login = value_of(facts.login)
        if login is None or login.token is None:
            return
        client.headers["Authorization"] = f"Bearer {login.token.reveal()}"
        facts.licensed = attempt(lambda: _licensed(http.ask(client, "GET", target.list_url)), http.explain)
        wanted = _to_look_at(target, value_of(facts.licensed))
        if target.version and wanted:
            facts.offers = attempt(lambda: tuple(_offer(client, target, name) for name in wanted), http.explain)


def _client(target: Target) -> httpx.Client:
    trust = http.trusted() if target.url.startswith("https:") else None
    return http.client(trust=trust, way_out=True, timeout=TIMEOUT)


def _sign_in(client: httpx.Client, target: Target) -> Login:
    account = {"username": target.username, "password": target.password.reveal()}
    reply = http.ask(client, "POST", target.login_url, json=account)
    body = reply.json()
    token = body.get("token") if isinstance(body, dict) else None
    if reply.status == OK and isinstance(token, str) and token:
        return Login(reply.status, "", Secret(token))
    location = reply.headers.get("location", "")
    return Login(reply.status, location or _error_in(reply), None)


def _error_in(reply: Reply) -> str:
    body = reply.json()
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, str) else reply.quote()


def _licensed(reply: Reply) -> tuple[str, ...] | None:
    body = reply.json() if reply.status == OK else None
    data = body.get("data") if isinstance(body, dict) else None
    return tuple(str(name) for name in data) if isinstance(data, list) else None


def _to_look_at(target: Target, licensed: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the packages whose versions count: the needed ones, or the bundle that brings them."""
    found = tuple(name for name in target.packages if name in (licensed or ()))
    if len(found) < len(target.packages) and BUNDLE in (licensed or ()):
        return (*found, BUNDLE)
    return found


def _offer(client: httpx.Client, target: Target, package: str) -> Offer:
    address = target.package_url(package)
    reply = http.ask(client, "GET", address, largest=_LARGEST, headers={"Accept": _SHORT_METADATA})
    body = reply.json() if reply.status == OK else None
    versions = body.get("versions") if isinstance(body, dict) else None
    return Offer(package, reply.status, tuple(versions) if isinstance(versions, dict) else None)
