"""Units of systemd, as far as they say what a service's process is given (systemd.exec(5), systemd.syntax(7)).

No library reads them as systemd does: a setting may stand several times, an empty one takes back those before, a word
may be quoted, and `%` begins what only the machine knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.formats.units.env_command import ByEnv, by_env
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.place import Place

_SECTIONS = ("Service", "Container")
_OF_PODMAN = "Container"
"""The section of Quadlet's units; beside it the one of the service is for Podman itself, not for the container."""
_TO_CONTAINER = frozenset({"Secret", "EnvironmentHost", "PodmanArgs"})
_KINDS = ("service", "container")
_SPECIFIER = pattern(r"%(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "\\": "\\", '"': '"', "'": "'"}
_ESCAPES |= {"a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CODE = pattern(
    r"(?:x(?=[0-9a-fA-F]{2})|u(?=[0-9a-fA-F]{4})|U(?=[0-9a-fA-F]{8}))(?P<hex>(?<=x)..|(?<=u).{4}|(?<=U).{8})"
    r"|(?P<octal>[0-3][0-7]{2})"
)
"""A sign by its number (systemd.syntax(7), “Quoting”)."""
_LAST_SIGN, _SURROGATES = 0x10FFFF, (0xD800, 0xDFFF)
_NAME = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPED = pattern(r"\\x([0-9a-fA-F]{2})")
_LONGEST_NAME = 255
"""Letters of a unit's name with its kind (systemd.unit(5)); each dash in it asks for more folders."""
_BEFORE_PROGRAM = "@-:+!|"
"""What may stand before a program in `ExecStart=` (systemd.service(5))."""
LARGEST = 256 * 1024
"""Characters of a unit; each sign of it is looked at."""


@dataclass
class Unit:
    """What a unit gives its process, drop-ins included.

    `variables` are those it says itself, `files` those with more, which win; `passed` and `unset` are names.
    """

    variables: dict[str, Assignment] = field(default_factory=dict)
    expressions: dict[str, Expanded] = field(default_factory=dict)
    files: list[tuple[str, Place]] = field(default_factory=list)
    passed: dict[str, Place] = field(default_factory=dict)
    unset: set[str] = field(default_factory=set)
    start: list[tuple[str, Place]] = field(default_factory=list)
    of_command: dict[str, Assignment] = field(default_factory=dict)
    made_by_command: dict[str, Expanded] = field(default_factory=dict)
    """Variables that the command itself sets, by `env`; and those of them that cannot be made out."""
    by_env: ByEnv = field(default_factory=ByEnv)
    lost: list[tuple[str, Place]] = field(default_factory=list)
    """Commands that cannot be read to their end."""
    more: list[tuple[str, Place]] = field(default_factory=list)
    """What gives a container further variables, which are not told."""
    of_secrets: dict[str, tuple[Assignment, str]] = field(default_factory=dict)
    """Variables that secrets of Podman give, with the names of the secrets."""
    ports: list[tuple[str, Place]] = field(default_factory=list)
    mounts: list[tuple[str, Place]] = field(default_factory=list)
    """What the unit of a container publishes and mounts, in the short forms of Podman."""
    quadlet: bool = False
    folder: str = ""
    image: str = ""
    place: Place | None = None
    """Where the section of the service begins; None in a unit that starts nothing."""


def read(unit: Unit, text: str, file: str, known: Mapping[str, str]) -> None:
    """Take in the text of a unit or of a drop-in; `known` are the specifiers that the unit's name tells."""
    refuse_long(text, file)
    section = ""
    lines = [*_lines(text)]
    unit.quadlet = unit.quadlet or any(line == f"[{_OF_PODMAN}]" for _number, line in lines)
    for number, line in lines:
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            if section in _SECTIONS and unit.place is None:
                unit.place = Place(file, number, section)
            continue
        key, sign, value = line.partition("=")
        if sign and section == _OF_PODMAN and key.strip() in _TO_CONTAINER:
            _by_podman(unit, key.strip(), value.strip(), Place(file, number, key.strip()))
        elif sign and section == (_OF_PODMAN if unit.quadlet else "Service"):
            _take(unit, key.strip(), value.strip(), Place(file, number, key.strip()), known)


def refuse_long(text: str, file: str) -> None:
    if len(text) > LARGEST:
        raise SourceError(tr("{name} is too large: it has more than {most} characters.", name=file, most=LARGEST))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Go through the lines, one that ends in a backslash with the next; comments may stand between."""
    begun: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            if not begun:
                continue
            if bare:
                continue
        first = first if begun else number
        if bare.endswith("\\") and not bare.endswith("\\\\"):
            begun += filter(None, [bare[:-1].rstrip()])
            continue
        yield first, " ".join([*begun, bare])
        begun = []
    if begun:
        yield first, " ".join(begun)


def _take(unit: Unit, key: str, value: str, place: Place, known: Mapping[str, str]) -> None:
    match key:
        case "Environment":
            _environment(unit, value, place, known)
        case "EnvironmentFile":
            _gather(unit.files, [(_specified(value, known)[0], place)] if value else [])
        case "PassEnvironment":
            _renew(unit.passed, value)
            unit.passed.update(dict.fromkeys(value.split(), place))
        case "UnsetEnvironment":
            _renew(unit.unset, value)
            unit.unset.update(value.split())
        case "ExecStart":
            _gather(unit.start, [(value, place)] if value else [])
            unit.lost.clear()
            _by_env(unit, value, place, known)
        case "PublishPort" | "Volume":
            kept = unit.ports if key == "PublishPort" else unit.mounts
            _gather(kept, [(_specified(value, known)[0], place)] if value else [])
        case "WorkingDirectory":
            unit.folder = _specified(value.removeprefix("-"), known)[0]
        case "Image":
            unit.image = value


def _by_podman(unit: Unit, key: str, value: str, place: Place) -> None:
    """Take what gives a container variables whose values are elsewhere (podman-systemd.unit(5)).

    As in all units, an empty one takes back those before; of one that is yes or no the last counts.
    """
    if key == "EnvironmentHost" or not value:
        unit.more = [one for one in unit.more if one[0].partition("=")[0] != key]
        unit.more += [(key, place)] if value.lower() in {"true", "yes", "on", "1"} else []
        unit.of_secrets = {} if key == "Secret" else unit.of_secrets
        return
    if key == "PodmanArgs":
        given = dict.fromkeys(word.partition("=")[0] for word in words(value) if word.startswith(("--env", "-e")))
        unit.more += [(f"{key}={option}", place) for option in given]  # what follows it may be a secret
        return
    name, *options = value.split(",")
    said = {key: text for key, _sign, text in (one.partition("=") for one in options)}
    target = said.get("target", name)
    if said.get("type") == "env" and _NAME.fullmatch(target):
        spend(Cost.VARIABLES, 1)
        unit.of_secrets[target] = Assignment(target, "", place.line, quote="'", file=place.file), name


def _by_env(unit: Unit, value: str, place: Place, known: Mapping[str, str]) -> None:
    """Take the variables of a command that begins with `env`: they win over all others."""
    unit.of_command, unit.made_by_command, unit.by_env = {}, {}, ByEnv()
    program, *arguments = words(value) or [""]
    if program.lstrip(_BEFORE_PROGRAM).rpartition("/")[2] != "env":
        return
    unit.by_env, begin = by_env(arguments)
    for name in unit.by_env.unknown:
        spend(Cost.VARIABLES, 1)
        unit.of_command[name] = Assignment(name, "", place.line, quote="'", file=place.file)
        unit.made_by_command[name] = Expanded(None, (name,), (name,))
    if unit.by_env.option:
        unit.lost.append((f"env {unit.by_env.option}", place))
        return
    for word in arguments[begin:]:
        name, sign, text = word.partition("=")
        if not sign or not _NAME.fullmatch(name):
            return
        spend(Cost.VARIABLES, 1)
        filled, unknown = _specified(text, known)
        unit.of_command[name] = Assignment(name, filled, place.line, quote="'", file=place.file)
        if unknown or "$" in text:
            named = tuple(unknown) or (name,)
            unit.made_by_command[name] = Expanded(None, named, named)


def _renew(known: dict[str, Place] | set[str], value: str) -> None:
    """Forget what is known where a setting is empty."""
    if not value:
        known.clear()


def _gather(known: list[tuple[str, Place]], more: list[tuple[str, Place]]) -> None:
    """Put more behind what is known; nothing takes back all before it."""
    if not more:
        known.clear()
    known += more


def _environment(unit: Unit, value: str, place: Place, known: Mapping[str, str]) -> None:
    if not value:
        unit.variables, unit.expressions = {}, {}
    for word in words(value):
        name, sign, text = word.partition("=")
        if not sign or not _NAME.fullmatch(name):
            continue
        spend(Cost.VARIABLES, 1)
        text, unknown = _specified(text, known)
        unit.variables[name] = Assignment(name, text, place.line, quote="'", file=place.file)
        unit.expressions.pop(name, None)
        if unknown:
            unit.expressions[name] = Expanded(None, unknown, unknown)


def _specified(text: str, known: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Put in the specifiers that the unit's name tells, and say which ones only the machine knows."""
    unknown: dict[str, None] = {}

    def put(match: re.Match[str]) -> str:
        if match[1] == "%":
            return "%"
        if match[1] in known:
            return known[match[1]]
        unknown[match[0]] = None
        return match[0]

    return _SPECIFIER.sub(put, text), tuple(unknown)


def specifiers(file: str) -> dict[str, str]:
    """Return what a unit's own name says for `%`: the instance, its unescaped form, the prefix, the whole name.

    A file that is called otherwise than a unit says nothing.
    """
    whole = file.rpartition("/")[2]
    name, _sign, kind = whole.rpartition(".")
    if kind not in _KINDS:
        return {}
    prefix, _sign, instance = name.partition("@")
    known = {"n": whole, "N": name, "p": prefix, "P": _unescaped(prefix)}
    known["j"] = prefix.rpartition("-")[2]
    known["J"] = _unescaped(known["j"])
    return known | ({"i": instance, "I": _unescaped(instance)} if instance else {})


def _unescaped(text: str) -> str:
    """Return a part of a unit's name as it was before systemd-escape(1)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text.replace("-", "/"))


def drop_ins(file: str) -> list[str]:
    """Return the folders beside a unit whose drop-ins it gets, the one of its own name first (systemd.unit(5))."""
    if len(file) > _LONGEST_NAME:
        return []
    name, _sign, kind = file.rpartition(".")
    prefix, sign, instance = name.partition("@")
    names = dict.fromkeys(_given_alike(prefix, instance if sign else None))
    return [*(f"{one}.{kind}.d" for one in names), f"{kind}.d"]


def _given_alike(prefix: str, instance: str | None) -> Iterator[str]:
    """Go through the names whose drop-ins a unit gets; an empty instance is a template, None a unit that has none.

    What a template gets from names with fewer dashes are those of plain units, as systemd 252 was seen to do.
    """
    while prefix:
        yield prefix if instance is None else f"{prefix}@{instance}"
        if instance:
            yield from _given_alike(prefix, "")
        shorter = prefix.removesuffix("-")
        prefix = shorter[: shorter.rfind("-") + 1] if shorter.rfind("-") > 0 else ""
        instance = instance or None


def _escaped(text: str, at: int) -> tuple[str, int]:
    """Return the sign that the escape with its letter at `at` stands for, and where it ends; any other stays."""
    if found := _CODE.match(text, at):
        code = int(found["hex"], 16) if found["hex"] else int(found["octal"], 8)
        if 0 < code <= _LAST_SIGN and not _SURROGATES[0] <= code <= _SURROGATES[1]:
            return chr(code), found.end()
    return _ESCAPES.get(text[at], f"\\{text[at]}"), at + 1


def words(text: str) -> list[str]:
    """Return the words of a line: parted by blanks, in quotes of both kinds, with C's escapes in and out of them."""
    found: list[str] = []
    word: list[str] = []  # its signs: a long one would be copied for each
    quote, open_word, at = "", False, 0
    while at < len(text):
        sign = text[at]
        at += 1
        if sign == "\\" and at < len(text):
            plain, at = _escaped(text, at)
            word.append(plain)
            open_word = True
        elif quote and sign == quote:
            quote = ""
        elif not quote and sign in "\"'":
            quote, open_word = sign, True
        elif not quote and sign.isspace():
            found += ["".join(word)] if open_word else []
            word, open_word = [], False
        else:
            word.append(sign)
            open_word = True
    return [*found, "".join(word)] if open_word else found
