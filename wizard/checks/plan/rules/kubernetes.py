"""Rules on Kubernetes' workloads and Ingresses (docs/nocobase.md, “Deployment”). They judge what was observed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs_deployed import (
    API_VERSIONS,
    INGRESS_LIMITS,
    INGRESS_PATHS,
    ROLLING_UPDATE,
    SECRET_OBJECTS,
    SERVICE_LINKS,
    STARTUP_PROBE,
)
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.observed import Observed, Topic
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, steps
from wizard.plan.secret import Secrets
from wizard.plan.web import HEALTH_PATH, INFO_PATH, SIZE_UNITS

_PATIENCE = 900
"""Seconds that an installation or an upgrade may take (docs/nocobase.md, “Deployment”)."""
_LARGE = 20 * 1024 * 1024
"""Bytes of a file that NocoBase lets users upload unless it is told otherwise."""
_SLOW = 600
"""Seconds that an answer may take, as in the site of the bundle."""
_USUAL_BODY, _USUAL_WAIT = "1m", "60"
"""ingress-nginx' own values."""
_GONE = re.compile(
    r"extensions/v1beta1|apps/v1beta[12]|networking\.k8s\.io/v1beta1|batch/v1beta1|policy/v1beta1"
    r"|autoscaling/v2beta[12]|traefik\.containo\.us/.*"
)
"""Versions that no supported Kubernetes has, and Traefik's former group."""
_LITERAL = re.compile(r"[A-Za-z0-9/_.-]*")
_CONTAINER = re.compile(r"[a-z0-9][a-z0-9-]*")
"""Names that Kubernetes takes for a container."""
_LONGEST_PATTERN = 200


