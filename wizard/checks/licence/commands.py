"""What can be pasted to look at a licence key."""

from __future__ import annotations

from wizard.plan.sections import Deployment


def decode_command(deployment: Deployment) -> str:
    """Give the command that shows what the key says, run where a node runs."""
    match deployment:
        case Deployment.DOCKER:
            return "docker exec -it CONTAINER yarn nocobase view-license-key"
        case Deployment.KUBERNETES:
            return "kubectl exec -it deploy/DEPLOYMENT -- yarn nocobase view-license-key"
    return "yarn nocobase view-license-key"
