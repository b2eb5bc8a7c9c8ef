"""One session shown to all nodes: stand-ins with the same key and with others, and nodes that fail in between."""

import hashlib
import json
import logging
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.sessions import PASSWORD, SECRETS, ScriptedNode, asked, found_on, plan_of, users
from tests.patience import patience, wait_until
from wizard.checks.cluster import checks as cluster
from wizard.checks.cluster.judge_keys import of_process
from wizard.demo.http_stand_in import Answer
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import Health
from wizard.demo.sessions import User, Users
from wizard.engine.events import RunFinished
from wizard.engine.runner import Run
from wizard.formats import cluster_file
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Deployment

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
SIGN_IN, CHECK, SIGN_OUT = "auth:signIn", "auth:check", "auth:signOut"
WITH_ACCOUNT = {"cluster.keys", "cluster.sign_out"} | {
    f"licence.{name}" for name in ("status", "domain", "instance", "key_plugins")
}


@pytest.fixture
def scripted(launch):
    """Make started nodes that say something else to some actions."""
    return lambda *names, **options: launch(lambda: ScriptedNode(*names, **options))


def _told(finding):
    return finding.severity, finding.error


def _skipped(found, *but):
    return {found[identifier].severity for identifier in WITH_ACCOUNT - set(but)} == {Severity.SKIP}


def test_nodes_with_one_key_pass_on_one_sign_in(node_stand_in):
    both = users()
    first, second, third = (node_stand_in(f"node{i}", users=both) for i in (1, 2, 3))
    found = found_on(first, second, third)
    assert found["cluster.keys"].severity is Severity.PASS
    assert found["cluster.keys"].summary == "A token of node1 is accepted by node2, node3."
    assert found["cluster.sign_out"].severity is Severity.PASS
    assert [asked(node, SIGN_IN) for node in (first, second, third)] == [1, 0, 0]
    assert len(both.begun) == 1
    assert not both.open


def test_the_checks_name_themselves_and_send_no_cookie_and_no_origin(node_stand_in):
    both = users()
    nodes = [node_stand_in("node1", users=both), node_stand_in("node2", users=both)]
    found_on(*nodes)
    for request in (request for node in nodes for request in node.requests):
        assert "nocobase-cluster-wizard" in request.headers["user-agent"]
        assert not {"cookie", "origin"} & set(request.headers)


def test_nodes_below_a_sub_path_pass(node_stand_in):
    both = users()
    nodes = [node_stand_in(f"node{i}", users=both, public_path="/crm/") for i in (1, 2)]
    found = found_on(*nodes, application__public_path="/crm/")
    assert found["cluster.keys"].severity is Severity.PASS


def test_a_node_with_another_key_fails_and_is_named(node_stand_in):
    both = users()
    nodes = [node_stand_in("node1", users=both), node_stand_in("node2", users=both)]
    found = found_on(*nodes, node_stand_in("node3", users=both, app_key="another"))
    finding = found["cluster.keys"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.CREDENTIALS)
    assert finding.summary == "A token of node1 is refused by node3."
    assert finding.facts["answers"]["node2"] == "accepted"
    assert "docker compose exec node3 sh -c" in finding.remedy
    assert "node2" not in finding.remedy
    assert found["cluster.sign_out"].severity is Severity.PASS
    assert not both.open


@pytest.mark.parametrize("known", [[User(7, "somebody", "somebody@example.com", "x" * 9)], []])
def test_a_node_of_another_database_fails_where_the_users_differ(node_stand_in, known):
    found = found_on(node_stand_in("node1", users=users()), node_stand_in("node2", users=Users(known)))
    assert _told(found["cluster.keys"]) == (Severity.FAIL, ErrorKind.MISSING)
    assert "DB_HOST" in found["cluster.keys"].remedy


def test_a_wrong_password_is_tried_once_and_never_a_pass(node_stand_in):
    both = users()
    both.accounts[0].password = "another-one"
    nodes = [node_stand_in("node1", users=both), node_stand_in("node2", users=both)]
    found = found_on(*nodes)
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.CREDENTIALS)
    assert "refuses the account checks" in found["cluster.keys"].summary
    assert _skipped(found, "cluster.keys")
    assert sum(asked(node, SIGN_IN) for node in nodes) == 1


