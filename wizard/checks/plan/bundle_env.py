"""The env files of an exported bundle, read as NocoBase reads them: what they give the nodes is judged like the plan.

Only where they say something else than the plan: what they say alike is judged already. A placeholder that waits for a
secret says nothing. The local lock that the bundle's README tells to set for the first start is that before a start.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from wizard.checks.plan.bundle_env_alike import apart, unlike
from wizard.checks.plan.bundle_env_read import COMMON, RAW, EnvFacts, gather
from wizard.checks.plan.rules import rules
from wizard.checks.plan.specs import RULES
from wizard.checks.plan.specs_read import READABLE, SOURCES
from wizard.dataclass import dataclass
from wizard.engine.check import Check
from wizard.engine.facts import Known, Trouble
from wizard.formats import dotenv
from wizard.formats.compose import env_file
from wizard.formats.dotenv import first_start
from wizard.formats.dotenv.filled import name_of, placeholders
from wizard.formats.files import SourceError, UnwritableError
from wizard.plan.finding import ASKING, ErrorKind, Finding, Severity
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import Secrets
from wizard.plan.sections import Deployment
from wizard.plan.sections.redis import ADAPTER_VARIABLES, variables_decided_by

_NAME = re.compile(r"\s*(?:export\s+)?(\S*)\s*")
_MOST_NAMED = 10
_STAND_IN = "waits-for-its-value"
_OTHER_KEYS = {"queue.kind": ("QUEUE_ADAPTER",)}


@dataclass(frozen=True, slots=True)
class _Change:
    """A variable that a file gives the nodes otherwise than the plan, or that is `gone` from below the line.

    One that is `repeated` is given as by the plan in the end, and otherwise before; of one that is `planned` the plan
    gives a value.
    """

    name: str
    path: str
    line: int
    gone: bool = False
    repeated: bool = False
    planned: bool = False

    @property
    def place(self) -> Place:
        """Where it stands; what is gone stands nowhere in its file."""
        return Place(self.path) if self.gone else Place(self.path, self.line, self.name)

    @property
    def words(self) -> str:
        if self.gone and self.line:
            return tr("{name} is gone, {file} below line {line}", name=self.name, file=self.path, line=self.line)
        return Place(self.path, self.line, self.name).words


def checks(
    read: Callable[[str], str | None], plan: Plan, secrets: Secrets, *, starting: bool = False
) -> list[Check[EnvFacts]]:
    """Return the check of a bundle's env files; `read` gives the text of a file in it, and raises OSError.

    `starting` says that it is asked what must hold before the first node starts.
    """
    try:
        names = dotenv.node_names(plan)
        dotenv.variables(plan)
    except UnwritableError:  # then there are none
        return []
    paths = (COMMON, RAW, *(f"env/node-{name}.env" for name in names))

    return [
        Check(
            component="plan",
            subject="bundle",
            part="env",
            specs=(SOURCES, *(spec for spec in RULES if spec is not SOURCES)),
            facts=EnvFacts,
            probe=lambda facts: gather(facts, read, paths),
            judge=lambda facts: judge(facts, plan, secrets, starting=starting),
        )
    ]


def judge(facts: EnvFacts, plan: Plan, secrets: Secrets, *, starting: bool = False) -> Iterator[Finding]:
    """Say of each variable that the files give otherwise what follows; of files that say what the plan says, that."""
    if not isinstance(facts.texts, Known):
        message = facts.texts.message if isinstance(facts.texts, Trouble) else ""
        says = tr("The env files of the bundle could not be read.")
        yield SOURCES.unknown(says, subject="bundle", detail=message, error=ErrorKind.OTHER)
        return
    refused = facts.refused.value if isinstance(facts.refused, Known) else ()
    alone = COMMON in refused  # then nobody knows what a node's own file adds to
    texts = {path: text for path, text in facts.texts.value.items() if path == RAW or not alone}
    of_first_start = starting and isinstance(facts.local_lock, Known) and facts.local_lock.value
    found = list(_of_files(texts, plan, secrets, of_first_start=of_first_start))
    yield from found
    yield from (_not_read(path) for path in refused)
    if not found and not refused and facts.texts.value:
        yield SOURCES.passed(tr("The env files of the bundle say what the plan says."), subject="bundle")


def _not_read(path: str) -> Finding:
    return SOURCES.unknown(
        tr("Could not be found out: what {path} gives the nodes, as this account may not read it.", path=path),
        subject=path,
        error=ErrorKind.PERMISSION,
        remedy=advice(tr("Let this account read the bundle's files, and check again.")),
    )


def _of_files(texts: Mapping[str, str], plan: Plan, secrets: Secrets, *, of_first_start: bool) -> Iterator[Finding]:
    known = {(one.id, one.subject, one.severity) for one in rules(plan, secrets)}
    planned = dotenv.variables(plan)
    common = {variable.name: variable for variable in planned.common}
    for path, text in texts.items():
        own = dict(planned.nodes).get(path.removeprefix("env/node-").removesuffix(".env"), ())
        of_all = path in {COMMON, RAW}
        wanted = common if of_all else {variable.name: variable for variable in own}
        try:
            differing = dict(unlike(texts, common)) if path == RAW else {}
            yield from differing.values()
            found = _changes(path, text, wanted, common, secrets)
            changes = [one for one in found if one.name not in differing]
            lock = [one for one in changes if of_first_start and _is_local_lock(one, text)]
            yield from (_for_first_start(one) for one in lock)
            changes = [one for one in changes if one not in lock]
            before = "" if of_all else texts.get(COMMON, "")
            waiting = _stand_ins((text, before), common)
            yield from _judged(changes, before + waiting, text, known) if changes else ()
            yield from _refused(path, text) if path != RAW and plan.application.deployment is Deployment.DOCKER else ()
        except SourceError as error:
            says = tr("{path} cannot be read as an env file.", path=path)
            yield SOURCES.fail(says, ErrorKind.PROTOCOL, subject=path, detail=str(error))
    yield from apart(texts, [name for name, variable in common.items() if variable.reveal(secrets) is None])


def _is_local_lock(change: _Change, text: str) -> bool:
    """Whether a change is the one that the README tells to make, and the line is as its command leaves it."""
    line = text.split("\n")[change.line - 1] if change.line and not change.gone else ""
    return change.path == COMMON and line == f"{first_start.LOCK}={first_start.LOCAL}"


def _for_first_start(change: _Change) -> Finding:
    found = READABLE.info(
        tr(
            "{name} is “local” in {path}, as README.md sets it for the first start.", name=change.name, path=change.path
        ),
        subject=f"{change.path} {change.name}",
        detail=sentences(
            f"{change.words}.",
            tr("Set it back to redis once the lock's plug-in is enabled, and before any other node starts."),
        ),
        facts={"setting": change.name, "places": [change.words]},
    )
    return replace(found, places=(change.place,))


def _refused(path: str, text: str) -> Iterator[Finding]:
    """Say which lines Compose does not start a node for, though NocoBase's own reader passes over them."""
    places = [Place(path, one.found.line) for one in env_file.read(text, {}).values() if one.refused]
    if places:
        where = listing(place.words for place in places[:_MOST_NAMED])
        found = SOURCES.fail(
            tr("{path} has lines that Compose refuses: it starts no node with them.", path=path),
            ErrorKind.PROTOCOL,
            subject=f"{path} {places[0].line}",
            detail=sentences(
                f"{where}.", tr("A line must be NAME=value, and a “${” that begins no variable is written “$${”.")
            ),
            remedy=advice(tr("Take these lines out, or put a “#” before them.")),
            facts={"places": [place.words for place in places]},
        )
        yield replace(found, places=tuple(places))


