"""Nodes looked at from inside over the local transport: each fault that must be seen, and what is well.

The nodes are stand-ins: a folder as NocoBase's and processes as PM2 starts them, with what the plan gives them.
"""

import dataclasses
import json
import os
import shutil

import pytest

from tests.servers import inside
from tests.servers.fixtures import give_up
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Node, Transport

pytestmark = pytest.mark.live
PASS, WARN, FAIL, UNKNOWN, SKIP = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN, Severity.SKIP


def _unsound(found):
    """Return what does not pass, by id."""
    return {key: one.severity for key, one in found.items() if one.severity in {WARN, FAIL, UNKNOWN}}


def test_nodes_that_are_alike_pass(cluster):
    found = cluster.found()
    assert _unsound(found) == {}
    assert found["inside.storage"].summary.startswith("All nodes see in the storage what the others write")
    assert found["inside.locks"].severity is PASS
    assert found["inside.licence"].severity is SKIP
    assert list(cluster.storage.iterdir()) == []


def test_another_app_key_is_named(cluster):
    cluster.env["node2"]["APP_KEY"] = "another-key-that-is-long-enough-0123456789"
    found = cluster.found()
    assert _unsound(found) == {"inside.app_key": FAIL}
    finding = found["inside.app_key"]
    assert (finding.error, finding.facts["odd"]) == (ErrorKind.CREDENTIALS, ["node2"])
    assert finding.summary.startswith("Sessions are signed with another key on node2 than on the nodes")


def test_one_app_key_that_is_not_the_plans_is_a_warning(cluster):
    for env in cluster.env.values():
        env["APP_KEY"] = "another-key-that-is-long-enough-0123456789"
    assert _unsound(cluster.found()) == {"inside.app_key": WARN}


def test_a_published_app_key_fails_on_its_own(cluster):
    for env in cluster.env.values():
        env["APP_KEY"] = "test-jwt-secret"
    found = cluster.found()
    assert _unsound(found) == {"inside.app_key": FAIL}
    assert "a key that NocoBase publishes" in found["inside.app_key"].summary


@pytest.mark.parametrize("way", ["variable", "file"])
def test_another_aes_key_is_named(cluster, way):
    if way == "variable":
        cluster.env["node2"]["APP_AES_SECRET_KEY"] = "0b" * 32
    else:
        del cluster.env["node2"]["APP_AES_SECRET_KEY"]
        cluster.env["node2"]["APP_AES_SECRET_KEY_PATH"] = str(cluster.places["node2"].write("key.dat", b"k" * 32))
    found = cluster.found()
    assert _unsound(found) == {"inside.aes_key": FAIL}
    assert found["inside.aes_key"].facts["odd"] == ["node2"]


def test_one_aes_key_in_a_file_is_that_of_the_plan_where_its_bytes_are(cluster):
    for name, env in cluster.env.items():
        del env["APP_AES_SECRET_KEY"]
        env["APP_AES_SECRET_KEY_PATH"] = str(cluster.places[name].write("key.dat", bytes.fromhex("0a" * 32)))
    assert _unsound(cluster.found()) == {}


def test_one_aes_key_that_is_not_the_plans_is_a_warning(cluster):
    for env in cluster.env.values():
        env["APP_AES_SECRET_KEY"] = "0c" * 32
    assert _unsound(cluster.found()) == {"inside.aes_key": WARN}


def test_another_database_is_named(cluster):
    cluster.env["node2"]["DB_DATABASE"] = "staging"
    found = cluster.found()
    assert _unsound(found) == {"inside.database": FAIL}
    finding = found["inside.database"]
    assert (finding.facts["odd"], finding.facts["variables"]) == (["node2"], ["DB_DATABASE"])
    assert "staging" not in json.dumps(finding.as_json())


def test_one_database_that_is_not_the_plans_is_a_warning(cluster):
    cluster.change(database__name="elsewhere")
    assert _unsound(cluster.found()) == {"inside.database": WARN}


def _asked(cluster):
    """Ask several times: where a busy machine keeps one node until the other has gone, it is rightly unknown."""
    for _time in range(8):
        yield cluster.found()


