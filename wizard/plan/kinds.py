"""Kinds of values a setting can have: each reads text, writes text, and describes itself as a JSON schema."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from enum import StrEnum
from functools import cache
from pkgutil import get_data
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan import secret_places
from wizard.plan.accounts import WITH_PASSWORD
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.secret import SecretRef
from wizard.plan.web import ascii_host

T = TypeVar("T")


INVISIBLE = pattern(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ud800-\udfff"
    r"\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0001-\U000e007f]"
)
"""Controls, ends of lines and paragraphs, marks that turn the direction of writing, what is as wide as nothing, and
what is no character at all.

A terminal obeys some of them, YAML and a shell end a line at others, and a reader sees none. Unicode: categories Cc,
Zl, Zp and Cs, the property Bidi_Control, the non-characters that YAML forbids, and of Cf what no writing needs: the
joiners of Arabic, Indic scripts and emoji stay.
"""


class BadValueError(ValueError):
    """A text that is no value of its kind; the message is a sentence for the admin and holds no secret."""


class Kind(ABC, Generic[T]):
    """How values of one kind are read from text, written as text and described."""

    @abstractmethod
    def parse(self, text: str) -> T:
        """Read a value from what a person or a file wrote; raises BadValueError with a sentence."""

    def render(self, value: T) -> str:
        """Write the value as a form or an env file shows it."""
        return "" if value is None else str(value)

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Describe the value in a cluster file as a JSON schema."""


def refuse_invisible(text: str) -> None:
    """Raise BadValueError, naming the first character that nobody sees and that programs obey."""
    if found := INVISIBLE.search(text):
        if found[0] in "\n\r":
            raise BadValueError(tr("It must be one line."))
        code = f"U+{ord(found[0]):04X}"
        raise BadValueError(tr("It holds a character that cannot be seen and may not stand in it: {code}.", code=code))


@dataclass(frozen=True, slots=True)
class Text(Kind[str]):
    """One line of text; `pattern` must match the whole of it unless it is empty.

    `trimmed`: NocoBase takes the white space off at both ends; else it keeps it.
    """

    pattern: str = ""
    expected: str = ""
    trimmed: bool = False

    def parse(self, text: str) -> str:
        text = text.strip()
        refuse_invisible(text)
        if WITH_PASSWORD.search(text):
            raise BadValueError(tr("It holds a password, or a key, which would stand here in plain text."))
        if text and self.pattern and not re.fullmatch(self.pattern, text):
            raise BadValueError(tr("“{text}” is not valid: {expected}.", text=text, expected=tr(self.expected)))
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", **({"pattern": f"^(?:{self.pattern})?$"} if self.pattern else {})}


@dataclass(frozen=True, slots=True)
class Integer(Kind[int | None]):
    """A whole number from `low` to `high`, in `unit`; empty means "the default" where `optional`."""

    low: int = 0
    high: int = 2**31 - 1
    unit: str = ""
    optional: bool = False

    def parse(self, text: str) -> int | None:
        text = text.strip()
        if not text and self.optional:
            return None
        if not re.fullmatch(r"-?[0-9]{1,12}", text):
            raise BadValueError(tr("“{text}” is not a whole number.", text=text))
        number = int(text)
        if not self.low <= number <= self.high:
            raise BadValueError(
                tr("{number} is outside {low} to {high}.", number=number, low=self.low, high=self.high),
            )
        return number

    def schema(self) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "integer", "minimum": self.low, "maximum": self.high}
        return {"anyOf": [number, {"type": "null"}]} if self.optional else number


@dataclass(frozen=True, slots=True)
class Boolean(Kind[bool]):
    """Yes or no. Only the exact text `true` is true for NocoBase (DB/helpers.ts), so nothing else is accepted."""

    def parse(self, text: str) -> bool:
        match text.strip():
            case "true":
                return True
            case "false" | "":
                return False
            case other:
                raise BadValueError(tr("“{text}” is neither true nor false; write true or false.", text=other))

    def render(self, value: bool) -> str:  # noqa: FBT001 - the value itself
        return "true" if value else "false"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Choice(Kind[E]):
    """One of a closed set; `labels` are what people read, in the order shown."""

    options: type[E]
    labels: tuple[str, ...]

    def parse(self, text: str) -> E:
        try:
            return self.options(text.strip())
        except ValueError:
            allowed = listing(self.options)
            raise BadValueError(tr("“{text}” is not one of: {allowed}.", text=text, allowed=allowed)) from None

    def render(self, value: E) -> str:
        return value.value

    def label(self, value: E) -> str:
        """Return what people read for `value`, in their language."""
        return tr(dict(zip(self.options, self.labels, strict=True))[value])

    def schema(self) -> dict[str, Any]:
        return {"enum": [option.value for option in self.options]}


@dataclass(frozen=True, slots=True)
class Suggested(Text):
    """One line of text for which usual values are offered, by what people call them; another one can be written."""

    offers: tuple[tuple[str, str], ...] = ()


HOST = pattern(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?"
)


_LONGEST_PART = 63
ONE_HOST = mark(
    "NocoBase takes one host, and this is a list: give a name or an address that always leads to the server in charge."
)
NO_IPV6 = mark("NocoBase's clients mishandle IPv6 addresses: use a host name instead.")
NODE_IPV6 = mark("A node is known by its host name or an IPv4 address here, not by an IPv6 one: give its name.")


