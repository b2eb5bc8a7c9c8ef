"""Reading a Compose file of 32 services whose parts are included, against parsing the YAML of its files alone."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from ruamel.yaml import YAML

from benchmarks.timing import medians, tell
from wizard.app.open_source import open_sources

WANTED = 3.0
FILES, SERVICES = 4, 8
REPEAT = 9
_VARIABLES = {
    "APP_KEY": "0123456789abcdef0123456789abcdef",
    "DB_DIALECT": "postgres",
    "DB_HOST": "db.example.com",
    "DB_PORT": "5432",
    "DB_DATABASE": "nocobase",
    "DB_USER": "nocobase",
    "DB_PASSWORD": "${DB_PASSWORD:-not-a-secret}",
    "REDIS_URL": "redis://redis.example.com:6379/0",
    "CLUSTER_MODE": "cluster",
    "CACHE_DEFAULT_STORE": "redis",
    "TZ": "Europe/Paris",
}


def _service(number: int) -> str:
    lines = [
        f"  node{number}:",
        "    image: nocobase/nocobase:2.2.15-full",
        "    restart: unless-stopped",
        "    environment:",
        *(f'      {name}: "{value}"' for name, value in _VARIABLES.items()),
        f'      WORKER_ID: "{number}"',
        "    volumes:",
        "      - /srv/nocobase/storage:/app/nocobase/storage",
        "    ports:",
        f'      - "{13000 + number}:13000"',
    ]
    return "\n".join(lines)


def _write(folder: str) -> list[Path]:
    """Write the project and return its files, the first of which includes the others."""
    parts = [Path(folder, f"part{part}.yaml") for part in range(FILES)]
    for part, path in enumerate(parts):
        services = "\n".join(_service(part * SERVICES + number) for number in range(1, SERVICES + 1))
        path.write_text(f"services:\n{services}\n", encoding="utf-8")
    whole = Path(folder, "compose.yaml")
    whole.write_text("include:\n" + "".join(f"  - {path.name}\n" for path in parts), encoding="utf-8")
    return [whole, *parts]


def _read(file: Path) -> float:
    began = perf_counter()
    opened = open_sources([str(file)])
    took = perf_counter() - began
    if len(opened.plan.nodes) != FILES * SERVICES:
        raise ValueError(f"{len(opened.plan.nodes)} nodes were read")
    return took


def _parsed(files: list[Path]) -> float:
    began = perf_counter()
    for file in files:
        YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return perf_counter() - began


def main() -> bool:
    """Measure and tell; return whether the ratio holds."""
    with tempfile.TemporaryDirectory() as folder:
        files = _write(folder)
        _read(files[0])
        found = medians(REPEAT, reading=lambda: _read(files[0]), parsing=lambda: _parsed(files))
    title = f"reading a Compose file of {FILES * SERVICES} services ÷ parsing its YAML"
    return tell(title, found["reading"] / found["parsing"], WANTED, **found)


if __name__ == "__main__":
    sys.exit(not main())
