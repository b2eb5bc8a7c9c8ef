"""Use case secrets set --from: the plan says where a secret is, and the admin who says it agrees to its being read."""

from __future__ import annotations

from pathlib import Path

from wizard.formats import cluster_file
from wizard.formats.cluster_file.secret_places import with_outside
from wizard.plan import changed_meanwhile, secret_places
from wizard.plan.i18n import tr
from wizard.reading import path_of, read_text
from wizard.sources.contract import OpenedSource
from wizard.storage.atomic_files import alone_in, write_atomic
from wizard.storage.consents import Consents
from wizard.storage.saved_clusters import Workspace, WorkspaceError


class ReferError(Exception):
    """It cannot be noted where a secret is; the message is a sentence."""


def refer(source: str, opened: OpenedSource, name: str, reference: str) -> Path:
    """Note in a saved cluster or a cluster file that the secret `name` is at `reference` (empty: no longer).

    Returns the file that says so; raises ReferError.
    """
    identity = opened.plan.id
    try:
        if reference:
            secret_places.parts(reference)
        if opened.saved_as:
            saved = Workspace()
            file = saved.change(identity, lambda text: _changed(text, identity, name, reference))
        elif opened.is_cluster_file:
            file = path_of(source)
            with alone_in(file.parent):
                text = with_outside(read_text(file), name, reference)
                write_atomic(file, text.encode(), file.stat().st_mode & 0o777)
            identity = cluster_file.read(text, str(file)).id  # one without an id gets it from its text
        else:
            raise ReferError(tr("Only a cluster file or a saved cluster says where a secret is."))
        if reference:
            Consents().give(identity, name, reference)
    except OSError as error:
        raise ReferError(
            tr("{path} cannot be written: {reason}.", path=error.filename or source, reason=error.strerror or error)
        ) from error
    except (ValueError, WorkspaceError) as error:
        raise ReferError(str(error)) from error
    return file


def _changed(text: str, title: str, name: str, reference: str) -> str:
    return cluster_file.write(
        changed_meanwhile.with_outside(cluster_file.read(text, title, draft=True), name, reference)
    )
