"""The order of the probe's steps: which one stopped the rest, and how a step without a result is worded. Pure."""

from __future__ import annotations

from typing import Any

from wizard.checks.storage import specs
from wizard.checks.storage.probe import StorageFacts
from wizard.engine.check import stopped_by
from wizard.engine.facts import Pending, Trouble
from wizard.plan.finding import Finding
from wizard.plan.spec import Spec

_STEPS = (
    ("folder", specs.EXISTS),
    ("mount", specs.FILESYSTEM),
    ("space", specs.SPACE),
    ("tree", specs.DATABASE_FILES),
    ("markers", specs.MARKERS),
    ("jwt_key", specs.JWT_KEY),
    ("aes_key", specs.AES_KEY),
    ("licence", specs.LICENCE_FILES),
    ("write", specs.WRITE),
    ("lock", specs.LOCK),
    ("delete", specs.DELETE),
    ("fsync", specs.FSYNC),
)


def gate_of(facts: StorageFacts) -> Spec:
    """Return the id of the step after which nothing more was asked: it failed, or it did not end in time."""
    gate = specs.EXISTS
    for name, spec in _STEPS:
        if isinstance(getattr(facts, name), Pending):
            break
        gate = spec
    return gate


def unread(spec: Spec, fact: Trouble | Pending, gate: Spec, reason: str, **more: Any) -> Finding:
    """Say that it could not be found out, or, if it was never reached, that `gate` stopped it."""
    if isinstance(fact, Pending):
        return stopped_by(gate, spec)
    return spec.unknown(reason, **{"error": fact.kind, "detail": fact.message, "elapsed_ms": fact.elapsed_ms, **more})
