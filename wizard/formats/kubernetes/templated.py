"""Manifests that a program fills in before Kubernetes has them: Helm, envsubst, Flux, Argo CD, Sealos, Ansible.

Kubernetes itself puts in `$(NAME)` alone.
"""

from __future__ import annotations

from wizard.formats.dotenv.expressions import surely_named
from wizard.formats.files import SourceError
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.variables import known_variables

_EXPRESSION = pattern(r"\{\{[^{}\n]+\}\}|\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-=?+][^}\n]{0,200})?\}|\{%-?[^{}\n]+%\}")
_COMMAND = pattern(r"[ \t]*\{[{%]-?[ \t]*[A-Za-z/.$(#]")
"""A line that is a command of a template, such as `{{- if .Values.tls }}`: no YAML."""
_BARE = pattern(r"[^'\"#\n]*?(?::|(?:^|[ \t])-)[ \t]+\{\{-?[ \t]*[A-Za-z.$(#][^\n]{0,200}?\}\}")
"""A value that is an expression without quotes: YAML takes it for a mapping."""
_BLOCK = pattern(r"(?:[^#'\"]*?(?::|-)[ \t]+)(?:[&!]\S+[ \t]+)?[|>][-+0-9]*[ \t]*(?:#.*)?$")


def is_templated(value: str) -> bool:
    """Whether a value, or a part of it, is an expression of such a program.

    `$NAME` without braces is one by a name that NocoBase knows alone: passwords begin with a “$”, too.
    """
    return bool(_EXPRESSION.search(value)) or not known_variables().isdisjoint(surely_named(value))


def refuse_unfilled(content: str, file: str) -> None:
    """Raise SourceError where a text is no YAML before a program has filled it in; texts within a value are none."""
    deep = -1
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if deep >= 0 and indent > deep:
            continue
        deep = indent if _BLOCK.match(line) else -1
        if _COMMAND.match(line) or _BARE.match(line):
            raise SourceError(
                tr(
                    "{name}, line {line}: it is a template that a program such as Helm fills in, and no manifest yet. "
                    "Give what that program makes of it, as “helm template” does, or what “kubectl get … -o yaml” "
                    "prints.",
                    name=file,
                    line=number,
                )
            )
