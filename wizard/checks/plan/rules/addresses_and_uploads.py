"""Rules on addresses that the browser is told, and on uploads and plug-ins that no other node sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import urlsplit

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs_read import CLIENT_ADDRESSES, UPLOADS
from wizard.formats.image import STORAGE, in_image
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import sentences, tr
from wizard.plan.localhost import is_localhost
from wizard.plan.observed import FOLDERS_APART, Sharing, Topic
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice
from wizard.plan.secret import SecretRef, Secrets
from wizard.plan.sections import Deployment
from wizard.plan.web import USUAL_PORTS

_UPLOADS, _PLUGINS = FOLDERS_APART.values()
_FOLDERS = (_UPLOADS, "STORAGE_PATH", _PLUGINS)
_USUAL = {"API_BASE_PATH": "/api/", "WS_PATH": "/ws", "PLUGIN_STATICS_PATH": "/static/plugins/"}
"""What stands in NocoBase's templates of nginx, which know no variable for it."""
_SCHEMES = {"http": "http", "ws": "http", "https": "https", "wss": "https"}


def _addresses(plan: Plan, _secrets: Secrets) -> list[Finding]:
    """Judge the further variables that lead the browser away from the cluster."""
    return list(_client_addresses(plan)) or [
        CLIENT_ADDRESSES.passed(tr("The browser is told no other address than the one it came by."))
    ]


def _storage(plan: Plan, _secrets: Secrets) -> list[Finding]:
    """Judge the further variables that lead uploads and plug-ins away from the shared folder."""
    passed = tr("Nothing moves uploads or plug-ins out of the shared folder.")
    return list(_uploads(plan)) or [UPLOADS.passed(passed)]


def _extra(plan: Plan, name: str) -> str:
    """Return the plain value of a further variable; nothing where there is none."""
    found = next((extra.value for extra in plan.extras if extra.name == name), "")
    return "" if isinstance(found, SecretRef) else found


def _client_addresses(plan: Plan) -> Iterator[Finding]:
    public = plan.application.public_path
    paths = {
        "API_BASE_URL": _joined(public, _extra(plan, "API_BASE_PATH") or _USUAL["API_BASE_PATH"]),
        "WEBSOCKET_URL": _joined(public, _extra(plan, "WS_PATH") or _USUAL["WS_PATH"]),
    }
    for name, path in paths.items():
        if address := _extra(plan, name):
            yield from _of_address(plan, name, address, path)
    for name, usual in _USUAL.items():
        text = _extra(plan, name)
        if public != "/" and text.startswith(public):
            yield CLIENT_ADDRESSES.warn(
                tr(
                    "{name} repeats the public path {path}: NocoBase puts it before the value itself.",
                    name=name,
                    path=public,
                ),
                subject=name,
                remedy=_without(name),
                facts={"setting": name},
            )
        elif text and text.strip("/") != usual.strip("/"):
            yield CLIENT_ADDRESSES.warn(
                tr(
                    "{name} is {path}: NocoBase's own nginx, and these checks, ask for {usual}.",
                    name=name,
                    path=text,
                    usual=usual,
                ),
                subject=name,
                detail=tr(
                    "The nginx in NocoBase's image, and its templates for others, have that path written in them."
                ),
                remedy=_without(name),
                facts={"setting": name},
            )


def _without(name: str) -> Remedy:
    return advice(tr("Take {name} out: its default is right below every public path.", name=name))


def _what_follows(name: str, address: str) -> str:
    if name == "WEBSOCKET_URL":
        return tr(
            "It wins over the address that the browser came by. Pages and sign-in work, and what the server tells the "
            "browser comes from {address}, or not at all.",
            address=address,
        )
    return tr(
        "It wins over the address that the browser came by. The pages are served, and sign-in and everything after it "
        "go to {address}.",
        address=address,
    )


def _of_address(plan: Plan, name: str, address: str, path: str) -> Iterator[Finding]:
    try:
        parts = urlsplit(address)
    except ValueError:
        yield CLIENT_ADDRESSES.fail(
            tr("{name} is no address: {found}.", name=name, found=address),
            ErrorKind.PROTOCOL,
            subject=name,
            facts={"setting": name},
        )
        return
    more: dict[str, Any] = {
        "subject": name,
        "detail": _what_follows(name, address),
        "facts": {"setting": name},
    }
    if parts.path.rstrip("/") != path.rstrip("/"):
        yield CLIENT_ADDRESSES.fail(
            tr(
                "{name} leads the browser to {found}; the nodes serve {path}.",
                name=name,
                found=address if parts.netloc else parts.path or "/",
                path=path,
            ),
            ErrorKind.MISSING,
            **more,
        )
    elif parts.netloc:
        yield from _of_host(address, plan.application.public_url, more)


