"""Hosts of web addresses as browsers and NocoBase write them."""

from __future__ import annotations

USUAL_PORTS = {"http": 80, "https": 443}

HEALTH_PATH = "api/__health_check"
"""Where below the public path a node says whether it serves (packages/core/server/src/gateway/index.ts)."""

INFO_PATH = "api/app:getInfo"
"""Where below the public path a node tells anybody its version: the one that its database holds."""
SIZE_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
"""Bytes by the letter behind a number, as nginx writes sizes."""


def bracketed(host: str) -> str:
    """Return a host as it stands in a URL: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def authority(scheme: str, host: str | None, port: int | None) -> str:
    """Return host and port as browsers send them: in small letters, without the port that is the scheme's own."""
    shown = f":{port}" if port and port != USUAL_PORTS.get(scheme) else ""
    return f"{bracketed((host or '').lower())}{shown}"


def ascii_host(host: str) -> str:
    """Return a host in the letters that DNS, certificates and requests know: `münchen.de` is `xn--mnchen-3ya.de`.

    As browsers do it (IDNA 2008, UTS 46). Raises ValueError for what is no name.
    """
    import idna

    return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
