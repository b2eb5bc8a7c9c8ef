"""The Compose file and manifests of a bundle, changed by hand: what runs by them is judged like the plan.

They are read as a source of their own; what only a plan can say is not asked of them. What a plan says in other words,
such as how many containers there are, is compared with what the plan itself would give.
"""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from wizard.checks.plan import bundle_compose, bundle_kubernetes
from wizard.checks.plan.rules import rules
from wizard.checks.plan.specs import RULES
from wizard.checks.plan.specs_deployed import RULES as DEPLOYED
from wizard.checks.plan.specs_read import SOURCES
from wizard.dataclass import dataclass
from wizard.engine.check import Check
from wizard.engine.facts import PENDING, Fact, Known, Trouble, attempt
from wizard.formats import dotenv
from wizard.formats.allowance import allowance
from wizard.formats.compose.documents import OVERRIDES
from wizard.formats.files import SourceError
from wizard.net.errors import explain_any
from wizard.plan.finding import ASKING, ErrorKind, Finding, Severity
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef, Secrets
from wizard.reading import UnreadableError, guarded

_ASKED = {spec.id for spec in DEPLOYED} | {
    "plan.aes_key",
    "plan.app_key",
    "plan.coverage",
    "plan.database_tls",
    "plan.environment",
    "plan.shared_storage",
    "plan.sources",
    "plan.time_zone",
    "plan.value",
    "plan.version",
    "plan.worker_ids",
    "plan.worker_mode",
}
"""The rules on what such files say by themselves. Of the public address, say, they tell less than the plan."""

_TOLD_OF_PARTS = {"application.version", "storage.path"}
"""Settings that are told of the image and of what is mounted, where those are compared."""


_COMPOSE_ENV = "compose/.env"


@dataclass(frozen=True, slots=True)
class Deployed:
    """The file or the folder at `path` in the bundle, which was changed, and the texts of all files it is read with.

    They are secrets: whoever changed them may have written one there. `planned` are the texts of its files as the plan
    of the bundle gives them; without any nobody can say what those would be.
    """

    path: str
    texts: Mapping[str, Secret] = field(default_factory=dict)
    planned: Mapping[str, str] = field(default_factory=dict)

    @property
    def revealed(self) -> dict[str, str]:
        """The texts of all files."""
        return {path: text.reveal() for path, text in self.texts.items()}

    @property
    def overriding(self) -> str:
        """The path of the file that Compose lays over this one without being told to, where there is one."""
        folder = posixpath.dirname(self.path)
        paths = [posixpath.join(folder, name) for name in OVERRIDES] if self.path in self.texts else []
        return next((path for path in paths if path in self.texts), "")

    @property
    def added(self) -> dict[str, str]:
        """The manifests in its folder that its plan does not give."""
        below = f"{self.path}/"
        ends = (".yaml", ".yml", ".json")
        return {path: text for path, text in self.revealed.items() if path.startswith(below) and path.endswith(ends)}

    @property
    def own(self) -> dict[str, str]:
        """Its files as they are now, as far as the plan gives them."""
        return {path: self.texts[path].reveal() for path in self.planned if path in self.texts}


Open = Callable[[Deployed], tuple[Plan, Mapping[str, Secret]]]
"""Return the plan that is read from what was changed alone, and its secrets; raises SourceError."""


@dataclass
class DeployedFacts:
    """What was changed after the export."""

    found: Fact[Sequence[Deployed]] = PENDING


def checks(
    read: Callable[[], Sequence[Deployed]], opened: Open, plan: Plan, secrets: Secrets
) -> list[Check[DeployedFacts]]:
    """Return the check of what was changed of them; `read` reads that, and raises OSError."""

    def probe(facts: DeployedFacts) -> None:
        facts.found = attempt(read, explain_any)

    return [
        Check(
            component="plan",
            subject="bundle",
            part="deployed",
            specs=RULES,
            facts=DeployedFacts,
            probe=probe,
            judge=lambda facts: judge(facts, opened, plan, secrets),
        )
    ]


