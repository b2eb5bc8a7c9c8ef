"""What is said of a bundle's files, and of what its env files give the nodes otherwise than the plan, case by case."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.told import line_of
from wizard.checks.plan import bundle_env, bundle_files
from wizard.checks.plan.bundle_env_read import EnvFacts
from wizard.checks.plan.bundle_files import BundleFacts, FileState, State
from wizard.checks.plan.specs import RULES
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.finding import ErrorKind
from wizard.plan.plan import Extra
from wizard.plan.sections import Deployment, Node

COMMON, NODE = "env/cluster.env", "env/node-node1.env"
PASS = "pass plan.bundle_files"


def state(name, **more):
    return FileState("a b.env", State(name), **more)


def lines(found):
    return [line_of(finding) for finding in found]


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([state("changed")], ["warn plan.bundle_files (a b.env) other"]),
        ([state("around")], ["info plan.bundle_files (a b.env)"]),
        ([state("filled", filled=2, placeholders=3)], ["info plan.bundle_files (a b.env)"]),
        ([state("missing")], ["warn plan.bundle_files (a b.env) missing"]),
        ([state("foreign")], ["warn plan.bundle_files (a b.env) other"]),
        ([state("damaged")], ["warn plan.bundle_files (a b.env) protocol"]),
        ([state("same", exposed="/out/a b")], ["warn plan.bundle_files (a b.env) permission"]),
        ([state("changed", exposed="/out/a b")], ["warn plan.bundle_files (a b.env) permission"]),
        (
            [state("filled", filled=1, placeholders=1, exposed="/out/a")],
            ["warn plan.bundle_files (a b.env) permission"],
        ),
        (
            [state("same"), state("missing"), state("changed")],
            ["warn plan.bundle_files (a b.env) missing", "warn plan.bundle_files (a b.env) other"],
        ),
    ],
)
def test_of_each_file_that_is_not_as_it_was_exported_something_is_told(files, told, edited):
    found = list(bundle_files.judge(BundleFacts(Known(files)), "/my out", edited=edited))
    assert lines(found) == told
    assert not [finding for finding in found if "/my out" in finding.summary]


@pytest.mark.parametrize(
    ("count", "edited", "summary"),
    [
        (1, False, "The one file of the bundle is as it was exported."),
        (3, False, "All 3 files of the bundle are as they were exported."),
        (1, True, "The one file of the bundle is as it was exported; the plan was edited since."),
        (3, True, "All 3 files of the bundle are as they were exported; the plan was edited since."),
    ],
)
def test_of_a_sound_bundle_the_number_of_its_files_is_told(count, edited, summary):
    [finding] = bundle_files.judge(BundleFacts(Known([state("same")] * count)), "/out", edited=edited)
    assert finding.summary == summary
    assert line_of(finding).startswith("info" if edited else "pass")


@pytest.mark.parametrize(
    ("error", "told", "detail"),
    [
        (PermissionError(13, "Permission denied"), "unknown plan.bundle_files permission", "Permission denied"),
        (FileNotFoundError(2, "No such file"), "unknown plan.bundle_files missing", "No such file"),
        (TimeoutError("too late"), "unknown plan.bundle_files timeout", "too late"),
    ],
)
def test_a_bundle_that_cannot_be_looked_through_is_unknown(error, told, detail):
    def look():
        raise error

    [check] = bundle_files.checks(look, "/out")
    facts = check.facts()
    check.probe(facts)
    [finding] = check.judge(facts)
    assert (line_of(finding), finding.detail) == (told, detail)
    assert (check.component, check.subject, check.specs[0].id) == ("plan", "bundle", "plan.bundle_files")


def test_a_bundle_that_was_not_looked_at_is_no_pass():
    [finding] = bundle_files.judge(BundleFacts(), "/out")
    assert line_of(finding).split()[0] in {"unknown", "skip"}


def test_an_edited_plan_is_said_to_the_judge():
    [check] = bundle_files.checks(lambda: [state("same")], "/out", edited=True)
    facts = check.facts()
    check.probe(facts)
    assert lines(check.judge(facts)) == ["info plan.bundle_files"]


def exported(mode=SecretsMode.INLINE, plan=None):
    return {file.path: file.text for file in dotenv.write(plan or good_plan(), SECRETS, mode)}


def judged(texts, plan=None, secrets=SECRETS):
    kept = {path: text for path, text in texts.items() if path != dotenv.RAW}
    return list(bundle_env.judge(EnvFacts(Known(kept)), plan or good_plan(), secrets))


def without(name, text):
    return "".join(f"{line}\n" for line in text.splitlines() if not line.removeprefix("#").startswith(f"{name}="))


SAID = "pass plan.sources (bundle)"


def other(path, name):
    return f"fail plan.sources ({path} {name}) other {name}"


def swapped(old, new):
    return lambda text: text.replace(old, new)


def more(line):
    return lambda text: f"{text}{line}\n"


CHANGES = [
    (COMMON, swapped("", ""), SAID),
    (COMMON, more("# mine"), SAID),
    (COMMON, swapped("TZ=UTC", "TZ='UTC'"), SAID),
    (COMMON, swapped("TZ=UTC", "TZ=Europe/Paris"), other(COMMON, "TZ")),
    (COMMON, lambda text: without("TZ", text), f"warn plan.time_zone ({COMMON} TZ) application.time_zone"),
    (
        COMMON,
        lambda text: without("APP_KEY", text),
        f"fail plan.app_key ({COMMON} APP_KEY) missing application.app_key",
    ),
    (COMMON, swapped("DB_HOST=db.internal", "DB_HOST=localhost"), other(COMMON, "DB_HOST")),
    (COMMON, more("SMTP_HOST=x"), other(COMMON, "SMTP_HOST")),
    (COMMON, more("DB_HOSTT=x"), f"warn plan.unknown_variables ({COMMON} DB_HOSTT) DB_HOSTT"),
    (COMMON, more("DB_HOST=$X"), f"fail plan.expressions ({COMMON} DB_HOST) missing database.host"),
    (
        COMMON,
        swapped("QUEUE_ADAPTER=redis", "QUEUE_ADAPTER=memory"),
        f"fail plan.value ({COMMON} queue.kind) other queue.kind",
    ),
    (COMMON, lambda _text: "x y\n", f"fail plan.sources ({COMMON}) protocol"),
    (NODE, more("TZ=UTC"), SAID),
    (NODE, more("export TZ=Asia/Tokyo"), other(NODE, "TZ")),
    (NODE, more("WORKER_MODE=!,*"), f"fail plan.worker_mode ({NODE} node1) protocol nodes.0.worker_mode"),
    (NODE, lambda text: without("APP_PORT", text), other(NODE, "APP_PORT")),
    ("env/node-gone.env", more("APP_PORT=13000"), other("env/node-gone.env", "APP_PORT")),
]


@pytest.mark.parametrize("mode", [SecretsMode.INLINE, SecretsMode.REFERENCE])
@pytest.mark.parametrize(("path", "change", "told"), CHANGES)
def test_what_the_env_files_give_otherwise_is_judged_by_its_rule_or_told_as_another(path, change, told, mode):
    texts = exported(mode)
    texts[path] = change(texts.get(path, ""))
    assert lines(judged(texts)) == [told]


def test_a_fault_that_the_plan_has_anyway_is_not_told_again():
    plan = good_plan().with_value("database.host", "localhost")
    texts = exported(plan=plan)
    assert lines(judged(texts, plan)) == [SAID]
    texts[COMMON] = texts[COMMON].replace("DB_HOST=localhost", "DB_HOST=127.0.0.1")
    assert lines(judged(texts, plan)) == ["fail plan.sources (env/cluster.env DB_HOST) other DB_HOST"]


def test_a_secret_that_is_not_at_hand_is_compared_with_nothing():
    assert lines(judged(exported(), secrets={})) == [SAID]
    assert lines(judged(exported(SecretsMode.REFERENCE), secrets={})) == [SAID]


def test_what_the_plan_cannot_write_is_not_missed_in_the_files():
    plan = good_plan().with_text("database.port", "x")
    assert lines(judged(exported(plan=plan), plan)) == [SAID]


def test_no_env_files_are_no_statement():
    assert judged({}) == []


@pytest.mark.parametrize(
    ("facts", "detail"),
    [(EnvFacts(Trouble(ErrorKind.PERMISSION, "Permission denied")), "Permission denied"), (EnvFacts(PENDING), "")],
)
def test_env_files_that_cannot_be_read_are_unknown(facts, detail):
    [finding] = bundle_env.judge(facts, good_plan(), SECRETS)
    assert (line_of(finding), finding.detail) == ("unknown plan.sources (bundle) other", detail)


def test_the_files_of_the_cluster_and_of_each_node_are_read():
    asked = []
    [check] = bundle_env.checks(asked.append, good_plan(), SECRETS)
    facts = check.facts()
    check.probe(facts)
    assert asked == [COMMON, "env/cluster.docker.env", NODE, "env/node-node2.env", "env/node-node3.env", "README.md"]
    assert facts.texts.value == {}
    assert (check.component, check.subject, check.specs[0].id) == ("plan", "bundle", "plan.sources")
    assert sorted(spec.id for spec in check.specs) == sorted(spec.id for spec in RULES)


@pytest.mark.parametrize("changes", [{"nodes": (Node(name="a"), Node(name="a"))}, {"extras": (Extra("A\nB=1", "x"),)}])
def test_a_plan_that_cannot_be_written_has_no_env_files(changes):
    assert bundle_env.checks(lambda _path: None, replace(good_plan(), **changes), SECRETS) == []


NODE1 = "env/node-node1.env"


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("DB_HOST=10.9.9.9 # test", "plan.env_text"),  # its form is warned of, and it is another server
        ("REDIS_URL=redis://redis.internal:6379/3", "plan.redis_distinct"),
    ],
)
def test_what_a_warning_says_of_a_value_does_not_hide_that_it_is_another(line, about):
    name = line.partition("=")[0]
    texts = exported()
    texts[NODE1] += f"{line}\n"
    told = {(one.id, one.subject) for one in judged(texts)}
    assert ("plan.sources", f"{NODE1} {name}") in told
    assert about in {one for one, _subject in told}


@pytest.mark.parametrize("line", ["this is no line", "A=${", "=x"])
def test_a_line_that_compose_refuses_is_told_where_compose_starts_the_nodes(line):
    texts = exported()
    number = texts[NODE1].count("\n") + 1
    texts[NODE1] += f"{line}\n"
    of_compose = [one for one in judged(texts) if "Compose refuses" in one.summary]
    assert [(one.subject, one.error) for one in of_compose] == [(f"{NODE1} {number}", ErrorKind.PROTOCOL)]
    assert of_compose[0].detail.startswith(f"{NODE1} line {number}. ")
    bare = good_plan().with_value("application.deployment", Deployment.BARE)
    assert not [one for one in judged(texts, bare) if "Compose refuses" in one.summary]
