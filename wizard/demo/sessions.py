"""What the stand-in nodes know of users, sessions and the licence key.

A fake: it answers `auth:signIn`, `auth:check`, `auth:signOut`, `license:license-validate` and `…:service-validate` as
nodes of a 2.2.15 were seen to, and as NocoBase's code says (packages/core/auth, plugin-auth, plugin-license). A real
licence key was never seen.
`Users` is what the nodes of a cluster share; what a node has for itself is its key and, without Redis, its cache.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

from wizard.dataclass import dataclass
from wizard.demo.http_stand_in import Answer, Received
from wizard.demo.licence_service import CLUSTER_PLUGINS

SECRET_OF_A_KEY = "the-secret-inside-a-licence-key"  # noqa: S105 - what must never be shown
_EXPIRED = "Your session has expired. Please sign in again."
_HEADER = {"alg": "HS256", "typ": "JWT"}


@dataclass
class User:
    """An account. NocoBase refuses everything to one that has no role, also the sign-out."""

    id: int
    username: str
    email: str
    password: str = field(repr=False)
    has_role: bool = True


@dataclass
class Users:
    """The accounts of an installation, the numbers of the sessions that began, and of those that ended."""

    accounts: list[User] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    keep: Callable[[str, int], None] | None = None
    """Puts the number of a session that begins, and of its user, where the plan's database keeps them."""

    @property
    def open(self) -> set[str]:
        """The sessions that nobody ended."""
        return set(self.begun) - self.ended


@dataclass
class LicenceKey:
    """A licence key as a node sees it. `tells`: as older versions, which give the whole key away.

    `status` is what the key says of itself, None where the answer lacks it. `service_reached`, `packages_reached`: the
    node reaches the service that issues keys, and the one for packages; `tells_service`: the first answer says so, too.
    `plugins` are NocoBase's words for each package, None where the answer lacks them; `until` is the day they name.
    """

    domains: str
    readable: bool = True
    for_database: bool = True
    for_system: bool = True
    status: str | None = "active"
    upgrades_ended: bool = False
    service_reached: bool = True
    packages_reached: bool = True
    service_login: bool = True
    tells_service: bool = True
    tells: bool = False
    plugins: dict[str, str] | None = field(default_factory=lambda: dict.fromkeys(CLUSTER_PLUGINS, "licensed"))
    until: str = "2030-01-31T00:00:00.000Z"

    def seen(self, domain: str) -> dict[str, Any]:
        """Return what the plug-in says of it to somebody who comes from `domain`, an origin."""
        matches = self.readable and _covers(self.domains, domain)
        service = {"domain": "https://service.example.com", "headers": {"Authorization": SECRET_OF_A_KEY}}
        key = {"accessKeySecret": SECRET_OF_A_KEY, "licenseKey": {"domain": self.domains}} if self.tells else {}
        env = {"sys": "Debian GNU/Linux", "osVer": "12", "db": {"type": "postgres", "name": "nocobase"}}
        return {
            "keyExist": True,
            "current": {"env": env, "domain": urlsplit(domain).netloc},
            "keyData": {"service": service, **key},
            "dbMatch": self.readable and self.for_database,
            "sysMatch": self.readable and self.for_system,
            "domainMatch": matches,
            "isExpired": self.upgrades_ended or not self.readable,
            "isPkgLogin": self._logs_in,
            **({"isServiceConnection": self.service_reached and self.readable} if self.tells_service else {}),
            **({"licenseStatus": self.status} if self.status else {}),
            **({} if self.plugins is None else {"plugins": self._plugins(), "pluginsLicensed": True}),
            **({} if self.readable else {"keyStatus": "invalid"}),
        }

    def services(self) -> dict[str, Any]:
        """Return what the plug-in says of the services that it asks with the key."""
        return {
            "keyExist": True,
            "isPkgConnection": self.packages_reached,
            "isPkgLogin": self._logs_in,
            "isServiceConnection": self.service_reached and self.readable,
        }

    @property
    def _logs_in(self) -> bool:
        return self.service_login and self.packages_reached and self.readable

    def _plugins(self) -> list[dict[str, Any]]:
        named = (self.plugins or {}).items()
        return [{"packageName": name, "status": status, "expirationDate": self.until} for name, status in named]


@dataclass
class Sessions:
    """The sessions as one node knows them; `app_key` signs the tokens, `ended` is None where the cache is shared."""

    users: Users
    app_key: str
    ended: set[str] | None = None

    def sign_in(self, request: Received) -> Answer:
        """Answer a sign-in whose origin is in order."""
        given = _json(request.body)
        for user in self.users.accounts:
            if given.get("account") in {user.username, user.email} and given.get("password") == user.password:
                return Answer.of_json(200, {"data": {"user": _shown(user), "token": self._token(user)}})
        return _error(401, "The username/email or password is incorrect, please re-enter")

    def answer(self, action: str, request: Received) -> Answer | None:
        """Answer what needs a session, or None where something else is asked."""
        if action not in {"auth:check", "auth:signOut"}:
            return None
        found = self.whose(request)
        if isinstance(found, Answer):
            return found
        user, number = found
        if action == "auth:check":
            return Answer.of_json(200, {"data": _shown(user)})
        self.users.ended.add(number)
        if self.ended is not None:
            self.ended.add(number)
        return Answer.of_json(200, {})

    def whose(self, request: Received) -> tuple[User, str] | Answer:
        """Return the user and the number of the session, or the refusal."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            return _error(401, "Unauthenticated. Please sign in to continue.", "EMPTY_TOKEN")
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature, self._signature(signed)):
            return _error(401, _EXPIRED, "INVALID_TOKEN")
        payload = json.loads(_decoded(signed.partition(".")[2]))
        user = next((user for user in self.users.accounts if user.id == payload["userId"]), None)
        if user is None:
            return _error(401, "User not found. Please sign in again to continue.", "NOT_EXIST_USER")
        if payload["jti"] in (self.users.ended if self.ended is None else self.ended):
            return _error(401, _EXPIRED, "BLOCKED_TOKEN")
        if not user.has_role:
            return _error(401, "The current user has no roles. Please try another account.", "USER_HAS_NO_ROLES_ERR")
        return user, payload["jti"]

    def _token(self, user: User) -> str:
        number = str(uuid.uuid4())
        if self.users.keep:
            self.users.keep(number, user.id)
        self.users.begun.append(number)
        parts = (_HEADER, {"userId": user.id, "temp": True, "jti": number})
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{self._signature(signed)}"

    def _signature(self, signed: str) -> str:
        return _encoded(hmac.new(self.app_key.encode(), signed.encode(), hashlib.sha256).digest())


def domain_of(request: Received) -> str:
    """Return the origin that NocoBase takes for its own: of the page a request comes from, else of its host."""
    if referer := request.headers.get("referer"):
        parts = urlsplit(referer)
        return f"{parts.scheme}://{parts.netloc}"
    proto = request.headers.get("x-forwarded-proto") or "http"
    return f"{proto}://{request.headers.get('x-forwarded-host') or request.headers.get('host', '')}"


def _covers(domains: str, origin: str) -> bool:
    host = urlsplit(origin).netloc
    every = [domain.strip() for domain in domains.split(",") if domain.strip()]
    return any(host.endswith(one.replace("*", "", 1)) if "*" in one else host == one for one in every)


def _shown(user: User) -> dict[str, Any]:
    return {"id": user.id, "username": user.username, "email": user.email, "nickname": user.username}


def _error(status: int, message: str, code: str = "") -> Answer:
    return Answer.of_json(status, {"errors": [{"message": message, **({"code": code} if code else {})}]})


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
