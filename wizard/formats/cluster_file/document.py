"""A plan as plain data in the form of a cluster file: what is written as YAML, and what a kept run holds."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from wizard.formats.cluster_file.accepted import rows
from wizard.plan.plan import SCHEMA, SECTIONS, Plan
from wizard.plan.redact import masked
from wizard.plan.secret import SecretRef
from wizard.plan.sections import RedisRole
from wizard.plan.setting import declared


def document(plan: Plan) -> dict[str, Any]:
    """Return the cluster file as data that `json` can write, in the order in which it is read.

    Settings that differ from their default are in it, and all that are not advanced; a text that could not be read
    stands in its setting's place.
    """
    found: dict[str, Any] = {"schema": SCHEMA, "id": plan.id, "name": _text(plan, "name", plan.name)}
    for section in SECTIONS:
        written = _nodes(plan) if section == "nodes" else _group(plan, section)
        if written or section != "reach":  # all of it is advanced
            found[section] = written
    if plan.extras:
        found["extras"] = {extra.name: _value(extra.value) for extra in plan.extras}
    if left := _unreadable(plan):
        found["unreadable"] = left
    if plan.accepted:
        found["accepted"] = rows(plan.accepted)
    return found


def _nodes(plan: Plan) -> list[dict[str, Any]]:
    return [_group(plan, f"nodes.{index}") for index in range(len(plan.nodes))]


def _group(plan: Plan, prefix: str) -> dict[str, Any]:
    group = plan.get(prefix)
    default = type(group)()
    written: dict[str, Any] = {}
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
    return masked(plan.text(key)) if plan.problem(key) and not apart else _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, SecretRef):
        return {"secret": value.name, **({"from": value.outside} if value.outside else {})}
    return value.value if isinstance(value, Enum) else value


def _unreadable(plan: Plan) -> dict[str, Any]:
    """Return what could not be read and has no setting of its own to stand at, or would be read there as a value."""
    left: dict[str, Any] = {}
    for item in plan.unreadable:
        apart = isinstance(item.value, SecretRef) or _is_secret(plan, item.key) or plan.is_expression(item.key)
        if plan.has_setting(item.key) and not apart:
            continue
        value = item.value if isinstance(item.value, SecretRef) else item.shown
        left[item.key] = {"value": _value(value), "problem": item.problem}
        if item.where:
            left[item.key]["where"] = item.where
    return left


def _is_secret(plan: Plan, key: str) -> bool:
    return plan.has_setting(key) and plan.setting(key).secret
