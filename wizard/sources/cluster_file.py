"""A cluster file, known by its schema, or by a look that no other kind has."""

from __future__ import annotations

import re

from wizard.formats import cluster_file
from wizard.formats.cluster_file.reader import TOP
from wizard.formats.cluster_file.tree import compose
from wizard.formats.files import SourceError
from wizard.formats.recognise import Form, begins_as_env, has_script, recognise
from wizard.pattern import pattern
from wizard.plan.bundle_names import MANIFEST
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.quoted import bounded
from wizard.plan.variable_names import told
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

_YAML = (".yaml", ".yml", ".json")
_SCHEMA = pattern(r"^schema[ \t]*:", re.MULTILINE)
_ASSIGNMENT = pattern(r"^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]*[ \t]*=", re.MULTILINE)
_KEY = pattern(r"^[a-z_]+[ \t]*:(\s|$)", re.MULTILINE)
_SHOWN = 40
_EXPECTED = mark(
    "A cluster file begins with “schema: 1”, a Compose file has “services”, manifests of Kubernetes have “apiVersion” "
    "and “kind”, and an env file has lines such as DB_HOST=db."
)
_SAID = pattern(r"^[ \t]*[^\s#]", re.MULTILINE)
_BEGINS_AS_VARIABLES = pattern(
    r"\A(?:[ \t\r]*+(?:#[^\n]*+)?\n)*+"
    r"(?:[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=|[A-Z][A-Z0-9_]*:[ \t]+[^\s{\[|>&*])"
)
"""`NAME=value`, or `NAME: value`, which dotenv takes too; a cluster file's own names are in small letters."""


class ClusterFile:
    """Reads `cluster.yaml`; one that lies in an exported bundle keeps what cannot be read, so that it opens again."""

    title = mark("A cluster file")
    description = mark("cluster.yaml of schema 1: every setting of a plan, no secret.")

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material) or _BEGINS_AS_VARIABLES.match(material.looks):
            return Likeness.NO
        key, assignment = _KEY.search(material.looks), _ASSIGNMENT.search(material.looks)
        yaml = material.path.suffix.lower() in _YAML
        if not yaml and not (key and (not assignment or key.start() < assignment.start())):
            return Likeness.NO
        return Likeness.SURE if _SCHEMA.search(material.looks) else Likeness.FALLBACK

    def read(self, material: Material) -> OpenedSource:
        if not _SCHEMA.search(material.looks):
            _refuse_other(material)
        exported = material.beside(MANIFEST) is not None
        plan = cluster_file.read(material.text, material.title, tolerant=exported)
        return OpenedSource(plan, title=material.title, is_cluster_file=not exported)


def _refuse_other(material: Material) -> None:
    """Raise SourceError that says what a file in YAML or JSON is which has nothing of a cluster file."""
    tree = compose(material.text if _SAID.search(material.text) else "{}", material.title)
    where = {"name": material.title, "line": tree.line}
    if tree.is_list():
        found = tr("{name}, line {line}: it is a list.", **where)
    elif not tree.is_null() and not tree.is_mapping():
        found = tr("{name}, line {line}: it is a text without settings.", **where)
    elif not (parts := dict(tree.items())):
        found = tr("{name}, line {line}: the file is empty.", **where)
    elif not (set(TOP) - {"name"}).isdisjoint(parts):
        return
    else:
        (key, first), *_others = parts.items()
        where |= {"line": first.line, "key": bounded(told(key), _SHOWN)}
        found = tr("{name}, line {line}: “{key}” begins no kind of file that is read here.", **where)
        if any(part.is_mapping() and "image" in dict(part.items()) for part in parts.values()):
            raise SourceError(sentences(found, tr("Services of Compose stand below “services”.")))
    raise SourceError(sentences(found, tr(_EXPECTED)))


def is_env_file(material: Material) -> bool:
    """Whether a file's name says that it is an env file, and what it holds does not tell otherwise."""
    named = material.path.suffix.lower() == ".env" or material.path.name.startswith(".env")
    return named and other_than_env(material.looks) is None


def other_than_env(text: str) -> Form | None:
    """Return what a text is that by its name is an env file, if it is none; NocoBase skips a section's title."""
    env = begins_as_env(text)
    if env and not has_script(text):  # whatever kind its words may be of: most files are such, and no kind is tried
        return None
    form = recognise(text)
    return None if form is Form.SECTIONS or (env and form is not Form.SHELL) else form


SOURCE = ClusterFile()
