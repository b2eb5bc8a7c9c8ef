"""Command check without a network: exit codes, formats, and what goes to which stream."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.plans import SECRETS, good_plan
from wizard import __version__
from wizard.checks.registry import names


def test_a_good_plan_passes_with_0_and_the_result_on_standard_output(program, good):
    done = program("check", good, "--only", "plan.", "--secrets-file", "secrets.env")
    assert (done.code, done.err) == (0, "")
    assert "  ok " in done.out
    assert "FAILED" not in done.out


def test_a_failed_check_ends_with_3(program, good):
    bad = saved(good_plan().with_value("database.host", "localhost"), "bad.yaml")
    done = program("check", bad, "--only", "plan.", "--secrets-file", "secrets.env")
    assert done.code == 3
    assert "FAILED" in done.out


def test_warnings_end_with_4_only_if_strict(program, good):
    file = saved(good_plan().with_value("application.version", ""))
    words = ("check", file, "--only", "plan.version", "--only", "plan.environment", "--secrets-file", "secrets.env")
    warned = program(*words, "--format", "json")
    summary = json.loads(warned.out)["summary"]
    assert summary["fail"] == 0
    assert summary["warn"] + summary["unknown"] > 0
    assert warned.code == 0
    assert program(*words, "--strict").code == 4


def test_what_could_not_be_found_out_does_not_pass_a_strict_run(program, good):
    words = ("check", good, "--only", "plan.app_key")
    assert program(*words).code == 0
    assert program(*words, "--strict").code == 4


def test_the_json_is_the_contracts_and_holds_no_secret(program, good):
    done = program("check", good, "--only", "plan.", "--secrets-file", "secrets.env", "--format", "json")
    document = json.loads(done.out)
    assert document["schema"] == 1
    assert document["tool"] == {"name": "nocobase-cluster-wizard", "version": __version__}
    assert document["source"] == good
    assert document["summary"].keys() == {"pass", "info", "warn", "fail", "skip", "unknown"}
    assert sum(document["summary"].values()) == len(document["findings"])
    assert set(document["findings"][0]) - {"because"} == {
        "id", "component", "subject", "severity", "error", "summary", "detail",
        "remedy", "remedy_kind", "remedy_value", "doc", "facts", "elapsed_ms",
    }  # fmt: skip
    assert not any(secret.reveal() in done.out for secret in SECRETS.values())


@pytest.mark.parametrize("password", ["redis", "nocobase", "sync", "host"])
def test_a_secret_that_is_a_plain_word_tears_no_hole_into_what_is_said(program, password):
    Path("x.env").write_text(f"PUBSUB_ADAPTER=redis\nDB_PASSWORD={password}\nDB_HOST=db\nDB_USER={password}\n")
    done = program("check", "x.env", "--only", "plan.", "--format", "json")
    told = [f"{item['summary']} {item['remedy']} {item['facts']}" for item in json.loads(done.out)["findings"]]
    assert any("CACHE_REDIS_URL=redis://HOST:6379/0" in text for text in told)
    assert any("'setting': 'redis.sync.host'" in text or "'redis.server.host'" in text for text in told)
    assert "••••••" not in done.out


def test_only_and_skip_take_ids_and_their_beginnings(program, good):
    done = program("check", good, "--only", "plan.", "--skip", "plan.app_key", "--skip", "plan.aes", "--format", "json")
    found = {finding["id"] for finding in json.loads(done.out)["findings"]}
    assert found
    assert all(identifier.startswith("plan.") for identifier in found)
    assert not found & {"plan.app_key", "plan.aes_key"}


def test_an_id_that_nobody_has_is_bad_usage_and_similar_ones_are_named(program, good):
    done = program("check", good, "--only", "plan.appkey")
    assert (done.code, done.out) == (2, "")
    assert "plan.app_key" in done.err


@pytest.mark.parametrize("later", ["xml", "pdf", ""])
def test_a_format_that_does_not_exist_is_bad_usage(program, good, later):
    done = program("check", good, "--format", later)
    assert (done.code, done.out) == (2, "")
    assert "invalid choice" in done.err or later in done.err


def test_the_result_can_go_into_a_file_and_the_figures_to_standard_error(program, good):
    done = program("check", good, "--only", "plan.", "--format", "json", "--output", "out.json")
    assert done.out == ""
    assert json.loads(Path("out.json").read_text())["schema"] == 1
    assert "findings:" in done.err
    done = program("check", good, "--only", "plan.", "--output", "missing/out.json")
    assert done.code == 2
    assert "missing/out.json" in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--only", "redis", "--skip", "redis"], "“redis”"),
        (["--only", "plan.", "--only", "redis.bloom", "--skip", "redis."], "“redis.bloom”"),
        ([word for name in names() for word in ("--skip", name)], "no check"),
    ],
    ids=["the same", "one of two", "all"],
)
def test_a_selection_that_leaves_nothing_is_bad_usage(program, good, words, told):
    done = program("check", good, *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("rabbitmq", "not on RabbitMQ"),
        ("node", "no nodes"),
        ("database.table_names", "nothing that it looks at"),
    ],
)
def test_what_was_asked_for_and_not_checked_is_told_with_the_reason(program, wanted, reason):
    file = saved(good_plan().with_value("nodes", ()) if wanted == "node" else good_plan())
    words = ["check", file, "--secrets-file", "secrets.env", "--only", "plan.value"]
    Path("secrets.env").write_text("DB_PASSWORD=x\n")
    done = program(*words, "--only", wanted)
    assert done.code == 0
    assert f"Nothing was checked for “{wanted}”" in done.err
    assert reason in done.err
    assert "Nothing was checked" not in program(*words).err


def test_a_dash_as_the_file_is_standard_output(program, good, home):
    words = ["check", good, "--only", "plan.value", "--secrets-file", "secrets.env"]
    dashed = program(*words, "--format", "json", "--output", "-")
    assert json.loads(dashed.out)["summary"]["pass"] == 1
    assert dashed.err == ""
    assert not (home / "-").exists()


def test_before_the_first_start_no_node_and_no_balancer_is_asked(program, good):
    done = program("check", good, "--stage", "start", "--skip", "licence", "--skip", "database", "--skip", "redis",
                   "--skip", "storage", "--format", "json")  # fmt: skip
    found = {finding["id"] for finding in json.loads(done.out)["findings"]}
    assert {identifier for identifier in found if not identifier.startswith("plan.")} <= {
        "balancer.syntax", "balancer.upstream", "balancer.limits",
    }  # fmt: skip
    assert "plan.app_key" in found


def test_before_the_first_start_the_site_file_is_asked_whether_it_gives_uploads_away(program, home):
    (home / "site.conf").write_text(
        "upstream n { server 10.0.0.1:13000; } server { listen 80;"
        "location /storage/uploads/ { alias /srv/uploads/; }"
        "location / { proxy_pass http://n; } }\n"
    )
    file = saved(good_plan().with_value("balancer.site_file", str(home / "site.conf")), "sited.yaml")
    done = program("check", file, "--stage", "start", "--only", "balancer.uploads", "--format", "json")
    found = json.loads(done.out)["findings"]
    assert [(one["id"], one["severity"]) for one in found] == [("balancer.uploads", "fail")]


def test_what_only_a_running_cluster_shows_cannot_be_asked_before_the_first_start(program, good):
    done = program("check", good, "--stage", "start", "--only", "node.")
    assert (done.code, done.out) == (2, "")
    assert "Before the first start nothing of “node.” can be asked." in done.err


def test_what_to_do_comes_first_alone_or_with_every_passed_check(program, good):
    bad = saved(good_plan().with_value("database.host", "localhost"), "bad.yaml")
    words = ("check", bad, "--only", "plan.", "--secrets-file", "secrets.env")
    usual, short, verbose = (program(*words, *more).out for more in ((), ("--short",), ("--verbose",)))
    assert all(out.startswith("Not ready: 1 thing to do first.\n\n1. ") for out in (usual, short, verbose))
    assert "\nplan\n" not in short
    assert "plan.app_key" not in usual
    assert "plan.app_key" in verbose
    assert program(*words, "--short", "--verbose").code == 2


def test_the_json_has_the_actions_beside_the_findings(program, good):
    bad = saved(good_plan().with_value("database.host", "localhost"), "bad.yaml")
    done = program("check", bad, "--only", "plan.", "--secrets-file", "secrets.env", "--format", "json")
    document = json.loads(done.out)
    first = document["actions"][0]
    assert set(first) - {"places"} == {"id", "title", "impact", "remedy", "doc", "step", "clears"}
    assert first["impact"]["severity"] == "fail"
    assert {"id": "plan.database_localhost", "subject": ""} in first["clears"]
