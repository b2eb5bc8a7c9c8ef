"""Verb library: the clusters that were saved, drafts too: what was half typed is kept."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.app.open_source import OpenedSource, open_saved
from wizard.formats import cluster_file
from wizard.formats.cluster_file.accepted import read_within
from wizard.formats.files import SourceError
from wizard.plan.changed_meanwhile import learned
from wizard.plan.plan import Plan
from wizard.storage.kept_runs import KeptRuns
from wizard.storage.saved_clusters import SavedCluster, Workspace
from wizard.storage.secret_store.contract import SecretStoreError
from wizard.storage.secret_store.encrypted_file import file_of

if TYPE_CHECKING:
    from wizard.storage.secret_store.contract import SecretStore


class Library:
    """The saved clusters of this user; `workspace` is where they lie."""

    def __init__(self, workspace: Workspace | None = None) -> None:
        """Nothing is read or made yet."""
        self._workspace = workspace or Workspace()

    def clusters(self) -> list[SavedCluster]:
        """Return the saved clusters, the last saved first; damaged ones bear a problem."""
        return self._workspace.clusters()

    def save(self, plan: Plan, *, known: Plan | None = None) -> Plan:
        """Keep the plan, in the place of an earlier one of the same id; no secret is written. Raises WorkspaceError.

        What another program has changed in the earlier one meanwhile stays, as far as the plan has not changed the
        same: what is accepted, and where secrets are. `known` is the earlier one as it was read or saved here last;
        None where it never was: then all that is accepted in either counts. Returns the plan as it was kept.
        """
        kept = plan

        def made(former: str) -> str:
            nonlocal kept
            kept = _with_changes(plan, former, known)
            return cluster_file.write(kept)

        self._workspace.renew(plan.id, plan.name, made)
        return kept

    def open(self, cluster_id: str) -> OpenedSource:
        """Read a saved cluster; raises SourceError."""
        found = next((one for one in self.clusters() if one.id == cluster_id), None)
        if found is None:
            raise SourceError(f"{cluster_id}: there is no such saved cluster.")
        return open_saved(found, self._workspace)

    def delete(self, cluster_id: str, secret_store: SecretStore | None = None) -> None:
        """Remove a saved cluster with its kept runs, and its secrets from the secret store as far as it can be read.

        Raises WorkspaceError.
        """
        if secret_store is not None:
            with contextlib.suppress(SecretStoreError):  # a locked secret store must not keep it
                for name in {*secret_store.names(cluster_id), *self._referred_to(cluster_id)}:
                    secret_store.delete(cluster_id, name)
        self._workspace.delete(cluster_id)
        with contextlib.suppress(OSError, SecretStoreError):
            file_of(cluster_id).unlink(missing_ok=True)
        with contextlib.suppress(OSError, ValueError):  # what is left of them holds no secret
            KeptRuns().forget(cluster_id)

    def _referred_to(self, cluster_id: str) -> list[str]:
        """Return the names of the secrets in a saved plan; none where it is damaged."""
        with contextlib.suppress(SourceError):
            return [ref.name for _key, ref in self.open(cluster_id).plan.secret_refs()]
        return []


def _with_changes(plan: Plan, former: str, known: Plan | None) -> Plan:
    """Return the plan with what is in the former text of its file; without, where that cannot be read."""
    try:
        if known is not None:
            return learned(plan, known, cluster_file.read(former, plan.id, draft=True)) if former else plan
        there = read_within(former, plan.id)
    except SourceError:
        return plan
    names = {one.name for one in plan.accepted}
    return replace(plan, accepted=(*plan.accepted, *(one for one in there if one.name not in names)))
