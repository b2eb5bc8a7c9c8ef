"""Where a site of nginx takes uploaded files past NocoBase: from its own disk, or out of a cache that all share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.formats.sites.model import Bypass, Wanted
from wizard.formats.sites.nginx_tree import Statement, place_of, proxy_of

UPLOADS, FILES = "storage/uploads/", "files/"
"""Below the public path: what NocoBase keeps in its storage, and the addresses it gives out from 2.2 on."""
_UPLOADS_FOLDER = "uploads"
"""What the words of a location have that is for them: another folder's files fall through to NocoBase."""
_CLOSED = ("return", "internal")
_NOT_KEPT = {"off", "epoch", "0", "-1"}


def bypasses(http: Statement, server: Statement, wanted: Wanted) -> Iterator[Bypass]:
    """Return what serves uploaded files without NocoBase's leave, and what keeps its answers for others."""
    for folder in (UPLOADS, FILES):
        path = f"{wanted.public_path}{folder}1.png"
        place = place_of(server, path)
        if folder == UPLOADS and (first := _from_disk_first([http, *place_of(server, path, followed=False)])):
            yield first
        if proxy_of(place[-1]):
            yield from _kept([http, *place])
        elif folder == UPLOADS and (found := _from_disk([http, *place])):
            yield found


def _from_disk_first(chain: Sequence[Statement]) -> Bypass | None:
    """Return the line that names the folder in which a location for uploads looks before NocoBase is asked."""
    block = chain[-1]
    tried = next((one.words for one in block.all("try_files")), ())
    looks = any(word.startswith("$") for word in tried[:-1]) and tried[-1].startswith("@")
    for_uploads = any(_UPLOADS_FOLDER in word for word in block.words)
    return _from_disk(chain) if looks and for_uploads and not proxy_of(block) else None


def _from_disk(chain: Sequence[Statement]) -> Bypass | None:
    """Return the line that names the folder; None where nobody gets in, or NocoBase is asked first."""
    block = chain[-1]
    closed = any(block.all(name) for name in _CLOSED) or any(one.words == ("all",) for one in block.all("deny"))
    asks = next((level.all("auth_request")[-1] for level in reversed(chain) if level.all("auth_request")), None)
    if closed or (asks and asks.words != ("off",)):
        return None
    folder = next(iter(block.all("alias")), None)
    folder = folder or next((level.all("root")[-1] for level in reversed(chain) if level.all("root")), None)
    return Bypass(folder.text, folder.line) if folder else None


def _kept(chain: Sequence[Statement]) -> Iterator[Bypass]:
    """Return the lines by which an answer is kept: by nginx itself, or by browsers and proxies on its word."""
    for name in ("proxy_cache", "expires", "add_header"):
        level = next((block for block in reversed(chain) if block.all(name)), None)
        for one in level.all(name) if level else ():
            words = [word.lower() for word in one.words]
            says = name != "add_header" or (words[:1] == ["cache-control"] and "public" in " ".join(words[1:]))
            if words and says and words[0] not in _NOT_KEPT:
                yield Bypass(one.text, one.line, cached=True)
