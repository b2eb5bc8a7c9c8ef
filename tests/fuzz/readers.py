"""Every reader of the program by a name: how bytes are given to it, what it may refuse them with, how long they may be.

Each gets its content as a file in a folder of its own, as from a person who names it.
"""

import contextlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tests.unit.plans import good_plan
from wizard import reading
from wizard.app.acceptance import read_beside
from wizard.app.gather_secrets import gather_secrets
from wizard.app.history import HistoryError, from_file
from wizard.app.inside import from_inside
from wizard.app.judged_again import judged_again, kept_run, plan_of
from wizard.app.open_source import open_saved, open_source
from wizard.checks.database.target import Target
from wizard.checks.database.trust import BadFileError, find_files
from wizard.checks.inside.document import DocumentError, document_of, meeting_of
from wizard.formats import cluster_file
from wizard.formats.cluster_file import tree
from wizard.formats.cluster_file.accepted import with_accepted
from wizard.formats.compose import run_lines
from wizard.formats.dotenv import grammar
from wizard.formats.files import SourceError
from wizard.formats.kubernetes import objects
from wizard.formats.sites import model
from wizard.formats.units import literal, systemd
from wizard.guide import node_lists, pasting
from wizard.net.trust import node_trust
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.storage import age_writer
from wizard.storage.age_text import seal
from wizard.storage.consents import Consents
from wizard.storage.kept_runs import LARGEST as LARGEST_RUN
from wizard.storage.previous_bundle import read_previous
from wizard.storage.saved_clusters import Workspace
from wizard.storage.secret_store.contract import SecretStoreError
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore
from wizard.storage.window_settings import WindowSettings

PLAN = good_plan()
FILE = reading.LARGEST
_PASSPHRASE = Secret("correct horse")


@dataclass(frozen=True)
class Reader:
    """One reader: `read` is given the path of a file called `file` with the content, and may raise `refuses` alone."""

    file: str
    read: Callable[[Path], object]
    refuses: tuple[type[Exception], ...] = (SourceError,)
    largest: int = FILE


def _source(path: Path) -> None:
    opened = open_source(str(path))
    repr(opened)


def _beside(name: str, text: str, file: str = "") -> Callable[[Path], None]:
    """Return a reader of a file `name` with that text, beside which the content lies."""

    def read(path: Path) -> None:
        (path.parent / name).parent.mkdir(exist_ok=True)
        (path.parent / name).write_text(text)
        _source(path.parent / (file or name))

    return read


def _site_of_a_plan(path: Path) -> None:
    from wizard.checks.inside.balancer_list import entries
    from wizard.formats.sites.model import SiteError

    for kind in ("nginx", "haproxy"):
        plan = PLAN.with_value("balancer.kind", kind).with_value("balancer.site_file", str(path))
        with contextlib.suppress(SiteError):
            entries(plan)


def _bundle(path: Path) -> None:
    (path.parent / "cluster.yaml").write_text(cluster_file.write(PLAN))
    former = read_previous(path.parent)
    if former:
        repr((former.changed, former.missing, former.foreign))
    _source(path.parent)


def _archive(path: Path) -> None:
    former = read_previous(path)
    if former:
        repr((former.changed, former.missing, former.foreign))
    _source(path)


def _packed(name: str, others: dict[str, str]) -> Callable[[Path], None]:
    """Return a reader of an archive in which the content lies as `name`."""

    def read(path: Path) -> None:
        with zipfile.ZipFile(path.parent / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, name)
            for other, text in others.items():
                archive.writestr(other, text)
        _archive(path.parent / "b.zip")

    return read


def _certificates(path: Path) -> None:
    node_trust(str(path))
    plan = PLAN.with_value("database.tls", "verify")
    for key in ("tls_ca", "tls_cert", "tls_key"):
        plan = plan.with_value(f"database.{key}", str(path))
    find_files(Target.of(plan, {}))


def _licence_key(path: Path) -> None:
    """Whoever has a licence key gives it in a file of secrets or pastes it: it is never taken apart."""
    with contextlib.suppress(UnicodeDecodeError):
        text = reading.read_text(path)
        found = gather_secrets(PLAN, {}, environ={"NOCOBASE_LICENSE_KEY": text.replace("\0", "")})
        repr(found)


def _facts(path: Path) -> None:
    given = from_inside([str(path)], nodes=False)
    for _name, data in given.collected if given else ():
        for read in (document_of, meeting_of):
            with contextlib.suppress(DocumentError):
                repr(read(data))


def _run(path: Path) -> None:
    past = from_file(path)
    repr(past)
    if kept_run(path):
        plan = plan_of(past)
        judged_again(past, plan)


def _accepted(path: Path) -> None:
    found = read_beside(path)
    with_accepted(reading.read_text(path), found)


def _secrets(path: Path) -> None:
    repr(gather_secrets(PLAN, {}, environ={}, secrets_file=path))


def _saved(path: Path) -> None:
    workspace = Workspace(path.parents[1])
    for cluster in workspace.clusters():
        if not cluster.problem:
            open_saved(cluster, workspace)


def _noted(path: Path) -> None:
    (path.parent / "cluster.yaml").write_text("schema: 1\n")
    _saved(path)


