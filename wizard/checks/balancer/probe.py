"""Ask through the balancer as a browser would: certificate, health, WebSocket, sign-in, a file, large bodies."""

from __future__ import annotations

import secrets
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from wizard.checks.balancer.body import Fate, explain_sending, fate, send
from wizard.checks.balancer.target import BODY_BYTES, LARGE_BYTES, Target
from wizard.checks.shared import health
from wizard.dataclass import dataclass
from wizard.engine.check import value_of
from wizard.engine.facts import PENDING, Fact, Trouble, attempt
from wizard.net import http
from wizard.net.certificate import Certificate, fetch, unchecked
from wizard.net.http import Reply

if TYPE_CHECKING:
    import httpx

FILE = "files/ncw-check"
UPLOAD = "storage/uploads/ncw-check.png"
"""Below the public path: the addresses of files that nobody has."""
BODY_SECONDS = 12.0
"""Within these seconds from the probe's begin the bodies are sent, or given up."""


@dataclass(slots=True)
class BalancerFacts:
    """The certificate (None without TLS), and the answers to what was asked.

    `files` is None where no version of NocoBase that may be behind has such addresses, `uploads` where it guards none.
    `large` stays pending where the smaller body did not get through, or the plan's own limit is below even that.
    """

    certificate: Fact[Certificate | None] = PENDING
    health: Fact[Reply] = PENDING
    websocket: Fact[int] = PENDING
    origin: Fact[Reply] = PENDING
    files: Fact[Reply | None] = PENDING
    uploads: Fact[Reply | None] = PENDING
    body: Fact[Reply] = PENDING
    large: Fact[Reply] = PENDING


def probe(target: Target, facts: BalancerFacts) -> None:
    """Fill `facts`; without an application behind the balancer, the rest is not asked."""
    until = time.monotonic() + BODY_SECONDS
    trusting = attempt(lambda: _trust(target) if target.tls else None, http.explain)
    if isinstance(trusting, Trouble):
        facts.certificate = trusting
        return
    trust = trusting.value
    facts.certificate = attempt(lambda: fetch(target.host, target.port, trust) if trust else None, http.explain)
    if isinstance(facts.certificate, Trouble):
        return
    found = facts.certificate.value
    context = unchecked() if found and found.distrust else trust
    with http.client(trust=context) as client:
        facts.health = attempt(lambda: http.ask(client, "GET", target.url(health.PATH)), http.explain)
        if not health.is_serving(value_of(facts.health)):
            return
        facts.websocket = attempt(
            lambda: http.handshake(target.websocket_url, trust=context, origin=target.origin), http.explain_handshake
        )
        facts.origin = attempt(lambda: _sign_in(client, target), http.explain)
        facts.files = attempt(lambda: _ask_file(client, target), http.explain)
        facts.uploads = attempt(lambda: _ask_upload(client, target), http.explain)
    facts.body = attempt(lambda: send(target, BODY_BYTES, trust=context, until=until), explain_sending)
    if target.lets_through(BODY_BYTES) and fate(facts.body) is Fate.THROUGH:
        facts.large = attempt(lambda: send(target, LARGE_BYTES, trust=context, until=until), explain_sending)


def _trust(target: Target) -> ssl.SSLContext:
    """Believe the plan's private authority too, where its file is on this machine and holds one."""
    if target.authority_file:
        with suppress(OSError, ValueError):  # an SSLError is an OSError
            return http.trusted(target.authority_file)
    return http.trusted()


def _sign_in(client: httpx.Client, target: Target) -> Reply:
    """Sign in as a browser does, with an account nobody has: NocoBase judges the origin first."""
    nobody = {"account": f"ncw-check-{secrets.token_hex(4)}", "password": secrets.token_hex(8)}
    headers = {"Origin": target.origin, "Referer": f"{target.origin}{target.public_path}", "X-Authenticator": "basic"}
    return http.ask(client, "POST", target.url("api/auth:signIn"), json=nobody, headers=headers)


def _ask_file(client: httpx.Client, target: Target) -> Reply | None:
    return http.ask(client, "GET", target.url(FILE)) if target.has_files else None


def _ask_upload(client: httpx.Client, target: Target) -> Reply | None:
    return http.ask(client, "GET", target.url(UPLOAD)) if target.guards_uploads else None
