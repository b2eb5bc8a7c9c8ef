"""Files in YAML and JSON that are no source: each is told what it is, or what was expected, with its line."""

import pytest

from wizard.app.open_source import open_source
from wizard.formats.files import SourceError

WORKFLOW = "name: CI\non:\n  push: {branches: [main]}\njobs:\n  build:\n    runs-on: ubuntu-latest\n"
PLAYBOOK = "---\n- name: Install\n  become: true\n  hosts: all\n  tasks: []\n"
EXPECTED = "A cluster file begins with “schema: 1”, a Compose file has “services”"
CHART = "name: crm\nversion: 1.0.0\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
version: 1
spec: {template: {spec: {containers: [{name: app, image: nocobase/nocobase}]}}}
"""
LIST = ", line 1: it is a list."
EMPTY = ", line 1: the file is empty."


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("ci.yml", WORKFLOW, "is for GitHub Actions, as its line 4 says."),
        ("ci.yml", WORKFLOW.replace("on:", "'on':"), "is for GitHub Actions, as its line 4 says."),
        ("ci.yml", "stages: [b]\nb:\n  stage: b\n  script: [make]\n", "is for GitLab CI, as its line 1 says."),
        (".gitlab-ci.yml", "b: {script: [make]}\n", "is for GitLab CI."),
        ("site.yml", PLAYBOOK, "is for Ansible, as its line 4 says."),
        ("api.yaml", "# x\nopenapi: 3.0.3\npaths: {}\n", "is for OpenAPI, as its line 2 says."),
        ("api.yaml", "swagger: '2.0'\n", "is for OpenAPI, as its line 1 says."),
        ("api.json", '{\n "openapi": "3.1.0"\n}\n', "is for OpenAPI, as its line 2 says."),
        ("p.yml", "global: {}\nscrape_configs: []\n", "is for Prometheus, as its line 2 says."),
        (
            "Chart.yaml",
            "apiVersion: v2\nname: crm\nversion: 1.0.0\n",
            "is for Helm, as its line 1 says. Give the values",
        ),
        ("a.yaml", f"{CHART}apiVersion: v2\n", "is for Helm, as its line 3 says."),
        ("a.yaml", "- a\n- b\n", LIST),
        ("a.yaml", "---\n- name: x\n  apt: {name: nginx}\n", ", line 2: it is a list."),
        ("a.json", "[]\n", LIST),
        ("a.yaml", "", EMPTY),
        ("a.yaml", "# a comment\n\n", EMPTY),
        ("a.yaml", "---\n", ", line 2: the file is empty."),
        ("a.json", "{}\n", EMPTY),
        ("a.yaml", "hello world\n", ", line 1: it is a text without settings."),
        ("a.yaml", "# x\nfirst: 1\nother: 2\n", ", line 2: “first” begins no kind of file that is read here."),
        ("a.json", '{"first": 1}\n', "line 1: “first” begins no kind of file that is read here."),
        (
            "a.yaml",
            "app:\n  image: nocobase/nocobase\n",
            ", line 1: “app” begins no kind of file that is read here. Services of Compose stand below “services”.",
        ),
        ("a.yaml", "first: &x {<<: *x}\n", ", line 1: “first” begins no kind of file that is read here."),
        ("a.yaml", "name: shop\ndatabase:\n  host: db\n", ", line 1: “schema: 1” is missing"),
        ("a.yaml", "a: [1\n", ", line 2: it is not YAML"),
    ],
)
def test_a_file_that_is_no_source_is_told_what_it_is_with_its_line(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError) as refused:
        open_source(str(tmp_path / name))
    assert name in str(refused.value)
    assert words in str(refused.value)
    asked = any(part in words for part in ("list", "empty", "text without", "“first”"))
    assert (EXPECTED in str(refused.value)) is asked


def test_the_folder_of_a_chart_is_told_to_be_one(tmp_path):
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: crm\nversion: 1.0.0\n")
    (tmp_path / "values.yaml").write_text("replicaCount: 1\n")
    with pytest.raises(SourceError, match=r"Chart\.yaml is for Helm") as refused:
        open_source(str(tmp_path))
    assert "Give the values" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "schema: 1\nname: shop\n"),
        ("a.yaml", DEPLOYMENT),
        ("a.yaml", "on: {}\nservices:\n  app: {image: nocobase/nocobase}\njobs: {}\n"),
    ],
)
def test_words_of_other_kinds_do_not_make_a_source_one_of_them(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert open_source(str(tmp_path / name)).plan
