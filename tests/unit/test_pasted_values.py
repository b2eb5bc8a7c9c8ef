"""A key or a password that was pasted into a plain setting is quoted nowhere; what is a plain text stays readable."""

import json
import time

import pytest

from tests.patience import processor_time
from wizard.app.check import open_texts, pasted
from wizard.app.diff import compare
from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file
from wizard.plan.pasted import is_key, may_be_pasted, without_value
from wizard.plan.plan import Plan
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret
from wizard.plan.variables import known_variables, may_be_secret

KEYS = [
    "9f3c71e0b5d84a26c7f1039be86d542a7be1095cf3d2846ab1709ce5d38f4261",
    "9F3C71E0B5D84A26C7F1039BE86D542A",
    "Zq7vKpWLm4xTr9Jd",
    "q+8/Zr4xLm0aBcDeFgHiJk9q+8/Zr4xLm0aBcDeFgHi=",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJacTd2S3BXIn0.Zq7vKpWLm4xTr9Jd",
]
PASSWORDS = ["Vt8kQ2mW", "Vt8kQ2mWbb!x9", "P@ssw0rd", "Tr0ub4dor&3", "summer-2024!"]
NAMES = [
    "db.internal",
    "mydb.c9ak3iq32a7bc.us-east-1.rds.amazonaws.com",
    "ip-10-0-0-5.eu-west-1.compute.internal",
    "nocobase-7d9c6b5f8-x2x4q",
    "3f2a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a",
    "550e8400-e29b-41d4-a716-446655440000",
    "NocoBaseProductionDatabase2024",
    "my-bucket-1234567890123",
    "d8f7s6g5h4j3",
    "/srv/Zq7vKpWLm4xTr9Jd",
    "v2.3.0-beta.20250915",
]
MISTYPED = [
    "13000:80",
    "Europe/Pariss",
    "postgres14",
    "mariadb10.6",
    "kingbase8r6",
    "utf8mb4",
    "db.internal:5432",
    "mydb.c9ak3iq32a7bc.us-east-1.rds.amazonaws.com:5432",
    "1h30m20s",
    "admin@corp1",
    "fe80::1ff:fe23:4567:890a",
    "2024-01-01T00:00:00Z",
    "%PORT%",
    "sha256:9f3c71e0b5d84a26c7f1039be86d542a7be1095cf3d2846ab1709ce5d38f4261",
]


@pytest.mark.parametrize("text", KEYS)
def test_a_key_is_known_wherever_it_stands(text):
    assert is_key(text)
    assert may_be_pasted(text)


@pytest.mark.parametrize("text", PASSWORDS)
def test_a_password_is_known_where_no_such_text_can_be_meant(text):
    assert may_be_pasted(text)
    assert not is_key(text)


@pytest.mark.parametrize("sign", ["a", "a1", "1", "!", "a-", "a.", "ab1cd2", "é"])
def test_a_very_long_value_is_told_at_once(sign):
    began = time.process_time()
    assert may_be_pasted(sign * 100_000)
    is_key(sign * 100_000)
    assert time.process_time() - began < processor_time(2)


@pytest.mark.parametrize("text", NAMES)
def test_a_name_that_can_be_read_is_no_key(text):
    assert not is_key(text)


@pytest.mark.parametrize("text", MISTYPED)
def test_what_is_mistyped_stays_readable(text):
    assert not may_be_pasted(text)


def said_of(opened):
    """Return all that the rules say of a plan, and what it is kept as."""
    clean = Redactor([*opened.secrets.values(), *pasted(opened.plan)], open_texts(opened.plan))
    found = [clean.finding(one).as_json() for one in rules(opened.plan, opened.secrets)]
    return json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("text", [*KEYS, "Vt8kQ2mW"])
def test_no_variable_of_nocobase_tells_what_was_pasted_into_it(tmp_path, text):
    names = [name for name in sorted(known_variables()) if not may_be_secret(name, text)]
    (tmp_path / "prod.env").write_text("".join(f"{name}={text}\n" for name in names))
    (tmp_path / "good.env").write_text("DB_DIALECT=postgres\n")
    opened, good = open_source(str(tmp_path / "prod.env")), open_source(str(tmp_path / "good.env"))
    readable = {item.value for item in opened.plan.unreadable if isinstance(item.value, str)}
    assert text not in readable
    assert text not in "".join(item.problem for item in opened.plan.unreadable)
    if is_key(text):
        assert text not in said_of(opened)
        told = compare(opened.plan, opened.secrets, good.plan, good.secrets)
        assert text not in "".join(f"{one.left}{one.right}" for one in told)


def test_a_port_that_is_a_password_is_refused_unquoted_and_a_mistyped_one_in_words():
    plan = Plan().with_text("database.port", "Vt8kQ2mW").with_text("database.pool_max", "many")
    assert plan.problem("database.port") == f"“{HIDDEN}” is not a whole number."
    assert plan.held_back("database.port") == Secret("Vt8kQ2mW")
    assert "Vt8kQ2mW" not in cluster_file.write(plan)
    assert "“many”" in plan.problem("database.pool_max")


def test_a_part_that_is_too_long_for_a_host_is_not_quoted_alone():
    part = "9f3c71e0b5d84a26c7f1039be86d542a" * 2
    problem = Plan().with_text("database.host", f"{part}.internal").problem("database.host")
    assert without_value(problem, f"{part}.internal") == problem.replace(part, HIDDEN)
