"""An env file becomes the plan that NocoBase would live by, and nothing in it is lost."""

import pytest

from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SourceError
from wizard.plan.plan import Extra
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Deployment, Dialect, Layout, LicenceMethod, Node, QueueKind, RedisRole, Tls
from wizard.plan.sections.application import Environment

ADAPTERS = "CACHE_DEFAULT_STORE=redis\nLOCK_ADAPTER_DEFAULT=redis\nQUEUE_ADAPTER=redis\n"
URLS = {
    "CACHE_REDIS_URL": "cache",
    "PUBSUB_ADAPTER_REDIS_URL": "sync",
    "LOCK_ADAPTER_REDIS_URL": "lock",
    "QUEUE_ADAPTER_REDIS_URL": "queue",
    "REDIS_URL": "worker_id",
}


def read(text):
    return dotenv.read(text, "x.env")


def urls(**other):
    lines = {name: f"redis://:pw@r.internal:6380/{index}" for index, name in enumerate(URLS)} | other
    return ADAPTERS + "".join(f"{name}={value}\n" for name, value in lines.items())


def problems(plan):
    return {item.key: item for item in plan.unreadable}


def test_settings_and_secrets_are_read():
    plan, secrets = read("DB_DIALECT=mysql\nDB_HOST=db\nDB_PORT=3307\nDB_PASSWORD='p w'\nAPP_KEY=k\nDB_POOL_MAX=9")
    assert plan.database.dialect is Dialect.MYSQL
    assert (plan.database.host, plan.database.port, plan.database.pool_max) == ("db", 3307, 9)
    assert plan.database.password == SecretRef("database.password")
    assert secrets == {"database.password": Secret("p w"), "application.app_key": Secret("k")}
    assert not plan.unreadable


def test_the_dialects_own_port_is_no_decision():
    assert read("DB_DIALECT=postgres\nDB_PORT=5432")[0].database.port is None


def test_one_server_for_all_roles_is_recognised():
    plan, secrets = read(urls())
    assert plan.redis.layout is Layout.ONE
    assert (plan.redis.server.host, plan.redis.server.port) == ("r.internal", 6380)
    assert [getattr(plan.redis.databases, role) for role in URLS.values()] == [0, 1, 2, 3, 4]
    assert secrets == {"redis.server.password": Secret("pw")}


def test_servers_that_differ_stay_apart():
    plan, secrets = read(urls(LOCK_ADAPTER_REDIS_URL="rediss://me:other%40@lock.internal/7"))
    assert plan.redis.layout is Layout.PER_ROLE
    assert plan.redis.lock.tls
    assert (plan.redis.lock.username, plan.redis.lock.port, plan.redis.databases.lock) == ("me", 6379, 7)
    assert secrets["redis.lock.password"] == Secret("other@")
    assert plan.redis.cache.password == SecretRef("redis.cache.password")


def test_a_missing_role_is_not_made_up():
    text = urls().replace("REDIS_URL=redis://:pw@r.internal:6380/4", "")
    plan, _ = read(text)
    assert plan.redis.layout is Layout.PER_ROLE
    assert plan.redis.worker_id.host == ""


@pytest.mark.parametrize(
    "url",
    ["redis:/r.internal:6379/2", "redis://:S3cr3t#PW@r:6379/2", "redis://:S3cr3t/PW@r/2", "redis://r/two", "redis://[::1]/2",
     "http://r/2", "redis://r/2?db=3", "redis://:S3cr3t%PW@r/2", "r.internal", "redis://r:99999/2"],
)  # fmt: skip
def test_a_malformed_url_is_kept_hidden_with_its_line_and_reason(url):
    plan, secrets = read(urls(LOCK_ADAPTER_REDIS_URL=f"'{url}'"))
    item = problems(plan)["LOCK_ADAPTER_REDIS_URL"]
    assert item.value == SecretRef("unreadable.LOCK_ADAPTER_REDIS_URL")
    assert secrets[item.value.name] == Secret(url)
    assert item.where == "line 6"
    assert item.problem
    assert "S3cr3t" not in repr(plan)