def _changes(
    path: str,
    text: str,
    wanted: Mapping[str, dotenv.Variable],
    common: Mapping[str, dotenv.Variable],
    secrets: Secrets,
) -> Iterator[_Change]:
    """Go through the variables that one file gives otherwise than the plan, does not give, or gives besides."""
    found = dotenv.parse(text)
    waiting = {name_of(line) for line in placeholders(text)}
    before = 0
    for name, variable in wanted.items():
        if name in found:
            before = found[name].line
        elif name not in waiting and not variable.problem:
            yield _Change(name, path, before, gone=True)
    for name, assignment in found.items():
        in_plan = wanted.get(name) or common.get(name)
        planned = in_plan.reveal(secrets) if in_plan else None
        absent = in_plan is not None and planned is None  # its secret: there is nothing to compare with
        if (assignment.value != planned and not absent) or assignment.earlier:
            repeated = absent or assignment.value == planned
            yield _Change(name, path, assignment.line, repeated=repeated, planned=in_plan is not None)


def _judged(changes: list[_Change], before: str, text: str, known: set[tuple[str, str, Severity]]) -> Iterator[Finding]:
    """Judge what a node gets, by the rules of the plan; what no rule finds amiss is another value all the same."""
    path = changes[0].path
    plan, secrets = dotenv.read(_over(text, before), path)
    told: set[str] = set()
    for finding in rules(plan, secrets):
        about = [one for one in changes if one.name in _variables(plan, finding)]
        if finding.severity not in ASKING or (finding.id, finding.subject, finding.severity) in known or not about:
            continue
        graver = finding.severity is Severity.FAIL
        told |= {one.name for one in about if graver or one.gone or not one.planned}  # a warning may be of its form
        places = listing(one.words for one in about)
        yield replace(
            finding,
            subject=f"{path} {finding.subject or about[0].name}",
            detail=sentences(tr("So it stands in the bundle ({places}).", places=places), finding.detail),
            facts={**finding.facts, "places": [one.words for one in about]},
            places=tuple(one.place for one in about),
        )
    for one in changes:
        if one.name not in told and not one.repeated:
            yield _other(one)


