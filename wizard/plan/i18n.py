"""The one place through which every text for people passes, so that it is told in the reader's language.

Texts are English in the code and are looked up in a gettext catalogue where one is installed. `wizard.app.language`
chooses it; a room below knows `tr`, `trn` and the marks alone. docs: CONTRIBUTING.md, "A translation".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

ENGLISH = "en"
_WITHOUT_BLANKS = ("zh_CN",)
_OPENS, _CLOSES = (
    tuple("\uff08\u300c\u300e\u300a\u3010"),
    tuple("\uff09\u300d\u300f\u300b\u3011\uff0c\u3002\u3001\uff1b\uff1a"),
)
"""Signs of Chinese that have room of their own beside them, where a text of letters has a blank."""


class Catalogue(Protocol):
    """What gettext's translations offer."""

    def gettext(self, message: str, /) -> str:
        """Return the translation of a text, or the text itself."""

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        """Return the translated plural form that fits `count`."""


class _Words:
    """The language in force; English, the source texts themselves, needs no catalogue."""

    language: str = ENGLISH
    catalogue: Catalogue | None = None
    point: str = "."
    comma: str = ", "
    semicolon: str = "; "


_IN_FORCE = _Words()
_LENT: ContextVar[_Words] = ContextVar("words", default=_IN_FORCE)


class _Number(float):
    """A number that is written with the decimal point of the language in force."""

    def __format__(self, form: str, /) -> str:
        return decimal(self, form)


def install(language: str, catalogue: Catalogue | None) -> None:
    """Tell every text in `language` from now on, by its catalogue; without one the source texts are told."""
    _take(_IN_FORCE, language, catalogue)


@contextmanager
def written_in(language: str, catalogue: Catalogue | None) -> Iterator[None]:
    """Tell what this thread makes in another language for a while: a file as it was written in that one."""
    words = _Words()
    _take(words, language, catalogue)
    before = _LENT.set(words)
    try:
        yield
    finally:
        _LENT.reset(before)


def _take(words: _Words, language: str, catalogue: Catalogue | None) -> None:
    def told(text: str) -> str:
        return catalogue.gettext(text) if catalogue else text

    words.language, words.catalogue = language, catalogue
    words.point = told(mark("1.5"))[1]  # a translation says how its language writes one and a half
    words.comma, words.semicolon = _between(told(mark("1, 2"))), _between(told(mark("1; 2")))  # and a list of two


def _between(items: str) -> str:
    return items.partition("1")[2].partition("2")[0]


def language() -> str:
    """Return the language in force, as its catalogue's folder is named: `en`, `zh_CN`."""
    return _LENT.get().language


def tr(source: str, /, **values: object) -> str:
    """Return `source` in the reader's language, with `values` put into its `{named}` places."""
    catalogue = _LENT.get().catalogue
    text = catalogue.gettext(source) if catalogue and source else source  # the empty text is the catalogue's header
    return _put_into(text, values) if values else text


def trn(one: str, many: str, /, count: int, **values: object) -> str:
    """Return the plural form that fits `count`, in the reader's language, with `count` and `values` in their places."""
    catalogue = _LENT.get().catalogue
    text = catalogue.ngettext(one, many, count) if catalogue else one if count == 1 else many
    return _put_into(text, {"count": count, **values})


def _put_into(text: str, values: dict[str, object]) -> str:
    """Return a text with its values; a sign of Chinese that is as wide as two letters has its own room beside it."""
    if _LENT.get().language in _WITHOUT_BLANKS:
        for name, value in values.items():
            if isinstance(value, str) and value.endswith(_CLOSES):
                text = text.replace(f"{{{name}}} ", f"{{{name}}}")
            if isinstance(value, str) and value.startswith(_OPENS):
                text = text.replace(f" {{{name}}}", f"{{{name}}}")
    return text.format(**_written(values))


def _written(values: dict[str, object]) -> dict[str, object]:
    if _LENT.get().point == ".":
        return values
    return {name: _Number(value) if isinstance(value, float) else value for name, value in values.items()}


def decimal(value: float, form: str) -> str:
    """Return a number as the language in force writes it, to be put into a text; `form` is as for `format`."""
    return float.__format__(float(value), form).replace(".", _LENT.get().point)


def sentences(*texts: str) -> str:
    """Return whole sentences, one behind the other, as the language in force sets them; empty ones are left out."""
    return (" " if _LENT.get().language not in _WITHOUT_BLANKS else "").join(text for text in texts if text)


def listing(items: Iterable[str]) -> str:
    """Return the items of a list for people, one behind the other, as the language in force sets them: `a, b, c`."""
    return _LENT.get().comma.join(items)


def clauses(items: Iterable[str]) -> str:
    """Return the items of a list that may have lists in them: `a: x, y; b: z`."""
    return _LENT.get().semicolon.join(items)


def alternatives(names: Sequence[str]) -> str:
    """Return names, not words, one of which will do: `a`, `a or b`, `a, b or c`."""
    if len(names) < 2:  # noqa: PLR2004 - one is no choice
        return "".join(names)
    return tr("{names} or {last}", names=listing(names[:-1]), last=names[-1])


def mark(source: str, /) -> str:
    """Mark a text for translation that is shown later through `tr` (declarations, tables)."""
    return source


def markn(one: str, many: str, /) -> tuple[str, str]:
    """Mark the two forms of a text that is shown later through `trn`."""
    return one, many