def test_rabbitmq_is_known_by_its_address_whatever_the_variable_is_called():
    plan, secrets = read("QUEUE_ADAPTER=rabbitmq\nMY_BROKER=amqps://me:p%2Fw@rabbit/a%2Fb\n")
    assert plan.queue.kind is QueueKind.RABBITMQ
    assert plan.queue.url_variable == "MY_BROKER"
    assert (plan.queue.host, plan.queue.tls, plan.queue.virtual_host) == ("rabbit", True, "a/b")
    assert secrets["queue.password"] == Secret("p/w")


@pytest.mark.parametrize("name", ["MQ_URL", "RABBITMQ_URL", "QUEUE_ADAPTER_RABBITMQ_URL"])
@pytest.mark.parametrize("adapter", ["QUEUE_ADAPTER=redis\n", ""])
def test_a_rabbitmq_of_another_program_does_not_carry_the_queue_of_redis(name, adapter):
    text = urls().replace("QUEUE_ADAPTER=redis\n", adapter)
    plan, secrets = read(f"{text}{name}=amqp://crm:p4ss@mq/\n")
    assert plan.queue.kind is QueueKind.REDIS
    assert plan.redis.endpoint(RedisRole.QUEUE).host == "r.internal"
    assert plan.extras == (Extra(name, SecretRef(f"extra.{name}")),)
    assert secrets[f"extra.{name}"] == Secret("amqp://crm:p4ss@mq/")
    assert ("queue.kind" in problems(plan)) == (not adapter)
    assert not [one for one in rules(plan, secrets) if one.id == "plan.queue_variables"]


def test_rabbitmq_does_without_the_redis_of_the_queue():
    text = (
        urls()
        .replace("QUEUE_ADAPTER_REDIS_URL=redis://:pw@r.internal:6380/3", "")
        .replace("ADAPTER=redis", "ADAPTER=rabbitmq")
    )
    assert read(text)[0].redis.layout is Layout.ONE


@pytest.mark.parametrize(
    ("line", "key"),
    [("CACHE_DEFAULT_STORE=memory", "CACHE_DEFAULT_STORE"), ("LOCK_ADAPTER_DEFAULT=local", "LOCK_ADAPTER_DEFAULT"),
     ("QUEUE_ADAPTER=memory", "queue.kind")],
)  # fmt: skip
def test_an_adapter_of_one_process_is_no_cluster(line, key):
    name = line.partition("=")[0]
    assert key in problems(read(urls().replace(f"{name}=redis", line))[0])
    assert key in problems(read(urls().replace(f"{name}=redis\n", ""))[0])


def test_a_file_of_a_single_server_is_not_blamed_for_missing_adapters():
    assert not read("DB_DIALECT=mysql\nDB_HOST=db")[0].unreadable


@pytest.mark.parametrize("text", ["DB_HOST=db", "DB_HOST=db\nDB_DIALECT="])
def test_a_missing_dialect_is_told_as_nocobase_does_not_start_without_it(text):
    assert "DB_DIALECT is missing" in read(text)[0].problem("database.dialect")


def test_without_app_env_nocobase_runs_for_development_unless_an_image_says_otherwise():
    assert read("PM2_HOME=/var/lib/pm2")[0].application.environment is Environment.DEVELOPMENT
    assert read("PM2_HOME=/var/lib/pm2\nAPP_ENV=production")[0].application.environment is Environment.PRODUCTION
    assert read("DB_HOST=db")[0].application.environment is Environment.PRODUCTION


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("DB_DIALECT=sqlite", "database.dialect"),
        ("DB_PORT=tcp://10.0.0.1:5432", "database.port"),
        ("DB_UNDERSCORED=1", "database.underscored"),
        ("APP_PUBLIC_PATH=crm", "application.public_path"),
        ("LOGGER_TRANSPORT='console, file'", "application.log_transport"),
        ("DB_DATABASE=' x'", "database.name"),
        ("TZ=Paris", "application.time_zone"),
        ("CLUSTER_MODE=33", "nodes.0.processes"),
    ],
)
def test_a_value_that_cannot_be_read_is_kept_with_its_line(line, key):
    plan, _ = read("APP_ENV=production\n" + line)
    item = problems(plan)[key]
    assert item.where == "line 2"
    assert item.value == line.partition("=")[2].strip("'")


