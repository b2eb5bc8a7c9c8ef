"""NocoBase Cluster Wizard: a typed plan of a cluster goes in, findings and a bundle come out."""

__version__ = "0.1.0"
