"""The files that each node's page names, asked of every node: a node that lacks some of another's runs another package.

NocoBase's version comes from the database, so that it is alike where the packages are not. The names of built files
hold a hash of what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import SplitResult, urljoin, urlsplit

from wizard.checks.cluster.fan_out import Serving, all_of
from wizard.checks.node.target import Target as Node
from wizard.checks.shared.health import REDIRECTS
from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact, Known, Trouble, attempt
from wizard.net import http
from wizard.net.http import OK, Reply

MOST_FILES = 12
"""Files of one page that are asked for; those with a hash come first."""
LARGEST_PAGE = 128 * 1024
LARGEST_FILE = 512
"""Bytes that are read of a page, and of a file: its head tells whether it is one."""
SECONDS = 12.0
"""For all files of a node together."""
_MOST_REDIRECTS = 2
_KINDS = re.compile(r"\.(?:m?js|css)$")
_HASHED = re.compile(r"(?:^|[-._~])(?=[0-9A-Za-z_-]*[0-9])[0-9A-Za-z_-]{8,64}\.")


@dataclass(frozen=True, slots=True)
class Page:
    """A node's page: its status, the files of its own that it names, and whether they come from elsewhere.

    `files` are paths, at most MOST_FILES; `elsewhere` are the hosts of scripts and style sheets that no node serves.
    """

    status: int
    files: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What a node says of a file: whether it has it (None: it says something else), and its answer's status."""

    there: bool | None
    status: int


Answers = Mapping[str, Known[Held] | Trouble]


@dataclass(slots=True)
class AssetFacts:
    """The nodes that serve, the page of each, and what each says of every file that a page names."""

    serving: Fact[tuple[str, ...]] = PENDING
    pages: Fact[Mapping[str, Known[Page] | Trouble]] = PENDING
    held: Fact[Mapping[str, Answers]] = PENDING


def probe(serving: Serving, public_host: str, facts: AssetFacts) -> None:
    """Fill `facts`; one node alone is compared with nobody, and asked nothing."""
    found = serving()
    facts.serving = Known(tuple(node.name for node in found))
    if len(found) < 2:  # noqa: PLR2004 - it takes two to differ
        return
    pages = all_of({node.name: lambda node=node: _page(node, public_host) for node in found})  # type: ignore[misc]
    facts.pages = Known(pages)
    named = [file for page in pages.values() if isinstance(page, Known) for file in page.value.files]
    files = tuple(dict.fromkeys(named))
    asked = all_of({node.name: lambda node=node: _all_held(node, files) for node in found}, SECONDS)  # type: ignore[misc]
    facts.held = Known({name: _each(answer, files) for name, answer in asked.items()})


def is_hashed(file: str) -> bool:
    """Whether a file's name holds a hash of what is in it, so that another build has another name."""
    return bool(_HASHED.search(file.rpartition("/")[2]))


def _each(answer: Known[Answers] | Trouble, files: Iterable[str]) -> Answers:
    return answer.value if isinstance(answer, Known) else dict.fromkeys(files, answer)


def _page(node: Node, public_host: str) -> Page:
    """Ask for the page of the public path, and follow where the node leads to another one of its own."""
    path = node.path("")
    with http.plain(node.host, node.port) as way:
        for _turn in range(_MOST_REDIRECTS):
            reply = http.send(way, "GET", path, largest=LARGEST_PAGE)
            target = _joined(path, reply.headers.get("location", ""))
            if reply.status not in REDIRECTS or target is None or not target.path or target.path == path:
                break
            path = target.path
    if reply.status != OK or not reply.is_page:
        return Page(reply.status)
    named = [place for address in _named(reply) if (place := _joined(path, address))]
    own = [place.path for place in named if place.hostname in {None, public_host, node.host}]
    elsewhere = (place.hostname or "" for place in named if place.hostname not in {None, public_host, node.host})
    files = sorted(dict.fromkeys(own), key=lambda file: not is_hashed(file))
    return Page(reply.status, tuple(files[:MOST_FILES]), tuple(dict.fromkeys(elsewhere)))


def _joined(path: str, address: str) -> SplitResult | None:
    """Return where an address on a page at `path` leads; None for one that is none, such as `http://[`."""
    try:
        return urlsplit(urljoin(path, address))
    except ValueError:
        return None


def _named(page: Reply) -> Iterator[str]:
    """Return the addresses of the scripts and style sheets that a page names."""
    reader = _Reader()
    reader.feed(page.text)
    return (address for address in reader.found if _KINDS.search(address.partition("?")[0].partition("#")[0]))


class _Reader(HTMLParser):
    """Keeps what the tags of scripts and links name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = {"script": "src", "link": "href"}.get(tag)
        self.found += [value for key, value in attrs if key == name and value]


def _all_held(node: Node, files: Iterable[str]) -> Answers:
    """Ask a node for each file, over one connection where the node lets it stand."""
    with http.plain(node.host, node.port) as way:
        return {file: _held(way, file) for file in files}


def _held(way: HTTPConnection, file: str) -> Known[Held] | Trouble:
    found = attempt(lambda: _what_is_there(http.send(way, "GET", file, largest=LARGEST_FILE)), http.explain)
    if isinstance(found, Trouble):
        way.close()  # what is left of a broken answer is none to the next question
    return found


def _what_is_there(reply: Reply) -> Held:
    """Tell a file from the page that NocoBase gives for any path it does not know."""
    if reply.status == OK:
        return Held(not reply.is_page, reply.status)
    return Held(False if reply.status in {404, 410} else None, reply.status)