def test_an_account_without_a_role_is_told_as_nocobase_refuses_it_everything(node_stand_in):
    both = users(has_role=False)
    found = found_on(node_stand_in("node1", users=both), node_stand_in("node2", users=both))
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.PERMISSION)
    assert "one role" in found["cluster.keys"].remedy
    assert _skipped(found, "cluster.keys")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer.of_json(403, {"errors": [{"message": "Invalid sign-in origin"}]}), ErrorKind.PERMISSION),
        (Answer.of_json(500, {"errors": [{"message": "Internal Server Error"}]}), ErrorKind.PROTOCOL),
        (Answer.of_json(400, {"errors": [{"message": "The captcha is missing"}]}), ErrorKind.PROTOCOL),
        (Answer.of_json(200, {"data": {"verify": "second factor"}}), ErrorKind.PROTOCOL),
        (Answer(200, b"<!doctype html><title>Sign in</title>"), ErrorKind.PROTOCOL),
        (Answer.of_json(200, {"data": {"token": "two\r\nlines"}}), ErrorKind.PROTOCOL),
        (Answer.of_json(200, ["data"]), ErrorKind.PROTOCOL),
    ],
)
def test_a_sign_in_that_is_answered_otherwise_is_unknown(node_stand_in, scripted, answer, error):
    found = found_on(scripted("node1", says={SIGN_IN: answer}), node_stand_in("node2"))
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, error)
    assert "two" not in str(found["cluster.keys"])
    assert _skipped(found, "cluster.keys")


@pytest.mark.usefixtures("quiet_machine")
def test_a_sign_in_without_an_answer_is_unknown_by_the_deadline(node_stand_in, scripted):
    found = found_on(scripted("node1", says={SIGN_IN: None}), node_stand_in("node2"), timeout=patience(0.5))
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)
    assert _skipped(found, "cluster.keys")


def test_a_node_that_refuses_its_own_token_proves_nothing_about_others(node_stand_in, scripted):
    both = users()
    refusal = Answer.of_json(401, {"errors": [{"message": "expired", "code": "INVALID_TOKEN"}]})
    found = found_on(scripted("node1", users=both, says={CHECK: refusal}), node_stand_in("node2", users=both))
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)
    assert not both.open


def test_a_node_that_dies_in_between_is_unknown_and_the_session_is_ended(node_stand_in, scripted):
    both = users()
    second = node_stand_in("node2", users=both)
    found = found_on(scripted("node1", users=both, first={SIGN_IN: second.stop}), second)
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert "node2" in found["cluster.keys"].summary
    assert not both.open


def test_the_node_of_the_session_dies_in_between_and_another_one_ends_it(node_stand_in, scripted):
    both = users()
    first = scripted("node1", users=both)
    first.first = {"license:license-validate": first.stop}
    found = found_on(first, node_stand_in("node2", users=both))
    assert found["cluster.keys"].severity is Severity.PASS
    assert found["cluster.sign_out"].severity is Severity.UNKNOWN
    assert found["licence.status"].severity is Severity.UNKNOWN
    assert not both.open


def test_a_node_that_does_not_serve_leaves_its_part_unknown(node_stand_in):
    both = users()
    nodes = [node_stand_in(f"node{i}", users=both) for i in (1, 2, 3)]
    nodes[0].health = Health.COMMANDING
    found = found_on(*nodes)
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert found["cluster.keys"].facts["signed_in_on"] == "node2"
    assert "node1 does not serve" in found["cluster.keys"].detail


def test_one_node_alone_is_compared_with_nobody_and_asked_for_its_licence(node_stand_in, closed_port):
    both = users()
    found = found_on(node_stand_in("node1", users=both), closed_port)
    assert found["cluster.keys"].severity is Severity.SKIP
    assert "fewer than two" in found["cluster.keys"].summary
    assert not both.open
    assert len(both.begun) == 1


def test_where_no_node_serves_nobody_signs_in(closed_port):
    found = found_on(closed_port, application__try_default_admin=True)
    assert _skipped(found)
    assert found["cluster.default_admin"].severity is Severity.SKIP
    assert "node.health" in found["cluster.keys"].summary


