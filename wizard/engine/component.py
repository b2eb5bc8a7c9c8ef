"""The contract of a component: one object that carries all that is special about a part of a cluster.

What a room outside wants to know of a component (its ids, the step of the window where it is entered, what an edit
overtakes, its box on the map) it asks here; no table elsewhere names a component's checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Any

from wizard.dataclass import dataclass
from wizard.engine.selection import ALL, Selection
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.spec import Spec

if TYPE_CHECKING:
    from wizard.engine.check import Check, CrossCheck
    from wizard.plan.plan import Plan
    from wizard.plan.secret import Secret, Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The bundle that a plan was read from, for the checks that look into it. Reading is done by their probes.

    `path` is where it lies, `edited` says that the plan is no longer the one in it. `files` gives the state of each
    file, `read` the text of one by its path in the bundle, None where it was not exported; `deployed` reads the Compose
    file and the manifests that were changed. All raise OSError. `opened` makes a plan of one of the latter.
    """

    path: str
    edited: bool
    files: Callable[[], Sequence[Any]]
    read: Callable[[str], str | None]
    deployed: Callable[[], Sequence[Any]]
    opened: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FromInside:
    """Facts from inside the nodes: fetched now with the `script`, or `collected` by hand (a file's name, its JSON).

    `key` is the key of this run's fingerprints; `known_key` returns that of an earlier one by its id, None where it is
    not at hand.
    """

    script: str = ""
    key: Secret | None = None
    collected: tuple[tuple[str, Any], ...] = ()
    known_key: Callable[[str], Secret | None] = lambda _identifier: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What checks are made for: the ids wanted, the bundle beside the plan, and what comes from inside the nodes."""

    selection: Selection = ALL
    beside: Beside | None = None
    inside: FromInside | None = None


class Column(Enum):
    """Where a component stands in the picture of the cluster, which is read from left to right."""

    BALANCER = "before the nodes"
    NODES = "a box for each node: its checks have the nodes' names as subjects"
    SERVICES = "behind the nodes"
    BEYOND = "below the services, as it is nobody's of the cluster"


@dataclass(frozen=True, kw_only=True)
class Component:
    """A part of the cluster that can be checked. Its package has one such object, and no driver is loaded for it.

    `specs` are its ids in the order people read them, `title` its name for people (marked for translation). `step`
    is the page of the window where its findings are mended, and the section of the plan where it is entered;
    `overtaken_by` are the settings whose edits overtake its findings (see `rests_on`), `overtaken_also` more of
    them for one id. One of `leads` must have passed before it counts as tested, and none of `never_left_out` may
    have been skipped. `serving` passes once the part serves its users. `secrets` says which ids need the secret at
    a setting's key, or any secret of a section. `variables` are how those variables begin that no setting holds and
    that are entered on its step. `asked_by` are the other components whose checks give ids of this one. Checks with
    a lower `turn` begin first. `spans` says that it compares the whole cluster, so that no step shows its findings,
    `on_request` that nobody looks unless a run is asked to, `offline` that its checks ask nobody: each run has
    them, and waiting changes nothing of what they say. `names_subjects` says that its sentences name what they are
    about, so that a report puts no subject before them. `column` is its place in the picture of the cluster;
    without one it has no box there.
    """

    name: str
    title: str
    specs: tuple[Spec, ...]
    step: str
    overtaken_by: tuple[str, ...] = ()
    overtaken_also: Mapping[Spec, tuple[str, ...]] = field(default_factory=dict)
    leads: tuple[Spec, ...] = ()
    never_left_out: tuple[Spec, ...] = ()
    serving: Spec | None = None
    secrets: Mapping[str, tuple[Spec, ...]] = field(default_factory=dict)
    variables: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
    turn: int = 50
    spans: bool = False
    on_request: bool = False
    offline: bool = False
    names_subjects: bool = False
    column: Column | None = None

    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:
        """Return the checks of a plan."""
        raise NotImplementedError

    def cross_checks(self, plan: Plan) -> list[CrossCheck]:  # noqa: ARG002 - for those that have some
        """Return the checks that look at the facts of several subjects together."""
        return []

    def absent(self, plan: Plan) -> str:  # noqa: ARG002 - for those that a plan can lack
        """Say why a plan has nothing that this component looks at; nothing where it has."""
        return ""

    def steps(self, plan: Plan) -> tuple[str, ...]:  # noqa: ARG002 - for those that a plan can put elsewhere
        """Return the steps of the window whose Test runs its checks; no step shows findings where there is none."""
        return () if self.spans else (self.step,)

    def shown_on(self, plan: Plan, finding: Finding) -> str:  # noqa: ARG002 - for those that have one
        """Return a second step of the window that shows a finding, nothing where there is none."""
        return ""

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:  # noqa: ARG002 - for those that know
        """Return the keys of the settings whose values a finding is about, where it names none itself."""
        return ()

    def stands_at(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        """Return the keys whose places tell where what a finding is about stands: as a rule what it concerns."""
        return self.concerns(plan, finding)

    def rests_on(self, plan: Plan, finding: Finding) -> tuple[str, ...]:  # noqa: ARG002 - alike in most plans
        """Return what a finding rests on: settings, whole groups (`database`), or one of each node (`nodes.*.host`).

        An edit of anything else leaves it as it is. A variable that no setting covers goes by its name.
        """
        spec = self.spec(finding.id)
        return (*self.overtaken_by, *(self.overtaken_also.get(spec, ()) if spec else ()))

    def needing(self, key: str) -> tuple[Spec, ...]:
        """Return the ids that need the secret at the key of a setting."""
        return self.secrets.get(key) or self.secrets.get(key.partition(".")[0], ())

    def version(self, found: Sequence[Finding]) -> str:
        """Return the version that was found out of a server, or nothing."""
        return str(known(found, f"{self.name}.version", "version") or "")

    def fact(self, plan: Plan, found: Sequence[Finding]) -> str:  # noqa: ARG002 - for those that have one
        """Say what it is known by in one line: found out by a check if possible, else as planned, or nothing."""
        return ""

    def box(self, plan: Plan) -> tuple[str, str]:  # noqa: ARG002 - for those that say more
        """Return what its box on the map is called, and the fact below that as it is planned."""
        return tr(self.title), ""

    def figure(self, found: Sequence[Finding]) -> str:  # noqa: ARG002 - for those that have one
        """Say the figure that tells most of it on the map, once it is known."""
        return ""

    def spec(self, identifier: str) -> Spec | None:
        """Return the declaration of one of its ids, or None."""
        return next((spec for spec in self.specs if spec.id == identifier), None)


def known(found: Sequence[Finding], identifier: str, name: str) -> Any:
    """Return what a check found out under `name`, or None."""
    return next((item.facts[name] for item in found if item.id == identifier and name in item.facts), None)
