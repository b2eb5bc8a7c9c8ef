"""A script with `docker run`: the containers that it starts, as far as its lines tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.formats.files import SourceError
from wizard.formats.recognise import Form
from wizard.plan.i18n import listing, mark, tr
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.foreign import refused
from wizard.sources.material import Material

if TYPE_CHECKING:
    from wizard.formats.compose import Project


class DockerRun:
    """Reads the commands of a script that neither decides nor repeats anything; those of one are on one machine."""

    title = mark("Commands of “docker run”")
    description = mark(
        "A script with “docker run”, “podman run” and their like: variables, files with more of them, image, mounts "
        "and published ports. One that decides or repeats something is not followed."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material):
            return Likeness.NO
        if material.form is not Form.SHELL:
            return Likeness.NO
        from wizard.formats.compose.run_lines import COMMAND

        return Likeness.SURE if COMMAND.search(material.looks) else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        from wizard.formats.compose import run_lines
        from wizard.sources.shared.containers import is_nocobase
        from wizard.sources.shared.services import cluster

        if run_lines.has_branches(material.text):
            raise refused(Form.SHELL, material.title, material.looks)
        project: Project = run_lines.read(material.text, material.title, material.near)
        nodes = [one for one in project.services.values() if is_nocobase(one.image, one.variables)]
        if not nodes:
            names = listing(project.services) or "–"
            raise SourceError(
                tr(
                    "{name}: no container in it is NocoBase, by its image or its variables ({names}).",
                    name=material.title,
                    names=names,
                )
            )
        return cluster(nodes, project, material.title, material.path.stem)


SOURCE = DockerRun()
