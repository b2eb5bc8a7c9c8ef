"""How much at once and how long, unless somebody says otherwise: the same from every face."""

from __future__ import annotations

JOBS = 64
"""Checks at once: 32 nodes, as many as there are worker IDs, leave room for all else."""
DEADLINE = 5.0
"""Seconds a check may take."""