def test_another_storage_is_named(cluster):
    cluster.env["node2"]["STORAGE_PATH"] = str(cluster.places["node2"].storage)
    found = next(found for found in _asked(cluster) if found["inside.storage"].severity is not UNKNOWN)
    assert _unsound(found) == {"inside.storage": FAIL}
    assert found["inside.storage"].facts["nodes"] == ["node2"]
    assert found["inside.locks"].severity is SKIP
    assert [list(folder.iterdir()) for folder in (cluster.storage, cluster.places["node2"].storage)] == [[], []]


def test_a_node_that_comes_when_the_other_has_gone_is_not_told_to_have_a_storage_of_its_own(cluster, tmp_path):
    way = tmp_path / "way"  # quick at first, and slower than the other waits when the nodes are to meet
    late = 'if [ "$1" = node2 ] && grep -q \'"meet":\' "$asked"; then sleep 12; fi'
    run = 'node --input-type=module - <"$asked"'
    way.write_text(f'#!/bin/sh\nasked="{tmp_path}/asked-$1"\ncat >"$asked"\n{late}\n{run}\n')
    way.chmod(0o755)
    cluster.change(reach__transport=Transport.COMMAND, reach__command=f"{way} {{target}}")
    found = cluster.found()
    assert (found["inside.storage"].severity, found["inside.storage"].error) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert found["inside.locks"].severity is SKIP


@pytest.mark.slow
def test_where_the_way_is_slow_the_nodes_wait_longer_for_one_another(cluster, tmp_path):
    way = tmp_path / "way"
    way.write_text("#!/bin/sh\nif [ $1 = node2 ]; then sleep 6; fi\nexec node --input-type=module -\n")
    way.chmod(0o755)
    cluster.env["node2"]["STORAGE_PATH"] = str(cluster.places["node2"].storage)
    cluster.change(reach__transport=Transport.COMMAND, reach__command=f"{way} {{target}}")
    found = cluster.found()
    assert (found["inside.storage"].severity, found["inside.storage"].facts["nodes"]) == (FAIL, ["node2"])


def test_a_storage_that_is_not_there_is_named(cluster):
    cluster.env["node2"]["STORAGE_PATH"] = str(cluster.storage / "lost")
    found = cluster.found()
    assert _unsound(found) == {"inside.storage": FAIL}
    assert found["inside.storage"].summary.endswith("is not there on node2.")


def test_a_stale_variable_is_named_without_its_value(cluster):
    cluster.env["node2"]["CACHE_REDIS_URL"] = "redis://:old-secret@old.internal:6379/0"
    found = cluster.found()
    assert _unsound(found) == {"inside.variables": FAIL}
    finding = found["inside.variables"]
    assert finding.facts == {"odd": ["node2"], "variables": ["CACHE_REDIS_URL"]}
    assert "old" not in finding.detail.replace("shown", "")


def test_a_plan_that_was_not_brought_to_the_nodes_is_a_warning(cluster):
    cluster.change(application__body_limit="55mb")
    found = cluster.found()
    assert _unsound(found) == {"inside.variables": WARN}
    assert found["inside.variables"].facts == {"variables": ["REQUEST_BODY_LIMIT"]}


@pytest.mark.parametrize(
    ("variable", "value"),
    [("LOCK_ADAPTER_DEFAULT", "local"), ("LOCK_ADAPTER_DEFAULT", ""), ("CACHE_DEFAULT_STORE", "memory")],
)
def test_a_local_lock_or_a_cache_in_memory_is_named(cluster, variable, value):
    cluster.env["node2"][variable] = value
    found = cluster.found()
    assert _unsound(found) == {"inside.adapters": FAIL}
    assert list(found["inside.adapters"].facts["nodes"]) == ["node2"]
    assert variable in found["inside.adapters"].detail


def test_another_package_is_named(cluster):
    cluster.places["node2"].write("node_modules/@nocobase/server/package.json", '{"version": "2.2.14"}')
    found = cluster.found()
    assert _unsound(found) == {"inside.package": FAIL}
    assert (found["inside.package"].error, found["inside.package"].facts["odd"]) == (ErrorKind.VERSION, ["node2"])


