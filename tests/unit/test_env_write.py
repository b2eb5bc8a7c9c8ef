"""What stands in an exported env file, and what never does."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode, UnwritableError
from wizard.plan.plan import Extra, Unreadable
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Deployment, Dialect, LicenceMethod, Node, QueueKind, Tls


def text_of(plan, path="env/cluster.env", mode=SecretsMode.INLINE, secrets=SECRETS):
    return next(file.text for file in dotenv.write(plan, secrets, mode) if file.path == path)


def values_of(plan, path="env/cluster.env", secrets=SECRETS):
    return {name: found.value for name, found in dotenv.parse(text_of(plan, path, secrets=secrets)).items()}


def test_a_cluster_gets_its_adapters_and_five_urls():
    values = values_of(good_plan())
    assert values["CACHE_DEFAULT_STORE"] == values["LOCK_ADAPTER_DEFAULT"] == values["QUEUE_ADAPTER"] == "redis"
    names = [
        "CACHE_REDIS_URL",
        "PUBSUB_ADAPTER_REDIS_URL",
        "LOCK_ADAPTER_REDIS_URL",
        "QUEUE_ADAPTER_REDIS_URL",
        "REDIS_URL",
    ]
    assert [values[name] for name in names] == [
        f"redis://:Rd-Pw_12345@redis.internal:6379/{index}" for index in range(5)
    ]


def test_rabbitmq_takes_the_place_of_redis_for_the_queue_alone():
    plan = good_plan().with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.host", "rabbit.internal")
    plan = plan.with_value("queue.password", SecretRef("queue.password"))
    values = values_of(plan, secrets={**SECRETS, "queue.password": Secret("a/b#c")})
    assert values["QUEUE_ADAPTER"] == "rabbitmq"
    assert values["QUEUE_ADAPTER_RABBITMQ_URL"] == "amqp://nocobase:a%2Fb%23c@rabbit.internal:5672/%2F"
    assert "QUEUE_ADAPTER_REDIS_URL" not in values
    assert "queue-adapter-rabbitmq" in values["APPEND_PRESET_BUILT_IN_PLUGINS"]


def test_no_setting_is_ever_written_empty():
    empty = good_plan()
    for key, setting, value in list(empty.settings()):
        if isinstance(value, str) and setting.env and not setting.secret and type(value) is str:
            empty = empty.with_value(key, "")
    for mode in SecretsMode:
        for file in dotenv.write(empty, {}, mode):
            assert not [line for line in file.text.splitlines() if line.endswith("=") and not line.startswith("#")]


def test_by_default_no_file_holds_a_secret_and_each_is_named_in_a_comment():
    files = dotenv.write(good_plan(), SECRETS, SecretsMode.REFERENCE)
    assert not any(file.secret for file in files)
    for file in files:
        assert not [name for name, secret in SECRETS.items() if secret.reveal() in file.text]
    text = files[0].text
    lines = text.splitlines()
    assert lines[lines.index("#APP_KEY=") - 1].startswith("# Secret application.app_key: ")
    redis = lines.index("#REDIS_URL=redis://:PASSWORD-HERE@redis.internal:6379/4")
    assert lines[redis - 1].startswith("# Secret redis.server.password: ")
    assert "APP_KEY" not in dotenv.parse(text)


def test_a_masked_preview_marks_the_files_that_will_hold_secrets():
    marked = {
        mode: [file.path for file in dotenv.write(good_plan(), SECRETS, mode) if file.secret] for mode in SecretsMode
    }
    assert marked[SecretsMode.MASKED] == marked[SecretsMode.INLINE] == ["env/cluster.env", "env/cluster.docker.env"]
    assert not marked[SecretsMode.REFERENCE]
    assert not [file for file in dotenv.write(good_plan(), {}, SecretsMode.MASKED) if file.secret]


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
def test_no_env_file_is_recommended_for_what_everybody_may_read(mode):
    assert "configmap" not in "".join(file.text for file in dotenv.write(good_plan(), SECRETS, mode))


def test_a_masked_preview_shows_where_secrets_stand():
    text = text_of(good_plan(), mode=SecretsMode.MASKED)
    assert "APP_KEY=••••••\n" in text
    assert "REDIS_URL=redis://:••••••@redis.internal:6379/4\n" in text
    assert not [name for name, secret in SECRETS.items() if secret.reveal() in text]


def test_inline_files_say_that_they_hold_secrets():
    files = {file.path: file for file in dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)}
    assert files["env/cluster.env"].secret
    assert files["env/cluster.env"].mode == 0o600
    assert not files["env/node-node1.env"].secret


def test_files_that_are_to_be_filled_with_secrets_are_for_their_owner_alone():
    for mode in (SecretsMode.REFERENCE, SecretsMode.INLINE):
        assert {file.mode for file in dotenv.write(good_plan(), SECRETS, mode)} == {0o600}


@pytest.mark.parametrize("path", ["env/cluster.env", "env/cluster.docker.env"])
def test_a_secret_filled_in_and_uncommented_is_the_value_alone(path):
    text = text_of(good_plan(), path, SecretsMode.REFERENCE)
    filled = text.replace("#APP_KEY=", "APP_KEY=" + "k" * 48)
    filled = filled.replace("#REDIS_URL=", "REDIS_URL=").replace("PASSWORD-HERE", "Rd-Pw")
    assert f"APP_KEY={'k' * 48}\n" in filled
    assert dotenv.parse(filled)["REDIS_URL"].value == "redis://:Rd-Pw@redis.internal:6379/4"


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
def test_keys_that_the_plan_does_not_have_are_named_as_missing(mode):
    plan = good_plan().with_value("application.app_key", None).with_value("application.aes_key", None)
    lines = text_of(plan, mode=mode).splitlines()
    assert "missing and must be set" in lines[lines.index("#APP_KEY=") - 1]
    assert "recommended" in lines[lines.index("#APP_AES_SECRET_KEY=") - 1]
    assert "APP_AES_SECRET_KEY=" not in text_of(plan.with_value("application.aes_key_path", "/run/aes"), mode=mode)
    assert "missing" not in text_of(good_plan(), mode=mode)


def test_what_is_written_is_not_listed_as_not_written():
    plan, secrets = dotenv.read("CACHE_REDIS_URL=redis://r/0\nLOCK_ADAPTER_DEFAULT=local\nQUEUE_ADAPTER=memory", "x")
    text = text_of(plan, secrets=secrets)
    assert "\nCACHE_DEFAULT_STORE=redis\n" in text
    assert "\nLOCK_ADAPTER_DEFAULT=redis\n" in text
    assert "# CACHE_DEFAULT_STORE" not in text
    assert "# LOCK_ADAPTER_DEFAULT" not in text


@pytest.mark.parametrize("secrets", [{}, {"application.app_key": Secret("")}])
def test_a_secret_not_at_hand_or_empty_is_commented_out_even_inline(secrets):
    assert "\n#APP_KEY=\n" in text_of(good_plan(), secrets=secrets)


def test_the_raw_file_has_no_quotes():
    plan = good_plan().with_value("application.root_nickname", "it's me")
    assert 'INIT_ROOT_NICKNAME="it\'s me"\n' in text_of(plan)
    assert "INIT_ROOT_NICKNAME=it's me\n" in text_of(plan, "env/cluster.docker.env")


@pytest.mark.parametrize(
    "value", ["a\nb", "a\rb", "a\0b", "x\x1b[1m", "${HOME}", "\\\\server", "mixed'\"", "end'\\", "\ud800"]
)
@pytest.mark.parametrize("mode", [SecretsMode.INLINE, SecretsMode.REFERENCE])
def test_a_value_that_no_file_can_carry_is_refused_by_its_setting_and_not_quoted(value, mode):
    with pytest.raises(UnwritableError) as refused:
        dotenv.write(good_plan(), {**SECRETS, "database.password": Secret(value)}, mode)
    assert refused.value.key == "database.password"
    assert value not in str(refused.value)
    assert "DB_PASSWORD" in str(refused.value)
    assert "openssl rand" in str(refused.value), "a better one is offered"


@pytest.mark.parametrize("value", ["it's $5", "a\n b", "mixed'\"", "C:\\\\x"])
def test_a_setting_that_is_no_secret_is_offered_as_it_can_be_written(value):
    with pytest.raises(UnwritableError) as refused:
        dotenv.write(good_plan().with_value("application.root_nickname", value), SECRETS, SecretsMode.REFERENCE)
    assert refused.value.key == "application.root_nickname"
    offered = str(refused.value).partition("What can be written: ")[2]
    assert offered
    text = text_of(good_plan().with_value("application.root_nickname", offered))
    assert f"INIT_ROOT_NICKNAME={offered}\n" in text.replace("'", "")


def test_what_an_extra_holds_is_never_shown():
    plan = replace(good_plan(), extras=(Extra("MY_OWN", "hidden$'"),))
    with pytest.raises(UnwritableError) as refused:
        dotenv.write(plan, SECRETS, SecretsMode.REFERENCE)
    assert "hidden" not in str(refused.value)


def test_a_node_file_holds_what_differs_there():
    nodes = (Node(name="web", host="a"), Node(name="tasks", host="b", port=13001, processes=4, worker_mode="*"))
    plan = replace(good_plan(), nodes=nodes)
    assert values_of(plan, "env/node-web.env") == {"APP_PORT": "13000"}
    assert values_of(plan, "env/node-tasks.env") == {"APP_PORT": "13001", "CLUSTER_MODE": "4", "WORKER_MODE": "*"}


def test_paths_of_the_machine_are_written_on_bare_metal_alone():
    node = Node(name="node1", host="a", pm2_home="/var/pm2", socket_path="/run/gateway.sock")
    plan = replace(good_plan(), nodes=(node,))
    assert "STORAGE_PATH" not in values_of(plan)
    assert values_of(plan, "env/node-node1.env").keys() == {"APP_PORT"}
    plan = plan.with_value("application.deployment", Deployment.BARE)
    assert values_of(plan)["STORAGE_PATH"] == "/srv/nocobase"
    assert values_of(plan, "env/node-node1.env").keys() == {"APP_PORT", "PM2_HOME", "SOCKET_PATH"}


def test_the_schema_is_for_postgres_and_the_port_is_the_dialects_own():
    assert values_of(good_plan())["DB_SCHEMA"] == "public"
    values = values_of(good_plan().with_value("database.dialect", Dialect.MARIADB))
    assert "DB_SCHEMA" not in values
    assert values["DB_PORT"] == "3306"


@pytest.mark.parametrize(("tls", "written"), [(Tls.OFF, None), (Tls.ENCRYPT, "false"), (Tls.VERIFY, "true")])
def test_database_tls_is_one_variable_and_off_is_none(tls, written):
    values = values_of(good_plan().with_value("database.tls", tls).with_value("database.tls_ca", "/ca.pem"))
    assert values.get("DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED") == written
    assert ("DB_DIALECT_OPTIONS_SSL_CA" in values) == (tls is not Tls.OFF)


def test_the_account_of_the_package_service_is_written_only_if_it_is_used():
    values = values_of(good_plan().with_value("licence.method", LicenceMethod.KEY))
    assert not [name for name in values if name.startswith("NOCOBASE_PKG")]


def test_an_extra_takes_the_place_of_a_variable_and_keeps_other_plugins():
    plan = good_plan()
    extras = (
        Extra("LOCK_ADAPTER_DEFAULT", "local"),
        Extra("APPEND_PRESET_BUILT_IN_PLUGINS", "mine,lock-adapter-redis"),
    )
    plan = replace(plan, extras=extras)
    text = text_of(plan)
    assert text.count("LOCK_ADAPTER_DEFAULT=") == 1
    assert "LOCK_ADAPTER_DEFAULT=local\n" in text
    assert values_of(plan)["APPEND_PRESET_BUILT_IN_PLUGINS"].split(",")[-2:] == ["workerid-allocator-redis", "mine"]


@pytest.mark.parametrize("name", ["a b", "X-Y", "1X"])
def test_an_extra_that_no_shell_can_name_is_a_note(name):
    text = text_of(replace(good_plan(), extras=(Extra(name, "the-value"),)))
    assert f"# {name}: “{name}” is no name that a shell can read." in text
    assert "the-value" not in text


@pytest.mark.parametrize("name", ["A\nB", "A\rB", "A\u2028B", "A\x1bB", "A\u202eB", "\n"])
def test_an_extra_whose_note_would_be_a_line_of_its_own_is_refused(name):
    with pytest.raises(UnwritableError):
        dotenv.write(replace(good_plan(), extras=(Extra(name, "x"),)), {}, SecretsMode.REFERENCE)


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "x" * 70])
def test_a_node_name_that_is_no_file_name_is_refused(name):
    with pytest.raises(UnwritableError) as refused:
        dotenv.write(replace(good_plan(), nodes=(Node(name=name),)), {}, SecretsMode.REFERENCE)
    assert refused.value.key == "nodes.0.name"


def test_two_nodes_of_one_name_are_refused():
    with pytest.raises(UnwritableError):
        dotenv.write(replace(good_plan(), nodes=(Node(name="a"), Node(name="a"))), {}, SecretsMode.REFERENCE)


def test_what_could_not_be_read_is_named_and_not_replaced_by_a_default():
    plan = good_plan().with_text("database.port", "five")
    plan = plan.with_unreadable(
        Unreadable("CACHE_REDIS_URL", SecretRef("unreadable.CACHE_REDIS_URL"), "It names no host.")
    )
    text = text_of(plan)
    assert "# DB_PORT: “five” is not a whole number.\n" in text
    assert "DB_PORT" not in values_of(plan)
    assert "# CACHE_REDIS_URL: It names no host.\n" in text
