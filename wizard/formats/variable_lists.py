"""Variables as other programs list them: JSON, `env` of Kubernetes and ECS, options of `docker run`, a shell's line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from wizard.dataclass import dataclass
from wizard.formats.client_lines import words_of
from wizard.pattern import pattern
from wizard.plan.variable_names import is_assignment

_NAME = pattern(r"[A-Za-z_]\w*")
_CAPITALS = pattern(r"[A-Z_][A-Z0-9_]*")
_IN_CAPITALS = pattern(r"[A-Z_][A-Z0-9_]*=[\s\S]*")
_SEVERAL = pattern(r"\s*(?:\$ +)?(?:export\s+|env\s+|set\s+)?[A-Z_][A-Z0-9_]*=.*\s[A-Z_][A-Z0-9_]*=.*")
"""A line that may give several variables their values, as a shell takes it."""
_STARTERS = frozenset({"docker", "podman", "nerdctl", "docker-compose"})
_STARTS = frozenset({"run", "create", "exec"})
_BY_NAME = frozenset({"env", "environment", "variables", "envvars", "stringdata"})
"""Keys below which names stand with their values, in any case."""
_MOST_DEEP = 12
_HEAD = pattern(r"\s*(?:env|environment|variables|stringData)\s*:\s*(?:#.*)?")
_ITEM = pattern(r"(\s*)(-\s+)?(name|value|valueFrom)\s*+:\s*+(.*)")
_COMMENT = pattern(r"(?:(?<=\s)|^)#.*")
_NEAR = 16 * 1024
"""Characters from one variable to the next one, at most; what is further off has the line of the one before."""
_FAR_BELOW = 20
"""Lines of one variable: what names the secret that it comes from."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One variable and its line; without a value that comes from elsewhere: a secret of the cluster, the shell."""

    name: str
    value: str | None = field(repr=False)
    line: int


@dataclass(frozen=True, slots=True)
class Given:
    """The variables of a text, and files with more of them, which are not at hand, by their lines."""

    variables: tuple[Listed, ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)


def in_json(text: str) -> Given | None:
    """Return the variables in a JSON value, or in members cut out of one; None for any other text."""
    bare = text.strip().rstrip(",").rstrip()
    for whole in (bare, f"{{{bare}}}", f"[{bare}]"):
        if whole[:1] not in "{[":
            continue
        try:
            value = json.loads(whole)
        except (ValueError, RecursionError):
            continue
        found = dict(_in_value(value, bare=True, deep=0))
        return Given(tuple(_with_lines(text, found)))
    return None


def broken_line(text: str) -> int | None:
    """Return the line on which a text stops being JSON, such as the last one where it is cut off; None where it is."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno
    except RecursionError:
        return 1
    return None


def _with_lines(text: str, found: Mapping[str, str | None]) -> Iterator[Listed]:
    """Yield variables with their lines; they stand in the order in which they were found."""
    line, counted_to = 1, 0
    for name, value in found.items():
        near = (counted_to, counted_to + _NEAR)
        at = max(text.find(f'"{name}"', *near), text.find(f'"{name}=', *near))
        if at >= 0:
            line, counted_to = line + text.count("\n", counted_to, at), at
        yield Listed(name, value, line)


def _in_value(value: Any, *, bare: bool, deep: int) -> Iterator[tuple[str, str | None]]:
    """Yield the variables in a value; in a mapping whose keys are names it is `bare`, or below a key such as `env`."""
    if deep > _MOST_DEEP:
        return
    if isinstance(value, list):
        for one in value:
            if isinstance(one, str) and _IN_CAPITALS.fullmatch(one):
                name, _sign, told = one.partition("=")
                yield name, told
            elif isinstance(one, dict) and isinstance(one.get("name"), str) and {"value", "valueFrom"} & one.keys():
                yield one["name"], _scalar(one.get("value"))
            else:
                yield from _in_value(one, bare=False, deep=deep + 1)
    elif isinstance(value, dict):
        names = bare and bool(value) and all(isinstance(name, str) and _CAPITALS.fullmatch(name) for name in value)
        for name, one in value.items():
            if names and not isinstance(one, dict | list):
                yield name, _scalar(one)
            else:
                below = name.casefold() in _BY_NAME
                named = isinstance(one, dict) and below and all(_NAME.fullmatch(key) for key in one)
                yield from _one_by_one(one) if named else _in_value(one, bare=False, deep=deep + 1)


def _one_by_one(values: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield names with their values, but those that hold more than a word."""
    for name, one in values.items():
        if not isinstance(one, dict | list):
            yield name, _scalar(one)


