"""Where a site of nginx takes uploaded files past NocoBase: from its own disk, or out of a cache that all share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wizard.formats.sites.model import Bypass, SiteError, Wanted
from wizard.formats.sites.nginx_choices import choices, netloc_of
from wizard.formats.sites.nginx_tree import Statement, literal, place_of, proxy_of

UPLOADS, FILES = "storage/uploads/", "files/"
"""Below the public path: what NocoBase keeps in its storage, and the addresses it gives out from 2.2 on."""
_UPLOADS_FOLDERS = ("uploads", "storage")
_OF_PAGES = frozenset(("html", "htdocs", "www", "web", "public", "static", "dist", "client", "dist-client", "build"))
"""What folders of pages are called that a web server gives to everybody, and in which nobody keeps uploads."""
_CLOSED = ("return", "internal")
_NOT_KEPT = {"off", "epoch", "0", "-1"}


def bypasses(http: Statement, server: Statement, wanted: Wanted) -> Iterator[Bypass]:
    """Return what serves uploaded files without NocoBase's leave, and what keeps its answers for others."""
    for folder in (UPLOADS, FILES):
        path = f"{wanted.public_path}{folder}1.png"
        place = place_of(server, path)
        if folder == UPLOADS and (
            first := _from_disk_first([http, *place_of(server, path, followed=False)], path, wanted)
        ):
            yield first
        if proxy := proxy_of(place[-1]):
            yield from _kept(
                [http, *place], {"$uri": path, "$request_uri": path, "$sent_http_content_type": "image/png"}
            )
            if _leads_elsewhere(http, server, place, wanted):
                yield Bypass(proxy.text, proxy.line, folder=folder)
        elif (folder == UPLOADS or _is_for(place[-1], "files")) and (found := _from_disk([http, *place])):
            yield replace(found, folder=folder)


def _is_for(block: Statement, folder: str) -> bool:
    """Whether the words of a location name a folder: another one's files fall through to NocoBase."""
    return any(folder in word for word in block.words)


def _leads_elsewhere(http: Statement, server: Statement, place: Sequence[Statement], wanted: Wanted) -> bool:
    """Whether a location passes requests to servers that are neither planned nor asked for anything else."""
    asked = _servers(http, place)
    others = [place_of(server, f"{wanted.public_path}{path}") for path in ("", "api/app:getInfo", "ws")]
    known = {one for other in others for one in _servers(http, other)}
    hosts = {node.host.lower() for node in (*wanted.serving, *wanted.idle)}
    named = {one.rpartition(":")[0] or one for one in asked}
    return bool(asked and known) and not asked & known and not named & hosts


def _servers(http: Statement, place: Sequence[Statement]) -> set[str]:
    """Return the servers that a location passes requests to, as they are written; none where a variable says them."""
    proxy = proxy_of(place[-1])
    netloc = netloc_of(literal(proxy.words[0], place)) if proxy and proxy.words else ""
    if not netloc or "$" in netloc:
        return set()
    block = next((one for one in http.all("upstream") if one.words[:1] == (netloc,)), None)
    return {one.words[0].lower() for one in block.all("server") if one.words} if block else {netloc.lower()}


def _from_disk_first(chain: Sequence[Statement], path: str, wanted: Wanted) -> Bypass | None:
    """Return the line that names the folder in which a location looks for an upload before NocoBase is asked.

    `perhaps` where nobody can tell whether uploads lie there.
    """
    block = chain[-1]
    tried = next((one.words for one in block.all("try_files")), ())
    looks = any(word.startswith("$") for word in tried[:-1]) and tried[-1].startswith("@")
    found = _from_disk(chain) if looks and not proxy_of(block) else None
    if found is None or any(_is_for(block, folder) for folder in _UPLOADS_FOLDERS):
        return found
    file = _file_of(found.text, block, path)
    if wanted.storage and file.startswith(f"{wanted.storage.rstrip('/')}/uploads/"):
        return found
    folder = found.text.rstrip(";/ ").rpartition("/")[2].lower()
    return None if folder in _OF_PAGES else replace(found, perhaps=True)


def _file_of(folder: str, block: Statement, path: str) -> str:
    """Return the file that is looked for: below a `root` the whole path, below an `alias` what the location leaves."""
    kind, _blank, name = folder.rstrip(";").partition(" ")
    if kind == "alias" and block.words:
        return name + path.removeprefix(block.words[-1].removeprefix("^~"))
    return name.rstrip("/") + path


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


def _kept(chain: Sequence[Statement], known: dict[str, str]) -> Iterator[Bypass]:
    """Return the lines by which an answer is kept: by nginx itself, or by browsers and proxies on its word."""
    for name in ("proxy_cache", "expires", "add_header"):
        for one in _nearest(chain, name):
            words = [word.lower() for word in one.words]
            says = name != "add_header" or (words[:1] == ["cache-control"] and "public" in " ".join(words[1:]))
            if name == "proxy_cache":
                says = not any(_always(rule) for rule in _nearest(chain, "proxy_no_cache"))
            if words and says and not _NOT_KEPT.issuperset(_values(words[0], chain[0], known)):
                yield Bypass(one.text, one.line, cached=True)


def _nearest(chain: Sequence[Statement], name: str) -> list[Statement]:
    return next((found for block in reversed(chain) if (found := block.all(name))), [])


def _always(rule: Statement) -> bool:
    """Whether `proxy_no_cache` holds for every request: one of its words is a plain one, and not 0."""
    return any("$" not in word and word not in {"", "0"} for word in rule.words)


def _values(word: str, http: Statement, known: dict[str, str]) -> list[str]:
    """Return what a word comes to for the file that is asked for, where a `map` chooses among texts."""
    try:
        return choices(word, http, known)
    except SiteError:
        return [word]