def _of_host(address: str, public: str, more: Mapping[str, Any]) -> Iterator[Finding]:
    """Judge where an address of its own leads the browser: it must be the public one, where that is known."""
    parts = urlsplit(address)
    name, host = more["subject"], parts.netloc
    if public:
        if _origin(address) != _origin(public):
            yield CLIENT_ADDRESSES.fail(
                tr(
                    "{name} leads the browser to {host}, not to the public address {url}.",
                    name=name,
                    host=host,
                    url=public,
                ),
                ErrorKind.MISSING,
                **more,
            )
    elif is_localhost(parts.hostname or ""):
        yield CLIENT_ADDRESSES.fail(
            tr(
                "{name} leads every browser to {host}, which is the machine that the browser runs on.",
                name=name,
                host=host,
            ),
            ErrorKind.MISSING,
            **more,
        )
    else:
        yield CLIENT_ADDRESSES.warn(
            tr("{name} leads every browser to {host}, whatever address it came by.", name=name, host=host), **more
        )


def _origin(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port; a WebSocket's are those of the page's."""
    try:
        parts = urlsplit(address)
        scheme = _SCHEMES.get(parts.scheme, parts.scheme)
        return scheme, parts.hostname or "", parts.port or USUAL_PORTS.get(scheme)
    except ValueError:
        return "", address, None


def _joined(public: str, path: str) -> str:
    return f"{public.rstrip('/')}/{path.lstrip('/')}"


def _uploads(plan: Plan) -> Iterator[Finding]:
    if not any(_extra(plan, name) for name in _FOLDERS):
        return  # nothing else is read then
    if plan.seen(Topic.STORAGE):
        yield from _seen_outside(plan)
        return
    bare = "application.deployment" not in plan.unsaid and plan.application.deployment is Deployment.BARE
    shared = PurePosixPath(plan.storage.path) if bare and plan.storage.path else PurePosixPath(STORAGE)
    for name in _FOLDERS:
        text = _extra(plan, name)
        # on bare metal nobody knows where NocoBase is started
        folder = PurePosixPath(normpath(text)) if bare else in_image(text)
        if not text or not folder.is_absolute() or folder.is_relative_to(shared):
            continue
        yield _outside(name, folder, shared, Severity.FAIL if bare else Severity.WARN)


def _seen_outside(plan: Plan) -> Iterator[Finding]:
    """Judge where it is known what a container has mounted."""
    shared = in_image(_extra(plan, "STORAGE_PATH") or STORAGE)
    found = [item for item in plan.seen(*FOLDERS_APART) if item.value in {Sharing.NOTHING, Sharing.ITSELF}]
    for topic, folder in dict.fromkeys((item.topic, item.names[0]) for item in found):
        yield _outside(FOLDERS_APART[topic], PurePosixPath(folder), shared, Severity.FAIL)


def _outside(name: str, folder: PurePosixPath, shared: PurePosixPath, severity: Severity) -> Finding:
    values = {"name": name, "folder": folder, "shared": shared}
    if name == _PLUGINS:
        text = tr("{name} puts added plug-ins into {folder}, outside the shared folder {shared}.", **values)
        detail = tr("Each node then has its own: a plug-in that one node was given is missing on the others.")
    else:
        text = tr("{name} puts uploads into {folder}, outside the shared folder {shared}.", **values)
        detail = tr("Each node then has its own: a file that one node took is missing on the others.")
    more: dict[str, Any] = {"subject": name, "facts": {"setting": name, "shared": str(shared)}}
    if name == _PLUGINS:
        more["remedy"] = advice(
            tr(
                "Move what lies in {folder} to plugins in the shared folder, and take {name} out.",
                folder=folder,
                name=name,
            )
        )
    if severity is Severity.FAIL:
        return UPLOADS.fail(text, ErrorKind.MISSING, detail=detail, **more)
    also = tr("In NocoBase's image the shared folder is {shared}, unless another one is mounted.", shared=shared)
    return UPLOADS.warn(text, detail=sentences(detail, also), **more)


def _storage_reads(plan: Plan) -> tuple[str, ...]:
    """Return what the rule on uploads reads: nothing without its variables, or where nobody says what runs a node."""
    if not any(_extra(plan, name) for name in _FOLDERS):
        return ()
    if "application.deployment" in plan.unsaid or plan.seen(Topic.STORAGE):
        return ()
    return ("application.deployment", "storage.path")


RULES = (
    Rule(_addresses, ("application.public_path",)),
    Rule(_storage, _storage_reads),
)
