"""Read an env file as NocoBase does, and give the plan it stands for. Nothing in the file is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath

from wizard.formats.allowance import Cost, spend
from wizard.formats.dotenv.addresses import read_queue, read_redis
from wizard.formats.dotenv.continued import Line, is_piece, read_lines
from wizard.formats.dotenv.draft import Draft, where
from wizard.formats.dotenv.expressions import Expanded, expanded
from wizard.formats.dotenv.grammar import LARGEST, MOST, Assignment, parse
from wizard.formats.dotenv.values import PRESET, REJECT_UNAUTHORIZED
from wizard.formats.files import NoVariableError, SourceError
from wizard.formats.image import WORKING
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.kinds import Boolean, Text, TimeZone
from wizard.plan.observed import Observed, Topic
from wizard.plan.place import Place
from wizard.plan.plan import Plan, Unlike
from wizard.plan.plugins import needed_plugins, short_name
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment, Dialect, LicenceMethod, Node, Tls
from wizard.plan.sections.application import Environment
from wizard.plan.sections.database import DEFAULT_PORTS, USUAL_TLS_MODES
from wizard.plan.sections.redis import ROLE_VARIABLES
from wizard.plan.setting import settings_of
from wizard.plan.stored_elsewhere import is_stored_elsewhere

_NAMED = 100
"""Lines without a variable that are named; a file with more of them is no env file that somebody mistyped."""

_SECTIONS = ("application", "database", "licence")
_NEVER_EMPTY = {"application.public_path", "database.schema", "licence.service_url"}
_OF_NO_IMAGE = "PM2_HOME", "SOCKET_PATH"
"""What only nodes without a container are given; a folder for the storage may be mounted into one, too."""
_SILENT = ("application.", "licence.", "storage.", "balancer.")
"""Sections with settings that no variable stands for."""

_PIECE = mark(
    "What stands there in the place of a name looks like a piece of a key. A value that goes on over several lines "
    "must stand in quotes."
)


def read(text: str, name: str) -> tuple[Plan, dict[str, Secret]]:
    """Read the plan of an env file and the secrets in it, by the names of their references.

    A setting whose variable is not there gets what NocoBase then takes, not what this program would propose; a value
    that cannot be read is kept as unreadable; a variable that no setting covers becomes an extra. Raises SourceError
    if there is no variable at all.
    """
    if len(text) > LARGEST:
        raise SourceError(tr("{name} is too large for an env file.", name=name))
    assignments, others = read_lines(text)
    if not assignments:
        first = others[0][0] if others else 1
        raise NoVariableError(
            first, tr("{name}, line {line}: there is no variable such as APP_KEY=… in it.", name=name, line=first)
        )
    assignments = {key: _as_it_stands(found) for key, found in assignments.items()}
    draft = _filled(assignments, expanded(assignments.values()), name)
    for block in islice(_blocks(others), _NAMED):
        _refuse_lines(draft, block)
    return draft.finished(), draft.secrets


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Go through the lines that follow one another, together: one value that goes on over several is one mistake."""
    block: list[Line] = []
    for number, line in lines:
        if block and number != block[-1][0] + 1:
            yield block
            block = []
        block.append((number, line))
    if block:
        yield block


def _refuse_lines(draft: Draft, block: Sequence[Line]) -> None:
    """Keep lines that are no assignment, with what is to be done; what stands there may be a part of a secret."""
    number = block[0][0]
    if len(block) > 1:
        problem = tr(
            "None of lines {first} to {last} is a NAME=value. If they go on with the value above them, that must stand "
            "in quotes: without them NocoBase takes its first line alone.",
            first=number,
            last=block[-1][0],
        )
    elif parse(block[0][1]):
        problem = tr(_PIECE)
    else:
        problem = tr("NocoBase's reader passes over this line: it is no NAME=value.")
    text = "\n".join(line for _number, line in block)
    draft.refuse(f"line {number}", Assignment(f"line-{number}", text, number), problem, secret=True)


def _as_it_stands(found: Assignment) -> Assignment:
    """Return an assignment with the template in the place of its value: that is what somebody has to fill in."""
    if not found.template:
        return found
    return replace(found, value=found.template, alike=True, cut=False, torn=False)


def read_given(
    assignments: dict[str, Assignment], expressions: Mapping[str, Expanded], name: str, *, container: bool = False
) -> tuple[Plan, dict[str, Secret]]:
    """Read the plan of variables that somebody has gathered, and the secrets in it; `name` is where most stand.

    `expressions` are those among them whose values could not be made out. `container`: a container gets them, so that
    a folder of the image is none of the machine.
    """
    if len(assignments) > MOST:
        raise SourceError(tr("{name}: it has more than {most} variables for one program.", name=name, most=MOST))
    spend(Cost.VARIABLES, len(assignments))
    draft = _filled(assignments, expressions, name, composed=True, container=container)
    return draft.finished(), draft.secrets


