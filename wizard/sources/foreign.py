"""Kinds that are known and cannot be read as a plan: each is refused by its name, with what to give instead."""

from __future__ import annotations

from wizard.formats.files import SourceError
from wizard.formats.recognise import Form, line_of
from wizard.plan.i18n import mark, sentences, tr
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

_CHART = "Chart.yaml"
_OTHER_BALANCER = mark(
    "It is not read, and says nothing of what the nodes are given: give their env file or a cluster file."
)
_VARIABLES = mark("It is not read: give a file with the variables that a node gets (NAME=value), or a cluster file.")
_INSTEAD = {
    Form.CADDY: _OTHER_BALANCER,
    Form.TRAEFIK: _OTHER_BALANCER,
    Form.APACHE: _OTHER_BALANCER,
    Form.KEEPALIVED: _OTHER_BALANCER,
    Form.ENVOY: _OTHER_BALANCER,
    Form.CHART: mark("Give the values that it is installed with, or what “helm template” prints."),
    Form.LISTING: mark(
        "Give what “docker inspect”, “docker service inspect” or “kubectl get … -o yaml” prints, or the Compose file."
    ),
    Form.DOCKERFILE: mark("It makes an image and starts no node: give the variables that a node gets, as an env file."),
}

_SAID = {
    Form.DOCKERFILE: mark("{name} is a Dockerfile."),
    Form.LISTING: mark("{name} lists what runs, and does not say what a node is given."),
    Form.PEM: mark("{name} is a certificate or a key."),
    Form.SECTIONS: mark("{name} is in sections, as INI and TOML files are."),
    Form.TOML: mark("{name} is TOML."),
    Form.INI: mark("{name} is an INI file."),
    Form.VARIABLES: mark("{name} is JSON that gives NocoBase no variable."),
}
"""What is said of a kind in words of its own."""


class Foreign:
    """Refuses what it knows; a file that says by its name that it is an env file is one."""

    title = mark("What is known and not read")
    description = mark(
        "Caddyfile, Traefik, Apache, Envoy, keepalived, Nomad, Terraform, Ansible, Amazon ECS, Supervisor, Dockerfile, "
        "other scripts for a shell, PowerShell, cmd.exe, make and cron, programs in Python, JavaScript and Ruby, "
        "properties of Java, SQL, "
        "a Helm chart, GitHub Actions, GitLab CI, OpenAPI, Prometheus, files in sections (INI, TOML), "
        "lists of what runs: each is named, with what to give instead."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files:
            return Likeness.LIKELY if _CHART in material.names else Likeness.NO
        if is_env_file(material):
            return Likeness.NO
        return Likeness.LIKELY if material.form else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        if material.holds_files:
            raise refused(Form.CHART, f"{material.title.rstrip('/')}/{_CHART}", material.look_at(_CHART))
        form = material.form
        assert form  # noqa: S101 - likeness said so
        raise refused(form, material.title, material.looks)


def refused(form: Form, title: str, text: str) -> SourceError:
    """Return the error that names what a file with that text is, and what to give instead."""
    return SourceError(sentences(_what(form, title, line_of(form, text)), tr(_INSTEAD.get(form, _VARIABLES))))


def _what(form: Form, title: str, line: int) -> str:
    if form in _SAID:
        return tr(_SAID[form], name=title)
    if form is Form.SHELL:
        return tr("{name} is a script for a shell, as its line {line} says.", name=title, line=line)
    if line:
        return tr("{name} is for {program}, as its line {line} says.", name=title, program=form, line=line)
    return tr("{name} is for {program}.", name=title, program=form)


SOURCE = Foreign()
