"""`dataclass` of the standard library, made in a tenth of the time.

The standard one writes up to six functions for each class as text and compiles them: some 0.4 ms for one class with
Python 3.11, and a check of one server loads eighty, a third of its start. Here all classes share their functions, which
find the fields of a class when they are first needed. What is not offered here (order, InitVar, unsafe_hash) is no
argument.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import MISSING
from operator import attrgetter
from typing import TYPE_CHECKING, Any

_put = object.__setattr__
_MADE = object()
"""The default that a signature tells of a field whose value is made anew each time."""

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - type checkers know it as the standard one
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """Make a class a dataclass; `options` are `frozen`, `slots`, `kw_only`, `eq` and `repr`."""
        return _made(cls, **options) if cls else lambda decorated: _made(decorated, **options)


def _made(cls: type, *, frozen: bool = False, eq: bool = True, **options: bool) -> type:
    given = set(vars(cls))
    shared: dict[str, object] = {"__init__": _init, "__signature__": _Signature()}
    if options.pop("repr", True):
        shared["__repr__"] = _repr
    if eq:
        shared |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        shared |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        if options.get("slots"):
            shared |= {"__getstate__": _state, "__setstate__": _restore}
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(cls)
    for name, function in shared.items():
        if name not in given:
            setattr(made, name, function)
    return made


class _Signature:
    """The arguments of a class for those who ask for them, such as `help` and Hypothesis."""

    def __get__(self, instance: object, cls: type) -> inspect.Signature:
        positional, named = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
        optional = {**_fields(cls).defaults, **dict.fromkeys(dict(_fields(cls).factories), _MADE)}
        every = sorted((item for item in dataclasses.fields(cls) if item.init), key=lambda item: bool(item.kw_only))
        parameters = [
            inspect.Parameter(
                item.name,
                named if item.kw_only else positional,
                default=optional.get(item.name, inspect.Parameter.empty),
                annotation=item.type,
            )
            for item in every
        ]
        return inspect.Signature(parameters, return_annotation=None)


class _Fields:
    """What the shared functions want to know of a class: each looks at the fields in its own way."""

    def __init__(self, cls: type) -> None:
        every = dataclasses.fields(cls)
        self.names = tuple(item.name for item in every)
        self.all = frozenset(self.names)
        self.positional = tuple(item.name for item in every if item.init and not item.kw_only)
        self.all_by_position = len(every) if len(self.positional) == len(every) else -1
        """How many values say all there is to say: the usual case of what is made by the thousand."""
        self.not_given = frozenset(item.name for item in every if not item.init)
        self.defaults = {item.name: item.default for item in every if item.default is not MISSING}
        self.factories = [(item.name, item.default_factory) for item in every if item.default_factory is not MISSING]
        self.shown = tuple(item.name for item in every if item.repr)
        self.compared = _getter([item.name for item in every if item.compare])
        self.hashed = _getter([item.name for item in every if (item.compare if item.hash is None else item.hash)])
        self.post_init = hasattr(cls, "__post_init__")


_known: dict[type, _Fields] = {}


def _fields(cls: type) -> _Fields:
    found = _known.get(cls)
    if found is None:
        found = _known[cls] = _Fields(cls)
    return found


def _getter(names: list[str]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda _of: ()


def _init(self: Any, /, *given: Any, **named: Any) -> None:
    of = _fields(type(self))
    if len(given) == of.all_by_position and not named:
        for name, value in zip(of.positional, given, strict=True):
            _put(self, name, value)
        if of.post_init:
            self.__post_init__()
        return
    values = of.defaults | (_by_name(self, of.positional, given, named) if given else named)
    for name, factory in of.factories:
        if values.get(name, _MADE) is _MADE:
            values[name] = factory()
    if values.keys() != of.all or not of.not_given.isdisjoint(named):
        unknown, lacking = named.keys() - (of.all - of.not_given), of.all - values.keys()
        what = f"got an unexpected argument: {', '.join(unknown)}" if unknown else f"lacks: {', '.join(lacking)}"
        raise TypeError(f"{type(self).__qualname__}() {what}")
    for name, value in values.items():
        _put(self, name, value)
    if of.post_init:
        self.__post_init__()


def _by_name(self: Any, names: tuple[str, ...], given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    by_position = dict(zip(names, given, strict=False))
    if len(given) > len(names) or by_position.keys() & named.keys():
        raise TypeError(f"{type(self).__qualname__}() got too many arguments, or one of them twice")
    return by_position | named


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{n}={getattr(self, n)!r}' for n in _fields(type(self)).shown)})"


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = _fields(type(self)).compared
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash(_fields(type(self)).hashed(self))


def _refuse_to_set(_self: Any, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in _fields(type(self)).names]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(_fields(type(self)).names, state, strict=True):
        _put(self, name, value)