def _filled(
    assignments: dict[str, Assignment],
    expressions: Mapping[str, Expanded],
    name: str,
    *,
    composed: bool = False,
    container: bool = False,
) -> Draft:
    """Return a draft with all that the variables say, and what they do not."""
    pieces = [found for found in assignments.values() if is_piece(found)]
    named = {found.name for found in pieces}
    assignments = {one: found for one, found in assignments.items() if one not in named}
    expressions = {one: found for one, found in expressions.items() if one in assignments}
    draft = Draft(assignments, name)
    for found in pieces:
        _refuse_piece(draft, found)
    stored = {one: Expanded(None, (one,)) for one, found in assignments.items() if is_stored_elsewhere(found.value)}
    expressions = {**expressions, **stored}
    for found in [draft.left.pop(variable) for variable in expressions]:
        elsewhere = composed or found.name in stored
        draft.express(key_of(found.name), found, expressions[found.name], composed=elsewhere)
    _read_licence(draft)
    for section in _SECTIONS:
        _read_section(draft, section)
    _finish_database(draft, assignments["DB_DIALECT"].value if "DB_DIALECT" in assignments else "")
    cluster = any(name in assignments for name in ROLE_VARIABLES.values())
    read_queue(draft, cluster=cluster)
    read_redis(draft)
    _read_adapters(draft, cluster=cluster)
    _read_node(draft, container=container)
    if not composed:  # beside units and processes NocoBase reads a file .env of its own, which may say it
        _take_environment(draft, assignments, name)
    _read_preset(draft)
    for found in list(draft.left.values()):
        draft.keep(found)
    environment = _has(assignments, "APP_ENV") or bool(draft.plan.seen(Topic.UNSET))
    unsaid = _unsaid(draft.plan, environment=environment)
    unlike = _read_unlike(found for found in assignments.values() if found.name not in expressions)
    draft.plan = replace(draft.plan, unsaid=unsaid, unlike=unlike)
    return draft


def _take_environment(draft: Draft, assignments: dict[str, Assignment], name: str) -> None:
    """Take what NocoBase takes where nothing says its environment: an image brings production, it itself does not."""
    if not _has(assignments, "APP_ENV") and any(_has(assignments, name) for name in _OF_NO_IMAGE):
        taken = Environment.DEVELOPMENT
        draft.set("application.environment", taken)
        seen = Observed(Topic.UNSET, "APP_ENV", Place(name), taken)
        draft.plan = replace(draft.plan, observed=(*draft.plan.observed, seen))


def _read_unlike(assignments: Iterable[Assignment]) -> tuple[Unlike, ...]:
    """Return which variables other readers take otherwise, or stand there twice."""
    return tuple(
        Unlike(found.name, where(found), found.earlier if found.alike else 0)
        for found in assignments
        if not found.alike or found.earlier
    )


def _refuse_piece(draft: Draft, found: Assignment) -> None:
    """Keep what is no variable's name but looks like a piece of a key, without telling it."""
    problem = tr(_PIECE)
    text = f"{found.name}={found.value}"
    draft.refuse(f"line {found.line}", replace(found, name=f"line-{found.line}", value=text), problem, secret=True)


def key_of(variable: str) -> str:
    """Return the key of the setting that a variable decides alone; else the variable itself."""
    if variable == "QUEUE_ADAPTER":
        return "queue.kind"
    plan = Plan()
    own = (
        f"{section}.{name}"
        for section in _SECTIONS
        for name, setting in settings_of(plan.get(section)).items()
        if variable in setting.env
    )
    return next(own, "storage.path" if variable == "STORAGE_PATH" else variable)


def _unsaid(plan: Plan, *, environment: bool) -> frozenset[str]:
    """Return the keys of what the file has no variable for, and of what an image may say in its place (APP_ENV)."""
    bare = plan.application.deployment is Deployment.BARE  # its paths were there
    said = {
        "licence.enable_plugins",
        "licence.without_plugins",
        *(["licence.method"] if plan.licence.method is LicenceMethod.ACCOUNT else []),
        *(["application.deployment"] if bare else []),
        *(["storage.path"] if plan.storage.path else []),
    }
    silent = {key for key, setting, _value in plan.settings() if not setting.env and key.startswith(_SILENT)}
    nodes = {"nodes", *(f"nodes.{index}.host" for index in range(len(plan.nodes)))}
    own = set() if environment else {"application.environment"}
    return frozenset((silent | nodes | own) - said)