def _updates(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    for item in plan.seen(Topic.UPDATE):
        kind, replicas = item.names
        if item.value == "start-first":
            yield _starts_first(item)
            continue
        if item.value != "RollingUpdate" or (kind != "Deployment" and replicas == "1"):
            yield ROLLING_UPDATE.passed(
                tr("No update of {subject} runs two versions at once ({way}).", subject=item.subject, way=item.value),
                subject=item.subject,
            )
            continue
        strategy = '"strategy":{"type":"Recreate"' if kind == "Deployment" else '"updateStrategy":{"type":"OnDelete"'
        yield ROLLING_UPDATE.fail(
            tr("{subject} is updated by RollingUpdate: old and new pods run at once.", subject=item.subject),
            subject=item.subject,
            detail="\n".join((item.place.words, tr("NocoBase migrates its database at each start, without a lock."))),
            remedy=_patch(item, f'{{"spec":{{{strategy},"rollingUpdate":null}}}}}}', _replaced_by_hand(kind)),
        )


def _replaced_by_hand(kind: str) -> str:
    if kind == "Deployment":
        return tr(ROLLING_UPDATE.remedy)
    return tr("Set spec.updateStrategy.type to OnDelete, and end all old pods before the first new one starts.")


def _starts_first(item: Observed) -> Finding:
    return ROLLING_UPDATE.fail(
        tr("{subject} is updated start-first: Swarm starts a new task while the old one runs.", subject=item.subject),
        subject=item.subject,
        detail="\n".join((item.place.words, tr("NocoBase migrates its database at each start, without a lock."))),
        remedy=advice(
            tr(
                "Set deploy.update_config.order to stop-first. At an upgrade scale the service to no task before, and "
                "to one first after."
            )
        ),
    )


def _patience(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    for item in plan.seen(Topic.PATIENCE):
        probe = next(iter(item.names), "")
        if not item.value:
            yield STARTUP_PROBE.passed(
                tr("No probe ends a node of {subject}.", subject=item.subject), subject=item.subject
            )
        elif int(item.value) >= _PATIENCE:
            yield STARTUP_PROBE.passed(_allowed(item), subject=item.subject)
        else:
            yield STARTUP_PROBE.fail(
                tr("{allowed} Then {probe} ends it.", allowed=_allowed(item), probe=probe),
                subject=item.subject,
                detail="\n".join((item.place.words, tr("An installation or an upgrade answers 503 for minutes."))),
                remedy=_startup(plan, item),
            )


def _startup(plan: Plan, item: Observed) -> Remedy:
    if not _CONTAINER.fullmatch(item.names[1]):
        return advice(tr(STARTUP_PROBE.remedy))
    get = f'"httpGet":{{"path":"{plan.application.public_path}{HEALTH_PATH}","port":{plan.nodes[0].port}}}'
    probe = f'"startupProbe":{{{get},"periodSeconds":10,"failureThreshold":90}}'
    containers = f'"containers":[{{"name":"{item.names[1]}",{probe}}}]'
    return _patch(item, f'{{"spec":{{"template":{{"spec":{{{containers}}}}}}}}}', tr(STARTUP_PROBE.remedy))


def _patch(item: Observed, change: str, by_hand: str) -> Remedy:
    """Return the command that changes a workload; advice in words where its name is none for a command."""
    if not item.target or "'" in change:
        return advice(by_hand)
    words = tr("The manifest gets the same. A change of the workload starts its pods anew:")
    return steps(words, f"kubectl patch {item.target} --type strategic -p '{change}'")


def _allowed(item: Observed) -> str:
    return trn(
        "A node of {subject} may take {count} second to start.",
        "A node of {subject} may take {count} seconds to start.",
        subject=item.subject,
        count=int(item.value),
    )


def _secret_objects(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    for item in plan.seen(Topic.PLAIN_SECRETS):
        if item.names:
            yield SECRET_OBJECTS.warn(
                tr("{object} holds secrets: {names}.", object=item.subject, names=listing(item.names)),
                subject=item.subject,
                detail="\n".join((item.place.words, tr("Whoever may read the object, or its backups, reads them."))),
                facts={"variables": list(item.names)},
            )
        else:
            yield SECRET_OBJECTS.passed(tr("{object} holds no secret.", object=item.subject), subject=item.subject)


def _service_links(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    for item in plan.seen(Topic.SERVICE_LINKS):
        change = '{"spec":{"template":{"spec":{"enableServiceLinks":false}}}}'
        remedy = _patch(item, change, tr(SERVICE_LINKS.remedy))
        if item.value == "on" and item.names:
            yield SERVICE_LINKS.fail(
                tr(
                    "A Service of these manifests sets {names} of {subject}.",
                    names=listing(item.names),
                    subject=item.subject,
                ),
                subject=item.subject,
                detail="\n".join(
                    (item.place.words, tr("Kubernetes gives pods the address of each Service, such as DB_PORT=tcp://…"))
                ),
                remedy=remedy,
            )
        elif item.value == "on":
            yield SERVICE_LINKS.info(
                tr("A Service called “app” or “db” would set a variable of {subject}.", subject=item.subject),
                subject=item.subject,
                detail=item.place.words,
                remedy=remedy,
            )
        else:
            yield SERVICE_LINKS.passed(
                tr("No Service sets a variable of {subject}.", subject=item.subject), subject=item.subject
            )


def _api_versions(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    seen = plan.seen(Topic.API_VERSION)
    gone = [item for item in seen if _GONE.fullmatch(item.value)]
    for item in gone:
        yield API_VERSIONS.fail(
            tr("{subject} is of {version}, which Kubernetes no longer has.", subject=item.subject, version=item.value),
            ErrorKind.VERSION,
            subject=item.subject,
            detail=item.place.words,
        )
    odd = [item for item in plan.seen(Topic.WRITTEN) if item.subject not in {one.subject for one in gone}]
    for subject in dict.fromkeys(item.subject for item in odd):
        yield _written([item for item in odd if item.subject == subject])
    if seen and not gone and not odd:
        yield API_VERSIONS.passed(tr("Kubernetes has the versions of all objects, and takes their values."))


def _written(items: Sequence[Observed]) -> Finding:
    """Say of one object which values are in quotes and must not be, and which must be."""
    quoted, unquoted = (
        listing(one.place.words for one in items if one.value == form) for form in ("quoted", "unquoted")
    )
    found = API_VERSIONS.fail(
        tr(
            "Kubernetes refuses {subject}: it takes no text for a number, and no number for a text.",
            subject=items[0].subject,
        ),
        ErrorKind.PROTOCOL,
        subject=items[0].subject,
        detail=sentences(
            tr("In quotes, and not to be: {places}.", places=quoted) if quoted else "",
            tr("Without quotes, and to be in them: {places}.", places=unquoted) if unquoted else "",
        ),
        remedy=advice(
            tr("Write numbers, true and false without quotes, and each variable, label and argument in quotes.")
        ),
    )
    return replace(found, places=tuple(one.place for one in items))


def _limits(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    """Judge the paths that the application's requests take, once for each Ingress."""
    judged: set[tuple[str, Topic]] = set()
    low = False
    for item in plan.seen(Topic.BODY_LIMIT, Topic.READ_TIMEOUT):
        if (item.subject, item.topic) in judged or not _request(plan, item):
            continue
        judged.add((item.subject, item.topic))
        if found := _lack(item):
            low = True
            yield found
    if judged and not low:
        yield INGRESS_LIMITS.passed(tr("The Ingress lets large uploads and slow answers pass."))


def _lack(item: Observed) -> Finding | None:
    """Return what is amiss with one annotation; nothing of a text that cannot be read, which ingress-nginx ignores."""
    if item.topic is Topic.BODY_LIMIT:
        text = item.value or _USUAL_BODY
        match = re.fullmatch(r"([0-9]{1,12})([kmg]?)", text.strip().lower())
        size = int(match[1]) * SIZE_UNITS[match[2]] if match else 0
        if 0 < size < _LARGE:
            return INGRESS_LIMITS.fail(
                tr("The Ingress {subject} refuses files above {limit}.", subject=item.subject, limit=text),
                subject=f"{item.subject}: proxy-body-size",
                detail=item.place.words,
                remedy=_annotation(item, "proxy-body-size", "0"),
            )
        return None
    text = item.value or _USUAL_WAIT
    if text.isdecimal() and int(text[:9]) < _SLOW:
        return INGRESS_LIMITS.warn(
            trn(
                "The Ingress {subject} waits {count} second for an answer.",
                "The Ingress {subject} waits {count} seconds for an answer.",
                subject=item.subject,
                count=int(text[:9]),
            ),
            subject=f"{item.subject}: proxy-read-timeout",
            detail="\n".join((item.place.words, tr("An export or a backup takes longer; so does a quiet WebSocket."))),
            remedy=_annotation(item, "proxy-read-timeout", str(_SLOW)),
        )
    return None


def _annotation(item: Observed, name: str, value: str) -> Remedy:
    if not item.target:
        return advice(tr(INGRESS_LIMITS.remedy))
    words = tr("The manifest gets the same:")
    return steps(words, f"kubectl annotate --overwrite {item.target} nginx.ingress.kubernetes.io/{name}={value}")


def _paths(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    found = [(item, asked) for item in plan.seen(Topic.REWRITE) if (asked := _request(plan, item))]
    wrong = [(item, asked, _rewritten(item, asked)) for item, asked in found]
    wrong = [(item, asked, given) for item, asked, given in wrong if given != asked]
    for item, asked, given in wrong[:1]:
        yield INGRESS_PATHS.fail(
            tr("{asked} comes to NocoBase as {given}.", asked=asked, given=given),
            subject=item.subject,
            detail="\n".join(
                (item.place.words, tr("NocoBase writes its sub-path into each page and expects it in each request."))
            ),
            remedy=advice(tr("Take rewrite-target out, let the path be a Prefix, and give the nodes APP_PUBLIC_PATH.")),
        )
    if found and not wrong:
        yield INGRESS_PATHS.passed(tr("Paths come to NocoBase as users ask for them."))


def _request(plan: Plan, item: Observed) -> str:
    """Return a request to the API that a path of an Ingress is for; nothing where it is for none."""
    form, path = item.names
    literal = _LITERAL.match(path)
    start = (literal[0] if literal and form != "Prefix" else path).rstrip("/")
    asked = (f"{plan.application.public_path}{INFO_PATH}", f"{start}/{INFO_PATH}")
    return next((one for one in asked if _is_for(form, path, one)), "")


def _is_for(form: str, path: str, asked: str) -> bool:
    if form == "Exact":
        return asked == path
    if form == "Prefix":
        return asked.startswith(path.removesuffix("/") + "/")
    return _match(path, asked) is not None


def _match(path: str, asked: str) -> re.Match[str] | None:
    """Match as ingress-nginx does: from the beginning, without regard to case."""
    if len(path) > _LONGEST_PATTERN:
        return None
    try:
        return re.match(path, asked, re.IGNORECASE)
    except re.error:
        return None


def _rewritten(item: Observed, asked: str) -> str:
    """Return what comes of a request: the groups of the pattern put into the target."""
    match = _match(item.names[1], asked)
    if not item.value or match is None:
        return asked
    return re.sub(r"\$([0-9])", lambda sign: _group(match, int(sign[1])), item.value)


def _group(match: re.Match[str], number: int) -> str:
    return (match[number] or "") if number <= len(match.groups()) else ""


RULES = (
    Rule(_updates, None),
    Rule(_patience, None),
    Rule(_secret_objects, None),
    Rule(_service_links, None),
    Rule(_api_versions, None),
    Rule(_limits, None),
    Rule(_paths, None),
)
