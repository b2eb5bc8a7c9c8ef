"""Saved clusters on disk, and files that are either the old ones or the new ones, never a mixture."""

from wizard.storage.saved_clusters import SavedCluster, Workspace, WorkspaceError

__all__ = ["SavedCluster", "Workspace", "WorkspaceError"]
