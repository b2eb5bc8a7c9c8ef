"""Whatever the command line says passes through the translation, shown in a language that is made up."""

from pathlib import Path

import pytest

from tests.made_up_language import LANGUAGE, MadeUp, plain_words
from wizard.app import language
from wizard.formats import cluster_file
from wizard.plan import i18n

EXAMPLES = Path(__file__).parents[3] / "resources" / "examples"
NAMES = (
    "NocoBase Cluster Wizard nocobase cluster wizard check export diff accept history probe demo self test en fr zh CN",
    "text json junit markdown html prometheus reference inline encrypted true false",
    "env nginx haproxy compose kubernetes monitoring start run auto always never",
    "secrets keyring file list set remove move",
)
"""The program, its commands, and what can be chosen: no words, but what is typed."""


@pytest.fixture(autouse=True)
def _made_up(monkeypatch):
    monkeypatch.setattr(language, "use", lambda _name=None: i18n.install(LANGUAGE, MadeUp()))
    yield
    i18n.install(i18n.ENGLISH, None)


@pytest.mark.parametrize(
    "command", [(), ("check",), ("export",), ("diff",), ("secrets",), ("demo",), ("self-test",)], ids=" ".join
)
def test_the_help_is_translated(program, command):
    assert plain_words(program(*command, "--help").out, *NAMES) == []


@pytest.mark.parametrize(
    "words",
    [
        ("chekc", "b"),
        ("check",),
        ("check", "missing.yaml"),
        ("check", "a.yaml", "--timeout", "soon"),
        ("check", "a.yaml", "--jobs", "0"),
        ("check", "a.yaml", "--format", "pdf"),
        ("check", "a.yaml", "--only", "nonsense"),
        ("check", "broken.yaml"),
        ("check", "odd.yaml"),
        ("check", "empty.yaml"),
        ("export", "a.yaml"),
        ("export", "a.yaml", "full"),
        ("export", "a.yaml", "b", "--target", "nonsense"),
        ("diff", "a.yaml", "missing.yaml"),
    ],
    ids=" ".join,
)
def test_what_is_said_of_a_wrong_command_is_translated(program, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_bytes((EXAMPLES / "three-nodes.yaml").read_bytes())
    Path("broken.yaml").write_text("schema: 1\nname: [\n")
    Path("odd.yaml").write_text("schema: 1\nname: x\nnonsense: 3\n")
    Path("empty.yaml").write_text("")
    Path("full").mkdir()
    Path("full/other").touch()
    done = program(*words)
    assert done.code == 2
    assert plain_words(done.err, *NAMES, *words, "nonsense: nodes:") == []


def values(plan):
    found = [str(value) for _key, _setting, value in plan.settings()]
    found += [text for value in found for text in value.split("://")]
    return [plan.name, *found, *(node.name for node in plan.nodes), *(node.host for node in plan.nodes)]


@pytest.fixture(params=sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def example(request):
    return request.param


def test_a_run_of_the_rules_is_translated(program, example):
    done = program("check", str(example), "--only", "plan")
    plan = cluster_file.read(example.read_text(), "")
    assert plain_words(done.out, *NAMES, *values(plan), "plan") == []


def test_an_export_and_its_readme_are_translated(program, example, tmp_path):
    done = program("export", str(example), str(tmp_path / "bundle"))
    plan = cluster_file.read(example.read_text(), "")
    assert plain_words(done.out, *NAMES, *values(plan), "plan") == []
    readme = (tmp_path / "bundle" / "README.md").read_text()
    assert plain_words(readme, *NAMES, *values(plan)) == []


def test_a_difference_is_translated(program):
    left, right = (EXAMPLES / name for name in ("three-nodes.yaml", "rabbitmq.yaml"))
    done = program("diff", str(left), str(right))
    plans = [cluster_file.read(path.read_text(), "") for path in (left, right)]
    assert plain_words(done.out, *NAMES, *values(plans[0]), *values(plans[1])) == []
