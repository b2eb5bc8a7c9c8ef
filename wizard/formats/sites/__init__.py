"""Configurations of nginx and HAProxy: rendered from a plan, and parsed."""
