"""Kubernetes manifests: what the containers of a cluster are given, and how they are run."""
