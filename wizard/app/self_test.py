"""Verb self-test: proves that an installation is whole, above all a frozen one, without asking any server."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator

from wizard.app.no_window import missing_library, missing_qt
from wizard.dataclass import dataclass
from wizard.plan.i18n import listing, tr, trn

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


_NAMED = 3
"""How many files are named that are gone: more of them tell nothing new."""


class _FoundError(Exception):
    """What was found wrong, in words."""


class _LeftOutError(Exception):
    """Why a part is left out, in words."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One part of an installation: whether it works (None: it is left out on purpose), and in words what was found."""

    name: str
    works: bool | None
    words: str


def prove(write_reports: Callable[[], str], paint_page: Callable[[], str]) -> Iterator[Proof]:
    """Try each part. What is above this room is given, and says in words what it did.

    `write_reports` writes a report in every format, `paint_page` paints a page of the window without a screen.
    """
    parts: tuple[tuple[str, Callable[[], str]], ...] = (
        (tr("files"), _files),
        (tr("drivers"), _drivers),
        (tr("templates"), _templates),
        (tr("reports"), write_reports),
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
    if isinstance(error, _LeftOutError):
        return Proof(name, works=None, words=str(error))
    if isinstance(error, _FoundError):
        return Proof(name, works=False, words=str(error))
    if isinstance(error, ImportError):
        if left_out := missing_qt(error):
            return Proof(name, works=None, words=left_out)
        if lacking := missing_library(error):
            return Proof(name, works=False, words=lacking)
    return Proof(name, works=False, words=f"{type(error).__name__}: {error}")


def _files() -> str:
    """Compare what is there with what was shipped: most files are needed by something that no other part tries."""
    from wizard.app.shipped_files import shipped

    found = shipped()
    if found is None:
        raise _LeftOutError(tr("a source tree, or a package of a distribution, has no list of what belongs to it"))
    broken, count = found.broken(), len(found.digests)
    if broken:
        names = listing([*broken[:_NAMED], *(["…"] if broken[_NAMED:] else [])])
        raise _FoundError(
            trn(
                "1 file is gone or was changed: {names}",
                "{count} files are gone or were changed: {names}",
                count=len(broken),
                names=names,
            )
        )
    return trn("1 file is as it was shipped", "{count} files are as they were shipped", count=count)


def _drivers() -> str:
    for name in DRIVERS:
        importlib.import_module(name)
    return listing(name.partition(".")[0] for name in DRIVERS)


def _templates() -> str:
    """Fill every template: each way to run nodes and each balancer has its own, and so has a test of nginx' site."""
    from wizard.export import bundle
    from wizard.export.targets import target_names
    from wizard.formats.files import SecretsMode
    from wizard.formats.sites.writers import render_for_test
    from wizard.plan.plan import Plan
    from wizard.plan.secret import Secret, SecretRef
    from wizard.plan.sections import BalancerKind, Deployment, Node

    nodes = (Node(name="node1", host="10.0.0.1"), Node(name="node2", host="10.0.0.2"))
    plan = Plan(nodes=nodes).with_value("application.public_url", "http://app.example.com")
    plan = plan.with_value("database.password", SecretRef("database.password"))
    count = 0
    for deployment, kind, mode in (
        (Deployment.BARE, BalancerKind.NGINX, SecretsMode.REFERENCE),
        (Deployment.DOCKER, BalancerKind.HAPROXY, SecretsMode.REFERENCE),
        (Deployment.KUBERNETES, BalancerKind.NGINX, SecretsMode.INLINE),
    ):
        one = plan.with_value("application.deployment", deployment).with_value("balancer.kind", kind)
        count += len(bundle.render(one, {"database.password": Secret("x")}, mode, target_names()))
    render_for_test(plan)
    return trn("1 file of a bundle written", "{count} files of a bundle written", count=count)


def _languages() -> str:
    """Load every catalogue; raises _FoundError where there is none, as a package without them would show."""
    from wizard.app import language

    names = language.available()
    for name in names:
        language.catalogue(name)
    if len(names) == 1:
        raise _FoundError(tr("There is no catalogue of translations."))
    return listing(names)


def _keyring() -> str:
    """Require the back end; that none of the system's keyrings is running is no fault of the installation."""
    from wizard.storage.secret_store import open_secret_store

    for name in BACK_ENDS.get(sys.platform, ()):
        importlib.import_module(name)
    opened = open_secret_store()
    return f"{opened.secret_store.title}. {opened.reason}".strip()
