"""A secret that stands where a name, a host or a key is meant is told nowhere, and kept in no sentence."""

import pytest

from wizard.formats import cluster_file, dotenv
from wizard.formats.dotenv.continued import is_piece
from wizard.formats.dotenv.grammar import Assignment
from wizard.plan.accounts import WITH_PASSWORD
from wizard.plan.secret import SecretRef
from wizard.plan.variable_names import told

ENV = "DB_DIALECT=postgres\nDB_DATABASE=shop\nDB_USER=shop\n"


@pytest.mark.parametrize(
    "password",
    ["Quorx@Welmy", "Zq7vKpWLm4xTr9", '{"kv":"Zq7vKpWLm4xTr9","n":17}', "a(b)c{d}"],
)
def test_a_connection_string_in_the_place_of_a_host_is_not_quoted_beside_itself(password):
    plan, secrets = dotenv.read(f"{ENV}DB_HOST=host=db.internal user=shop password={password}\n", "x.env")
    [item] = [one for one in plan.unreadable if one.key == "database.host"]
    assert isinstance(item.value, SecretRef)
    assert password in secrets[item.value.name].reveal()
    assert password not in item.problem
    assert password not in cluster_file.write(plan)
    assert "host name" in item.problem


@pytest.mark.parametrize("value", ["{{password}}", "<password>", "${PASSWORD}", "$PASSWORD", "***"])
def test_a_placeholder_of_a_password_is_no_secret(value):
    assert not WITH_PASSWORD.search(f"host=db user=shop password={value}")


@pytest.mark.parametrize("key", ["Zqüßé漢字Wörtx9ñKp", "Zq7😀vKpW😀Lm4", "Quorx@Welmy", "a/b+c", "Zq7vKpWLm4"])
def test_a_key_that_may_be_a_secret_is_not_told(key):
    assert told(key) == "••••••"


@pytest.mark.parametrize("key", ["hots", "databse", "pool_size", "nodeEnv", "redis.cache", "nodes[0]", "storage-path"])
def test_a_key_that_is_mistyped_is_told(key):
    assert told(key) == key


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("DB_PASSWORD Zq7vKpW", True), ("DB_PASSWORD summer", False), ("DB_PASSWORD", False), ("my variable", False)],
)
def test_a_name_of_two_words_is_told_where_both_are_words(name, is_one):
    assert is_piece(Assignment(name, "Lm4xTr9Jd", 1)) is is_one
