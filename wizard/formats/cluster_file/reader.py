"""Read a plan from a cluster file; every complaint names the file and the line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import NoReturn

from wizard.formats.cluster_file.accepted import read_list
from wizard.formats.cluster_file.secret_places import KEYS
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.pattern import pattern
from wizard.plan import secret_places
from wizard.plan.i18n import listing, tr
from wizard.plan.identity import is_id, new_id
from wizard.plan.kinds import INVISIBLE, BadValueError
from wizard.plan.place import Place
from wizard.plan.plan import SCHEMA, SECTIONS, Extra, Plan, Unreadable
from wizard.plan.secret import SecretRef
from wizard.plan.sections import Node
from wizard.plan.setting import declared
from wizard.plan.variable_names import told
from wizard.plan.variables import named_like_a_secret

TOP = ("schema", "id", "name", *SECTIONS, "extras", "unreadable", "accepted")
"""What may stand at the top of a cluster file, in the order it is written."""

VARIABLE = pattern(r"[A-Za-z0-9_.-]+")


def read(text: str, name: str, *, tolerant: bool = False, draft: bool = False) -> Plan:
    """Read a cluster file called `name`; raises SourceError.

    With `tolerant`, a value that cannot be read is kept in the plan as unreadable: what an export wrote opens again.
    A `draft` may hold a plain value in an extra that is named like a secret, too: it loses nothing half typed.
    """
    tree = compose(text, name)
    parts = dict(tree.items())
    _check_schema(tree, parts.get("schema"))  # first: a newer schema may have keys that are unknown here
    _check_keys(parts, TOP)
    reader = _Reader(tolerant=tolerant or draft, draft=draft)
    reader.plan = Plan(id=_identity(parts.get("id"), text))
    if "name" in parts:
        reader.setting(parts["name"])
    for section in SECTIONS:
        if section not in parts:
            continue
        if section == "nodes":
            reader.nodes(parts[section])
        else:
            reader.group(parts[section])
    if "extras" in parts:
        reader.extras(parts["extras"])
    if "unreadable" in parts:
        reader.unreadable(parts["unreadable"])
    accepted = read_list(parts["accepted"]) if "accepted" in parts else ()
    return replace(reader.plan, places=reader.places, accepted=accepted)


class _Reader:
    """Builds the plan up, setting by setting."""

    def __init__(self, *, tolerant: bool, draft: bool) -> None:
        self.plan = Plan()
        self.places: dict[str, Place] = {}
        self._draft = draft
        self._tolerant = tolerant

    def group(self, tree: Tree) -> None:
        known = {item.name: item for item in fields(self.plan.get(tree.key))}
        parts = dict(tree.items())
        _check_keys(parts, known)
        for name, part in parts.items():
            if is_dataclass(getattr(self.plan.get(tree.key), name)) and not declared(known[name]):
                self.group(part)
            else:
                self.setting(part)

    def nodes(self, tree: Tree) -> None:
        rows = tree.rows()
        self.plan = replace(self.plan, nodes=tuple(Node() for _ in rows))
        for row in rows:
            self.group(row)

    def setting(self, tree: Tree) -> None:
        setting = self.plan.setting(tree.key)
        self.places[tree.key] = tree.place
        if setting.secret:
            self.plan = self.plan.with_value(tree.key, None if tree.is_null() else _reference(tree))
            return
        text = tree.text()
        try:
            self.plan = self.plan.with_value(tree.key, setting.parse(text))
        except BadValueError as error:
            if not self._tolerant and text.strip() not in setting.beyond:
                tree.fail(f"{tree.key}: {error}")
            where = tr("line {number}", number=tree.line)
            self.plan = self.plan.with_unreadable(Unreadable(tree.key, text, str(error), where))

    def extras(self, tree: Tree) -> None:
        found = []
        for name, part in tree.items():
            if not VARIABLE.fullmatch(name):
                part.fail(tr("“{name}” is no name of a variable.", name=told(name)))
            value = _value(part)
            if isinstance(value, str) and value and not self._draft and named_like_a_secret(name):
                _refuse_secret(part, f"extra.{name}")
            found.append(Extra(name, value))
            self.places[name] = part.place
        self.plan = replace(self.plan, extras=tuple(found))

    def unreadable(self, tree: Tree) -> None:
        for key, part in tree.items():
            details = dict(part.items())
            _check_keys(details, ("value", "problem", "where"))
            problem, where = (details[name].text() if name in details else "" for name in ("problem", "where"))
            value = _value(details["value"]) if "value" in details else ""
            self.plan = self.plan.with_unreadable(Unreadable(key, value, problem or tr("It cannot be read."), where))


def _value(tree: Tree) -> str | SecretRef:
    return _reference(tree) if tree.is_mapping() else tree.text()


def _reference(tree: Tree) -> SecretRef:
    """Read `{secret: name}`. What stands there instead may be a secret: it is refused and not quoted."""
    if not tree.is_mapping():
        _refuse_secret(tree, tree.key)
    parts = dict(tree.items())
    _check_keys(parts, KEYS)
    name = parts["secret"].text() if "secret" in parts else ""
    if not name.strip() or INVISIBLE.search(name):
        tree.fail(tr("{key} names no secret; write {{secret: {key}}}.", key=tree.key))
    return SecretRef(name, _outside(parts["from"]) if "from" in parts else "")


def _outside(tree: Tree) -> str:
    """Read where a secret is. What stands there may be the secret itself: it is not quoted."""
    reference = tree.text()
    try:
        secret_places.parts(reference)
    except ValueError as error:
        tree.fail(str(error))
    return reference


def _refuse_secret(tree: Tree, secret: str) -> NoReturn:
    tree.fail(
        tr(
            "{key} holds a value; secrets do not belong in this file. Write {{secret: {secret}}} and give the value "
            "through the secret store, the environment or a secrets file.",
            key=tree.key,
            secret=secret,
        )
    )


def _check_keys(parts: dict[str, Tree], known: Iterable[str]) -> None:
    allowed = list(known)
    for name, part in parts.items():
        if name not in allowed:
            part.fail(tr("“{name}” is unknown here. {advice}", name=told(name), advice=_advice(name, allowed)))


def _advice(name: str, allowed: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.5)
    if near:
        return tr("Did you mean “{near}”?", near=near[0])
    return tr("Known are: {names}.", names=listing(allowed))


def _check_schema(tree: Tree, found: Tree | None) -> None:
    if found is None:
        tree.fail(tr("“schema: {schema}” is missing: it says how the file is to be read.", schema=SCHEMA))
    text = found.text()
    if text.isdecimal() and int(text[:9]) > SCHEMA:
        found.fail(
            tr(
                "A newer version of the wizard wrote this file: it has schema {found}, and this one reads {known}.",
                found=int(text[:9]),
                known=SCHEMA,
            )
        )
    if text != str(SCHEMA):
        found.fail(tr("The schema must be {known}.", known=SCHEMA))


def _identity(found: Tree | None, text: str) -> str:
    """Read the id; a file without one gets it from its text, so that two readings agree. No secret is in the text."""
    if found is None or found.is_null():
        import hashlib

        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[: len(new_id())]
    value = found.text()
    if not is_id(value):
        found.fail(tr("The id must be letters, digits, “_” and “-”, at most 64."))
    return value