@pytest.mark.parametrize("mode", ["max", "-1", "0"])
def test_as_many_processes_as_processors_is_refused_in_words(mode):
    plan, _ = read(f"CLUSTER_MODE={mode}")
    assert "Write a number" in problems(plan)["nodes.0.processes"].problem


def test_a_private_key_pasted_inline_is_kept_as_a_secret():
    plan, secrets = read("DB_DIALECT_OPTIONS_SSL_KEY='-----BEGIN PRIVATE KEY-----\nMII\n-----END-----'")
    assert problems(plan)["database.tls_key"].value == SecretRef("unreadable.DB_DIALECT_OPTIONS_SSL_KEY")
    assert "MII" in secrets["unreadable.DB_DIALECT_OPTIONS_SSL_KEY"].reveal()
    assert "MII" not in repr(plan)


def test_unknown_variables_become_extras_and_secret_looking_ones_are_hidden():
    plan, secrets = read("EXPORT_LIMIT=bar\nMY_TOKEN=t0k\nPROXY=http://u:p@proxy\nEMPTY_KEY=\n")
    assert plan.extras == (
        Extra("EXPORT_LIMIT", "bar"),
        Extra("MY_TOKEN", SecretRef("extra.MY_TOKEN")),
        Extra("PROXY", SecretRef("extra.PROXY")),
        Extra("EMPTY_KEY", ""),
    )
    assert secrets == {"extra.MY_TOKEN": Secret("t0k"), "extra.PROXY": Secret("http://u:p@proxy")}


@pytest.mark.parametrize(
    "name",
    ["DB_PASWORD", "DB_PASSWD", "SMTP_PASS", "DB_PW", "REDIS_AUTH", "CREDS", "JWT", "SESSION_SALT"],
)
def test_a_variable_nobody_documented_is_hidden_where_its_name_is_like_a_secret_s(name):
    plan, secrets = read(f"{name}=hunter2\nLOGGER_LEVEL=info\nJWT_EXPIRES_IN=7d")
    assert plan.extras[0] == Extra(name, SecretRef(f"extra.{name}"))
    assert plan.extras[1:] == (Extra("LOGGER_LEVEL", "info"), Extra("JWT_EXPIRES_IN", "7d"))
    assert secrets == {f"extra.{name}": Secret("hunter2")}
    assert "hunter2" not in cluster_file.write(plan)


@pytest.mark.parametrize("value", ["Zx81kqPw0aLm44Tt", "0123456789abcdef0123456789abcdef", "AKIA1234567890abcd/+="])
def test_a_value_that_looks_like_a_key_is_hidden_whatever_its_name(value):
    plan, secrets = read(f"MY_THING={value}")
    assert plan.extras == (Extra("MY_THING", SecretRef("extra.MY_THING")),)
    assert secrets == {"extra.MY_THING": Secret(value)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBSUB_ADAPTER", "redis"),
        ("MY_THING", "nocobase"),
        ("x.y", "on"),
        ("REGISTRY", "registry.internal:5000/a-b-1"),
    ],
)
def test_a_value_that_looks_like_no_secret_is_none(name, value):
    plan, secrets = read(f"{name}={value}")
    assert plan.extras == (Extra(name, value),)
    assert secrets == {}


def test_a_documented_variable_with_an_account_in_its_address_is_hidden():
    plan, _ = read("CDN_BASE_URL=https://me:hunter2@cdn.example.com")
    assert plan.extras == (Extra("CDN_BASE_URL", SecretRef("extra.CDN_BASE_URL")),)


def test_an_empty_secret_is_no_secret():
    plan, secrets = read("APP_KEY=\nDB_PASSWORD=''\nEXPORT_LIMIT=1")
    assert plan.application.app_key is None
    assert plan.database.password is None
    assert not secrets


def test_the_last_of_several_assignments_counts():
    assert read("DB_HOST=a\nDB_HOST=b")[0].database.host == "b"


