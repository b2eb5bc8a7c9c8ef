"""Write a cluster file from a plan."""

from __future__ import annotations

import io
from typing import Any

from wizard.formats.cluster_file.document import document
from wizard.formats.cluster_file.secret_places import KEYS
from wizard.pattern import pattern
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan

_PLAIN = pattern(r"[A-Za-z0-9_/.<>@+-][A-Za-z0-9_/.<>@+ -]*")
_WIDEST = 1 << 30

_TITLE = mark("NocoBase cluster: the plan. No secret belongs in this file: each is named, and its value is elsewhere.")
_COMMENTS = {
    "licence": mark("The right to the commercial plug-ins"),
    "application": mark("What users see, the keys all nodes share, the first start"),
    "database": mark("The one database behind all nodes"),
    "redis": mark("Five roles: cache, sync signal, lock, queue, worker IDs"),
    "queue": mark("What carries the message queue"),
    "storage": mark("The folder that all nodes share"),
    "nodes": mark("The NocoBase instances"),
    "reach": mark("How facts are brought from inside the nodes"),
    "balancer": mark("What stands in front of the nodes that serve requests"),
    "extras": mark("Further environment variables, kept verbatim"),
    "unreadable": mark("Values that could not be read, as they came"),
    "accepted": mark("Findings that are known and wanted"),
}


def write(plan: Plan) -> str:
    """Return the text of the cluster file (`document`), with a comment at each of its parts."""
    from ruamel.yaml import YAML

    found = _styled(document(plan))
    found.yaml_set_start_comment(tr(_TITLE))
    for key, comment in _COMMENTS.items():
        if key in found:
            found.yaml_set_comment_before_after_key(key, before=f"\n{tr(comment)}")
    yaml = YAML()
    yaml.width = _WIDEST
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(found, stream)
    return stream.getvalue()


def _styled(data: Any) -> Any:
    """Return data as ruamel.yaml writes it in our style: references on one line, texts quoted where they need it."""
    from ruamel.yaml.comments import CommentedMap

    if isinstance(data, str):
        return _scalar(data)
    if isinstance(data, list):
        return [_styled(item) for item in data]
    if not isinstance(data, dict):
        return data
    styled = CommentedMap({key: _styled(value) for key, value in data.items()})
    if tuple(data) in {KEYS, KEYS[:1]}:
        styled.fa.set_flow_style()
    return styled


def _scalar(text: str) -> str:
    """Return a text that is written plain where that is safe, and else in double quotes, escaped."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return text if _PLAIN.fullmatch(text) and not text.endswith(" ") else DoubleQuotedScalarString(text)
