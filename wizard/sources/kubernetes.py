"""Kubernetes manifests: the containers that are NocoBase are the nodes, one for each replica."""

from __future__ import annotations

from pathlib import PurePosixPath

from wizard.formats.files import SourceError
from wizard.formats.kubernetes import KUSTOMIZATIONS
from wizard.formats.recognise import Form, recognise
from wizard.plan.i18n import mark, tr
from wizard.sources.bundle import CLUSTER_FILE
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material, decoded

_SUFFIXES = (".yaml", ".yml", ".json")
_MOST_FILES = 200


class Kubernetes:
    """Reads manifests, also what `kubectl get … -o yaml` or `-o json` gives, and a folder of them."""

    title = mark("Kubernetes manifests")
    description = mark(
        "A file or a folder of manifests, or what “kubectl get … -o yaml” prints: workloads with what their "
        "containers are given from ConfigMaps and Secrets, claims, Services and Ingresses."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files:
            known = {CLUSTER_FILE, "Chart.yaml", *KUSTOMIZATIONS} & {*material.names}
            return Likeness.LIKELY if not known and _manifests(material) else Likeness.NO
        if is_env_file(material) or material.path.name in KUSTOMIZATIONS:
            return Likeness.NO
        return Likeness.SURE if material.form is Form.KUBERNETES else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        from wizard.formats.kubernetes import objects
        from wizard.formats.kubernetes.given import Given
        from wizard.sources.shared.manifests import Manifests, opened

        found = []
        if material.holds_files:
            _refuse_many(material)
            for name in _manifests(material):
                title = f"{material.title.rstrip('/')}/{name}"
                found += objects.read(decoded(material.file(name) or b"", title), title)
        else:
            found = objects.read(material.text, material.title)
        return opened(Manifests(material.title, found, Given(found)))


def _manifests(material: Material) -> list[str]:
    """Return the names of the files in a folder that are manifests."""
    names = _named_so(material)[:_MOST_FILES]
    return [name for name in names if recognise(material.look_at(name), name) is Form.KUBERNETES]


def _named_so(material: Material) -> list[str]:
    return [name for name in material.names if PurePosixPath(name).suffix in _SUFFIXES]


def _refuse_many(material: Material) -> None:
    if len(_named_so(material)) > _MOST_FILES:
        raise SourceError(
            tr(
                "{name} has more than {most} files that may be manifests, and not all would be read: name those of "
                "NocoBase, or give what “kubectl get … -o yaml” prints.",
                name=material.title,
                most=_MOST_FILES,
            )
        )


SOURCE = Kubernetes()
