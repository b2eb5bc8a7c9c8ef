"""What can be pasted to look at a licence key."""

from __future__ import annotations

import shlex

from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

_VIEW = "yarn nocobase view-license-key"
_ANY_POD = '"$(kubectl get pods -l app.kubernetes.io/name=nocobase -o name | head -n 1)"'


def decode_command(plan: Plan) -> str:
    """Return the command that shows what the key says.

    Run where the plan's first node runs (or in NocoBase's folder).
    """
    match plan.application.deployment:
        case Deployment.DOCKER:
            service = next((node.name for node in plan.nodes if node.name), "")
            return (
                f"docker compose exec {shlex.quote(service)} {_VIEW}"
                if service
                else f"docker exec -it CONTAINER {_VIEW}"
            )
        case Deployment.KUBERNETES:
            return f"kubectl exec {_ANY_POD} -c nocobase -- {_VIEW}"
    return _VIEW
