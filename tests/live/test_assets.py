"""The files that the pages of stand-in nodes name, asked of all of them."""

import pytest

from tests.live.running import findings_of
from tests.live.sessions import plan_of
from wizard.checks.cluster import checks as cluster
from wizard.checks.cluster.assets import LARGEST_FILE, LARGEST_PAGE, is_hashed
from wizard.demo.http_stand_in import Answer
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import Health, NodeStandIn
from wizard.engine.selection import Selection
from wizard.plan.finding import ErrorKind, Severity

pytestmark = pytest.mark.live
ID = "cluster.assets"


class PagedNode(NodeStandIn):
    """A stand-in that says something else at some paths."""

    def __init__(self, name: str, **options) -> None:
        self.says: dict[str, Answer] = options.pop("says")
        super().__init__(name, **options)

    def answer(self, request):
        return self.says.get(request.path) or super().answer(request)


@pytest.fixture
def paged(launch):
    """Make started nodes that say something else at some paths."""
    return lambda name, **options: launch(lambda: PagedNode(name, **options))


def _found(*nodes, timeout=None, **values):
    plan = plan_of(*nodes, **values)
    return findings_of(cluster.checks(plan, {}), selection=Selection(only=(ID,)), timeout=timeout)[ID, ""]


def _told(finding):
    return finding.severity, finding.error


def _page(*names):
    tags = "".join(f'<script src="{name}"></script>' for name in names)
    return Answer(200, f"<!doctype html><html><head>{tags}</head></html>".encode())


@pytest.mark.parametrize("path", ["/", "/crm/"])
def test_nodes_of_one_package_pass(node_stand_in, path):
    nodes = [node_stand_in(f"node{i}", public_path=path) for i in (1, 2)]
    finding = _found(*nodes, application__public_path=path)
    assert _told(finding) == (Severity.PASS, None)
    assert finding.summary == "The 2 scripts and style sheets that the pages name are on each of node1, node2."


def test_a_node_of_another_package_fails_though_both_tell_one_version(node_stand_in):
    nodes = [node_stand_in("node1"), node_stand_in("node2"), node_stand_in("node3", build="77aa01bc")]
    finding = _found(*nodes)
    assert _told(finding) == (Severity.FAIL, ErrorKind.VERSION)
    assert finding.summary == "node3 run another package than node1, node2."
    lacking = "/assets/index.3f9c2ab7.css, /assets/index.3f9c2ab7.js"
    assert f"node3 does not have {lacking}, which the page of node1, node2 names." in finding.detail
    assert finding.remedy.startswith("Start node3 with the same image")


def test_of_two_nodes_of_two_packages_neither_is_called_the_right_one(node_stand_in):
    finding = _found(node_stand_in("node1"), node_stand_in("node2", build="77aa01bc"))
    assert _told(finding) == (Severity.FAIL, ErrorKind.VERSION)
    assert finding.summary == "The nodes run different packages: node1, node2 lack files of each other."


def test_a_node_that_lacks_what_its_own_page_names_is_told_so(paged):
    gone = {f"/assets/index.3f9c2ab7.{kind}": Answer(404, b"no", "text/plain") for kind in ("js", "css")}
    finding = _found(*(paged(name, says=gone) for name in ("node1", "node2")))
    assert finding.summary == "node1, node2 lack files that their own page names."


def test_a_file_that_is_not_found_is_lacking_like_a_page_in_its_place(node_stand_in, paged):
    gone = Answer(404, b"Not Found", "text/plain")
    finding = _found(node_stand_in("node1"), paged("node2", says={"/assets/index.3f9c2ab7.css": gone}))
    assert _told(finding) == (Severity.FAIL, ErrorKind.VERSION)
    assert finding.summary == "node2 run another package than node1."


