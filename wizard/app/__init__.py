"""Use cases: open, gather secrets, check, export, compare, the saved clusters, the demo."""
