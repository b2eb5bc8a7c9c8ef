"""Env files: plan to variables to text, and back."""

from wizard.formats.dotenv.continued import parse
from wizard.formats.dotenv.reader import key_of, read, read_given
from wizard.formats.dotenv.recover import secrets_from, secrets_of
from wizard.formats.dotenv.values import Variable, Variables, node_names, variables
from wizard.formats.dotenv.writer import COMMON, RAW, node_path, write

__all__ = [
    "COMMON",
    "RAW",
    "Variable",
    "Variables",
    "key_of",
    "node_names",
    "node_path",
    "parse",
    "read",
    "read_given",
    "secrets_from",
    "secrets_of",
    "variables",
    "write",
]
