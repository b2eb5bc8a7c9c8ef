"""Kubernetes manifests: what the containers of a cluster are given, and how they are run."""

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The names that kustomize looks for in a folder."""