def judge(facts: DeployedFacts, opened: Open, plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    """Say what the changed files ask for, as far as the plan does not have it, too; of files as exported nothing."""
    if not isinstance(facts.found, Known):
        message = facts.found.message if isinstance(facts.found, Trouble) else ""
        says = tr("What was changed of the bundle's Compose file or manifests could not be read.")
        yield SOURCES.unknown(says, subject="bundle", detail=message, error=ErrorKind.OTHER)
        return
    known = {(one.id, one.subject, one.severity) for one in rules(plan, secrets)} if facts.found.value else set()
    for one in facts.found.value:
        try:
            found, own = opened(one)
            otherwise = _run_otherwise(one)
        except SourceError as error:
            says = tr("{path} cannot be read as what it was exported as.", path=one.path)
            yield SOURCES.fail(says, ErrorKind.PROTOCOL, subject=one.path, detail=str(error))
            continue
        told = [finding for finding in rules(found, own) if _is_of_it(finding, known, one)]
        yield from (_placed(finding, one, found) for finding in told)
        yield from otherwise
        about = {key for finding in told for key in (finding.subject, finding.facts.get("setting"))}
        yield from (
            _otherwise(one, found, key, name)
            for key, name in _others((found, own), (plan, secrets))
            if key not in about
        )


def _run_otherwise(one: Deployed) -> list[Finding]:
    """Compare its files with those of the plan, within the bounds of a source; raises SourceError."""
    try:
        with guarded(one.path), allowance(one.path):
            if one.path in one.own:
                return list(bundle_compose.judge(one.path, one.revealed, one.planned[one.path]))
            return list(bundle_kubernetes.judge({**one.added, **one.own}, one.planned)) if one.own else []
    except UnreadableError as error:
        raise SourceError(tr("{name} cannot be read: {reason}.", name=one.path, reason=error.strerror)) from None


def _is_of_it(finding: Finding, known: set[tuple[str, str, Severity]], one: Deployed) -> bool:
    told = (finding.id, finding.subject, finding.severity) in known
    told = told or (bool(one.own) and finding.id == SOURCES.id and finding.facts.get("setting") in _TOLD_OF_PARTS)
    asks = finding.severity in ASKING or (finding.id == SOURCES.id and finding.severity is Severity.UNKNOWN)
    return asks and finding.id in _ASKED and not told


def _placed(finding: Finding, one: Deployed, found: Plan) -> Finding:
    key = str(finding.facts.get("setting") or finding.subject)
    where = listing(place.words for place in _places(one, found, key)) or one.path
    over = one.overriding
    return replace(
        finding,
        subject=f"{one.path} {finding.subject}".rstrip(),
        detail=sentences(
            tr("So it stands in the bundle ({places}).", places=where),
            finding.detail,
            tr("Compose lays {file} over {path}.", file=over, path=one.path) if over else "",
        ),
    )


def _places(one: Deployed, found: Plan, key: str) -> list[Place]:
    """Return where what was found of a setting stands, and where Compose takes a value for it from its own env file."""
    place = found.place_of(key)
    told = [place] if place else []
    own = one.texts.get(_COMPOSE_ENV) if one.path in one.texts else None
    if own and place:
        with contextlib.suppress(SourceError):  # told where it is judged
            line = dotenv.parse(own.reveal()).get(place.name)
            told += [Place(_COMPOSE_ENV, line.line, place.name)] if line else []
    return told


def _others(found: tuple[Plan, Secrets], planned: tuple[Plan, Secrets]) -> Iterator[tuple[str, str]]:
    """Go through the settings, with their variables, of which the files say something else than the plan.

    Of secrets those alone that are at hand on both sides.
    """
    plan, secrets = planned
    other, own = found
    for key, setting, value in plan.settings():
        unsure = key in other.unsaid or other.problem(key) or other.is_expression(key)
        if not setting.env or key.startswith("nodes.") or unsure:
            continue
        if setting.secret:
            one, two = _secret(value, secrets), _secret(other.get(key), own)
            if one and two and one != two:
                yield key, setting.env[0]
        elif other.get(key) != value:
            yield key, setting.env[0]


def _secret(value: object, secrets: Secrets) -> str:
    found = secrets.get(value.name) if isinstance(value, SecretRef) else None
    return found.reveal() if found else ""


def _otherwise(one: Deployed, found: Plan, key: str, name: str) -> Finding:
    where = [place.words for place in _places(one, found, key)] or [one.path]
    return SOURCES.fail(
        tr("{path} gives {name} otherwise than the plan.", path=one.path, name=name),
        subject=f"{one.path} {name}",
        detail=tr("{place}: a node gets what stands there, and what was checked is the plan.", place=listing(where)),
        facts={"setting": name, "places": where},
    )
