"""Saved clusters on disk, and files that are either the old ones or the new ones, never a mixture."""
