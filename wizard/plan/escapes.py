"""Texts in which single signs are written in another way: `%3c` in addresses, `&#60;` in HTML, numbers in programs.

What wrote a text chose which signs it writes so, and how; so they are read back, whichever they are, and the place of
each in the text is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.literals import Literals

_ESCAPED = pattern(
    r"%(?P<percent>[0-9A-Fa-f]{2})"
    r"|&#(?P<decimal>[0-9]{1,7});?|&#[xX](?P<hexadecimal>[0-9A-Fa-f]{1,6});?|&(?P<name>[A-Za-z]{2,8});"
    r"|(?<!\\)\\++(?:u(?P<unicode>[0-9A-Fa-f]{4})|u\{(?P<point>[0-9A-Fa-f]{1,6})\}|x(?P<byte>[0-9A-Fa-f]{2})"
    r"|U(?P<long>[0-9A-Fa-f]{8})|(?P<octal>[0-3]?[0-7]{1,2})|(?P<letter>[abefnrtv]))"
    r"|\\(?P<sign>[^A-Za-z0-9\n])"
)
_BEGINNINGS = "%&\\"
"""Without any of these nothing is written in another way."""
_ROUNDS = 3
"""Times that a text is read back: an address within an address is written `%253c`."""
_LARGEST = 0x10FFFF
_LETTERS = dict(zip("abefnrtv", (b"\a", b"\b", b"\33", b"\f", b"\n", b"\r", b"\t", b"\v"), strict=True))


@dataclass(frozen=True, slots=True)
class _ReadBack:
    """Bytes of a text that was read back, and for each, and for the end, where it begins in the text."""

    found: bytes
    places: list[int]


class Sought:
    """Texts that are sought in others, in which signs may be written in another way."""

    def __init__(self, forms: Iterable[str], shortest: int) -> None:
        """Keep them; what one becomes where it is read back is sought from `shortest` bytes on."""
        self._forms, self._shortest = tuple(forms), shortest

    @cached_property
    def _bytes(self) -> Literals[bytes]:
        every = (reading for form in self._forms for reading in _every_reading(form))
        return Literals(reading for reading in every if len(reading) >= self._shortest)

    def replaced(self, text: str, put: str) -> str:
        """Return the text with `put` for every one that it holds with signs written in another way."""
        while any(sign in text for sign in _BEGINNINGS):
            spans = next(filter(None, (_spans(found, self._bytes) for found in _readings(text))), [])
            before = text
            for start, end in reversed(spans):
                text = text[:start] + put + text[end:]
            if text == before:
                break
        return text


def _every_reading(form: str) -> Iterable[bytes]:
    """Return what is sought, and what it becomes itself where it is read back: a secret may hold a `%25`."""
    every = {form.encode(errors="surrogatepass"), *(reading.found for reading in _readings(form))}
    return every | {_in_latin_1(reading) for reading in every}


def _in_latin_1(read: bytes) -> bytes:
    """Return UTF-8 as Latin-1, in which a sign of Western Europe is one byte; as it is where that cannot be."""
    try:
        return read.decode().encode("latin-1")
    except UnicodeError:
        return read


def _readings(text: str) -> Iterable[_ReadBack]:
    """Read the text back once, and what came of it again, as long as that changes anything."""
    if not any(sign in text for sign in _BEGINNINGS):
        return
    encoded = [sign.encode(errors="surrogatepass") for sign in text]
    places = [index for index, sign in enumerate(encoded) for _ in sign]
    now = _ReadBack(b"".join(encoded), [*places, len(text)])
    for _ in range(_ROUNDS):
        after = _once(now)
        if len(after.found) == len(now.found):
            return
        yield after
        now = after


def _once(now: _ReadBack) -> _ReadBack:
    # one sign for each byte, so that an index into the text is one into the bytes
    text, found, places, done = now.found.decode("latin-1"), bytearray(), list[int](), 0
    for match in _ESCAPED.finditer(text):
        sign = _sign(match.lastgroup or "", match[match.lastgroup or 0])
        if sign is None:
            continue
        found += now.found[done : match.start()]
        places += now.places[done : match.start()]
        found += sign
        places += [now.places[match.start()]] * len(sign)
        done = match.end()
    return _ReadBack(bytes(found + now.found[done:]), places + now.places[done:])


def _sign(kind: str, written: str) -> bytes | None:
    """Return the bytes of a sign that is written in one way; None if it is none."""
    if kind in {"percent", "byte"}:
        return bytes.fromhex(written)
    if kind == "octal":
        return bytes([int(written, 8)])
    if kind == "letter":
        return _LETTERS[written]
    if kind == "name":
        import html  # with all names of characters, which few texts need

        sign = html.unescape(f"&{written};")
        return None if sign.startswith("&") and len(sign) > 1 else sign.encode()
    if kind == "sign":
        return written.encode("latin-1")
    number = int(written, 10 if kind == "decimal" else 16)
    return chr(number).encode(errors="surrogatepass") if number <= _LARGEST else None


def _spans(read: _ReadBack, sought: Literals[bytes]) -> list[tuple[int, int]]:
    """Return where the text holds what is sought, from left to right, none within another."""
    found = sorted((read.places[start], read.places[end]) for start, end in sought.spans(read.found))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
