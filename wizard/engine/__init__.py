"""The engine of a run: checks, facts, events, the runner that owns time, and the report."""