def _scalar(value: Any) -> str | None:
    """Return what a program is given for a value of JSON; None where nothing is said."""
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_lists(lines: Sequence[str]) -> tuple[list[str], Given]:
    """Return what `- name: … value: …` says, however far it is indented, and the lines left, empty where it was.

    A key such as `env` above is left out, also where its variables are written otherwise.
    """
    left, found, name, started = list(lines), list[Listed](), "", 0
    for at, line in enumerate(lines):
        match = _ITEM.fullmatch(line)
        if match and match[3] == "name" and _NAME.fullmatch(_plain(match[4])) and _goes_on(lines, at):
            name, started, left[at] = _plain(match[4]), at + 1, ""
        elif match and name and match[3] != "name":
            value = _plain(match[4]) if match[3] == "value" else None
            found.append(Listed(name, value, started))
            left[at] = ""
            if match[3] == "valueFrom":
                _take_below(left, lines, at)
            name = ""
    begin = next((at for at, line in enumerate(left) if line.strip()), 0)
    if found or (left and _HEAD.fullmatch(left[begin])):
        left = ["" if _HEAD.fullmatch(line) else line for line in left]
    return left, Given(tuple(found))


def _goes_on(lines: Sequence[str], at: int) -> bool:
    following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    match = _ITEM.fullmatch(following)
    return match is not None and not match[2] and match[3] in {"value", "valueFrom"}


def _take_below(left: list[str], lines: Sequence[str], at: int) -> None:
    """Empty the lines that are further in than the one at `at`."""
    depth = len(lines[at]) - len(lines[at].lstrip())
    for below in range(at + 1, min(len(lines), at + _FAR_BELOW)):
        if lines[below].strip() and len(lines[below]) - len(lines[below].lstrip()) <= depth:
            return
        left[below] = ""


def _plain(scalar: str) -> str:
    """Return a scalar of YAML on one line, without its quotes or the comment behind it."""
    scalar = scalar.strip()
    if scalar[:1] == "'" and (end := scalar.rfind("'")) > 0:
        return scalar[1:end].replace("''", "'")
    if scalar[:1] == '"' and (end := scalar.rfind('"')) > 0:
        try:
            return str(json.loads(scalar[: end + 1]))
        except ValueError:
            return scalar[1:end]
    return _COMMENT.sub("", scalar).strip()


def in_command(line: str, number: int) -> Given | None:
    """Return the variables that `docker run` and its like are given, or a shell before a command; None for others."""
    if line.lstrip().startswith("#"):
        return None
    words = words_of(line)
    begins = [at for at, word in enumerate(words[:3]) if word.rpartition("/")[2] in _STARTERS]
    if begins and _STARTS & set(words[begins[0] : begins[0] + 6]):
        return _options(words[begins[0] :], number)
    if not _SEVERAL.fullmatch(line):
        return None
    own = words[1:] if words and words[0] in {"export", "env", "set"} else words
    given = []
    for word in own:
        if not _IN_CAPITALS.fullmatch(word):
            break
        name, _sign, value = word.partition("=")
        given.append(Listed(name, value, number))
    return Given(tuple(given)) if len(given) > 1 else None


def _options(words: Sequence[str], number: int) -> Given:
    """Return what `-e` and `--env-file` say, wherever they stand."""
    found, files = list[Listed](), dict[str, int]()
    rest = iter(words)
    for word in rest:
        name, sign, value = word.partition("=")
        if name == "--env-file":
            files[value if sign else next(rest, "")] = number
        elif name == "--env" or word == "-e":
            found.append(_of_option(value if sign else next(rest, ""), number))
        elif word.startswith("-e") and is_assignment(word[2:]):
            found.append(_of_option(word[2:], number))
    return Given(tuple(found), files)


def _of_option(word: str, number: int) -> Listed:
    name, sign, value = word.partition("=")
    # what begins with “$” is the shell's, and its value is not here
    return Listed(name, value if sign and not value.startswith("$") else None, number)


def env_line(one: Listed) -> str | None:
    """Return a variable as text for the reader of env files; None where that has no form for its value, or it has none.

    The text may have several lines.
    """
    if one.value is None:
        return None
    for quote in "'\"`":
        unread = quote in one.value or one.value.endswith("\\") or (quote == '"' and "\\" in one.value)
        if not unread:
            return f"{one.name}={quote}{one.value}{quote}"
    return None