def _pasted(path: Path) -> None:
    text = path.read_bytes().decode(errors="replace")
    found = pasting.read(text, PLAN)
    pasting.taken_over(Plan(), found.found)
    node_lists.read(text)


def _consents(path: Path) -> None:
    found = Consents(path)
    found.given("shop", "key", "env:A")
    with contextlib.suppress(OSError):
        found.give("shop", "key", "env:A")
        assert found.given("shop", "key", "env:A")


def _window_settings(path: Path) -> None:
    found = WindowSettings(path)
    with contextlib.suppress(OSError):
        found.keep("colours", "dark")
        assert found.get("colours") == "dark"


def _encrypted(path: Path) -> None:
    repr(EncryptedFileStore(_PASSPHRASE, path.parent).all("shop"))


def _encrypted_within(path: Path) -> None:
    """Read what somebody who knows the passphrase encrypted."""
    with patch.object(age_writer, "FACTOR", 1):
        (path.parent / "shop.age").write_text(seal(path.read_bytes().decode(errors="replace"), _PASSPHRASE))
    _encrypted(path)


APP = "services: {app: {image: nocobase/nocobase, env_file: [app.env]}}\n"
CLUSTER = cluster_file.write(PLAN)

READERS = {
    "env": Reader("app.env", _source, largest=grammar.LARGEST),
    "node-env": Reader(
        "node-a.env", _beside("cluster.env", "DB_DIALECT=mysql\n", "node-a.env"), largest=grammar.LARGEST
    ),
    "env-folder": Reader("node1.env", _beside("node2.env", "DB_DIALECT=mysql\n", "."), largest=grammar.LARGEST),
    "cluster": Reader("cluster.yaml", _source, largest=tree.LARGEST),
    "bundle": Reader("manifest.json", _bundle),
    "bundle-file": Reader(
        "cluster.yaml", _packed("cluster.yaml", {"manifest.json": '{"schema": 1, "files": []}'}), largest=tree.LARGEST
    ),
    "bundle-env": Reader("c.env", _packed("env/cluster.env", {"cluster.yaml": CLUSTER}), largest=grammar.LARGEST),
    "archive": Reader("b.zip", _archive, largest=reading.LARGEST_ARCHIVE),
    "compose": Reader("compose.yaml", _source, largest=tree.LARGEST),
    "compose-env": Reader("app.env", _beside("compose.yaml", APP), largest=grammar.LARGEST),
    "compose-dotenv": Reader(
        ".env",
        _beside("compose.yaml", APP.replace("env_file: [app.env]", "environment: {A: $A}")),
        largest=grammar.LARGEST,
    ),
    "docker-run": Reader("run.sh", _beside("two.env", "DB_DIALECT=mysql\n", "run.sh"), largest=run_lines.LARGEST),
    "json-variables": Reader("env.json", _source, largest=grammar.LARGEST),
    "docker-inspect": Reader("inspect.json", _source, largest=objects.LARGEST),
    "manifests": Reader("pods.yaml", _source, largest=objects.LARGEST),
    "kustomization": Reader("kustomization.yaml", _source, largest=tree.LARGEST),
    "generated": Reader(
        "a.env", _beside("kustomization.yaml", "configMapGenerator: [{name: a, envs: [a.env], files: [a.env]}]\n")
    ),
    "helm": Reader("values.yaml", _source, largest=tree.LARGEST),
    "systemd": Reader("crm.service", _source, largest=systemd.LARGEST),
    "environment-file": Reader(
        "x.env", _beside("crm.service", "[Service]\nEnvironmentFile=x.env\n"), largest=systemd.LARGEST
    ),
    "pm2": Reader("ecosystem.config.js", _source, largest=literal.LARGEST),
    "nginx": Reader("nginx.conf", _source, largest=model.LARGEST),
    "haproxy": Reader("haproxy.cfg", _source, largest=model.LARGEST),
    "site": Reader("site.conf", _site_of_a_plan, (OSError,), largest=model.LARGEST),
    "certificates": Reader("ca.pem", _certificates, (BadFileError,)),
    "licence-key": Reader("licence-key", _licence_key),
    "facts": Reader("facts.json", _facts),
    "run": Reader("run.json", _run, (HistoryError,), LARGEST_RUN),
    "accepted": Reader("accepted.yaml", _accepted, largest=tree.LARGEST),
    "secrets": Reader("secrets.env", _secrets, largest=grammar.LARGEST),
    "saved": Reader("saved/cluster.yaml", _saved, largest=tree.LARGEST),
    "saved-note": Reader("saved/about.json", _noted),
    "consents": Reader("references.json", _consents),
    "window-settings": Reader("window.json", _window_settings),
    "encrypted": Reader("shop.age", _encrypted, (SecretStoreError,)),
    "encrypted-within": Reader("secrets.json", _encrypted_within, (SecretStoreError,), 3 * 1024 * 1024 - 8192),
    "pasted": Reader("pasted", _pasted, (BadValueError,), largest=pasting.LARGEST),
}


def read(name: str, data: bytes, folder: Path) -> None:
    """Let a reader read these bytes below `folder`, which is empty; what it refuses is fine, all else is raised."""
    reader = READERS[name]
    path = folder / reader.file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    with contextlib.suppress(*reader.refuses):
        reader.read(path)
