"""Facts as JSON, both ways: so a run can be kept, judged again without the network, or gathered elsewhere.

The form follows the declared types. No secret is in it: a fact that holds one is withheld and comes back as trouble of
this machine's own, which judges as unknown; in all other texts the redactor hides what it knows.
"""

from __future__ import annotations

import types
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from wizard.engine.facts import PENDING, Known, Pending, Trouble
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.plan.quoted import Own
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret

F = TypeVar("F")

_UNIONS = (Union, types.UnionType)
_AS_THEY_ARE = (bool, int, float, type(None))
_KIND = "class"
"""The key that names the class where a type allows several."""


class FactsJsonError(ValueError):
    """JSON that is not the form of these facts."""


def facts_to_json(facts: Any, redactor: Redactor) -> dict[str, Any]:
    """Return a component's facts as plain data that `json` can write."""
    hints = get_type_hints(type(facts))
    return {item.name: _written(getattr(facts, item.name), hints[item.name], redactor) for item in fields(facts)}


def facts_from_json(kind: type[F], data: Any) -> F:
    """Read facts of the class `kind` from what `facts_to_json` gave; raises FactsJsonError where it is not so."""
    try:
        facts: F = _built(kind, data)
    except FactsJsonError:
        raise
    except (TypeError, KeyError, ValueError, AttributeError, IndexError) as error:
        raise FactsJsonError(f"not the facts of {kind.__name__}: {type(error).__name__}") from error
    return facts


def _written(value: Any, hint: Any, redactor: Redactor) -> Any:  # noqa: PLR0911 - a table of kinds
    match value:
        case Pending():
            return {"pending": True}
        case Known() if _holds_secret(value.value):
            return {"withheld": True, "elapsed_ms": value.elapsed_ms}
        case Known():
            known = _inside(_choice(hint, Known))
            return {"known": _written(value.value, known, redactor), "elapsed_ms": value.elapsed_ms}
        case Trouble():
            return {"trouble": _fields(value, Trouble, redactor)}
        case Mapping():
            key, item = get_args(_choice(hint, Mapping))
            return [[_written(one, key, redactor), _written(other, item, redactor)] for one, other in value.items()]
        case list() | tuple() | set() | frozenset():
            return [_written(one, _element(_choice(hint, Collection), at), redactor) for at, one in enumerate(value)]
        case _ if is_dataclass(value):
            named = {_KIND: type(value).__name__} if len(_classes(hint)) > 1 else {}
            return {**named, **_fields(value, type(value), redactor)}
    return _written_alone(value, redactor)


def _written_alone(value: Any, redactor: Redactor) -> Any:
    """Return a value that has no parts as JSON knows it."""
    match value:
        case Enum():
            return value.value
        case str() | Path():
            return redactor.text(value if isinstance(value, str) else str(value))
        case bytes():
            return redactor.text(value.decode("utf-8", "surrogateescape"))
        case datetime():
            return value.isoformat()
        case _ if isinstance(value, _AS_THEY_ARE):
            return value
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _fields(value: Any, kind: type[Any], redactor: Redactor) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {item.name: _written(getattr(value, item.name), hints[item.name], redactor) for item in fields(value)}


def _holds_secret(value: Any) -> bool:
    match value:
        case Secret():
            return True
        case Mapping():
            return any(map(_holds_secret, value.values()))
        case list() | tuple() | set() | frozenset():
            return any(map(_holds_secret, value))
        case Known():
            return _holds_secret(value.value)
        case _ if is_dataclass(value):
            return any(_holds_secret(getattr(value, item.name)) for item in fields(value))
    return False


def _read(data: Any, hint: Any) -> Any:  # noqa: PLR0911 - a table of kinds
    classes = _classes(hint)
    if Known in classes and isinstance(data, dict) and not {"known", "trouble", "pending", "withheld"}.isdisjoint(data):
        return _fact(data, hint)
    if data is None:
        return None
    if isinstance(data, dict):
        chosen = next(one for one in classes if len(classes) == 1 or one.__name__ == data[_KIND])
        return _built(chosen, {name: item for name, item in data.items() if name != _KIND})
    kinds = _alternatives(hint)
    if isinstance(data, list):
        if mapping := next((one for one in kinds if _is(one, Mapping)), None):
            key, item = get_args(mapping)
            return {_read(one, key): _read(other, item) for one, other in data}
        several = _choice(hint, Collection)
        made = [_read(one, _element(several, at)) for at, one in enumerate(data)]
        return frozenset(made) if _is(several, frozenset) else set(made) if _is(several, set) else tuple(made)
    if isinstance(data, str):
        return _from_text(data, kinds)
    if isinstance(data, int) and not isinstance(data, bool) and int not in kinds and float in kinds:
        return float(data)
    if not any(isinstance(data, one) for one in kinds if isinstance(one, type)):
        raise FactsJsonError(f"{data!r} is not of the declared type")
    return data


def _from_text(text: str, kinds: list[Any]) -> Any:
    for kind in (one for one in kinds if isinstance(one, type)):
        if issubclass(kind, Enum):
            return kind(text)
        if issubclass(kind, bytes):
            return text.encode("utf-8", "surrogateescape")
        if issubclass(kind, datetime):
            return datetime.fromisoformat(text)
        if issubclass(kind, Path):
            return kind(text)
    if str not in kinds:
        raise FactsJsonError("a text where none is declared")
    return text


def _fact(data: dict[str, Any], hint: Any) -> Any:
    if "pending" in data:
        return PENDING
    if "trouble" in data:
        return _built(Trouble, data["trouble"])
    if "withheld" in data:
        words = Own(tr("it holds a secret, which is not kept"))
        return Trouble(ErrorKind.OTHER, words, elapsed_ms=data["elapsed_ms"], ours=True)
    return Known(_read(data["known"], _inside(_choice(hint, Known))), data["elapsed_ms"])


def _built(kind: type[Any], data: Any) -> Any:
    if not isinstance(data, dict):
        raise FactsJsonError(f"no object for {kind.__name__}")
    hints = get_type_hints(kind)
    return kind(**{name: _read(item, hints[name]) for name, item in data.items()})


def _alternatives(hint: Any) -> list[Any]:
    """Return the types that a hint allows, one by one."""
    return [one for part in get_args(hint) for one in _alternatives(part)] if get_origin(hint) in _UNIONS else [hint]


def _classes(hint: Any) -> list[type[Any]]:
    """Return the dataclasses that a hint allows."""
    origins = (get_origin(one) or one for one in _alternatives(hint))
    return [one for one in origins if isinstance(one, type) and is_dataclass(one)]


def _choice(hint: Any, kind: type[Any]) -> Any:
    """Return the part of a hint that is of `kind`, such as `Known[int]` of a fact."""
    return next(one for one in _alternatives(hint) if _is(one, kind))


def _is(hint: Any, kind: type[Any]) -> bool:
    origin = get_origin(hint) or hint
    return isinstance(origin, type) and issubclass(origin, kind) and not issubclass(origin, str | bytes)


def _inside(hint: Any) -> Any:
    """Return what a generic class holds."""
    return get_args(hint)[0]


def _element(hint: Any, at: int) -> Any:
    """Return the type of the element at a position: tuples of fixed length have one each."""
    parts = get_args(hint)
    return parts[at] if _is(hint, tuple) and parts[-1] is not Ellipsis else parts[0]
