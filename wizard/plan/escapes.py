"""Texts in which single signs are written in another way: `%3c` in addresses, `&#60;` in HTML, numbers in programs.

What wrote a text chose which signs it writes so, and how; so they are read back, whichever they are, and the place of
each in the text is kept. Where the same signs mean one thing here and another there, each manner is read on its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.literals import SHORTEST, Literals, apart, put_into
from wizard.plan.secret_variants import Pieces

LONGEST = 65_536
"""Characters of a secret that is sought in all forms.

A longer one is sought as it is, in base64 and hexadecimal, line by line, and where single signs are written otherwise.
"""

_ESCAPED = (
    r"%(?P<percent>[0-9A-Fa-f]{2})|%u(?P<percent_u>[0-9A-Fa-f]{4})"
    r"|&#0*(?P<decimal>[0-9]{1,7});?|&#[xX]0*(?P<hexadecimal>[0-9A-Fa-f]{1,6});?|&(?P<name>[A-Za-z]{2,31});"
    r"|(?<!\\)\\++(?:u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\++u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|u(?P<unicode>[0-9A-Fa-f]{4})|[ux]\{0*(?P<point>[0-9A-Fa-f]{1,6})\}|x(?P<byte>[0-9A-Fa-f]{2})"
    r"|U(?P<long>[0-9A-Fa-f]{8})|N\{(?:U\+(?P<plus>[0-9A-Fa-f]{1,6})|(?P<called>[A-Z][A-Z0-9 -]{1,90}))\}"
    r"|<octal>|(?P<letter>[abefnrtv]))"
    r"|\\(?P<sign>[^A-Za-z0-9\n])"
)
_MANNERS = (
    (("%", "&", "\\"), pattern(_ESCAPED.replace("<octal>", r"(?P<octal>[0-3]?[0-7]{1,2})"))),
    (("\\0",), pattern(_ESCAPED.replace("<octal>", r"0?(?P<octal>[0-3]?[0-7]{1,2})"))),
    (("=",), pattern(r"=(?P<byte>[0-9A-Fa-f]{2})|=\r?\n(?P<nothing>)")),
    (("\\",), pattern(r"\\(?:(?P<byte>[0-9A-Fa-f]{2})|(?P<sign>[^A-Za-z0-9\n]))")),
    (("\\",), pattern(r"\\(?:0{0,4}(?P<point>[0-9A-Fa-f]{1,6})(?:\r\n|[ \t\n\f\r])?|(?P<sign>[^A-Za-z0-9\n]))")),
)
"""What programs write, what a shell's `echo` and `printf %b` read (`\0101`), mail (quoted-printable), LDAP and CSS.