def _stand_ins(texts: Iterable[str], common: Mapping[str, dotenv.Variable]) -> str:
    """Return lines in the place of the placeholders: what waits for a secret is there, and nothing is said of it."""
    names = [name_of(line) for text in texts for line in placeholders(text)]
    return "".join(f"\n{name}={common[name].shown(_STAND_IN)}" for name in names if name in common)


def _over(text: str, before: str) -> str:
    """Return what a node gets of its own file and the common one; its own lines come first and keep their numbers."""
    own = set(dotenv.parse(text))
    left = [line for line in before.splitlines() if _NAME.sub(r"\1", line.partition("=")[0]) not in own]
    return "\n".join([text, *left])


def _other(change: _Change) -> Finding:
    if not change.gone:
        says = tr("{path} gives {name} otherwise than the plan.", path=change.path, name=change.name)
        detail = tr("{place}: a node gets what stands there, and what was checked is the plan.", place=change.words)
    else:
        says = tr("{path} does not give {name}, which the plan says.", path=change.path, name=change.name)
        detail = sentences(
            f"{change.words}." if change.line else "",
            tr("A node gets NocoBase's own default in its place, and what was checked is the plan."),
        )
    found = SOURCES.fail(
        says,
        subject=f"{change.path} {change.name}",
        detail=detail,
        facts={"setting": change.name, "places": [change.words]},
    )
    return replace(found, places=(change.place,))


def _variables(plan: Plan, finding: Finding) -> set[str]:
    """Return the variables that a finding of a rule is about."""
    keys = {finding.subject, str(finding.facts.get("setting", ""))} - {""}
    found = set(keys)
    for key in keys:
        with contextlib.suppress(KeyError):
            found |= set(plan.setting(key).env)
        found |= {*variables_decided_by(key)} - {*ADAPTER_VARIABLES} | {*_OTHER_KEYS.get(key, ())}
    return found
