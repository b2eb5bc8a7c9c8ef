"""The secrets of a plan among variables with NocoBase's own names: of a file, or of the environment."""

from dataclasses import replace

import pytest

from tests.unit.plans import good_plan
from tests.unit.told import changed
from wizard.formats.dotenv.recover import names_of_secrets, secrets_from, secrets_in, secrets_of
from wizard.plan.plan import Extra
from wizard.plan.secret import SecretRef
from wizard.plan.sections import Layout, Node, QueueKind, RedisRole

URL = "redis://:pw@redis.internal:6379/0"
RABBIT = {
    "queue.kind": QueueKind.RABBITMQ,
    "queue.host": "rabbit",
    "queue.password": SecretRef("queue.password"),
}
TLS = {"redis.server.tls": True, "redis.server.username": "u"}


def found(secrets):
    return {name: secret.reveal() for name, secret in secrets.items()}


@pytest.mark.parametrize(
    ("changes", "values", "secrets"),
    [
        ({}, {}, {}),
        ({}, {"APP_KEY": "k", "DB_PASSWORD": "p w"}, {"application.app_key": "k", "database.password": "p w"}),
        ({}, {"APP_KEY": "", "DB_HOST": "x", "OTHER": "y"}, {}),
        ({}, {"CACHE_REDIS_URL": URL}, {"redis.server.password": "pw"}),
        ({}, {"CACHE_REDIS_URL": "redis://:pw@redis.internal/0"}, {"redis.server.password": "pw"}),
        ({}, {"CACHE_REDIS_URL": "redis://:p%2Fw@redis.internal:6379/7"}, {"redis.server.password": "p/w"}),
        ({}, {"CACHE_REDIS_URL": URL, "REDIS_URL": URL.replace("pw", "other")}, {"redis.server.password": "pw"}),
        ({}, {"CACHE_REDIS_URL": "redis://:pw@else:6379/0"}, {}),
        ({}, {"CACHE_REDIS_URL": "redis://:pw@redis.internal:6380/0"}, {}),
        ({}, {"CACHE_REDIS_URL": "redis://u:pw@redis.internal:6379/0"}, {}),
        ({}, {"CACHE_REDIS_URL": "http://:pw@redis.internal:6379/0"}, {}),
        ({}, {"CACHE_REDIS_URL": "redis://redis.internal:6379/0"}, {}),
        ({}, {"CACHE_REDIS_URL": "not an address"}, {}),
        (TLS, {"CACHE_REDIS_URL": "rediss://u:pw@redis.internal/0"}, {"redis.server.password": "pw"}),
        ({"redis.server.password": None}, {"CACHE_REDIS_URL": URL}, {}),
        (RABBIT, {"QUEUE_ADAPTER_RABBITMQ_URL": "amqp://nocobase:pw@rabbit/"}, {"queue.password": "pw"}),
        (RABBIT, {"QUEUE_ADAPTER_RABBITMQ_URL": "amqp://nocobase:pw@rabbit:5672/"}, {"queue.password": "pw"}),
        (RABBIT, {"QUEUE_ADAPTER_RABBITMQ_URL": "amqps://nocobase:pw@rabbit/"}, {}),
        (
            {**RABBIT, "queue.tls": True},
            {"QUEUE_ADAPTER_RABBITMQ_URL": "amqps://nocobase:pw@rabbit/"},
            {"queue.password": "pw"},
        ),
        ({"extras": {"SMTP": SecretRef("extra.SMTP")}}, {"SMTP": "x"}, {"extra.SMTP": "x"}),
    ],
)
def test_a_secret_is_taken_out_of_its_variable_where_that_is_the_plans(changes, values, secrets):
    plan, _ = changed(changes)
    assert found(secrets_from(plan, values)) == secrets


def test_each_role_has_the_password_of_its_own_server():
    each = {"redis.layout": Layout.PER_ROLE}
    for role in RedisRole:
        each[f"redis.{role.field}.host"] = role.field.replace("_", "-")
        each[f"redis.{role.field}.password"] = SecretRef(f"redis.{role.field}.password")
    plan, _ = changed(each)
    values = {"LOCK_ADAPTER_REDIS_URL": "redis://:a@lock/2", "REDIS_URL": "redis://:b@worker-id/4"}
    assert found(secrets_from(plan, values)) == {"redis.lock.password": "a", "redis.worker_id.password": "b"}


def test_half_typed_names_hide_no_secret():
    nodes, extras = (Node(name="A B"), Node(name="A B")), (Extra("A B", SecretRef("x")), Extra("C", SecretRef("c")))
    plan = replace(good_plan(), nodes=nodes, extras=extras)
    assert found(secrets_in(plan, {"APP_KEY": "k", "A B": "x", "C": "c"})) == {
        "application.app_key": "k",
        "c": "c",
        "x": "x",
    }


def test_a_licence_key_has_a_variable_of_this_programs_own():
    plan = good_plan().with_value("licence.key", SecretRef("licence.key"))
    names = set(names_of_secrets(plan)) - set(names_of_secrets(good_plan()))
    for name in names:
        assert found(secrets_in(plan, {name: "key"})) == {"licence.key": "key"}
        assert found(secrets_in(plan, {name: ""})) == {}


def test_an_env_file_gives_the_secrets_of_its_plan():
    text = f"APP_KEY='k'\nCACHE_REDIS_URL={URL}\nDB_PASSWORD=\n"
    assert found(secrets_of(good_plan(), text)) == {"application.app_key": "k", "redis.server.password": "pw"}


def test_the_names_that_are_looked_for_are_sorted_and_of_secrets_alone():
    plan = replace(good_plan(), extras=(Extra("SMTP", SecretRef("x")),))
    names = names_of_secrets(plan)
    assert names == sorted(names)
    assert {"APP_KEY", "APP_AES_SECRET_KEY", "DB_PASSWORD", "CACHE_REDIS_URL", "REDIS_URL"} <= set(names)
    assert not {"DB_HOST", "TZ", "QUEUE_ADAPTER", "A"} & set(names)