Each with its beginnings: without any of these nothing is written in its way.
"""
_ROUNDS = 3
"""Times that a text is read back: an address within an address is written `%253c`."""
_LARGEST = 0x10FFFF
_LETTERS = dict(zip("abefnrtv", (b"\a", b"\b", b"\33", b"\f", b"\n", b"\r", b"\t", b"\v"), strict=True))
_BYTES: dict[str, Callable[[str], bytes]] = {
    "percent": bytes.fromhex,
    "byte": bytes.fromhex,
    "octal": lambda digits: bytes([int(digits, 8)]),
    "letter": lambda letter: _LETTERS[letter],
    "sign": lambda sign: sign.encode("latin-1"),
    "nothing": lambda _nothing: b"",
}
"""What stands for bytes; all else is the number of a sign."""


@dataclass(frozen=True, slots=True)
class _ReadBack:
    """Bytes of a text that was read back, and for each, and for the end, where it begins in the text."""

    found: bytes
    places: list[int]


Places = Iterable[tuple[int, int]]
"""From where to where something stands, in no order."""


def hidden_otherwise(text: str, put: str, find: Callable[[bytes], Places]) -> str:
    """Return the text with `put` for all that `find` knows in it with signs written in another way."""
    while True:
        spans = next(filter(None, (_spans(read, find) for read in _readings(text))), [])
        if not spans:
            return text
        text = put_into(text, spans, put)


class Sought:
    """What is sought in a text that was read back: forms as they are, others in any letter case, and pieces."""

    def __init__(
        self, forms: Iterable[str], telling: Iterable[str], values: Iterable[str], is_open: Callable[[str], bool]
    ) -> None:
        """Keep them; what a form becomes that is read back itself is sought, too."""
        self._forms, self._telling, self._values, self._is_open = tuple(forms), tuple(telling), tuple(values), is_open

    def whole(self, read: bytes) -> Places:
        """Find forms."""
        return (*self._exact.spans(read), *self._any_case.spans(read.lower()))

    def pieces(self, read: bytes) -> Places:
        """Find beginnings and ends of values."""
        return self._pieces.spans(read.lower())

    @cached_property
    def _exact(self) -> Literals[bytes]:
        return Literals(_every_reading(self._forms))

    @cached_property
    def _any_case(self) -> Literals[bytes]:
        return Literals(reading.lower() for reading in _every_reading(self._telling))

    @cached_property
    def _pieces(self) -> Pieces[bytes]:
        values = (one.encode(errors="surrogatepass").lower() for one in self._values)
        return Pieces(values, lambda piece: self._is_open(piece.decode(errors="replace")))


def _every_reading(forms: Iterable[str]) -> Iterator[bytes]:
    """Return what is sought, and what it becomes itself where it is read back: a secret may hold a `%25`."""
    for form in forms:
        every = {form.encode(errors="surrogatepass")}
        if len(form) <= LONGEST:
            every |= {reading.found for reading in _readings(form)}
        every |= {_in_latin_1(reading) for reading in every}
        yield from (reading for reading in every if len(reading) >= SHORTEST)


def _in_latin_1(read: bytes) -> bytes:
    """Return UTF-8 as Latin-1, in which a sign of Western Europe is one byte; as it is where that cannot be."""
    try:
        return read.decode().encode("latin-1")
    except UnicodeError:
        return read


def _readings(text: str) -> Iterator[_ReadBack]:
    """Read the text back in each manner once, and what came of it again, as long as that changes anything."""
    manners = [written for beginnings, written in _MANNERS if any(sign in text for sign in beginnings)]
    if not manners:
        return
    encoded = [sign.encode(errors="surrogatepass") for sign in text]
    places = [index for index, sign in enumerate(encoded) for _ in sign]
    whole = _ReadBack(b"".join(encoded), [*places, len(text)])
    for written in manners:
        now = whole
        for _ in range(_ROUNDS):
            after = _once(now, written)
            if len(after.found) == len(now.found):
                break
            yield after
            now = after


def _once(now: _ReadBack, written: re.Pattern[str]) -> _ReadBack:
    # one sign for each byte, so that an index into the text is one into the bytes
    text, found, places, done = now.found.decode("latin-1"), bytearray(), list[int](), 0
    for match in written.finditer(text):
        sign = _sign(match)
        if sign is None:
            continue
        found += now.found[done : match.start()]
        places += now.places[done : match.start()]
        found += sign
        places += [now.places[match.start()]] * len(sign)
        done = match.end()
    return _ReadBack(bytes(found + now.found[done:]), places + now.places[done:])


def _sign(match: re.Match[str]) -> bytes | None:
    """Return the bytes of a sign that is written in one way; None if it is none."""
    kind = match.lastgroup or ""
    if kind == "name":
        return _named(match[kind])
    if kind == "called":
        return _called(match[kind])
    if kind in _BYTES:
        return _BYTES[kind](match[kind])
    number = int(match[kind], 10 if kind == "decimal" else 16)
    if kind == "low":
        number = 0x10000 + ((int(match["high"], 16) & 0x3FF) << 10) + (number & 0x3FF)
    return chr(number).encode(errors="surrogatepass") if number <= _LARGEST else None


def _named(name: str) -> bytes | None:
    import html  # with all names of characters, which few texts need

    sign = html.unescape(f"&{name};")
    return None if sign.startswith("&") and len(sign) > 1 else sign.encode()


def _called(name: str) -> bytes | None:
    import unicodedata

    try:
        return unicodedata.lookup(name).encode()
    except KeyError:
        return None


def _spans(read: _ReadBack, find: Callable[[bytes], Places]) -> list[tuple[int, int]]:
    """Return where the text holds what is sought, from left to right, none within another."""
    return apart(sorted((read.places[start], _behind(read.places, end)) for start, end in find(read.found)))


def _behind(places: list[int], end: int) -> int:
    """Return where in the text the sign ends that holds the last of the bytes before `end`."""
    while places[end] == places[end - 1]:
        end += 1
    return places[end]
