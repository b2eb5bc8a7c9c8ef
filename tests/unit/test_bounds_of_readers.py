"""What a reader takes at most, and one more, which it refuses."""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from wizard.checks.inside.document import NODE, document_of
from wizard.formats import allowance
from wizard.formats.allowance import Cost
from wizard.formats.cluster_file import accepted, tree
from wizard.formats.compose import env_file
from wizard.formats.dotenv import grammar, reader
from wizard.formats.dotenv.expressions import expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.formats.kubernetes import objects
from wizard.formats.sites import model, nginx_reading, nginx_tree
from wizard.formats.sites.model import SiteError
from wizard.formats.units import environment_file, literal, systemd

ROOT = Path(__file__).parents[2]
LONG_KEY = "A="


def merged(text: str) -> None:
    tree.compose(text, "a").merged()


def given(text: str) -> None:
    names = text.split()
    reader.read_given({name: Assignment(name, "x", 1) for name in names}, {}, "a")


MOST = {
    "characters of an env file": (grammar.parse, lambda n: LONG_KEY + "x" * (n - 2), 1024 * 1024),
    "characters of an env file as a source": (
        partial(reader.read, name="a.env"),
        lambda n: LONG_KEY + "x" * (n - 2),
        1024 * 1024,
    ),
    "variables of an env file": (grammar.parse, lambda n: "A=1\n" * n, 5000),
    "variables that were gathered": (given, lambda n: " ".join(f"V{number}" for number in range(n)), 5000),
    "characters of a cluster file": (partial(tree.compose, name="a"), lambda n: "a: " + "x" * (n - 3), 256 * 1024),
    "levels of YAML": (partial(tree.compose, name="a"), lambda n: "[" * n + "]" * n, 64),
    "values of YAML": (partial(tree.compose, name="a", most=200), lambda n: "[" + "a," * (n - 1) + "]", 200),
    "entries that are merged": (
        merged,
        lambda n: "{<<: {" + ",".join(f"k{number}: 1" for number in range(n - 1)) + "}}",
        2000,
    ),
    "findings that are accepted": (
        partial(accepted.read_file, name="a"),
        lambda n: "accepted:\n- &a {id: plan.a, severity: fail, reason: x}\n" + "- *a\n" * (n - 1),
        2000,
    ),
    "documents of a manifest": (partial(objects.read, file="a"), lambda n: "---\n" * (n - 1) + "a: b\n---\nc: d", 500),
    "characters of a unit": (
        partial(systemd.read, systemd.Unit(), file="a", known={}),
        lambda n: "[Service]\n#" + "x" * (n - 11),
        256 * 1024,
    ),
    "characters of a file of PM2": (partial(literal.read, file="a"), lambda n: "{}" + " " * (n - 2), 256 * 1024),
    "characters of a site": (model.refuse_long, lambda n: "x" * n, 128 * 1024),
    "statements of a site": (model.refuse_long, lambda n: ";" * n, 10_000),
}


@pytest.mark.parametrize("name", MOST)
def test_one_more_than_the_most_is_refused(name):
    read, text, most = MOST[name]
    read(text(most))
    with pytest.raises((SourceError, SiteError)):
        read(text(most + 1))


@pytest.mark.parametrize(
    ("cost", "most"),
    [
        (Cost.TEXT, 4 * 1024 * 1024),
        (Cost.VALUES, 25_000),
        (Cost.LINES, 200_000),
        (Cost.WALKED, 60_000),
        (Cost.VARIABLES, 8000),
        (Cost.EXPANDED, 4 * 1024 * 1024),
        (Cost.SITES, 160 * 1024),
        (Cost.MATCHING, 300_000),
        (Cost.TESTED, 100_000),
    ],
)
def test_one_source_may_cost_so_much_altogether(cost, most):
    with allowance.allowance("a.yaml"):
        for part in (1, most - 2, 1):
            allowance.spend(cost, part)
        with pytest.raises(SourceError, match=r"a\.yaml"):
            allowance.spend(cost, 1)


GATHERED = {
    "a unit of systemd": (lambda text: systemd.read(systemd.Unit(), text, "a", {}), "Environment={}=", "[Service]\n"),
    "a file of systemd": (partial(environment_file.read, file="a"), "{}=", ""),
    "an env file of Compose": (partial(env_file.read, known={}), "{}=", ""),
}


