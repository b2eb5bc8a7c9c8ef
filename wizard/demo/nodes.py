"""A stand-in for a NocoBase node; its `Server` header says that it is one.

Gives host, port, `url`, `requests`, and a `health` that can be changed while it runs. It answers as a 2.2.15 was seen
to: `GET …api/__health_check`, `…ws` (WebSocket), `GET …api/app:getInfo`, `POST …api/auth:signIn` with the rule of the
sign-in origin, the questions that need a session (`wizard.demo.sessions`), 404 for a file below `files/` (that one read
in NocoBase's code), the files that its page names, and that page for any other path.
"""

from __future__ import annotations

import base64
import enum
import hashlib
from typing import TYPE_CHECKING, ClassVar, Literal, Self
from urllib.parse import urlsplit

from wizard.demo.http_stand_in import Answer, HttpStandIn, Received
from wizard.demo.sessions import LicenceKey, Sessions, Users, domain_of

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from io import BufferedIOBase

_NOT_FOUND = Answer(404, b"Not Found", "text/plain; charset=utf-8")
_PAGE_TEXT = """<!doctype html><html><head><title>NocoBase stand-in</title>
<link rel="stylesheet" href="{base}assets/index.{build}.css"><script src="{base}assets/index.{build}.js"></script>
</head><body></body></html>"""
_SIGN_IN_FIRST = Answer.of_json(401, {"errors": [{"message": "Unauthenticated. Please sign in to continue."}]})
_NO_FILE = Answer.of_json(404, {"errors": [{"message": "Invalid file URL"}]})
_FILE_TYPES = {"js": "application/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_WS_ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_OPCODE, _CLOSE, _PING, _PONG, _FINAL = 0x0F, 0x8, 0x9, 0xA, 0x80
_LENGTH, _TWO_BYTES, _EIGHT_BYTES, _MASKED = 0x7F, 126, 127, 0x80


class Health(enum.Enum):
    """What the node answers to a health check."""

    SERVING = "200 `ok`"
    COMMANDING = "503 APP_COMMANDING: it loads, upgrades, or cannot reach its database"
    NOT_INSTALLED = "503 APP_NOT_INSTALLED_ERROR: its database is empty"
    PAGE = "200 with the page: something in front answers for a dead application"
    SILENT = "nothing at all, to any path"


class NodeStandIn(HttpStandIn):
    """A node at `public_path`; `message` is what it is busy with while COMMANDING.

    `name` stands in the answer of app:getInfo, to see which node a balancer chose. `users` are its database's; two
    nodes with different ones have different databases, with different `app_key`s they refuse each other's tokens, and
    one that does not share the cache does not hear of sessions that ended elsewhere. `licence` is its licence key:
    None if it has none, "absent" if it lacks even the plug-in that knows of such keys. `build` stands in the names of
    the files that its page names: two packages of one version differ in it.
    """

    server_header: ClassVar[str] = "nocobase-stand-in"

    def __init__(
        self,
        name: str = "node1",
        *,
        port: int = 0,
        health: Health = Health.SERVING,
        public_path: str = "/",
        version: str = "2.2.15",
        dialect: str = "postgres",
        message: str = "load plugin [acl], 8/77",
        users: Users | None = None,
        app_key: str = "the key of all stand-ins",
        shares_cache: bool = True,
        licence: LicenceKey | Literal["absent"] | None = None,
        build: str = "3f9c2ab7",
    ) -> None:
        super().__init__(port)
        self.users = Users() if users is None else users
        self.licence = licence
        self._sessions = Sessions(self.users, app_key, None if shares_cache else set())
        self.name = name
        self.health = health
        self.message = message
        self._info = {"version": version, "dialect": dialect, "name": name}
        self._public_path = public_path
        self._page = Answer(200, _PAGE_TEXT.format(base=public_path, build=build).encode())
        self._files = {f"{public_path}assets/index.{build}.{kind}": kind for kind in ("js", "css")}

    def answer(self, request: Received) -> Answer | None:
        if self.health is Health.SILENT:
            return None
        api = f"{self._public_path}api/"
        if request.path.startswith(f"{self._public_path}files/"):
            return self._refusal() or _NO_FILE
        if request.path.startswith(f"{self._public_path}storage/uploads/"):
            return self._refusal() or _SIGN_IN_FIRST
        if kind := self._files.get(request.path):
            return Answer(200, b"/* a stand-in's */", _FILE_TYPES[kind])
        if not request.path.startswith(api):
            return self._page
        return self._refusal() or self._api(request, request.path.removeprefix(api))

    def _api(self, request: Received, path: str) -> Answer:
        if path == "__health_check":
            return Answer(200, b"ok", "text/plain; charset=utf-8")
        action = path.partition("?")[0]
        if action == "app:getInfo":
            return Answer.of_json(200, {"data": self._info})
        if action == "auth:signIn" and request.method == "POST":
            return _refused_origin(request) or self._sessions.sign_in(request)
        if action in {"license:license-validate", "license:service-validate"} and self.licence != "absent":
            return self._of_licence(action, request)
        if action.startswith("license:"):
            return _NOT_FOUND
        return self._sessions.answer(action, request) or self._page

    def _of_licence(self, action: str, request: Received) -> Answer:
        found = self._sessions.whose(request)
        if isinstance(found, Answer):
            return found
        key = self.licence
        if not isinstance(key, LicenceKey):
            return Answer.of_json(200, {"data": {"keyExist": False}})
        asked_for_key = action == "license:license-validate"
        return Answer.of_json(200, {"data": key.seen(domain_of(request)) if asked_for_key else key.services()})

    def _refusal(self) -> Answer | None:
        """Return what every path of the API gets while the application does not run."""
        match self.health:
            case Health.COMMANDING:
                return _unavailable("APP_COMMANDING", self.message, maintaining=True)
            case Health.NOT_INSTALLED:
                return _unavailable("APP_NOT_INSTALLED_ERROR", "application is not installed", maintaining=False)
            case Health.PAGE:
                return self._page
        return None

    def take_over(self, request: Received, handler: BaseHTTPRequestHandler) -> bool:
        key = request.headers.get("sec-websocket-key")
        wanted = request.path == f"{self._public_path}ws" and request.headers.get("upgrade", "").lower() == "websocket"
        if not wanted or not key or self.health is Health.SILENT:
            return False
        # SHA-1 is the handshake's own, RFC 6455
        accept = base64.b64encode(hashlib.sha1((key + _WS_ACCEPT).encode(), usedforsecurity=False).digest())
        handler.send_response(101, "Switching Protocols")
        handler.send_header("Upgrade", "websocket")
        handler.send_header("Connection", "Upgrade")
        handler.send_header("Sec-WebSocket-Accept", accept.decode())
        handler.end_headers()
        _answer_frames(handler.rfile, handler.wfile)
        return True

    def restart(self) -> Self:
        """Stop and start again on the same port."""
        self.stop()
        return self.start()


def _unavailable(code: str, message: str, *, maintaining: bool) -> Answer:
    error = {"status": 503, "maintaining": maintaining, "message": message, "code": code}
    return Answer.of_json(503, {"error": error})


def _refused_origin(request: Received) -> Answer | None:
    origin = request.headers.get("origin") or _origin_of(request.headers.get("referer", ""))
    proto = _first(request.headers.get("x-forwarded-proto", "")).lower() or "http"
    host = _first(request.headers.get("x-forwarded-host", "")) or request.headers.get("host", "")
    if origin and origin != f"{proto}://{host}":
        return Answer.of_json(403, {"errors": [{"message": "Invalid sign-in origin"}]})
    return None


def _first(value: str) -> str:
    return value.partition(",")[0].strip()


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _answer_frames(reader: BufferedIOBase, writer: BufferedIOBase) -> None:
    """Answer pings and the close of a WebSocket; ignore all else until the client goes."""
    while head := reader.read(2):
        opcode, length = head[0] & _OPCODE, head[1] & _LENGTH
        if length == _TWO_BYTES:
            length = int.from_bytes(reader.read(2))
        elif length == _EIGHT_BYTES:
            length = int.from_bytes(reader.read(8))
        mask = reader.read(4) if head[1] & _MASKED else bytes(4)
        payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(reader.read(length)))
        if opcode in {_CLOSE, _PING}:
            reply = _CLOSE if opcode == _CLOSE else _PONG
            writer.write(bytes([_FINAL | reply, len(payload)]) + payload)
        if opcode == _CLOSE:
            return
