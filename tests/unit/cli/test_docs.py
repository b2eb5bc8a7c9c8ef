"""The pages for people: each command that ends by itself is run, each link leads somewhere, pictures are made."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.inside import document
from tests.unit.plans import SECRETS, good_plan
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.sections import Node

ROOT = Path(__file__).parents[3]
DOCS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
OF_OTHER_TESTS = {"docs/secrets.md"}
"""Pages whose commands need a person at a terminal, or a store of secrets: tests of those commands run them."""
PAGES = ("README.md", *(page for page in DOCS if page not in OF_OTHER_TESTS))
SHORT = ("--only", "plan")
"""What a check of the pages is held to here where it names nothing: no server is asked."""
NOBODY = {
    "application.public_url": "",
    "database.host": "127.0.0.1",
    "database.port": 1,
    "redis.server.host": "127.0.0.1",
    "redis.server.port": 1,
    "licence.skip_download": True,
    "nodes": (Node(name="node1", host="127.0.0.1", port=1), Node(name="node2", host="127.0.0.1", port=2)),
}
"""Addresses of this machine at which nobody answers."""


def commands() -> list[str]:
    """Return every line of the pages that calls the program."""
    found = []
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.DOTALL):
            lines = (line.partition(" # ")[0].partition(" > ")[0].strip() for line in block.splitlines())
            found += [line for line in lines if line.startswith("nocobase-cluster-wizard ")]
    return list(dict.fromkeys(found))


@pytest.fixture
def at_hand(program, good):
    """What the pages speak of: a cluster file with a kept run, env files, a Compose file, a report, facts of nodes."""
    plan = good_plan()
    for key, value in NOBODY.items():
        plan = plan.with_value(key, value)
    saved(plan)
    Path("secrets.env").write_text(dotenv.write(plan, SECRETS, SecretsMode.INLINE)[0].text)
    program("check", "cluster.yaml", *SHORT, "--format", "json", "--output", "report.json")
    kept = program("history", "cluster.yaml").out.split("\n")[0].split("  ")[-1]
    Path("run.json").write_text(Path(kept).read_text())
    for name in (".env", "cluster.env", "node1.env", "node2.env"):
        Path(name).write_text("DB_HOST=db\nAPP_KEY=0123456789abcdef0123456789abcdef\n")
    Path("compose.yaml").write_text("services:\n  app:\n    image: nocobase/nocobase:2.2.15-full\n")
    for name in ("node1", "node2"):
        Path(f"{name}.json").write_text(json.dumps(document(name)))
    Path("bundle").mkdir()


def test_each_promise_of_security_names_tests_that_are_there():
    rows = [line for line in (ROOT / "SECURITY.md").read_text().splitlines() if line.startswith("| ")][2:]
    named = [re.findall(r"`(tests/[\w/]+\.py)`", row) for row in rows]
    assert rows
    assert all(named)
    assert not [name for names in named for name in names if not (ROOT / name).is_file()]


@pytest.mark.usefixtures("at_hand")
def test_the_page_of_unattended_checks_has_each_metric(program):
    told = program("check", "cluster.yaml", *SHORT, "--format", "prometheus").out
    page = (ROOT / "docs/unattended.md").read_text()
    assert re.findall(r"^\| `(nocobase_\w+)` \|", page, re.MULTILINE) == re.findall(
        r"^# HELP (\w+) ", told, re.MULTILINE
    )


def test_no_page_exports_a_part_over_the_folder_of_a_whole_bundle():
    parts = [line.split()[3].rstrip("/") for line in commands() if " export " in line and "--target" in line]
    wholes = {line.split()[3].rstrip("/") for line in commands() if " export " in line and "--target" not in line}
    assert parts
    assert not wholes & {*parts}


def test_the_pages_have_commands():
    assert len(commands()) > 40


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("command", [line for line in commands() if "demo" not in line and "--watch" not in line])
def test_a_command_of_the_pages_is_no_bad_usage(program, command):
    words = shlex.split(command)[1:]
    if words[0] == "check" and "--only" not in words and "run.json" not in words:
        words += SHORT
    if words[0] == "check" and "run.json" not in words:
        words += ("--timeout", "1")
    done = program(*("1" if word == "60" else word for word in words))
    assert done.code in {0, 3, 4}, done.err
    assert "fault" not in done.err


def _anchors(page: Path) -> set[str]:
    """Return what a link can lead to within a page, as GitHub names it."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    titles = re.findall(r"(?m)^#+ +(.+)$", text)
    slugs = {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
    return slugs | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


@pytest.mark.parametrize(
    "page", ["README.md", *DOCS, "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]
)
def test_every_link_leads_somewhere_and_no_page_knows_a_machine(page):
    path = ROOT / page
    text = path.read_text()
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL))
    broken = []
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []
    assert re.findall(r"/(?:work|root)/[\w/]*|/home/(?!admin)[\w/]+", text) == []


def test_no_page_has_the_marks_of_a_merge():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    assert len(pages) > len(DOCS)
    marked = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
    assert [page.name for page in pages if marked.search(page.read_text(encoding="utf-8"))] == []


def test_every_page_is_in_the_index():
    index = (ROOT / "docs/README.md").read_text()
    assert [page for page in DOCS if page != "docs/README.md" and f"({Path(page).name})" not in index] == []


def test_every_picture_is_shown_and_is_made_by_the_script():
    from tests.pictures import NAMES

    picture = re.compile(r"!\[[^\]]+\]\((?:docs/)?(\w+)\.png\)")
    shown = {name for page in PAGES for name in picture.findall((ROOT / page).read_text())}
    assert shown == set(NAMES) == {path.stem for path in (ROOT / "docs").glob("*.png")}


def test_the_readme_stays_under_two_pages():
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) < 100
    assert len(readme.split()) < 1000