def test_nodes_for_tasks_alone_are_left_out(node_stand_in):
    both = users()
    worker = node_stand_in("node1", users=both)
    found = found_on(worker, *(node_stand_in(f"node{i}", users=both) for i in (2, 3)), nodes__0__worker_mode="*")
    assert found["cluster.keys"].summary == "A token of node2 is accepted by node3."
    assert not worker.requests


def test_without_an_account_nothing_is_asked_and_the_finding_says_how_to_give_one(node_stand_in):
    node = node_stand_in("node1")
    found = found_on(node, application__check_account="")
    assert _skipped(found)
    assert found["cluster.default_admin"].severity is Severity.SKIP
    assert "application.check_account" in found["cluster.keys"].remedy
    assert not node.requests


def test_a_password_that_is_not_at_hand_is_unknown_and_has_a_name_to_give_it_by(node_stand_in):
    found = found_on(node_stand_in("node1"), secrets={})
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.MISSING)
    assert found["cluster.keys"].remedy.startswith("export NCW_CHECK_PASSWORD=")
    assert _skipped(found, "cluster.keys")


def test_nodes_that_keep_their_cache_to_themselves_fail_and_the_session_is_ended_on_each(node_stand_in):
    both = users()
    nodes = [node_stand_in(f"node{i}", users=both, shares_cache=False) for i in (1, 2)]
    found = found_on(*nodes)
    assert found["cluster.keys"].severity is Severity.PASS
    assert _told(found["cluster.sign_out"]) == (Severity.FAIL, ErrorKind.MISSING)
    assert "CACHE_DEFAULT_STORE=redis" in found["cluster.sign_out"].remedy
    assert [asked(node, SIGN_OUT) for node in nodes] == [1, 1]


def test_a_sign_out_that_is_answered_otherwise_is_unknown(node_stand_in, scripted):
    both = users()
    broken = Answer.of_json(500, {"errors": [{"message": "Internal Server Error"}]})
    first = scripted("node1", users=both)
    second = scripted("node2", users=both, says={SIGN_OUT: broken})
    assert _told(found_on(first, second)["cluster.sign_out"]) == (Severity.UNKNOWN, ErrorKind.OTHER)
    first.says = {SIGN_OUT: broken}
    assert "ends by itself" in found_on(first, second)["cluster.sign_out"].summary


@pytest.mark.usefixtures("quiet_machine")
def test_a_check_that_is_given_up_still_signs_out(node_stand_in, scripted):
    both = users()
    silent = scripted("node2", users=both, says={CHECK: None})
    found = found_on(node_stand_in("node1", users=both), silent, timeout=3)  # before its own requests give up
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)
    assert wait_until(lambda: len(both.begun) == 1, within=20)
    silent.stop()
    assert wait_until(lambda: not both.open, within=20)


def test_a_check_that_is_cancelled_still_signs_out(node_stand_in, scripted):
    both = users()
    silent = scripted("node2", users=both, says={CHECK: None})
    over = []
    plan = plan_of(node_stand_in("node1", users=both), silent)
    run = Run(cluster.checks(plan, SECRETS), lambda event: over.append(event) if isinstance(event, RunFinished) else 0)
    run.start()
    assert wait_until(lambda: asked(silent, CHECK) == 1, within=20)
    run.cancel()
    assert wait_until(lambda: bool(over), within=30)
    assert {finding.severity for finding in over[0].report.findings if finding.id in WITH_ACCOUNT} == {Severity.SKIP}
    silent.stop()
    assert wait_until(lambda: not both.open, within=20)