def test_a_package_that_was_renewed_below_a_running_node_is_a_warning(cluster):
    with cluster.running():
        file = cluster.places["node2"].folder / "node_modules/@nocobase/server/package.json"
        os.utime(file, (file.stat().st_mtime + 60,) * 2)
        assert _unsound(cluster.look()) == {"inside.package": WARN}


def test_plug_ins_on_one_nodes_disk_alone_are_named(cluster):
    cluster.places["node1"].write("node_modules/@nocobase/plugin-lock-adapter-redis/package.json", '{"version": "2"}')
    found = cluster.found()
    assert _unsound(found) == {"inside.package": FAIL}


def _faketime():
    library = next(iter(sorted(inside.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
    if library is None:
        give_up("libfaketime is not installed")
    return f"env LD_PRELOAD={library} FAKETIME=+5s NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1"


def test_a_clock_five_seconds_ahead_is_a_warning(cluster, tmp_path):
    ahead = _faketime()
    way = tmp_path / "way"
    way.write_text(f"#!/bin/sh\ncase $1 in node2) exec {ahead} node --input-type=module - ;; esac\n")
    way.write_text(way.read_text() + "exec node --input-type=module -\n")
    way.chmod(0o755)
    cluster.change(reach__transport=Transport.COMMAND, reach__command=f"{way} {{target}}")
    found = cluster.found()
    assert _unsound(found) == {"inside.clocks": WARN}
    assert found["inside.clocks"].summary.startswith("The clock of node2 is ")
    assert 4 < found["inside.clocks"].facts["ahead"]["node2"] - found["inside.clocks"].facts["ahead"]["node1"] < 6


def test_an_endpoint_that_nobody_reaches_is_named(cluster, closed_port):
    cluster.change(redis__server__port=closed_port.port)
    found = cluster.found()
    assert _unsound(found) == {"inside.endpoints": FAIL, "inside.variables": WARN}
    assert found["inside.endpoints"].error is ErrorKind.REFUSED
    assert "ECONNREFUSED" in found["inside.endpoints"].summary


def test_more_processes_than_worker_ids_fail(cluster):
    cluster.counts = {"node1": 17, "node2": 16}
    for name, count in cluster.counts.items():
        cluster.env[name]["CLUSTER_MODE"] = str(count)
    found = cluster.found()
    assert _unsound(found) == {"inside.processes": FAIL}
    assert found["inside.processes"].facts["total"] == 33


def test_another_number_of_processes_than_planned_is_a_warning(cluster):
    cluster.counts["node2"] = 2
    assert _unsound(cluster.found()) == {"inside.processes": WARN}


def test_a_node_that_the_balancer_does_not_know_is_a_warning(cluster, tmp_path):
    known, _other = cluster.plan.nodes
    site = tmp_path / "site.conf"
    site.write_text(
        f"upstream nodes {{ server {known.host}:{known.port}; }}\n"
        "server { listen 80; server_name app.example.com; location / { proxy_pass http://nodes; } }\n"
    )
    cluster.change(balancer__site_file=str(site))
    found = cluster.found()
    assert _unsound(found) == {"inside.balancer": WARN}
    assert found["inside.balancer"].facts == {"unknown": ["node2"]}


def test_an_entry_without_a_node_is_a_warning(cluster, tmp_path):
    lines = "".join(f"server {node.host}:{node.port}; " for node in cluster.plan.nodes)
    site = tmp_path / "site.conf"
    site.write_text(
        f"upstream nodes {{ {lines} server 127.0.0.1:9; }}\n"
        "server { listen 80; server_name app.example.com; location / { proxy_pass http://nodes; } }\n"
    )
    cluster.change(balancer__site_file=str(site))
    found = cluster.found()
    assert _unsound(found) == {"inside.balancer": WARN}
    assert found["inside.balancer"].facts == {"empty": ["127.0.0.1:9"]}


def test_a_licence_key_that_the_kit_cannot_read_is_a_warning(cluster):
    (cluster.storage / ".license").mkdir()
    (cluster.storage / ".license" / "license-key").write_text("damaged")
    assert _unsound(cluster.found()) == {"inside.licence": WARN}


def test_a_node_that_does_not_answer_is_unknown_with_what_was_said(cluster, tmp_path):
    way = tmp_path / "way"
    secret = "Rd-Pw_12345"
    way.write_text(
        f'#!/bin/sh\n[ "$1" = node1 ] && exec node --input-type=module -\necho "no way in: {secret}" >&2\nexit 7\n'
    )
    way.chmod(0o755)
    cluster.change(reach__transport=Transport.COMMAND, reach__command=f"{way} {{target}}")
    from tests.unit.plans import SECRETS
    from wizard.plan.redact import Redactor

    found = cluster.found(redactor=Redactor(SECRETS.values()))
    finding = found["inside.answers", "node2"]
    assert (finding.severity, finding.error) == (UNKNOWN, ErrorKind.OTHER)
    assert finding.summary == "node2 could not be looked at from inside: it ended with 7."
    assert "no way in: ••••••" in finding.detail
    assert found["inside.app_key"].severity is UNKNOWN
    assert not [one for one in found.values() if one.severity is FAIL]


def test_a_node_that_keeps_silent_is_unknown_in_its_time(cluster):
    cluster.change(reach__transport=Transport.COMMAND, reach__command="sleep 60", reach__seconds=1)
    found = cluster.found()
    assert found["inside.answers", "node1"].error is ErrorKind.TIMEOUT
    assert {one.severity for one in found.values()} == {UNKNOWN, SKIP}


def test_an_endless_answer_is_cut_off(cluster):
    cluster.change(reach__transport=Transport.COMMAND, reach__command="cat /dev/zero")
    assert cluster.found()["inside.answers", "node1"].error is ErrorKind.PROTOCOL


def test_a_program_that_is_not_there_is_unknown(cluster):
    cluster.change(reach__transport=Transport.COMMAND, reach__command="no-such-program {target}")
    finding = cluster.found()["inside.answers", "node1"]
    assert (finding.severity, finding.error) == (UNKNOWN, ErrorKind.MISSING)
    assert "no-such-program cannot be started" in finding.summary


def test_without_a_way_in_it_says_what_to_set(cluster):
    cluster.change(reach__transport=Transport.NONE)
    found = cluster.found()
    assert found["inside.answers"].severity is UNKNOWN
    assert "reach.transport" in found["inside.answers"].remedy


def test_no_process_of_nocobase_is_unknown_with_the_command_that_helps(cluster):
    found = cluster.look()
    finding = found["inside.answers", "node1"]
    assert (finding.severity, finding.error) == (UNKNOWN, ErrorKind.MISSING)
    assert "ps -ef" in finding.remedy


def test_locks_that_one_node_does_not_see_are_a_warning(cluster, tmp_path):
    from tests.servers import folders
    from tests.servers.fixtures import running

    mounts = [tmp_path / "a", tmp_path / "b"]
    backing = tmp_path / "backing"
    backing.mkdir(mode=0o755)
    import contextlib

    with contextlib.ExitStack() as stack:
        for point, name in zip(mounts, cluster.env, strict=True):
            stack.enter_context(running(lambda point=point: folders.bound(point, backing)))
            cluster.env[name]["STORAGE_PATH"] = str(point)
        found = cluster.found()
    assert _unsound(found) == {"inside.locks": WARN}
    assert found["inside.storage"].severity is PASS


def test_without_flock_locks_are_unknown(cluster, tmp_path):
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "node").symlink_to(shutil.which("node"))
    cluster.change(reach__transport=Transport.COMMAND, reach__command=f"env PATH={bare} node --input-type=module -")
    found = cluster.found()
    assert _unsound(found) == {"inside.locks": UNKNOWN}


def test_the_key_of_the_run_is_in_no_finding(cluster):
    found = cluster.found()
    told = json.dumps([one.as_json() for one in found.values()])
    assert not [name for name in ("k" * 48, "0a" * 32, "Db-Pw_12345", "Rd-Pw_12345") if name in told]


def test_a_third_node_of_the_plan_that_does_not_run_is_unknown(cluster):
    more = Node(name="node3", host="127.0.0.1", port=1)
    cluster.plan = dataclasses.replace(cluster.plan, nodes=(*cluster.plan.nodes, more))
    found = cluster.found()
    assert found["inside.answers", "node3"].error is ErrorKind.MISSING
    assert {found[key].severity for key in ("inside.app_key", "inside.processes", "inside.variables")} == {UNKNOWN}
