"""Readers of what an admin has, one file a kind."""
