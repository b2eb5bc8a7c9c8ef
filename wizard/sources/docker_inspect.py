"""What `docker inspect` prints: the containers that are NocoBase, with what they are really given."""

from __future__ import annotations

from wizard.formats.files import SourceError
from wizard.formats.recognise import Form
from wizard.plan.i18n import listing, mark, tr
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material
from wizard.sources.shared.containers import is_nocobase


class DockerInspect:
    """Reads running containers; those of one answer are on one machine."""

    title = mark("What “docker inspect” prints")
    description = mark(
        "Running containers of one machine, as “docker inspect” or “podman inspect” prints them: variables, image, "
        "mounts and published ports of those that are NocoBase. "
        "Services of Swarm, as “docker service inspect” prints them."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material):
            return Likeness.NO
        return Likeness.SURE if material.form is Form.DOCKER_INSPECT else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        from wizard.formats.compose import inspected
        from wizard.sources.shared.services import cluster

        project, name = inspected.read(material.text, material.title)
        services = project.services
        nodes = [one for one in services.values() if is_nocobase(one.image, one.variables)]
        nodes = [one for one in nodes if one.replicas] or nodes  # what has stopped is none
        if not nodes:
            listed = listing(services) or "–"
            raise SourceError(
                tr(
                    "{name}: no container in it is NocoBase, by its image or its variables ({names}).",
                    name=material.title,
                    names=listed,
                )
            )
        return cluster(nodes, project, material.title, name or nodes[0].name)


SOURCE = DockerInspect()
