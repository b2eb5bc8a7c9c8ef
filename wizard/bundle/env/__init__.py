"""Env files: plan to variables to text, and back."""

from wizard.bundle.env.grammar import parse
from wizard.bundle.env.reader import read
from wizard.bundle.env.recover import secrets_from
from wizard.bundle.env.values import Variable, Variables, node_names, variables
from wizard.bundle.env.writer import write

__all__ = ["Variable", "Variables", "node_names", "parse", "read", "secrets_from", "variables", "write"]
