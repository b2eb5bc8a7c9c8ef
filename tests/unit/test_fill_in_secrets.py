"""The script of a bundle writes its secrets as an export with the values at hand would, or says what is in the way."""

import stat

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.fill_in import AWKS, SHELLS, put, run, there, written
from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import export
from wizard.export import bundle
from wizard.export.secrets_file import PATH
from wizard.formats.files import SecretsMode, UnwritableError
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Layout, QueueKind

LINES = {
    "APP_KEY": "application.app_key",
    "APP_AES_SECRET_KEY": "application.aes_key",
    "INIT_ROOT_PASSWORD": "application.root_password",
    "DB_PASSWORD": "database.password",
    "REDIS_PASSWORD": "redis.server.password",
    "NOCOBASE_PKG_PASSWORD": "licence.password",
}
FILLED = {line: SECRETS[name].reveal() for line, name in LINES.items()}
FILES = ("env/cluster.env", "env/cluster.docker.env")
AWKWARD = [
    *("a b", "a#b", "it's", '"x"', "$HOME", "a%b/c?d@e:f", "é日🔑", "`id`", "\\n", "=x=", "x' y", " lead"),
    "tab\tx",
]


def assigned(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def inline(**values):
    secrets = {**SECRETS, **{LINES[line]: Secret(value) for line, value in values.items()}}
    return {file.path: assigned(file.text) for file in bundle.render(good_plan(), secrets, SecretsMode.INLINE, ["env"])}


def found(folder):
    return {path: assigned((folder / path).read_text(encoding="utf-8")) for path in FILES}


@pytest.mark.parametrize("awk", there(AWKS))
@pytest.mark.parametrize("shell", there(SHELLS))
def test_every_shell_writes_what_an_export_with_the_secrets_would(tmp_path, shell, awk):
    values = {**FILLED, "REDIS_PASSWORD": "a#b/c d@é%'\"\\", "DB_PASSWORD": "it's", "APP_KEY": "k y#$" * 9}
    written(good_plan(), tmp_path / "out", **values)
    done = run(tmp_path / "out", shell, awk)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert found(tmp_path / "out") == {path: inline(**values)[path] for path in FILES}
    for path in (*FILES, PATH):
        assert stat.S_IMODE((tmp_path / "out" / path).stat().st_mode) == 0o600


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(value=st.one_of(st.sampled_from(AWKWARD), st.text("ab#$'\"\\`{}~ =%é\t\x1b", min_size=1, max_size=9)))
def test_a_value_is_written_as_by_an_export_or_refused_as_by_it(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("bundle") / "out"
    values = {**FILLED, "DB_PASSWORD": value, "REDIS_PASSWORD": f"{value}x"}
    written(good_plan(), folder, **values)
    before = found(folder)
    done = run(folder)
    try:
        expected = inline(**values)
    except UnwritableError:
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("DB_PASSWORD: ")
        assert value not in done.stderr
        assert found(folder) == before
    else:
        assert (done.returncode, found(folder)) == (0, {path: expected[path] for path in FILES}), done.stderr


def test_what_is_missing_is_named_once_and_the_rest_is_written(tmp_path):
    written(good_plan(), tmp_path / "out", APP_KEY="x" * 40)
    done = run(tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.split() == [
        *("Still", "missing:", "APP_AES_SECRET_KEY", "INIT_ROOT_PASSWORD"),
        *("DB_PASSWORD", "REDIS_PASSWORD", "NOCOBASE_PKG_PASSWORD"),
    ]
    assert f"APP_KEY={'x' * 40}" in found(tmp_path / "out")["env/cluster.env"]


def test_a_changed_secret_is_written_anew(tmp_path):
    written(good_plan(), tmp_path / "out", **FILLED)
    assert run(tmp_path / "out").returncode == 0
    put(tmp_path / "out", REDIS_PASSWORD="new one")
    assert run(tmp_path / "out").returncode == 0
    assert found(tmp_path / "out") == {path: inline(**{**FILLED, "REDIS_PASSWORD": "new one"})[path] for path in FILES}


def test_raw_lines_for_kubernetes_are_whole_or_none(tmp_path):
    written(good_plan(), tmp_path / "out", **{**FILLED, "DB_PASSWORD": "a 'b'"})
    done = run(tmp_path / "out", "sh", "", "--raw")
    assert done.returncode == 0
    assert "DB_PASSWORD=a 'b'" in done.stdout.splitlines()
    assert len(done.stdout.splitlines()) == 10
    put(tmp_path / "out", DB_PASSWORD="")
    done = run(tmp_path / "out", "sh", "", "--raw")
    assert (done.returncode, "DB_PASSWORD" in done.stderr) == (1, True)


def test_servers_of_their_own_have_lines_of_their_own(tmp_path):
    plan = good_plan().with_value("redis.layout", Layout.PER_ROLE).with_value("queue.kind", QueueKind.RABBITMQ)
    for role in ("cache", "sync", "lock", "worker_id"):
        plan = plan.with_value(f"redis.{role}.host", role.replace("_", "-"))
        plan = plan.with_value(f"redis.{role}.password", SecretRef(f"redis.{role}.password"))
    plan = plan.with_value("queue.host", "mq").with_value("queue.password", SecretRef("queue.password"))
    written(plan, tmp_path / "out")
    names = [line[1:-1] for line in (tmp_path / "out" / PATH).read_text().splitlines() if line.endswith("=")]
    assert names[4:9] == [
        *("CACHE_REDIS_PASSWORD", "PUBSUB_ADAPTER_REDIS_PASSWORD", "LOCK_ADAPTER_REDIS_PASSWORD"),
        *("REDIS_PASSWORD", "QUEUE_ADAPTER_RABBITMQ_PASSWORD"),
    ]


def test_what_is_filled_in_goes_on_in_the_next_export(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", targets=["env"])
    put(tmp_path / "out", **FILLED)
    assert run(tmp_path / "out").returncode == 0
    exported = export(good_plan().with_value("name", "renamed"), {}, tmp_path / "out", targets=["env"])
    assert (exported.kept, dict(exported.lost)) == (None, {})
    assert found(tmp_path / "out") == {path: inline(**FILLED)[path] for path in FILES}
    assert f"DB_PASSWORD={FILLED['DB_PASSWORD']}" in (tmp_path / "out" / PATH).read_text()
