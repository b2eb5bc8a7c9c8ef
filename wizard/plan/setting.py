"""A setting: one decision, declared once. Form, env files, cluster file, schema and documentation come from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, field, fields
from functools import cache
from types import MappingProxyType
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan.i18n import tr
from wizard.plan.kinds import BadValueError, Kind, SecretValue, refuse_invisible

_METADATA = "setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The declaration of one decision.

    `env` names the variables NocoBase reads it from (empty: it has none, or it is part of a composed one).
    `source` is the page or source file of NocoBase the rule comes from, or a section of docs/nocobase.md.
    `advanced` settings are folded away in forms. `per_node` ones may differ between nodes.
    `beyond` are texts that NocoBase takes and this program has no value for, with what it is to be said of them: they
    are kept, and written as they came.
    """

    label: str
    kind: Kind[Any]
    env: tuple[str, ...] = ()
    help: str = ""
    source: str = ""
    advanced: bool = False
    per_node: bool = False
    beyond: Mapping[str, str] = field(default_factory=dict)

    def parse(self, text: str) -> Any:
        """Read a value as its kind does; raises BadValueError with a sentence, for a text beyond the kind its own.

        White space around the text is no part of it.
        """
        if words := self.beyond.get(text.strip()):
            raise BadValueError(tr(words))
        refuse_invisible(text.strip())
        return self.kind.parse(text)

    def schema(self) -> dict[str, Any]:
        """Describe the value in a cluster file as a JSON schema, with the texts beyond its kind."""
        own = self.kind.schema()
        beyond = [int(text) if text.lstrip("-").isdigit() else text for text in self.beyond]
        return {"anyOf": [own, {"enum": beyond}]} if beyond else own

    @property
    def secret(self) -> bool:
        """Whether the value is a secret, kept in the secret store."""
        return isinstance(self.kind, SecretValue)


def setting(default: Any, kind: Kind[Any], label: str, *env: str, **more: Any) -> Any:
    """Declare a dataclass field that is a setting; the arguments are those of Setting."""
    return field(default=default, metadata={_METADATA: Setting(label=label, kind=kind, env=env, **more)})


def declared(of: Field[Any]) -> Setting | None:
    """Return the setting declared on a dataclass field, or None if it is a group of settings."""
    return of.metadata.get(_METADATA)


def settings_of(group: Any) -> Mapping[str, Setting]:
    """Return the settings declared directly on a section (class or instance), by field name, in order."""
    return _settings_of(group if isinstance(group, type) else type(group))


@cache
def _settings_of(section: type) -> Mapping[str, Setting]:
    return MappingProxyType({item.name: found for item in fields(section) if (found := declared(item))})
