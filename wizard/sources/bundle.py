"""A bundle: a folder or an archive with a cluster file, exported by this program or put together by hand."""

from __future__ import annotations

from wizard.formats import cluster_file
from wizard.formats.files import SourceError
from wizard.plan.bundle_names import MANIFEST, SEALED
from wizard.plan.i18n import listing, mark, sentences, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material
from wizard.sources.shared.env_names import gives

CLUSTER_FILE = "cluster.yaml"
ENV_FILE = "env/cluster.env"
_MOST_LOOKED_AT, _MOST_NAMED = 100, 10
_EXPECTED = mark(
    "Nor is a Compose file by its usual name in it, an env file, a kustomization or a manifest: name the file itself."
)


class Bundle:
    """Reads the plan from the cluster file, and the secrets from the env file where they were written into it."""

    title = mark("A bundle")
    description = mark(
        "A folder or an archive with a cluster file: one that this program exported, with its env files, "
        "or one put together by hand."
    )

    def likeness(self, material: Material) -> Likeness:
        if not material.holds_files:
            return Likeness.NO
        return Likeness.SURE if material.file(CLUSTER_FILE) is not None else Likeness.FALLBACK

    def read(self, material: Material) -> OpenedSource:
        text = material.text_of(CLUSTER_FILE)
        if text is None and CLUSTER_FILE in material.names:
            raise material.unread(CLUSTER_FILE)
        if text is None:
            refused = tr("{name} holds no {file}: it is no bundle.", name=material.title, file=CLUSTER_FILE)
            raise SourceError(sentences(refused, tr(_EXPECTED), *_giving(material)))
        exported = material.file(MANIFEST) is not None
        bundle = material.path if exported and not material.inner else None  # one that was packed anew is no bundle
        plan = cluster_file.read(text, f"{material.title}/{CLUSTER_FILE}", tolerant=exported)
        variables = material.text_of(ENV_FILE)
        secrets = _secrets(plan, variables) if variables else {}
        sealed = material.text_of(SEALED) or ""
        return OpenedSource(plan, secrets, material.title, bundle, sealed=sealed)


def _giving(material: Material) -> list[str]:
    """Name the files that give NocoBase a variable, though by their names nobody can tell to whom."""
    names = [name for name in material.names[:_MOST_LOOKED_AT] if gives(material.look_at(name))]
    listed = listing(names[:_MOST_NAMED])
    return [tr("Variables of NocoBase stand in {files}: give each as a source.", files=listed)] if names else []


def _secrets(plan: Plan, variables: str) -> dict[str, Secret]:
    from wizard.formats import dotenv

    return dotenv.secrets_of(plan, variables)


SOURCE = Bundle()
