"""All that is read out of env files, cluster files, Compose files and manifests: plans, secrets, places, services."""

import pytest

from tests.unit.texts_read import (
    cases,
    of_cluster_file,
    of_grammar,
    of_kustomization,
    of_manifests,
    of_plan,
    of_project,
)
from wizard.formats import cluster_file, compose, dotenv
from wizard.formats.dotenv.expressions import expand, is_expression
from wizard.formats.dotenv.grammar import Assignment, ignored_lines, parse
from wizard.formats.files import SourceError

BESIDE = {
    ".env": "HOST=db\nVERSION=2.2.15\nTWICE=$HOST\n",
    "a.env": "A=${HOST}\nX=1 # note\nY='$HOST'\nZ=${NOBODY}\nW=${VERSION:+yes}\n",
    "b.env": "A=b\n",
    "raw.env": " R='x=z' # y\n#S=1\nT\nX=$A\nW=raw\n",
    "last.env": "L=${X}-${HOST}-${Z}\n",
    "inc.env": "HOST=mine\nFRESH=f\n",
    "sub/rel.yaml": "services:\n  rel: {image: 'i-${HOST}-${FRESH}', volumes: ['./v:/v'], env_file: e.env}\n",
    "sub/rel2.yaml": "services:\n  rel2: {image: 'i-${HOST}-${FRESH}', volumes: ['./v:/v'], env_file: e.env}\n",
    "sub/.env": "HOST=sub\nFRESH=s\n",
    "sub/e.env": "E=sub\n",
    "other/e.env": "E=${FRESH}\n",
    "sub/base.yaml": "services:\n  other:\n    image: other\n    env_file: sub.env\n",
    "sub/sub.env": "S=${TWICE}\n",
    "sub/more.yaml": "include: [base.yaml]\nservices:\n  more: {image: more, env_file: sub.env}\n",
    "loop.yaml": "include: [loop.yaml]\n",
    "plain.env": "A=1\n# B=2\n C='3'\nD\nE=x=y\n",
    "text.txt": "whole\ntext\n",
    "app.yaml": "kind: Service\nmetadata: {name: app}\n---\nkind: Secret\nmetadata: {name: s}\n",
    "base/kustomization.yaml": "resources: [more.yaml]\nimages: [{name: app, newTag: '1'}]\n",
    "base/more.yaml": "kind: Service\nmetadata: {name: more}\n",
    "loop/kustomization.yml": "resources: [../loop]\n",
}
READ = {
    "env": lambda text: of_plan(lambda given: dotenv.read(given, "cluster.env"), text),
    "grammar": lambda text: of_grammar(parse, ignored_lines, text),
    "compose": lambda text: of_project(compose.read, text, BESIDE),
    "kubernetes": of_manifests,
    "kustomize": lambda text: of_kustomization(text, BESIDE),
    "cluster": lambda text: of_cluster_file(cluster_file.read, text),
}
"""What is told of a text, by its kind: all that the program reads out of it."""


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in READ for name in cases(kind)])
def test_out_of_a_text_this_is_read(kind, name):
    text, lines = cases(kind)[name]
    assert READ[kind](text) == lines


@pytest.mark.parametrize(
    ("file", "beside", "image"),
    [
        ("compose.yaml", "compose.override.yaml", "three"),
        ("compose.yaml", "compose.override.yml", "three"),
        ("compose.yml", "compose.override.yml", "three"),
        ("compose.yml", "compose.override.yaml", "three"),
        ("docker-compose.yml", "docker-compose.override.yml", "three"),
        ("docker-compose.yml", "docker-compose.override.yaml", "three"),
        ("docker-compose.yaml", "docker-compose.override.yaml", "three"),
        ("docker-compose.yaml", "docker-compose.override.yml", "three"),
        ("docker-compose.yaml", "compose.override.yaml", "three"),
        ("compose.yaml", "docker-compose.override.yml", "three"),
        ("other.yaml", "compose.override.yaml", "one"),
    ],
)
def test_an_override_beside_the_file_is_read_after_it(file, beside, image):
    files = {beside: "services:\n  app: {image: three, scale: 2}\n"}
    project = compose.read("services:\n  app: {image: one, environment: {A: x}}\n", f"at/{file}", file, files.get)
    app = project.services["app"]
    assert (app.image, app.variables["A"].value) == (image, "x")
    assert app.place.words == f"app, at/{file} line 2"
    if image == "three":
        assert (app.replicas, app.image_place.words) == (2, f"image, at/{beside} line 2")


