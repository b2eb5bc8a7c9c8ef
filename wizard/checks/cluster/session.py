"""A session of the application: begun on one node, shown to others, ended on each that knows it.

Source: NocoBase, packages/core/auth/src/actions.ts and base/auth.ts, and plugin-auth's basic-auth.ts; seen on 2.2.15.
The rule of the sign-in origin asks nothing of a request that names neither an origin nor a page it comes from.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from wizard.checks.cluster.answers import Said, said
from wizard.checks.node.target import Target as Node
from wizard.dataclass import dataclass
from wizard.net import http
from wizard.net.http import OK, Reply
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret
from wizard.reading import UnreadableError, parse_json

SIGN_IN_SECONDS = 8.0
"""Longer than for other questions: what a node begins after nobody listens any more would stay."""
_BASIC = {"X-Authenticator": "basic"}
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
"""What may stand in a header; anything else would be quoted by the library's own complaint."""

_NUMBER = re.compile(r"[0-9A-Za-z_-]{8,64}")
"""A UUID, as NocoBase makes it, and nothing that could end a text in a statement."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user name or an e-mail address of the application, and its password."""

    name: str
    password: Secret


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One that is open: where it was begun, its token, and whose it is."""

    node: Node
    token: Secret
    user: Secret
    clean: Redactor

    @property
    def number(self) -> str:
        """The number by which NocoBase keeps it, which its token names (`jti`); nothing where it names none."""
        part = self.token.reveal().split(".")[1:2]
        try:
            plain = base64.urlsafe_b64decode(part[0] + "=" * (-len(part[0]) % 4)) if part else b"null"
            payload = parse_json(plain, "token")
        except (ValueError, UnreadableError):
            return ""
        number = payload.get("jti") if isinstance(payload, dict) else None
        return number if isinstance(number, str) and _NUMBER.fullmatch(number) else ""

    def show(self, node: Node) -> Shown:
        """Ask a node who the token belongs to."""
        reply = self._ask(node, "GET", "api/auth:check")
        return Shown(said(reply, self.clean), same=_user_in(_data_of(reply)) == self.user)

    def end(self, node: Node, timeout: float = http.TIMEOUT) -> Said:
        """Sign out on a node."""
        return said(self._ask(node, "POST", "api/auth:signOut", data={}, timeout=timeout), self.clean)

    def ask(self, node: Node, path: str, *, timeout: float, headers: Mapping[str, str]) -> tuple[Said, Any]:
        """Ask a node for something else: what it says, and the data of a yes, which may hold anything."""
        reply = self._ask(node, "POST", path, data={}, timeout=timeout, headers=headers)
        return said(reply, self.clean), _data_of(reply)

    def _ask(
        self,
        node: Node,
        method: str,
        path: str,
        *,
        timeout: float = http.TIMEOUT,
        headers: Mapping[str, str] | None = None,
        data: Any = None,
    ) -> Reply:
        own = {**_BASIC, "Authorization": f"Bearer {self.token.reveal()}", **(headers or {})}
        with http.plain(node.host, node.port, timeout) as way:
            return http.send(way, method, node.path(path), headers=own, data=data)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a node says to a token, and whether it names the user who signed in."""

    said: Said
    same: bool = False


def sign_in(node: Node, account: Account) -> tuple[Said, Session | None]:
    """Sign in once; gives what the node says, and the session if it gives a token. Raises what `http.send` raises."""
    given = {"account": account.name, "password": account.password.reveal()}
    with http.plain(node.host, node.port, SIGN_IN_SECONDS) as way:
        reply = http.send(way, "POST", node.path("api/auth:signIn"), headers=_BASIC, data=given)
    data = _data_of(reply)
    token = data.get("token") if isinstance(data, dict) else None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return said(reply, Redactor([account.password])), None
    secret = Secret(token)
    return Said(reply.status), Session(node, secret, _user_in(data.get("user")), Redactor([account.password, secret]))


def _data_of(reply: Reply) -> Any:
    body = reply.json() if reply.status == OK else None
    return body.get("data") if isinstance(body, dict) else None


def _user_in(user: Any) -> Secret:
    """Return what a user is known by, to be compared and never shown."""
    return Secret(repr([user.get(name) for name in ("id", "username", "email")]) if isinstance(user, dict) else "")
