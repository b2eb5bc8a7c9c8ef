"""`cluster.yaml`: the plan as a file that people read, comment and keep under version control. No secret is in it."""

from wizard.bundle.clusterfile.reader import read
from wizard.bundle.clusterfile.writer import write

__all__ = ["read", "write"]
