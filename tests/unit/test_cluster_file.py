"""The cluster file: what is written comes back, and every complaint names the line."""

import json
from dataclasses import replace

import hypothesis
import pytest
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.unit.env_plans import plans
from tests.unit.plans import good_plan
from wizard import resources
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file
from wizard.formats.cluster_file.schema import cluster_schema, schema_text
from wizard.formats.files import SourceError
from wizard.plan.plan import Extra, Plan, Unreadable
from wizard.plan.secret import Secret, SecretRef

ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
TYPICAL = hypothesis.settings(deadline=None, max_examples=25)


def read(text, **more):
    return cluster_file.read(text, "cluster.yaml", **more)


def refusal(text, **more):
    with pytest.raises(SourceError) as refused:
        read(text, **more)
    return str(refused.value)


def without_places(plan):
    return replace(plan, unreadable=tuple(replace(item, where="") for item in plan.unreadable))


@TYPICAL
@hypothesis.given(plans())
def test_a_plan_comes_back_as_it_was(plan):
    assert read(cluster_file.write(plan)) == plan


@hypothesis.settings(TYPICAL, max_examples=60)
@hypothesis.given(ANY_TEXT, ANY_TEXT)
def test_any_text_comes_back_as_it_was(value, problem):
    plan = replace(Plan(id="x"), extras=(Extra("FOO", value),))
    plan = plan.with_unreadable(Unreadable("database.port", value, "")).with_text("database.port", value)
    plan = plan.with_unreadable(Unreadable("CACHE_REDIS_URL", value, problem or "?", "line 1"))
    assert without_places(read(cluster_file.write(plan), tolerant=True)) == without_places(plan)


ODD = [
    *("true", "null", "~", "no", "1.10", "0x1f", "1e3", "2024-01-01", "12:30", "- a", "a: b", "#x", "*a", "&a", "!x"),
    *("%x", "@x", "", " x ", "'", '"', "[a]", "{a}", "a\nb", "=", "<<", "\x85", "\ufeff"),
]


@pytest.mark.parametrize("value", ODD)
def test_texts_that_yaml_could_take_for_something_else_stay_texts(value):
    plan = replace(Plan(id="x"), extras=(Extra("FOO", value),))
    assert read(cluster_file.write(plan)) == plan
    assert YAML(typ="safe", pure=True).load(cluster_file.write(plan))["extras"]["FOO"] == value


def test_a_draft_keeps_what_could_not_be_read_where_it_stood():
    plan = good_plan().with_text("database.port", "five").with_text("nodes.1.port", "")
    text = cluster_file.write(plan)
    assert "port: five" in text
    back = read(text, tolerant=True)
    assert back.text("database.port") == "five"
    assert without_places(back) == without_places(plan)
    assert back.unreadable[0].where == f"line {text[: text.index('five')].count(chr(10)) + 1}"
    assert "database.port: “five” is not a whole number." in refusal(text)


@pytest.mark.parametrize(
    ("key", "text", "written"),
    [
        (
            "redis.server.host",
            "rediss://user:S3cr3t/p@ss@redis.internal:6379/0",
            "rediss://••••••@redis.internal:6379/0",
        ),
        ("application.public_url", "https://admin:S3cr3t@app.example.com", "https://••••••@app.example.com"),
        ("database.tls_key", "-----BEGIN PRIVATE KEY----- S3cr3t", "••••••"),
    ],
)
def test_a_secret_pasted_into_a_field_of_another_kind_is_not_written(key, text, written):
    plan = good_plan().with_text(key, text)
    assert plan.held_back(key) == Secret(text)
    assert plan.text(key) == written
    file = cluster_file.write(plan)
    assert "S3cr3t" not in file
    assert read(file, tolerant=True).text(key) == written


def test_an_unreadable_variable_is_kept_with_its_reference():
    item = Unreadable("CACHE_REDIS_URL", SecretRef("unreadable.CACHE_REDIS_URL"), "It names no host.", "line 3")
    plan = good_plan().with_unreadable(item)
    assert read(cluster_file.write(plan)) == plan


def test_no_secret_is_in_it_and_each_is_named():
    text = cluster_file.write(good_plan())
    assert "password: {secret: database.password}" in text
    assert "app_key: {secret: application.app_key}" in text