@pytest.mark.parametrize("status", [401, 500, 503])
def test_an_answer_that_says_neither_is_unknown(node_stand_in, paged, status):
    other = Answer(status, b"no", "text/plain")
    finding = _found(node_stand_in("node1"), paged("node2", says={"/assets/index.3f9c2ab7.js": other}))
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert f"node2: HTTP {status} for /assets/index.3f9c2ab7.js." in finding.detail


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (_page("http://[.js", "/main.js"), "no file of its page has a hash in its name"),
        (_page("/main.js"), "no file of its page has a hash in its name"),
        (_page("https://cdn.example.com/app.3f9c2ab7.js"), "its files come from cdn.example.com"),
        (Answer(200, b"ok", "text/plain"), "HTTP 200, and no page that names scripts"),
        (Answer(403, b"<html></html>"), "HTTP 403, and no page that names scripts"),
    ],
)
def test_a_page_that_names_no_file_to_compare_is_unknown(node_stand_in, paged, page, said):
    finding = _found(node_stand_in("node1"), paged("node2", says={"/": page}))
    assert finding.severity in {Severity.UNKNOWN, Severity.FAIL}
    if finding.severity is Severity.UNKNOWN:
        assert f"node2: {said}." in finding.detail


def test_the_public_address_counts_as_the_nodes_own(paged):
    page = _page("https://app.example.com/assets/index.3f9c2ab7.js")
    finding = _found(*(paged(name, says={"/": page}) for name in ("node1", "node2")))
    assert _told(finding) == (Severity.PASS, None)


def test_a_page_that_leads_to_another_one_of_the_node_is_followed(launch, node_stand_in):
    behind = node_stand_in("node1")
    site = (
        f"location = / {{ return 302 /v/; }} location = /v/ {{ rewrite ^ / break; proxy_pass {behind.url}; }} "
        f"location / {{ proxy_pass {behind.url}; }}"
    )
    front = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; {site} }}"))
    assert _told(_found(front, node_stand_in("node2"))) == (Severity.PASS, None)


def test_little_of_a_large_answer_is_read(paged, node_stand_in):
    large = b"x" * 3_000_000
    page = Answer(200, _page("/a.3f9c2ab7.js").body + large)
    says = {"/": page, "/a.3f9c2ab7.js": Answer(200, large, "application/javascript")}
    finding = _found(*(paged(name, says=says) for name in ("node1", "node2")))
    assert _told(finding) == (Severity.PASS, None)
    assert (LARGEST_PAGE, LARGEST_FILE) == (131_072, 512)


def test_no_more_than_twelve_files_of_a_page_are_asked_for(paged):
    page = _page(*(f"/a{i}.3f9c2ab7.js" for i in range(40)))
    script = Answer(200, b"//", "application/javascript")
    nodes = [paged(n, says={"/": page, **{f"/a{i}.3f9c2ab7.js": script for i in range(40)}}) for n in ("a", "b")]
    assert _told(_found(*nodes)) == (Severity.PASS, None)
    assert [sum(request.path.endswith(".js") for request in node.requests) for node in nodes] == [12, 12]


def test_nodes_that_do_not_serve_are_left_out_and_named(node_stand_in):
    nodes = [node_stand_in(f"node{i}") for i in (1, 2, 3)]
    nodes[2].health = Health.NOT_INSTALLED
    finding = _found(*nodes)
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert "node3: it does not serve." in finding.detail


def test_one_node_alone_is_compared_with_nobody(node_stand_in, closed_port):
    assert _found(node_stand_in("node1"), closed_port).severity is Severity.SKIP


@pytest.mark.parametrize(
    ("file", "hashed"),
    [
        ("/dist/umi.3f9c2ab7.js", True),
        ("/assets/index-B2x9Qa_7.css", True),
        ("/v/assets/chunk~0a1b2c3d4e.mjs", True),
        ("/3f9c2ab7d1.js", True),
        ("/browser-checker.js", False),
        ("/umi.js", False),
        ("/plugin-manager.js", False),
        ("/dist/2.2.15/app.js", False),
    ],
)
def test_a_hash_in_a_name_is_told_from_words(file, hashed):
    assert is_hashed(file) is hashed
