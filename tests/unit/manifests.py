"""Manifests of one workload, told part by part, and what a changed one is told of beside that of the plan."""

import json
from typing import Any

from wizard.checks.plan import bundle_kubernetes
from wizard.plan.finding import Finding

FILE = "kubernetes/web.yaml"
IMAGE = "nocobase/nocobase:2.2.15"


def container(**more: Any) -> dict[str, Any]:
    """Return NocoBase's own container with further keys; one that is None is left out."""
    return _without_none({"name": "nocobase", "image": IMAGE, **more})


def workload(own: dict[str, Any] | None = None, /, *, kind: str = "Deployment", pod=None, labels=None, **spec: Any):
    """Return a workload called `web` with that container; `pod` are further keys of its pods, `spec` of itself."""
    of_pod = _without_none({"containers": [own or container()], **(pod or {})})
    template = {"metadata": {"labels": labels or {"app": "web"}}, "spec": of_pod}
    return {"kind": kind, "metadata": {"name": "web"}, "spec": {**spec, "template": template}}


def told(now: Any, plan: Any) -> dict[str, Finding]:
    """Return what is told of objects as they are now beside those of the plan, by what each finding is about."""
    found = list(bundle_kubernetes.judge({FILE: _text(now)}, {FILE: _text(plan)}))
    named = {str(one.facts["setting"]): one for one in found}
    assert len(named) == len(found)
    return named


def line_of(objects: Any, words: str) -> int:
    """Return the first line of the objects' text that has these words."""
    found = [number for number, line in enumerate(_text(objects).splitlines(), 1) if words in line]
    return found[0]


def _text(objects: Any) -> str:
    rows = objects if isinstance(objects, list) else [objects]
    return "\n---\n".join(json.dumps(row, indent=1) for row in rows)


def _without_none(parts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in parts.items() if value is not None}
