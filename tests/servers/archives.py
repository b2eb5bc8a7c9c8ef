"""How this machine reaches its package archives, read from it when a test asks; nothing of it is written down here."""

import ast
import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

_CARRIED = re.compile(r"(?i)_proxy$|^(ssl_cert_file|requests_ca_bundle|node_extra_ca_certs)$|^npm_config_")
_APT = re.compile(r"Acquire::(https?|ftp|Check-|Retries|ForceIPv)")
_NPM = ("registry", "cafile", "proxy", "https-proxy")


@functools.cache
def variables() -> dict[str, str]:
    """Return the variables that tell pip, npm and others what their configuration says here."""
    carried = {name: value for name, value in os.environ.items() if _CARRIED.search(name)}
    return {**carried, **_npm(), **_pip()}


def _pip() -> dict[str, str]:
    """Return pip's configuration, wherever it stands, as variables; those of the environment win, as with pip."""
    done = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    rows = [line.partition("=") for line in done.stdout.splitlines() if "=" in line]
    found = {}
    for key, _, value in sorted(rows, key=lambda row: row[0].startswith(":env:")):
        name = key.rpartition(".")[2].upper().replace("-", "_")
        found[f"PIP_{name}"] = " ".join(str(ast.literal_eval(value)).split())
    return found


def _npm() -> dict[str, str]:
    if not shutil.which("npm"):
        return {}
    done = subprocess.run(["npm", "config", "get", *_NPM], capture_output=True, text=True, check=False)
    rows = [line.partition("=") for line in done.stdout.splitlines()]
    return {
        f"npm_config_{key.replace('-', '_')}": value for key, _, value in rows if value not in {"", "null", "undefined"}
    }


def places() -> list[Path]:
    """Return the folders on this machine that those variables name, an index with what lies beside it."""
    words = [word for value in variables().values() for word in value.split()]
    named = [Path(url2pathname(urlsplit(word).path)) for word in words if word.startswith(("/", "file:///"))]
    return sorted({path.parent if path.name == "simple" or path.is_file() else path for path in named if path.exists()})


def apt_lines() -> str:
    """Return what apt is told about the way to its archives."""
    done = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True)
    return "".join(f"{line}\n" for line in done.stdout.splitlines() if _APT.match(line))
