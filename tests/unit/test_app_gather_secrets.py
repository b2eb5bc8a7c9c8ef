"""Gathering secrets: where they come from, which place wins, and that a foreign server's password is not taken."""

import re
from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.gather_secrets import gather_secrets, missing
from wizard.export import secrets_file
from wizard.export.containers import part
from wizard.formats import dotenv
from wizard.formats.dotenv import variables
from wizard.formats.dotenv.recover import secrets_in
from wizard.formats.files import SecretsMode, SourceError
from wizard.plan.plan import Extra, Unreadable
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node, QueueKind
from wizard.storage.secret_store import DamagedEntryError, SecretStoreError, SessionStore


class LockedStore(SessionStore):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def get(self, cluster_id: str, name: str) -> Secret | None:
        self.asked += 1
        raise SecretStoreError("It is locked.")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "secrets.env"
    path.write_text("DB_PASSWORD='from the file'\nUNRELATED=x\n")
    return path


@pytest.fixture
def secret_store():
    secret_store = SessionStore()
    for name in SECRETS:
        secret_store.set(good_plan().id, name, Secret("from the secret store"))
    return secret_store


ENVIRON = {"DB_PASSWORD": "from the environment", "APP_KEY": "from the environment"}
OPENED = {
    "database.password": Secret("from the source"),
    "application.app_key": Secret("from the source"),
    "application.aes_key": Secret("from the source"),
}


def test_a_file_wins_over_the_environment_over_the_source_over_the_secret_store(secret_store, file):
    found = gather_secrets(good_plan(), OPENED, secret_store, ENVIRON, file)
    assert {name: secret.reveal() for name, secret in found.items()} == {
        "database.password": "from the file",
        "application.app_key": "from the environment",
        "application.aes_key": "from the source",
        "application.root_password": "from the secret store",
        "redis.server.password": "from the secret store",
        "licence.password": "from the secret store",
    }


def test_without_an_environment_given_the_processs_own_counts(monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "from the process")
    assert gather_secrets(good_plan(), {})["database.password"] == Secret("from the process")


def test_an_empty_variable_gives_no_secret():
    assert gather_secrets(good_plan(), {}, environ={"DB_PASSWORD": ""}) == {}


def test_a_damaged_entry_keeps_no_other_secret_away(secret_store, monkeypatch, caplog):
    whole = secret_store.get

    def get(cluster_id: str, name: str) -> Secret | None:
        if name == "application.app_key":
            raise DamagedEntryError("There is a part of it.")
        return whole(cluster_id, name)

    monkeypatch.setattr(secret_store, "get", get)
    found = gather_secrets(good_plan(), {}, secret_store, {})
    assert set(SECRETS) - set(found) == {"application.app_key"}
    assert "did not give application.app_key: There is a part of it." in caplog.text


def test_a_locked_secret_store_is_asked_once_and_the_rest_still_counts(caplog):
    secret_store = LockedStore()
    found = gather_secrets(good_plan(), OPENED, secret_store, {})
    assert found == OPENED
    assert secret_store.asked == 1
    assert "It is locked." in caplog.text


def test_the_secret_store_is_asked_for_nothing_that_is_known():
    secret_store = LockedStore()
    assert gather_secrets(good_plan(), SECRETS, secret_store, {}) == SECRETS
    assert secret_store.asked == 0


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_secrets_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "secrets.env"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"secrets\.env"):
        gather_secrets(good_plan(), {}, environ={}, secrets_file=path)


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("redis://:p%40ss@redis.internal:6379/0", "p@ss"),
        ("redis://:p%40ss@redis.internal/3", "p@ss"),
        ("redis://:p@other.internal:6379/0", None),
        ("redis://:p@redis.internal:6380/0", None),
        ("redis://someone:p@redis.internal:6379/0", None),
        ("redis://redis.internal:6379/0", None),
        ("redis:/redis.internal", None),
    ],
)
def test_the_password_in_an_address_counts_only_where_the_address_is_the_plans(url, password):
    found = gather_secrets(good_plan(), {}, environ={"LOCK_ADAPTER_REDIS_URL": url})
    assert found == ({"redis.server.password": Secret(password)} if password else {})


def test_the_password_of_rabbitmq_comes_from_its_address():
    plan = good_plan().with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.host", "mq.internal")
    plan = plan.with_value("queue.password", SecretRef("queue.password")).with_value("queue.url_variable", "MQ_URL")
    found = gather_secrets(plan, {}, environ={"MQ_URL": "amqp://nocobase:pw@mq.internal/x"})
    assert found == {"queue.password": Secret("pw")}


def test_a_plan_that_is_half_typed_gives_its_secrets_all_the_same():
    plan = good_plan().with_value("nodes", (Node(name="a"), Node(name="a")))
    plan = replace(plan, extras=(Extra("not a name", "x"), Extra("SMTP_PASSWORD", SecretRef("extra.SMTP_PASSWORD"))))
    plan = plan.with_unreadable(Unreadable("CACHE_REDIS_URL", SecretRef("unreadable.CACHE_REDIS_URL"), "no"))
    found = secrets_in(plan, {"DB_PASSWORD": "one", "SMTP_PASSWORD": "two", "CACHE_REDIS_URL": "redis:/x"})
    assert {name: secret.reveal() for name, secret in found.items()} == {
        "database.password": "one",
        "extra.SMTP_PASSWORD": "two",
        "unreadable.CACHE_REDIS_URL": "redis:/x",
    }


def test_an_exported_env_file_gives_back_every_secret():
    [cluster, *_others] = dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)
    values = {name: item.value for name, item in dotenv.parse(cluster.text).items()}
    assert gather_secrets(good_plan(), {}, environ=values) == SECRETS


def test_what_has_no_value_is_named_with_its_setting():
    assert missing(good_plan(), {**SECRETS, "unrelated": Secret("x")}) == {}
    assert missing(good_plan(), {}) == {name: name for name in SECRETS}


def test_a_bundles_file_gives_each_secret_as_it_is_where_the_script_was_left_behind(tmp_path):
    plan = good_plan()
    absent = part(variables(plan).common, {}, SecretsMode.REFERENCE).missing
    text = secrets_file.files(plan, absent)[0].text
    (tmp_path / "elsewhere.env").write_text(re.sub(r"^#(\w+=)$", r"\1a#b'c", text, flags=re.MULTILINE))
    found = gather_secrets(plan, {}, None, {}, tmp_path / "elsewhere.env")
    assert {secret.reveal() for secret in found.values()} == {"a#b'c"}
    assert "redis.server.password" in found