def _started(plan, folder, *words):
    (folder / "cluster.yaml").write_text(cluster_file.write(plan))
    (folder / "secrets.env").write_text(f"NCW_CHECK_PASSWORD={PASSWORD}\n")
    command = [sys.executable, "-m", "wizard", "check", str(folder / "cluster.yaml"), "--only", "cluster.keys"]
    command += ["--secrets-file", str(folder / "secrets.env"), "--format", "json", *words]
    environment = os.environ | {"XDG_STATE_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)


def test_a_program_that_ends_by_a_deadline_signs_out_first(node_stand_in, scripted, tmp_path):
    both = users()
    silent = scripted("node2", users=both, says={CHECK: None})
    with _started(plan_of(node_stand_in("node1", users=both), silent), tmp_path, "--timeout", "3") as program:
        out, err = program.communicate(timeout=patience(60))
    assert json.loads(out)["findings"][0]["severity"] == "unknown", err
    assert len(both.begun) == 1
    assert not both.open
    assert PASSWORD not in out + err + "".join(path.read_text() for path in tmp_path.rglob("*.log*"))


def test_a_program_that_is_interrupted_signs_out_first(node_stand_in, scripted, tmp_path):
    both = users()
    silent = scripted("node2", users=both, says={CHECK: None})
    with _started(plan_of(node_stand_in("node1", users=both), silent), tmp_path) as program:
        assert wait_until(lambda: asked(silent, CHECK) == 1, within=60)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=patience(60))
    assert program.returncode == 1, err
    assert PASSWORD not in out + err
    assert not both.open


def test_neither_token_nor_password_is_in_a_finding_or_a_log(node_stand_in, scripted, caplog):
    caplog.set_level(logging.DEBUG)
    both = users()
    first, second = node_stand_in("node1", users=both), scripted("node2", users=both)

    def echo() -> None:
        shown = [request.headers["authorization"] for request in second.requests if "authorization" in request.headers]
        tokens = [words.removeprefix("Bearer ") for words in shown]
        told = {"errors": [{"message": f"bad {tokens[0]} and {PASSWORD}", "code": "INVALID_TOKEN"}]}
        second.says = {CHECK: Answer.of_json(401, told)}

    second.first = {CHECK: echo}
    found = found_on(first, second)
    assert _told(found["cluster.keys"]) == (Severity.FAIL, ErrorKind.CREDENTIALS)
    [token] = {
        r.headers["authorization"].removeprefix("Bearer ") for r in second.requests if "authorization" in r.headers
    }
    told = " ".join(str(finding.as_json()) for finding in found.values()) + caplog.text
    assert "bad •••••• and ••••••" in told
    assert not [part for part in (token, token.rpartition(".")[2], PASSWORD) if part in told]


def test_a_proxy_that_answers_for_a_node_is_not_quoted(node_stand_in, launch):
    both = users()
    behind = node_stand_in("node2", users=both)
    site = (
        "location = /api/auth:check { return 502 '$http_authorization'; } "
        f"location / {{ proxy_pass {behind.url}; proxy_set_header Host $http_host; }}"
    )
    front = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; {site} }}"))
    found = found_on(node_stand_in("node1", users=both), front)
    assert _told(found["cluster.keys"]) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert "HTTP 502" in found["cluster.keys"].detail
    assert "Bearer" not in str(found)


@pytest.mark.parametrize("deployment", list(Deployment))
def test_the_remedy_is_for_what_runs_the_nodes(node_stand_in, deployment):
    both = users()
    nodes = [node_stand_in("node1", users=both), node_stand_in("node2", users=both, app_key="another")]
    values = {"application__deployment": deployment, "storage__path": "/srv/shared folder"}
    remedy = found_on(*nodes, **values)["cluster.keys"].remedy
    told = {
        Deployment.DOCKER: 'docker compose exec node1 sh -c \'printf %s "$APP_KEY" | sha256sum',
        Deployment.KUBERNETES: 'kubectl exec "$pod" -c nocobase -- sh -c',
        Deployment.BARE: "sha256sum '/srv/shared folder/apps/main/jwt_secret.dat'",
    }
    assert told[deployment] in remedy


_HOLDS_A_KEY = """
import socket, sys, time
bound = socket.create_server(("127.0.0.1", 0))
print(bound.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not shutil.which("ss"), reason="ss of iproute2 is not here")
def test_the_digest_is_of_the_key_that_the_process_has(tmp_path):
    tmp_path.joinpath(".env").write_text("APP_KEY=of-a-file-that-nobody-uses")
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDS_A_KEY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"APP_KEY": "the key that it has"},
    )
    with process:
        line = of_process(int(process.stdout.readline()))
        done = subprocess.run(shlex.split(line)[1:], cwd=tmp_path, capture_output=True, text=True, check=True)
        process.stdin.close()
    assert line.startswith("sudo sh -c ")
    assert done.stdout.split()[0] == hashlib.sha256(b"the key that it has").hexdigest()