@pytest.mark.parametrize(
    ("text", "value", "named", "unset"),
    [
        ("$A", "a1", "A", ""),
        ("${A}", "a1", "A", ""),
        ("$$A", "$A", "", ""),
        ("a$A.b", "aa1.b", "A", ""),
        ("$AB", "ab", "AB", ""),
        ("${B}", "", "B", "B"),
        ("$EMPTY", "", "EMPTY", ""),
        ("${EMPTY}", "", "EMPTY", ""),
        ("${A:-x}", "a1", "A", ""),
        ("${A-x}", "a1", "A", ""),
        ("${EMPTY:-x}", "x", "EMPTY", ""),
        ("${EMPTY-x}", "", "EMPTY", ""),
        ("${B:-x}", "x", "B", ""),
        ("${B-x}", "x", "B", ""),
        ("${B:-}", "", "B", ""),
        ("${A:+x}", "x", "A", ""),
        ("${A+x}", "x", "A", ""),
        ("${EMPTY:+x}", "", "EMPTY", ""),
        ("${EMPTY+x}", "x", "EMPTY", ""),
        ("${B:+x}", "", "B", ""),
        ("${B+x}", "", "B", ""),
        ("${A:?x}", "a1", "A", ""),
        ("${EMPTY:?x}", None, "EMPTY", "EMPTY"),
        ("${EMPTY?x}", "", "EMPTY", ""),
        ("${B:?x}", None, "B", "B"),
        ("${B?x}", None, "B", "B"),
        ("${B:-$A}", "a1", "B A", ""),
        ("${B:-${A}}", "a1", "B A", ""),
        ("${B:-${C:-z}}y", "zy", "B C", ""),
        ("${B:-a}b}", "ab}", "B", ""),
        ("${A", None, "A", ""),
        ("${B:-${A}", None, "B", ""),
        ("$1", "$1", "", ""),
        ("$", "$", "", ""),
        ("a$", "a$", "", ""),
        ("${1}", None, "", ""),
        ("${A:x}", None, "A", ""),
        ("$A$B$A", "a1a1", "A B", "B"),
        (
            "${B:-1${B:-2${B:-3${B:-4${B:-5${B:-6${B:-7${B:-8${B:-9${B:-10${B:-11${B:-12}}}}}}}}}}}}",
            None,
            "B",
            "",
        ),
    ],
)
def test_compose_makes_this_of_an_expression(text, value, named, unset):
    found = expand(text, {"A": "a1", "EMPTY": "", "AB": "ab"})
    assert (found.value, " ".join(found.named), " ".join(found.unset)) == (value, named, unset)


@pytest.mark.parametrize(
    ("value", "quote", "whether"),
    [
        ("$A", "", True),
        ("${A", '"', True),
        ("x$_a", "`", True),
        ("$A", "'", False),
        ("$1", "", False),
        ("$$", "", False),
        ("a$", "", False),
    ],
)
def test_a_value_in_single_quotes_is_no_expression(value, quote, whether):
    assert is_expression(Assignment("X", value, 1, quote=quote)) is whether


def test_more_than_5000_variables_are_no_env_file():
    assert len(parse("".join(f"A{number}=1\n" for number in range(5000)))) == 5000
    with pytest.raises(SourceError, match="It has more than 5000 variables: that is no env file"):
        parse("A=1\n" * 5001)


def test_a_mebibyte_is_the_most_of_an_env_file():
    assert dotenv.read("A=" + "x" * (1024 * 1024 - 2), "a.env")[0].extras[0].name == "A"
    with pytest.raises(SourceError, match=r"a\.env is too large for an env file"):
        dotenv.read("A=" + "x" * (1024 * 1024 - 1), "a.env")


def test_of_many_lines_that_are_none_100_are_named():
    plan, _ = dotenv.read("A=1\n" + "x y\n\n" * 150, "a.env")
    assert [item.key for item in plan.unreadable if item.key.startswith("line")][-1] == "line 200"
