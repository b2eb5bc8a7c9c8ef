"""What looks like a secret in the words of a program on another machine is hidden; what explains its failure stays."""

import time

import pytest

from tests.patience import processor_time
from wizard.plan.lookalikes import without_lookalikes

CANARY = "Canary-7f3a-Zebra"


@pytest.mark.parametrize(
    "text",
    [
        f"+ DB_PASSWORD={CANARY}",
        f"declare -x APP_KEY='{CANARY} and more {CANARY}'",
        f"DB_HOST=db DB_PASSWORD={CANARY} node index.js",
        f"REDIS_PASSWORD=a blank {CANARY}\nDB_HOST=db",
        f'{{"user": "nb", "password": "{CANARY}"}}',
        f'{{"DB_PASSWORD":"{CANARY} {CANARY}"}}',
        f"password: {CANARY}",
        f"mysql --password={CANARY}",
        f"vault --token {CANARY}",
        f"token: no{CANARY} given",
        f"password: not-{CANARY}",
        f"could not connect to postgres://nb:{CANARY}@db:5432/nb",
        f"redis://:{CANARY}@redis:6379",
        f"Authorization: Bearer {CANARY}",
        f"Proxy-Authorization: Basic {CANARY}",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARY}\n{CANARY}\n-----END OPENSSH PRIVATE KEY-----",
        f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}",
    ],
)
def test_a_value_that_looks_like_a_secret_is_hidden(text):
    assert CANARY not in without_lookalikes(f"ready\n{text}\nend")


@pytest.mark.parametrize(
    "text",
    [
        "root@10.0.0.11: Permission denied (publickey,password).",
        'Load key "/home/admin/.ssh/id_ed25519": bad permissions',
        "Offending ECDSA key in /home/admin/.ssh/known_hosts:3",
        "sudo: a password is required",
        "bash: line 1: node: command not found",
        "Error response from daemon: No such container: nocobase-1",
        "error: You must be logged in to the server (Unauthorized)",
        "Basic authentication failed for https://k8s.internal:6443/api?x=1",
        "root@10.0.0.11's password: Permission denied, please try again.",
        "error: unable to read client token: open /run/secrets/token: no such file or directory",
        "Error response from daemon: get secret: not found",
        "SyntaxError: Unexpected token 1 in JSON at position 0",
        "kex_exchange_identification: Connection closed by remote host",
        "DB_HOST=db.internal",
    ],
)
def test_what_explains_a_failure_stays(text):
    assert without_lookalikes(text) == text


@pytest.mark.parametrize(
    "piece", ["password:", "a='", "-----BEGIN ", "://", "=", "A=\n", "token\t ", "a.", "-", "bearer "]
)
def test_long_texts_cost_time_in_proportion(piece):
    began = time.process_time()
    without_lookalikes(piece * (65_536 // len(piece)))
    assert time.process_time() - began < processor_time(2)
