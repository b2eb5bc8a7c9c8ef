"""Whether a balancer's health checks tell a living application from a dead one. Pure.

A node's web server gives its page for every path outside the API, also where the application behind it is dead. Below
the API it answers 503 then. Its health path answers “ok” only where the URL ends with it, and two addresses answer
everybody with 200 while the application lives (packages/core/server/src/gateway/index.ts).
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.balancer.site.lack import Lack
from wizard.checks.shared.health import PATH as HEALTH_PATH
from wizard.dataclass import dataclass
from wizard.formats.sites.model import HealthCheck, Term, Wanted
from wizard.plan.finding import Severity
from wizard.plan.i18n import tr

_FAIL, _WARN, _UNKNOWN = Severity.FAIL, Severity.WARN, Severity.UNKNOWN
_HEALTH = HEALTH_PATH.removeprefix("api")
_FOR_ALL = ("api/app:getInfo", "api/app:getLang")


@dataclass(frozen=True, slots=True)
class Cure:
    """The lines that put a check right, under which name: such as ask for the health path, such as expect its answer.

    `place` is the line of the block where they belong; 0 where that is told otherwise.
    """

    asks: tuple[str, str]
    expects: tuple[str, str]
    place: int = 0


def lacks(wanted: Wanted, check: HealthCheck, block: str, cure: Cure) -> Iterator[Lack]:
    """Return what is amiss with the check of a block such as “upstream nodes”."""
    if (told := _asked(wanted, check, block)) is not None:
        severity, what = told
        name, line = cure.asks
        yield Lack(severity, name, "" if severity is _UNKNOWN else line, what, cure.place)
        return
    yield from _answered(check, block, cure)


def _asked(wanted: Wanted, check: HealthCheck, block: str) -> tuple[Severity, str] | None:
    """Say what is wrong with the path that is asked for; None where nothing is."""
    if check.path is None:
        return _UNKNOWN, tr(
            "Line {line}: what the health check of “{block}” asks for cannot be told from the file.",
            line=check.line,
            block=block,
        )
    if not check.path:
        return _WARN, tr(
            "Line {line}: “{block}” looks at the port alone, which is open also where the application is dead.",
            line=check.line,
            block=block,
        )
    return _of_path(check.path, wanted.public_path, {"line": check.line, "block": block, "path": check.path})


def _of_path(path: str, public_path: str, values: dict[str, str | int]) -> tuple[Severity, str] | None:
    plain = path.partition("?")[0]
    if not plain.startswith(f"{public_path}api/"):
        return _WARN, tr(
            "Line {line}: the health check of “{block}” asks for {path}, which NocoBase's web server answers also "
            "where the application is dead.",
            **values,
        )
    of_one = not plain.startswith(f"{public_path}api/__app/")
    if of_one and (path.endswith(_HEALTH) or plain in {f"{public_path}{one}" for one in _FOR_ALL}):
        return None
    if of_one and plain.endswith(_HEALTH):
        return _WARN, tr(
            "Line {line}: the health check of “{block}” asks for {path}. NocoBase answers “ok” only where the URL ends "
            "with {end}: with more behind it nodes that live may be taken for dead.",
            **values,
            end=_HEALTH,
        )
    return _UNKNOWN, tr(
        "Line {line}: the health check of “{block}” asks for {path}. What a living node answers is not known.",
        **values,
    )


def _answered(check: HealthCheck, block: str, cure: Cure) -> Iterator[Lack]:
    outcome, (name, line) = check.outcome, cure.expects
    if outcome.hostless:
        what = tr(
            "Line {line}: the health check of “{block}” speaks HTTP/1.1 without the header Host. Every node answers "
            "that with 400, and is taken for dead.",
            line=outcome.hostless.line,
            block=block,
        )
        yield Lack(_FAIL, cure.asks[0], cure.asks[1], what, cure.place)
    elif rule := outcome.strict:
        what = tr(
            "Line {line}: the health check of “{block}” refuses what a living application answers ({text}): every node "
            "is taken for dead.",
            **_values(rule, block),
        )
        yield Lack(_FAIL, name, _put(line, rule), what, cure.place)
    elif rule := outcome.lenient:
        what = tr(
            "Line {line}: the health check of “{block}” takes the answer 503 for a good one ({text}), and NocoBase "
            "gives it where the application is dead.",
            **_values(rule, block),
        )
        empty = rule.words[:1] == ("match",)  # a block without a test takes any answer
        yield Lack(_WARN, name, line if empty else _put(line, rule), what, rule.line if empty else cure.place)
    elif rule := outcome.doubt:
        what = tr(
            "Line {line}: whether the health check of “{block}” tells a dead application from a living one cannot be "
            "told from the file ({text}).",
            **_values(rule, block),
        )
        yield Lack(_UNKNOWN, name, "", what, cure.place)


def _values(rule: Term, block: str) -> dict[str, str | int]:
    return {"line": rule.line, "block": block, "text": rule.text}


def _put(line: str, rule: Term) -> str:
    return tr("{put}  # in the place of line {line}", put=line, line=rule.line)
