"""NocoBase's image: how it is told from others, and where it keeps its files by what a container of it is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Protocol

from wizard.pattern import pattern
from wizard.plan.versions import release_of

WORKING = PurePosixPath("/app/nocobase")
"""Where NocoBase is started in the image; it takes relative paths from there."""
STORAGE = str(WORKING / "storage")
"""Where the image has NocoBase's `storage` (docker/nocobase/docker-entrypoint.sh)."""

_NAME = pattern(r"(?:^|/)nocobase(?:/nocobase[\w.-]*)?(?::|@|$)")
_PUBLISHED = pattern(r"(?:(?:docker\.io|registry\.cn-shanghai\.aliyuncs\.com)/)?nocobase/nocobase(?:[:@].*)?")
"""The image as its makers publish it, in both of their registries (docs/nocobase.md, "Deployment")."""
_OTHER = pattern(
    r"(?:^|/)(?:[\w.-]*(?:backup|dump)[\w.-]*"
    r"|(?:postgres|postgis|pgvector|pgbouncer|pgadmin|timescale|mysql|mariadb|redis|valkey|rabbitmq|adminer)[\w.-]*"
    r"|nginx|haproxy|traefik|caddy|alpine|busybox|debian|ubuntu)(?::|@|$)"
)
"""Images of others that are given a node's variables for their own work, as what backs up its database."""


_VERSION = pattern(r":(?P<tag>v?[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*)(?:@|$)")


class _Given(Protocol):
    @property
    def value(self) -> str: ...


def is_nocobase(image: str, *, given: bool) -> bool:
    """Whether a container is NocoBase, by its image, or as it is `given` what no other program is."""
    return bool(_NAME.search(image)) or (given and not _OTHER.search(image))


def is_published(image: str) -> bool:
    """Whether an image is NocoBase's own as its makers publish it, by its name: what others make may differ in all."""
    return bool(_PUBLISHED.fullmatch(image))


def version_of(image: str) -> str:
    """Return the version of NocoBase that an image's tag says, nothing where it says none, such as `latest`."""
    tag = _VERSION.search(image)
    return release_of(tag["tag"]) if tag else ""


def in_image(folder: str) -> PurePosixPath:
    """Return the whole path of a folder as NocoBase in a container takes it."""
    return PurePosixPath(normpath(str(WORKING / folder)))


def own_env_file(variables: Mapping[str, _Given]) -> str:
    """Return where a container has the env file that NocoBase reads itself."""
    given = variables.get("APP_ENV_PATH")
    return str(in_image(given.value if given and given.value and "$" not in given.value else ".env"))


def storage_root(variables: Mapping[str, _Given]) -> str:
    """Return where a container has its storage."""
    given = variables.get("STORAGE_PATH")
    return str(in_image(given.value)) if given and given.value and "$" not in given.value else STORAGE


def folder_apart(variables: Mapping[str, _Given], name: str) -> str:
    """Return the folder that the variable `name` leads to, where that is none below the storage; else nothing."""
    given = variables.get(name)
    if not given or not given.value or "$" in given.value:
        return ""
    folder = in_image(given.value)
    return "" if folder.is_relative_to(storage_root(variables)) else str(folder)
