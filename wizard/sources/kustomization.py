"""A kustomization: what it builds on, what its generators make, and what it changes."""

from __future__ import annotations

from wizard.formats.kubernetes import KUSTOMIZATIONS
from wizard.plan.i18n import mark
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material


class Kustomization:
    """Reads a kustomization's file, or the folder of one."""

    title = mark("Kustomization")
    description = mark(
        "A kustomization or its folder: its resources and those it builds on, what its generators make, patches, "
        "names, images and replicas. What is not followed is named; what “kubectl kustomize” prints has all of it."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files:
            return Likeness.SURE if _in_folder(material) else Likeness.NO
        return Likeness.SURE if material.path.name in KUSTOMIZATIONS else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        from wizard.formats.kubernetes import kustomize
        from wizard.formats.kubernetes.given import Given
        from wizard.sources.shared.manifests import Manifests, of_generated, opened

        if material.holds_files:
            file = _in_folder(material)
            title, text = f"{material.title.rstrip('/')}/{file}", material.text_of(file) or ""
        else:
            title, text = material.title, material.text
        found = kustomize.read(text, title, material.near)
        if not found.objects and found.generated:
            return of_generated(found, title)
        given = Given(found.objects, found.generated)
        return opened(Manifests(title, found.objects, given, found.observed))


def _in_folder(material: Material) -> str:
    return next((name for name in KUSTOMIZATIONS if name in material.names), "")


SOURCE = Kustomization()