@pytest.mark.parametrize("name", GATHERED)
def test_each_variable_counts_once_in_what_a_source_may_cost(name):
    read, line, head = GATHERED[name]
    text = head + "".join(line.format(f"V{number}") + "\n" for number in range(8000))
    with allowance.allowance("a.yaml"):
        read(text)
    with allowance.allowance("a.yaml"), pytest.raises(SourceError, match=r"a\.yaml"):
        read(f"{text}{line.format('W')}\n")


@pytest.mark.parametrize(("count", "taken"), [(129, True), (130, False)])
def test_a_value_that_is_put_together_from_others_has_a_bound(count, taken):
    text = f"A={'x' * 1024}\nB={'${A}' * count}\n"
    assert (expanded(grammar.parse(text).values())["B"].value is not None) is taken


@pytest.mark.parametrize(("depth", "value"), [(10, "x"), (11, None)])
def test_expressions_in_one_another_have_a_bound(depth, value):
    text = "A=" + "${A:-" * depth + "x" + "}" * depth + "\n"
    assert expanded(grammar.parse(text).values())["A"].value == value


@pytest.mark.parametrize(("depth", "kind"), [(3, "Pod"), (4, "List")])
def test_lists_of_kubernetes_are_followed_three_deep(depth, kind):
    text = "{kind: List, items: [" * depth + "{kind: Pod, metadata: {name: a}}" + "]}" * depth
    assert [one.kind for one in objects.read(text, "a.yaml")] == [kind]


@pytest.mark.timeout(10)
def test_an_expression_that_takes_for_ever_is_given_up():
    with pytest.raises(SiteError, match="takes too long"):
        nginx_tree._matches("^(a|aa)+$", "a" * 60 + "b", re.NOFLAG)


def test_a_longer_expression_than_any_is_not_tried():
    assert nginx_tree._matches("a" + "b?" * 999 + ".", "ab", re.NOFLAG)
    with pytest.raises(SiteError, match="takes too long"):
        nginx_tree._matches("a" * 2001, "a", re.NOFLAG)


COUNTED = """
import re, resource, sys
from wizard.formats import allowance
from wizard.formats.allowance import Cost
from wizard.formats.sites import nginx_tree

if "limited" in sys.argv:
    resource.setrlimit(resource.RLIMIT_CPU, (600, resource.RLIM_INFINITY))
with allowance.allowance("crm.conf"):
    before = allowance.left(Cost.MATCHING)
    nginx_tree._matches("(a?){30}a{30}", "a" * 29, re.NOFLAG)
    print(before - allowance.left(Cost.MATCHING))
"""


@pytest.mark.parametrize("words", [[], ["limited"]])
def test_time_that_expressions_take_is_counted(words):
    """Under such a limit Linux counts a process' time by its ticks of 1 to 4 ms, in which most matches have no part."""
    done = subprocess.run([sys.executable, "-c", COUNTED, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 0


def test_texts_and_lists_in_facts_of_a_node_are_cut():
    found = document_of({"kind": NODE, "schema": 1, "addresses": ["a"] * 2001, "worker_mode": "x" * 301})
    assert len(found.addresses) == 2000
    assert found.worker_mode == "x" * 299 + "…"


def test_an_error_for_which_the_parser_has_neither_words_nor_line_is_told(monkeypatch):
    monkeypatch.setattr(
        nginx_reading, "_parsed", lambda _file, _text: {"parsed": [], "errors": [{"error": "", "line": None}]}
    )
    with pytest.raises(SiteError, match="it ends within a directive") as told:
        nginx_reading.http_of("server { listen 80")
    assert told.value.line == 0


def test_variables_are_counted_where_an_address_is_made_of_one_alone():
    location = nginx_tree.Statement("location", (), 1, (nginx_tree.Statement("set", ("$a", "x"), 2),) * 201)
    assert nginx_tree.literal("http://nodes", [location]) == "http://nodes"
    with pytest.raises(SiteError, match="more than 200 variables"):
        nginx_tree.literal("http://$a", [location])


@pytest.mark.parametrize(
    ("listen", "ports"), [((), {80}), (("443",), {443}), (("[::]:8443",), {8443}), (("[::1]",), {80})]
)
def test_a_server_of_nginx_that_says_no_port_listens_on_80(listen, ports):
    block = tuple(nginx_tree.Statement("listen", (address,), 2) for address in listen)
    assert nginx_tree.ports(nginx_tree.Statement("server", (), 1, block)) == ports