def test_it_leads_with_what_matters_and_leaves_defaults_of_experts_out():
    text = cluster_file.write(Plan(id="x"))
    assert "pool_max: 5" in text
    assert "pool_idle" not in text
    assert "worker_id: 4" in text
    assert "redis:" in text
    assert "lock:\n    host" not in text


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("schema: 1\ndatabase:\n  pasword: x", 3, "Did you mean “password”?"),
        ("schema: 1\n\ndatabse: {}", 3, "Did you mean “database”?"),
        ("schema: 1\nredis:\n  server:\n    hots: x", 4, "Did you mean “host”?"),
        ("schema: 1\ndatabase:\n  port: 70000", 3, "database.port: 70000 is outside 1 to 65535."),
        ("schema: 1\nnodes:\n  - name: a\n  - port: x", 4, "nodes.1.port"),
        ("schema: 1\nname: a\nname: b", 3, "“name” stands here twice."),
        ("schema: 1\ndatabase:\n  host: a\n  host: b", 4, "“host” stands here twice."),
        ("schema: 1\ndatabase: postgres", 2, "must have settings below it"),
        ("schema: 1\nnodes:\n  a: b", 2, "must be a list"),
        ("schema: 1\ndatabase:\n  host: [a]", 3, "must be one value"),
        ("schema: 1\ndatabase:\n  host: a\n b: [", 4, "it is not YAML"),
        ("schema: 1\n\ta: b", 2, "it is not YAML"),
        ("schema: 1\nname: a\0b", 2, "it is not YAML"),
        ("schema: 1\n---\nschema: 1", 2, "it is not YAML"),
        ("schema: 1\nextras:\n  a b: c", 3, "is no name of a variable"),
        ("schema: 1\nextras:\n  A: b\n  SMTP_PASS: hunter2", 4, "{secret: extra.SMTP_PASS}"),
        ("schema: 1\nid: a/b", 2, "The id must be"),
        ("schema: 2\nnovelty: x", 1, "A newer version of the wizard wrote this file"),
        ("schema: one", 1, "The schema must be 1."),
        ("name: a", 1, "“schema: 1” is missing"),
        ("- a", 1, "must have settings below it"),
        ("", 1, "the file is empty"),
        ("[" * 1000, 1, "it is not YAML"),
    ],
)
def test_a_fault_is_told_with_its_line(text, line, words):
    message = refusal(text)
    assert message.startswith(f"cluster.yaml, line {line}: ")
    assert words in message


@pytest.mark.parametrize("value", ["hunter2", "'hunter2'", "[hunter2]", "*hunter2", "!hunter2 x", "!h!hunter2"])
@pytest.mark.parametrize("tolerant", [True, False])
def test_a_secret_in_the_file_is_refused_and_its_value_not_quoted(value, tolerant):
    message = refusal(f"schema: 1\ndatabase:\n  password: {value}", tolerant=tolerant)
    assert "line 3" in message
    assert "hunter2" not in message


def test_a_plain_value_for_a_secret_tells_what_to_write():
    assert "{secret: database.password}" in refusal("schema: 1\ndatabase:\n  password: hunter2")


def test_values_are_taken_as_they_stand():
    plan = read("schema: 1\napplication:\n  version: 2.10.0\nextras:\n  A: 010\n  B: yes\n  C: 1_000\n  D:\n")
    assert plan.extras == (Extra("A", "010"), Extra("B", "yes"), Extra("C", "1_000"), Extra("D", ""))


def test_a_file_without_an_id_gets_the_same_one_at_each_reading():
    first, other = "schema: 1\nname: a\n", "schema: 1\nname: b\n"
    assert read(first).id == read(first).id != read(other).id


def test_sections_may_be_left_empty_or_out():
    assert read("schema: 1\nid: x\ndatabase:\nnodes:\nextras: ~\n") == Plan(id="x")


def test_the_published_schema_is_current():
    assert resources.text("cluster.schema.json") == schema_text()


def test_the_schema_knows_every_setting_and_nothing_else():
    def keys(schema, prefix=""):
        for name, part in schema["properties"].items():
            below = part.get("items", part)
            if "properties" in below and below.get("additionalProperties") is False:
                yield from keys(below, f"{prefix}{name}.")
            else:
                yield prefix + name

    settings = {
        key.replace("nodes.0.", "nodes.")
        for key, _, _ in good_plan().settings()
        if not key.startswith(("nodes.1", "nodes.2"))
    }
    others = {key for key in keys(cluster_schema()) if not key.startswith("accepted.")}
    assert others == settings | {"schema", "id", "extras", "unreadable"}
    json.dumps(cluster_schema())


@pytest.mark.parametrize("name", ["single-server", "three-nodes"])
def test_the_examples_are_valid_and_break_no_rule(name):
    plan = cluster_file.read(resources.text(f"examples/{name}.yaml"), name)
    assert plan.name == name
    secrets = {ref.name: Secret("Strong-Value_" + "7" * 40) for _, ref in plan.secret_refs()}
    secrets["application.aes_key"] = Secret("0a" * 32)
    failed = [finding.summary for finding in rules(plan, secrets) if finding.severity == "fail"]
    assert not failed
    assert read(cluster_file.write(plan)) == plan


@pytest.mark.parametrize("way", [{}, {"tolerant": True}])
def test_a_plain_value_in_an_extra_named_like_a_secret_is_for_drafts_alone(way):
    text = "schema: 1\nextras:\n  MY_TOKEN: hunter2"
    message = refusal(text, **way)
    assert "MY_TOKEN" in message
    assert "hunter2" not in message
    assert read(text, draft=True).extras == (Extra("MY_TOKEN", "hunter2"),)