def _read_licence(draft: Draft) -> None:
    account = any(
        draft.left[name].value for name in ("NOCOBASE_PKG_USERNAME", "NOCOBASE_PKG_PASSWORD") if name in draft.left
    )
    draft.set("licence.method", LicenceMethod.ACCOUNT if account else LicenceMethod.KEY)


def _read_section(draft: Draft, section: str) -> None:
    for name, setting in settings_of(draft.plan.get(section)).items():
        key = f"{section}.{name}"
        found = [item for variable in setting.env if (item := draft.take(variable))]
        if found:
            draft.read(key, found[0])
            for other in found[1:]:
                if other.value != found[0].value:
                    draft.keep(other)
        elif setting.env and key not in _NEVER_EMPTY:
            _read_absence(draft, key)


def _read_absence(draft: Draft, key: str) -> None:
    """Decide a setting whose variable is not there: empty, or “no”; a default of this program is no fact."""
    match draft.plan.setting(key).kind:
        case Boolean():
            draft.set(key, False)
        case Text() | TimeZone():
            draft.set(key, "")


def _has(assignments: dict[str, Assignment], name: str) -> bool:
    return name in assignments and bool(assignments[name].value)


def _finish_database(draft: Draft, dialect: str) -> None:
    if not dialect:
        problem = tr("DB_DIALECT is missing: NocoBase does not start without it.")
        draft.refuse("database.dialect", Assignment("DB_DIALECT", "", 0), problem)
    database = draft.plan.database
    if dialect == database.dialect and database.port == DEFAULT_PORTS[database.dialect]:
        draft.set("database.port", None)
    reject = draft.take(REJECT_UNAUTHORIZED)
    if reject:
        draft.set("database.tls", Tls.VERIFY if reject.value == "true" else Tls.ENCRYPT)
        draft.place("database.tls", reject)
    elif database.tls_ca or database.tls_cert or database.tls_key or database.tls_mode:
        draft.set("database.tls", Tls.VERIFY)  # any of them switches TLS on, and Node.js checks unless told not to
    tls = draft.plan.database.tls
    if dialect == Dialect.POSTGRES and database.tls_mode == USUAL_TLS_MODES[tls]:
        draft.set("database.tls_mode", "")


def _read_adapters(draft: Draft, *, cluster: bool) -> None:
    """A missing or other value leaves each process alone, silently; only a file meant for a cluster is asked for it."""
    for name in ("CACHE_DEFAULT_STORE", "LOCK_ADAPTER_DEFAULT"):
        found = draft.take(name)
        if found:
            draft.place(name, found)
        if (found and found.value != "redis") or (cluster and not found):
            problem = tr("{name} must be redis in a cluster; otherwise each process is alone with it.", name=name)
            if name == "LOCK_ADAPTER_DEFAULT" and found and found.value == "local":
                enabled = tr("Until its plug-in is enabled “local” is right: with redis a first start breaks off.")
                problem = sentences(problem, enabled)
            draft.refuse(name, found or Assignment(name, "", 0), problem)


def _read_node(draft: Draft, *, container: bool) -> None:
    """One env file says little about nodes: how many there are and where stands elsewhere."""
    settings = settings_of(Node())
    found = {key: item for key, setting in settings.items() for name in setting.env if (item := draft.take(name))}
    storage = draft.take("STORAGE_PATH")
    in_image = storage is not None and PurePosixPath(storage.value).is_relative_to(WORKING)
    if storage and container:
        draft.keep(storage)  # a folder inside a container says nothing of the machine's
    elif storage:
        draft.read("storage.path", storage)
    if in_image or container:
        storage = None  # NocoBase may lie there without a container, too: that is not said
    if storage or "pm2_home" in found or "socket_path" in found:
        draft.set("application.deployment", Deployment.BARE)
        draft.place("application.deployment", storage or found.get("pm2_home") or found["socket_path"])
    if not found:
        return
    draft.set("nodes", (Node(name="node1"),))
    for key, item in found.items():
        draft.read(f"nodes.0.{key}", item)


def _read_preset(draft: Draft) -> None:
    """Plug-ins enabled at each start; the names the cluster has no need of stay an extra."""
    found = draft.take(PRESET)
    needed = [short_name(package) for package in needed_plugins(draft.plan)]
    names = [name.strip() for name in found.value.split(",")] if found else []
    complete = {short_name(name) for name in names} >= set(needed)
    draft.set("licence.enable_plugins", complete)
    if found:
        draft.place("licence.enable_plugins", found)
    others = [name for name in names if not complete or short_name(name) not in needed]
    if found and others:
        draft.keep(Assignment(PRESET, ",".join(others), found.line))
