"""A stand-in for NocoBase's package service, which knows who may have which commercial plug-in.

Gives host, port, `url` (as NOCOBASE_PKG_URL wants it: with a slash), `user`, `password` and `requests`:
`POST /-/verdaccio/sec/login`, `GET /pro-packages` with the token, `GET /<package>` with its versions.
"""

from __future__ import annotations

import enum
import json
import secrets
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote

from wizard.demo.http_stand_in import Answer, HttpStandIn, Received
from wizard.demo.server import new_password

if TYPE_CHECKING:
    from collections.abc import Sequence

CLUSTER_PLUGINS = (
    "@nocobase/plugin-pubsub-adapter-redis",
    "@nocobase/plugin-lock-adapter-redis",
    "@nocobase/plugin-workerid-allocator-redis",
    "@nocobase/plugin-queue-adapter-redis",
    "@nocobase/plugin-queue-adapter-rabbitmq",
)
OTHER_PLUGINS = ("@nocobase/preset-cluster", "@nocobase/plugin-backups", "@nocobase/plugin-workflow-webhook")
_LOGIN = "/-/verdaccio/sec/login"


class Trouble(enum.Enum):
    """What is wrong with the service or the licence."""

    NONE = "nothing"
    SILENT = "it accepts connections and never answers"
    BROKEN = "500 to everything"
    INVALID_LICENCE = "401 at the login, saying that the licence is not valid"
    GATEWAY_PAGE = "200 with a page of HTML, as a captive portal or a proxy answers"


class LicenceService(HttpStandIn):
    """A service that knows one customer; `licensed` are the plug-ins that the customer may have.

    `versions` is what every package is offered in, the last being `latest`; `trouble` may be changed while it runs.
    """

    server_header: ClassVar[str] = "nocobase-licence-stand-in"

    def __init__(
        self,
        *,
        licensed: Sequence[str] = CLUSTER_PLUGINS,
        versions: Sequence[str] = ("2.1.25", "2.2.15"),
        trouble: Trouble = Trouble.NONE,
        port: int = 0,
    ) -> None:
        super().__init__(port)
        self.user = "customer"
        self.password = new_password()
        self.licensed = list(licensed)
        self.versions = list(versions)
        self.trouble = trouble
        self._token = secrets.token_urlsafe(16)

    @property
    def url(self) -> str:
        """The address with a slash at its end."""
        return f"{super().url}/"

    def answer(self, request: Received) -> Answer | None:
        if self.trouble is Trouble.SILENT:
            return None
        if self.trouble is Trouble.BROKEN:
            return Answer.of_json(500, {"error": "internal server error"})
        if self.trouble is Trouble.GATEWAY_PAGE:
            return Answer(200, b"<!doctype html><title>Sign in to the network</title>")
        return self._serve(request)

    def _serve(self, request: Received) -> Answer:
        if request.path == "/":
            return Answer(200, b"<!doctype html><title>Packages</title>")
        if request.path == _LOGIN:
            return self._login(request)
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return Answer.of_json(401, {"error": "authorization required"})
        if request.path == "/pro-packages":
            every = sorted({*CLUSTER_PLUGINS, *OTHER_PLUGINS, *self.licensed})
            return Answer.of_json(200, {"data": self.licensed, "meta": {"commercial_plugins": every}})
        return self._package(unquote(request.path.removeprefix("/")))

    def _login(self, request: Received) -> Answer:
        if request.method != "POST":
            return Answer.of_json(404, {"error": "no such package available"})
        if self.trouble is Trouble.INVALID_LICENCE:
            return Answer.of_json(401, {"error": "License not valid"})
        try:
            given = json.loads(request.body)
        except ValueError:
            return Answer.of_json(400, {"error": "bad data"})
        if given != {"username": self.user, "password": self.password}:
            return Answer.of_json(401, {"error": "bad username/password, access denied"})
        return Answer.of_json(200, {"username": self.user, "token": self._token})

    def _package(self, name: str) -> Answer:
        if name not in self.licensed:
            return Answer.of_json(404, {"error": "no such package available"})
        short = name.rpartition("/")[2]
        versions = {
            version: {
                "name": name,
                "version": version,
                "dist": {"tarball": f"{self.url}{name}/-/{short}-{version}.tgz"},
            }
            for version in self.versions
        }
        latest = self.versions[-1] if self.versions else None
        return Answer.of_json(200, {"name": name, "dist-tags": {"latest": latest}, "versions": versions})
