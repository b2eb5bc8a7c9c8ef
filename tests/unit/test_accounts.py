"""A password in an address is kept out of what is saved, also where it is typed half, or into a wrong field."""

import time

import pytest

from tests.patience import processor_time
from wizard.formats import cluster_file
from wizard.plan.accounts import WITH_PASSWORD
from wizard.plan.plan import Plan
from wizard.plan.redact import masked
from wizard.plan.secret import HIDDEN

SECRET = "Zq7Canaryk9"
TYPED = [
    f"postgres://app:{SECRET}@db.internal:5432/nocobase",
    f"postgres://app:{SECRET}",
    f"redis://:{SECRET}",
    f"amqp://app:{SECRET}/v@host",
    f"https://u:{SECRET}@app.example.com",
    f"redis://:*{SECRET}@host",
    f"postgres://app:%40{SECRET}",
    f"postgres://host/db?user=app&password={SECRET}",
    f"https://app.example.com:8443?token={SECRET}@more",
    f"host=db port=5432 user=app password={SECRET}",
    f"password = '{SECRET}' host=db",
    f"app:{SECRET}@db.internal",
    f"app:{SECRET}@@db.internal:5432/nocobase",
    f"//app:{SECRET}@db",
]


@pytest.mark.parametrize("text", TYPED)
def test_a_password_typed_into_any_field_is_in_no_saved_cluster(text):
    plan, keys = Plan(), [key for key, item, _value in Plan().settings() if not item.secret]
    for key in keys:
        plan = plan.with_text(key, text)
        assert SECRET not in plan.problem(key), key
    assert [key for key in keys if plan.held_back(key) is None] == []
    assert SECRET not in cluster_file.write(plan)


@pytest.mark.parametrize(
    "text",
    [
        "http://app.example.com:8080",
        "http://app.example.com:80",
        "https://app.example.com:443/path, http://other.example.com:8",
        "“http://app:13000” is no address",
        "http://[::1]:8080",
        "ssh://root@host",
        "redis://${HOST}:${PORT}/0",
        "redis://$HOST:$PORT/0",
        "docker -H tcp://{target}:2375 exec -i x node -",
        "no address: at all",
        "http://localhost:*",
        "https://a.example.com:8443;https://b.example.com:8443",
        "http://host:<port>",
        "http://a:80|http://b:80",
        "<http://a:13000>",
        "[http://a:13000]",
        "`http://a:13000`",
        "http://host:8080&x",
        "http://host:%PORT%/",
        "http://{host}:{port}",
        "jdbc:postgresql://host:5432;db=x",
        "registry.example.com:5000/nocobase:2.2.15@sha256:9f86d081884c7d659a2feaa0c55ad015",
        "mailto:admin@example.com",
        "Support:help@example.com",
        "Sales:sales@shop.example,Help:help@shop.example",
        "open 10:00@office",
        "HIGH:!aNULL:@STRENGTH",
        "ECDHE:HIGH:@SECLEVEL=0",
        "arn:aws:iam::12:user/ops@example.com",
        "${DB_USER}:${DB_PASSWORD}@db",
        "/usr/local/bin:/opt/node@20/bin",
        "http://host:8080?authority=x",
        "http://a:80\uff0chttp://b:80\u3002",
    ],
)
def test_what_is_no_password_is_shown(text):
    assert masked(text) == text.replace("root@", f"{HIDDEN}@")
    assert not WITH_PASSWORD.search(text)


@pytest.mark.parametrize(
    "text", ["http://host:8080?x=a@b", "http://host:8080#a@b", "http://host?token=$TOKEN", "a password=${X} b"]
)
def test_what_may_be_hidden_and_is_no_password_is_taken(text):
    assert not WITH_PASSWORD.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:pw@h",
        "redis://:S3cr3t@h",
        "postgres://app:secret",
        "x://a:1;b@h",
        "user:pw@x",
        "Support:hunter2@x.de",
        "support:help@x.de",
    ],
)
def test_a_password_is_known(text):
    assert WITH_PASSWORD.search(text)


@pytest.mark.parametrize(
    "piece",
    [
        "?token=",
        "&pwd=x",
        "://a:1;",
        "://a:%",
        "://",
        "://a:1?",
        "://a:1/",
        "://a:",
        "a:",
        "@",
        "://@",
        " pwd=",
        " a:b",
        " a:b@",
        "a:@sha2:",
        "'a:",
        "'a:@sha2:",
    ],
)
@pytest.mark.parametrize("before", ["://", ""])
def test_a_long_text_takes_time_in_proportion(piece, before):
    text, began = before + piece * 100_000, time.process_time()
    masked(text)
    WITH_PASSWORD.search(text)
    assert time.process_time() - began < processor_time(2)
