"""Write a cluster file from a plan."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from wizard.formats.cluster_file.accepted import rows
from wizard.pattern import pattern
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import SCHEMA, SECTIONS, Plan
from wizard.plan.redact import masked
from wizard.plan.secret import SecretRef
from wizard.plan.sections import RedisRole
from wizard.plan.setting import declared

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

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
    """Return the text of the cluster file.

    Settings that differ from their default are written, and all that are not advanced; a text that could not be read
    stands in its setting's place.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    document = CommentedMap({"schema": SCHEMA, "id": _scalar(plan.id), "name": _text(plan, "name", plan.name)})
    for section in SECTIONS:
        written = _nodes(plan) if section == "nodes" else _group(plan, section)
        if written or section != "reach":  # all of it is advanced
            document[section] = written
    if plan.extras:
        document["extras"] = CommentedMap({extra.name: _value(extra.value) for extra in plan.extras})
    if left := _unreadable(plan):
        document["unreadable"] = left
    if plan.accepted:
        document["accepted"] = [_row(row) for row in rows(plan.accepted)]
    document.yaml_set_start_comment(tr(_TITLE))
    for key, comment in _COMMENTS.items():
        if key in document:
            document.yaml_set_comment_before_after_key(key, before=f"\n{tr(comment)}")
    yaml = YAML()
    yaml.width = _WIDEST
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _row(row: Mapping[str, Any]) -> CommentedMap:
    from ruamel.yaml.comments import CommentedMap

    return CommentedMap(
        {name: _row(value) if isinstance(value, dict) else _scalar(value) for name, value in row.items()}
    )


def _nodes(plan: Plan) -> list[CommentedMap]:
    return [_group(plan, f"nodes.{index}") for index in range(len(plan.nodes))]


def _group(plan: Plan, prefix: str) -> CommentedMap:
    from ruamel.yaml.comments import CommentedMap

    group = plan.get(prefix)
    default = type(group)()
    written = CommentedMap()
    for item in fields(group):
        key = f"{prefix}.{item.name}"
        value = getattr(group, item.name)
        usual = getattr(default, item.name)
        setting = declared(item)
        if setting is None and is_dataclass(value):
            if value != usual or _in_use(plan, key) or _has_problem(plan, key):
                written[item.name] = _group(plan, key)
        elif setting and (value != usual or not setting.advanced or plan.problem(key)):
            text = _text(plan, key, value)
            if text is not None or usual is not None:
                written[item.name] = text
    return written


def _in_use(plan: Plan, key: str) -> bool:
    """Whether a group counts, so that it is shown even if all in it is as usual."""
    return key == "redis.databases" or key in {plan.redis.endpoint_key(role) for role in RedisRole}


def _has_problem(plan: Plan, prefix: str) -> bool:
    return any(item.key.startswith(prefix + ".") for item in plan.unreadable)


def _text(plan: Plan, key: str, value: Any) -> Any:
    """Return what stands at the key: the text that could not be read, or the value.

    An address pasted into the field of a host may hold a password: rather that is lost than written.
    """
    apart = _is_secret(plan, key) or plan.is_expression(key)
    return _scalar(masked(plan.text(key))) if plan.problem(key) and not apart else _value(value)


def _value(value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap

    if isinstance(value, SecretRef):
        reference = CommentedMap({"secret": _scalar(value.name)})
        reference.fa.set_flow_style()
        return reference
    if isinstance(value, Enum):
        value = value.value
    return _scalar(value) if isinstance(value, str) else value


def _scalar(text: str) -> str:
    """Return a text that is written plain where that is safe, and else in double quotes, escaped."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return text if _PLAIN.fullmatch(text) and not text.endswith(" ") else DoubleQuotedScalarString(text)


def _unreadable(plan: Plan) -> CommentedMap:
    """Return what could not be read and has no setting of its own to stand at, or would be read there as a value."""
    from ruamel.yaml.comments import CommentedMap

    left = CommentedMap()
    for item in plan.unreadable:
        apart = isinstance(item.value, SecretRef) or _is_secret(plan, item.key) or plan.is_expression(item.key)
        if _is_setting(plan, item.key) and not apart:
            continue
        value = item.value if isinstance(item.value, SecretRef) else item.shown
        left[item.key] = CommentedMap({"value": _value(value), "problem": _scalar(item.problem)})
        if item.where:
            left[item.key]["where"] = _scalar(item.where)
    return left


def _is_secret(plan: Plan, key: str) -> bool:
    return _is_setting(plan, key) and plan.setting(key).secret


def _is_setting(plan: Plan, key: str) -> bool:
    try:
        plan.setting(key)
    except KeyError:
        return False
    return True