@dataclass(frozen=True, slots=True)
class Host(Kind[str]):
    """A host name or an IPv4 address. IPv6 literals misbehave in NocoBase's Redis client, so names are asked for.

    `no_ipv6` is what is said of one.
    """

    no_ipv6: str = NO_IPV6

    def parse(self, text: str) -> str:
        text = text.strip()
        if "://" in text:
            raise BadValueError(tr("Enter the host alone, without a scheme such as “http://”."))
        if text.startswith("[") or text.count(":") > 1:
            raise BadValueError(tr(self.no_ipv6))
        if ":" in text:
            raise BadValueError(tr("Enter the host alone; the port has a field of its own."))
        if text and not HOST.fullmatch(text):
            if "," in text and all(HOST.fullmatch(one.strip()) for one in text.split(",") if one.strip()):
                raise BadValueError(tr(ONE_HOST))
            raise BadValueError(_too_long(text) or tr("“{text}” is not a host name or an IPv4 address.", text=text))
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def _too_long(host: str) -> str:
    """Say that a part of what would be a host name is too long; nothing where something else is wrong (RFC 1035)."""
    longest = max(host.split("."), key=len)
    if len(longest) <= _LONGEST_PART or not HOST.fullmatch(host.replace(longest, "x")):
        return ""
    return tr(
        "“{part}” has {count} characters; a part of a host name has {most} at most.",
        part=longest,
        count=len(longest),
        most=_LONGEST_PART,
    )


_PLAIN_URL = pattern(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d*)?(?:/[\w./~%@+-]*)?", re.IGNORECASE | re.ASCII)
"""An address in which no sign means something to a shell."""


@dataclass(frozen=True, slots=True)
class Url(Kind[str]):
    """An absolute http or https URL without user, query or fragment.

    A host in letters that DNS does not know is written in those it knows. `path` says whether one may follow the
    host; `slash` that the URL must end with `/` (it is concatenated).
    """

    path: bool = False
    slash: bool = False

    def parse(self, text: str) -> str:
        text = text.strip()
        if not text:
            return ""
        try:
            parts = urlsplit(text)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise BadValueError(tr("It is not an address such as https://app.example.com.")) from None
        if parts.scheme not in {"http", "https"} or not host:
            raise BadValueError(tr("It is not an address such as https://app.example.com."))
        if parts.username or parts.password or parts.query or parts.fragment:
            raise BadValueError(tr("The address must have no user, query or fragment."))
        if not self.path and parts.path not in {"", "/"}:
            raise BadValueError(tr("The address must end after the host; the sub-path has a field of its own."))
        if self.slash and not text.endswith("/"):
            raise BadValueError(tr("The address must end with “/”: NocoBase appends package names to it."))
        text = text if self.slash else text.rstrip("/")
        text = text if host.isascii() else _with_ascii_host(text)
        if not _PLAIN_URL.fullmatch(text):  # it is pasted into commands
            raise BadValueError(tr("It is not an address such as https://app.example.com."))
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def _with_ascii_host(url: str) -> str:
    """Write the host of a URL without user in DNS's own letters, which is how browsers name it to everybody."""
    parts = urlsplit(url)
    host, colon, port = parts.netloc.partition(":")
    try:
        return parts._replace(netloc=f"{ascii_host(host)}{colon}{port}").geturl()
    except ValueError:
        raise BadValueError(tr("“{host}” is no host name.", host=host)) from None


@cache
def _time_zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())  # it reads a folder tree each time


@cache
def _listed_zones() -> frozenset[str]:
    """Return the zones of the package tzdata, which are in one file; a system may know more."""
    try:
        return frozenset((get_data("tzdata", "zones") or b"").decode().split())
    except (OSError, ImportError):
        return frozenset()


def _is_zone(text: str) -> bool:
    if text == "UTC" or text in _listed_zones() or text in _time_zones():  # the usual one, without reading a list
        return True
    knows_none = not _listed_zones() and not _time_zones()  # then its shape alone can be looked at
    return knows_none and bool(re.fullmatch(r"[A-Z]\w+(?:/[A-Z]\w*(?:[+-]\w+)*)*", text, re.ASCII))


@dataclass(frozen=True, slots=True)
class TimeZone(Kind[str]):
    """An IANA time zone, or an offset `±HH:MM` where `offset`; empty is allowed."""

    offset: bool = False

    def parse(self, text: str) -> str:
        text = text.strip()
        if not text or _is_zone(text) or (self.offset and re.fullmatch(r"[+-][0-9]{2}:[0-9]{2}", text)):
            return text
        raise BadValueError(tr("“{text}” is no IANA time zone such as Europe/Paris.", text=text))

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class FilePath(Kind[str]):
    """A path on the machine that uses it; it is not opened here. Inline PEM is refused (start fails on it)."""

    folder: bool = False

    def parse(self, text: str) -> str:
        if "-----BEGIN" in text:
            raise BadValueError(tr("Enter the path of the file, not its content: NocoBase can fail to start on it."))
        return Text().parse(text)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class SecretValue(Kind[SecretRef | None]):
    """A secret: the plan holds its name alone. `length` is that of a generated one, in characters (0: not offered)."""

    length: int = 0
    hexadecimal: bool = False
    multiline: bool = False

    def parse(self, text: str) -> SecretRef | None:
        return SecretRef(text.strip()) if text.strip() else None

    def render(self, value: SecretRef | None) -> str:
        return value.name if value else ""

    def schema(self) -> dict[str, Any]:
        return {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"secret": {"type": "string"}, "from": secret_places.SCHEMA},
                    "required": ["secret"],
                },
                {"type": "null"},
            ],
        }