def test_what_a_file_does_not_say_is_not_filled_with_proposals():
    plan, _ = read("DB_HOST=db")
    assert plan.application.time_zone == ""
    assert plan.application.log_transport == ""
    assert not plan.application.lock_plugins
    assert not plan.licence.enable_plugins
    assert plan.licence.method is LicenceMethod.KEY
    assert plan.nodes == ()


def test_a_node_is_known_by_what_only_a_node_has():
    plan, _ = read("APP_PORT=13005\nWORKER_MODE=!\nCLUSTER_MODE=4")
    assert plan.nodes == (Node(name="node1", port=13005, worker_mode="!", processes=4),)


def test_paths_of_the_machine_mean_bare_metal():
    plan, _ = read("STORAGE_PATH=/srv/x")
    assert plan.application.deployment is Deployment.BARE
    assert plan.storage.path == "/srv/x"


@pytest.mark.parametrize(
    ("lines", "tls"),
    [
        ("DB_HOST=x", Tls.OFF),
        ("DB_DIALECT_OPTIONS_SSL_CA=/ca.pem", Tls.VERIFY),
        ("DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED=true", Tls.VERIFY),
        ("DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED=no", Tls.ENCRYPT),
    ],
)
def test_database_tls_is_read_as_nocobase_does(lines, tls):
    assert read(lines)[0].database.tls is tls


def test_plugins_to_enable_are_split_from_the_others():
    needed = "@nocobase/plugin-pubsub-adapter-redis, queue-adapter-redis,lock-adapter-redis,workerid-allocator-redis"
    plan, _ = read(f"APPEND_PRESET_BUILT_IN_PLUGINS='{needed}, mine'")
    assert plan.licence.enable_plugins
    assert plan.extras == (Extra("APPEND_PRESET_BUILT_IN_PLUGINS", "mine"),)
    plan, _ = read("APPEND_PRESET_BUILT_IN_PLUGINS=lock-adapter-redis,mine")
    assert not plan.licence.enable_plugins
    assert plan.extras == (Extra("APPEND_PRESET_BUILT_IN_PLUGINS", "lock-adapter-redis,mine"),)


def test_two_names_of_one_setting_that_disagree_are_both_kept():
    plan, _ = read("INIT_APP_LANG=fr\nINIT_LANG=de")
    assert plan.application.language == "fr"
    assert plan.extras == (Extra("INIT_LANG", "de"),)


def test_a_line_that_nocobase_passes_over_is_kept_hidden():
    plan, secrets = read("DB_HOST=db\n\n# a comment\nDB_PASSWORD hunter2\n")
    item = problems(plan)["line 4"]
    assert secrets[item.value.name] == Secret("DB_PASSWORD hunter2")
    assert item.where == "line 4"


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "\x7fELF\0\0", "hello"])
def test_a_file_without_variables_is_no_source(text):
    with pytest.raises(SourceError, match=r"x\.env, line 1"):
        read(text)


def test_an_enormous_file_is_refused_at_once():
    with pytest.raises(SourceError, match="too large"):
        read("A=1\n" * 1_000_000)


def test_many_empty_lines_do_not_take_long():
    assert read("\n" * 500_000 + "DB_HOST=db")[0].database.host == "db"


@pytest.mark.parametrize("value", ["#{DbPassword}#", "#{Db.Password}", "  #{DbPassword}#  "])
def test_what_another_program_fills_in_is_told_as_that_also_without_quotes(value):
    plan, secrets = dotenv.read(f"DB_DIALECT=postgres\nDB_PASSWORD={value}\n", ".env")
    assert secrets["database.password"].reveal() == value.strip()
    assert plan.unlike == ()
    found = [one.id for one in rules(plan, secrets) if one.subject in {"database.password", "DB_PASSWORD"}]
    assert found == ["plan.unfilled"]


@pytest.mark.parametrize("value", ["#comment", "#{DbPassword} and more", "#{}", "#a{b}#"])
def test_any_other_comment_is_no_value(value):
    _plan, secrets = dotenv.read(f"DB_DIALECT=postgres\nDB_PASSWORD={value}\n", ".env")
    assert "database.password" not in secrets
