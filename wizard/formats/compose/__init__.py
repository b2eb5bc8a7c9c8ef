"""Compose files by the rules of its specification. No library for Python reads them; ruamel.yaml parses the YAML."""

from wizard.formats.compose.documents import Beside, Layer
from wizard.formats.compose.project import Mount, Port, Project, Service
from wizard.formats.compose.reader import read

__all__ = ["Beside", "Layer", "Mount", "Port", "Project", "Service", "read"]
