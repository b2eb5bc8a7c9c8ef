"""What a server says of itself: INFO, else HELLO, which no access list can refuse (Redis 6 and later)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wizard.checks.redis.facts import Server

_LOOK_ALIKES = {
    "valkey_version": "Valkey",
    "dragonfly_version": "Dragonfly",
    "garnet_version": "Garnet",
    "kvrocks_version": "Kvrocks",
}
_NAMES = {"valkey": "Valkey", "keydb": "KeyDB", "dragonfly": "Dragonfly", "garnet": "Garnet", "kvrocks": "Kvrocks"}


def from_info(info: Mapping[str, Any]) -> Server:
    """Read what INFO gave, as redis-py parsed it."""
    product, version = _product(info)
    primary = f"{info['master_host']}:{info.get('master_port', '')}" if info.get("master_host") else ""
    return Server(
        product=product,
        version=version,
        redis_version=str(info.get("redis_version", "")),
        mode=str(info.get("redis_mode", info.get("server_mode", ""))),
        role=str(info.get("role", "")),
        run_id=str(info.get("run_id", "")),
        primary_address=primary,
        cluster=bool(info["cluster_enabled"]) if "cluster_enabled" in info else None,
        modules=tuple(str(module["name"]) for module in info.get("modules", []) if isinstance(module, dict)),
        used_memory=info.get("used_memory"),
        memory_limit=info.get("maxmemory"),
        host_memory=info.get("total_system_memory"),
        eviction=str(info.get("maxmemory_policy", "")),
        append_only=bool(info["aof_enabled"]) if "aof_enabled" in info else None,
        write_trouble=_write_trouble(info),
    )


def from_hello(answer: Sequence[Any]) -> Server:
    """Read what HELLO gave in protocol 2: a flat list of names and values. A look-alike gives its own version."""
    said = dict(zip(answer[::2], answer[1::2], strict=False))
    name = str(said.get("server", "redis"))
    product = _NAMES.get(name.lower(), "Redis" if name.lower() == "redis" else name)
    version = str(said.get("version", ""))
    mode = str(said.get("mode", ""))
    modules = tuple(str(dict(zip(one[::2], one[1::2], strict=False)).get("name")) for one in said.get("modules") or [])
    return Server(
        product=product,
        version=version,
        redis_version=version if product == "Redis" else "",
        mode=mode,
        role={"replica": "slave"}.get(str(said.get("role", "")), str(said.get("role", ""))),
        cluster=mode == "cluster",
        modules=modules,
    )


def _product(info: Mapping[str, Any]) -> tuple[str, str]:
    claimed = str(info.get("redis_version", ""))
    for key, product in _LOOK_ALIKES.items():
        if key in info:
            return product, str(info[key]).removeprefix("df-").removeprefix("v")
    if "mvcc_depth" in info or "keydb" in str(info.get("executable", "")):
        return "KeyDB", claimed
    name = str(info.get("server_name", "redis"))
    return (_NAMES.get(name.lower(), name), claimed) if name.lower() != "redis" else ("Redis", claimed)


def _write_trouble(info: Mapping[str, Any]) -> str:
    """Name what INFO says went wrong with writing to disk, in Redis' own terms."""
    lines = ("rdb_last_bgsave_status", "aof_last_write_status", "aof_last_bgrewrite_status")
    return ", ".join(f"{line}:{info[line]}" for line in lines if info.get(line, "ok") != "ok")
