"""Verb self-test: proves that an installation is whole, above all a frozen one, without asking any server."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator

from wizard.app.no_window import missing_library, missing_qt
from wizard.dataclass import dataclass
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

DRIVERS = (
    "psycopg",
    "pymysql",
    "redis",
    "pika",
    "httpx",
    "websockets.client",
    "cryptography.x509",
    "crossplane",
    "pyrage",
)
BACK_ENDS = {
    "linux": ("keyring.backends.SecretService", "secretstorage", "jeepney"),
    "darwin": ("keyring.backends.macOS", "keyring.backends.macOS.api"),
    "win32": ("keyring.backends.Windows", "win32ctypes.pywin32.win32cred"),
}
"""What reaches the keyring of each system. The package keyring does without those that are not there, silently."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One part of an installation: whether it works (None: it is left out on purpose), and in words what was found."""

    name: str
    works: bool | None
    words: str


def prove(paint_page: Callable[[], str]) -> Iterator[Proof]:
    """Try each part; `paint_page` paints a page of the window without a screen and says in words what it did."""
    parts: tuple[tuple[str, Callable[[], str]], ...] = (
        (tr("drivers"), _drivers),
        (tr("templates"), _templates),
        (tr("languages"), _languages),
        (tr("keyring"), _keyring),
        (tr("window"), paint_page),
    )
    for name, part in parts:
        try:
            yield Proof(name, works=True, words=part())
        except Exception as error:  # noqa: BLE001 - whatever breaks is what the self-test is to tell
            yield _refuted(name, error)


def _refuted(name: str, error: Exception) -> Proof:
    """Return what an error tells of a part. A form for servers has no Qt, and no window."""
    if isinstance(error, ImportError):
        if left_out := missing_qt(error):
            return Proof(name, works=None, words=left_out)
        if lacking := missing_library(error):
            return Proof(name, works=False, words=lacking)
    return Proof(name, works=False, words=f"{type(error).__name__}: {error}")


def _drivers() -> str:
    for name in DRIVERS:
        importlib.import_module(name)
    return listing(name.partition(".")[0] for name in DRIVERS)


def _templates() -> str:
    from wizard.export import bundle
    from wizard.export.targets import target_names
    from wizard.formats.files import SecretsMode

    plan = Plan(
        application=Plan().application,
        nodes=(Node(name="node1", host="10.0.0.1"), Node(name="node2", host="10.0.0.2")),
    ).with_value("application.public_url", "http://app.example.com")
    files = bundle.render(plan, {}, SecretsMode.REFERENCE, target_names())
    return trn("1 file of a bundle written", "{count} files of a bundle written", count=len(files))


def _languages() -> str:
    """Load every catalogue; raises RuntimeError where there is none, as a package without them would show."""
    from wizard.app import language

    names = language.available()
    for name in names:
        language.catalogue(name)
    if len(names) == 1:
        raise RuntimeError(tr("There is no catalogue of translations."))
    return listing(names)


def _keyring() -> str:
    """Require the back end; that none of the system's keyrings is running is no fault of the installation."""
    from wizard.storage.secret_store import open_secret_store

    for name in BACK_ENDS.get(sys.platform, ()):
        importlib.import_module(name)
    opened = open_secret_store()
    return f"{opened.secret_store.title}. {opened.reason}".strip()
