"""`cluster.yaml`: the plan as a file that people read, comment and keep under version control. No secret is in it."""

from wizard.formats.cluster_file.document import document
from wizard.formats.cluster_file.reader import read
from wizard.formats.cluster_file.writer import write

__all__ = ["document", "read", "write"]
