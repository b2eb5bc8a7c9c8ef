"""What Compose and Kubernetes share: the image, the paths inside a container, and what a node's variables become."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from wizard.dataclass import dataclass
from wizard.formats.dotenv.values import Variable
from wizard.formats.files import LackingError, SecretsMode
from wizard.formats.image import STORAGE
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.localhost import is_localhost
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan
from wizard.plan.secret import SecretRef, Secrets
from wizard.plan.sections import QueueKind, Tls

IMAGE = "nocobase/nocobase"
_PACKING = pattern(r"-(?:full|no-nginx)(?:-|$)")
"""How the tag of another packing of one version ends (docs/nocobase.md)."""
_FILES = (
    "application.aes_key_path",
    "application.extra_ca_file",
    "database.tls_ca",
    "database.tls_cert",
    "database.tls_key",
)


_KEY = Variable("APP_KEY", "application.app_key", "", SecretRef("application.app_key"))


@dataclass(frozen=True, slots=True)
class Secreted:
    """The variables with a secret: `every` one in the files' order, those `given` in the bundle, those `missing`."""

    every: tuple[Variable, ...]
    given: tuple[Variable, ...]
    missing: tuple[Variable, ...]


def part(variables: Iterable[Variable], secrets: Secrets, mode: SecretsMode) -> Secreted:
    """Part the variables with a secret by whether an env file of the bundle has the value.

    A plan that has no key at all lacks a value, too: NocoBase would take a publicly known one.
    """
    writes = mode in {SecretsMode.INLINE, SecretsMode.MASKED}
    found = tuple(variables)
    every = [variable for variable in found if variable.ref and not variable.problem]
    if _KEY.name not in {variable.name for variable in found}:
        every.insert(0, _KEY)
    given = tuple(item for item in every if writes and item is not _KEY and item.reveal(secrets) is not None)
    return Secreted(tuple(every), given, tuple(variable for variable in every if variable not in given))


def refuse_unreadable(plan: Plan, keys: Iterable[str]) -> None:
    """Raise LackingError if the text of one of the settings could not be read: no default takes its place."""
    for key in keys:
        if problem := plan.problem(key):
            raise LackingError(key, f"{key}: {problem}")


def refuse_none(plan: Plan) -> None:
    """Raise LackingError where there is no node to run."""
    if not plan.nodes:
        raise LackingError("nodes", tr("The plan has no nodes to run."))


def mounted_files(plan: Plan) -> tuple[str, ...]:
    """Return the files that NocoBase reads by path and that are not in the shared folder.

    They must be brought along.
    """
    return tuple(path for path in _files(plan) if not _is_stored(path))


def stored_files(plan: Plan) -> tuple[str, ...]:
    """Return the files that NocoBase reads by path in the shared folder, by their paths from there on."""
    return tuple(str(PurePosixPath(path).relative_to(STORAGE)) for path in _files(plan) if _is_stored(path))


def _files(plan: Plan) -> list[str]:
    off = plan.database.tls is Tls.OFF
    used = {plan.get(key) for key in _FILES if not (off and key.startswith("database."))}
    return sorted(path for path in used if path.startswith("/"))


def _is_stored(path: str) -> bool:
    return PurePosixPath(STORAGE) in PurePosixPath(path).parents


def local_hosts(plan: Plan) -> tuple[str, ...]:
    """Return the settings whose host is “localhost”, which in a container is the container itself."""
    servers = [plan.redis.endpoint_key(role) for role in plan.redis_roles]
    keys = ["database.host", *(f"{key}.host" for key in servers)]
    keys += ["queue.host"] if plan.queue.kind is QueueKind.RABBITMQ else []
    return tuple(dict.fromkeys(key for key in keys if is_localhost(plan.get(key))))


def health_script(url: str) -> str:
    """Return a program for Node.js that ends with 0 if `url`, an expression, answers 200 with the body `ok`.

    It is written without `$` and without quotes of both kinds, which a file would have to escape.
    """
    return (
        f"fetch({url},{{signal:AbortSignal.timeout(4000)}})"
        ".then(async r=>process.exit(r.status===200&&(await r.text()).trim()==='ok'?0:1),()=>process.exit(1))"
    )


def waiting_script(url: str) -> str:
    """Return a program for Node.js that ends once `url` answers 200 with the body `ok`."""
    return (
        f"const again=()=>setTimeout(ask,3000);const ask=()=>fetch('{url}',{{signal:AbortSignal.timeout(4000)}})"
        ".then(async r=>r.status===200&&(await r.text()).trim()==='ok'||again(),again);ask()"
    )


def other_images(plan: Plan) -> tuple[str, ...]:
    """Return the images that the nodes of what was opened run, where they are not those that exported files name."""
    seen = dict.fromkeys(item.value for item in plan.seen(Topic.IMAGE))
    return tuple(image for image in seen if not _is_own(image))


def _is_own(image: str) -> bool:
    name, _colon, tag = image.partition("@")[0].removeprefix("docker.io/").partition(":")
    return name == IMAGE and not _PACKING.search(tag)


def names_image(paths: Iterable[str]) -> bool:
    """Whether a file of the bundle names the image of the nodes."""
    return any(path.startswith(("compose/compose.", "kubernetes/deployment-")) for path in paths)
