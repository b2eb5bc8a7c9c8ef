"""Values that Kubernetes refuses for how they are written: a number in quotes, a text without them.

kubectl makes JSON of YAML and keeps what is a text and what is a number; the server takes no one for the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wizard.formats.cluster_file.tree import Tree
from wizard.formats.kubernetes.objects import Object
from wizard.pattern import pattern
from wizard.plan.observed import Observed, Topic
from wizard.plan.place import Place

UNQUOTED, QUOTED = "unquoted", "quoted"
_KINDS = frozenset(
    {
        *("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"),
        *("Service", "Ingress", "ConfigMap", "Secret", "PersistentVolumeClaim"),
    }
)
_NUMBERS = frozenset(
    {
        *("replicas", "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit", "containerPort"),
        *("hostPort", "nodePort", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"),
        *("initialDelaySeconds", "terminationGracePeriodSeconds", "runAsUser", "runAsGroup", "fsGroup", "maxSkew"),
        *("enableServiceLinks", "automountServiceAccountToken", "hostNetwork", "readOnly", "optional"),
        *("allowPrivilegeEscalation", "runAsNonRoot", "readOnlyRootFilesystem", "privileged"),
    }
)
"""Keys of numbers, and of true and false."""
_PORTS = frozenset({"port", "targetPort", "number"})
"""Keys of ports: a name may stand there, and a number in quotes is none."""
_TEXTS = frozenset({"data", "stringData", "labels", "annotations", "matchLabels", "nodeSelector"})
"""Keys below which each value is a text."""
_LISTS = frozenset({"command", "args"})
_DIGITS = pattern(r"[0-9]+")
_NO_TEXT = pattern(
    r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+|0o?[0-7]+"
    r"|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
)
"""What YAML takes for a number or for true or false, as kubectl reads it."""
_DEEPEST, _MOST = 24, 20_000


def refused(objects: Sequence[Object]) -> Iterator[Observed]:
    """Go through the values that are written otherwise than Kubernetes takes them, object by object."""
    left = _MOST
    for one in objects:
        if one.kind not in _KINDS:
            continue
        for key, tree, form in _below(one.parts.items(), one.kind, 0):
            left -= 1
            if left < 0:  # anchors of anchors: what is that large is told elsewhere
                return
            if form:
                place = Place(tree.place.file, tree.line, key)
                yield Observed(Topic.WRITTEN, f"{one.kind} {one.name}".strip(), place, form)


def _below(parts: Iterable[tuple[str, Tree]], above: str, depth: int) -> Iterator[tuple[str, Tree, str]]:
    """Go through all values, each with how it is written where that is refused."""
    for key, tree in parts:
        if tree.is_scalar():
            yield key, tree, _refused(key, tree, above)
        elif depth < _DEEPEST and tree.is_mapping():
            yield key, tree, ""
            yield from _below(tree.merged().items(), key, depth + 1)
        elif depth < _DEEPEST and tree.is_list():
            yield key, tree, ""
            yield from _below([(key, row) for row in tree.rows()], key, depth + 1)


def _refused(key: str, tree: Tree, above: str) -> str:
    if tree.is_plain():
        wants_text = above in _TEXTS or above == "selector" or key in _LISTS
        wants_text = wants_text or (key == "value" and above == "env")
        return UNQUOTED if wants_text and _NO_TEXT.fullmatch(tree.text()) else ""
    wants_number = key in _NUMBERS or (key in _PORTS and _DIGITS.fullmatch(tree.text()) is not None)
    return QUOTED if wants_number and above not in _TEXTS else ""
