"""What another program is started with: what it needs, and none of the secrets that an admin gave this program."""

import pytest

from wizard.plan.child_environment import bare, without_ours, without_secrets

GIVEN = {
    "PATH": "/usr/bin",
    "HOME": "/root",
    "TMPDIR": "/tmp/a1b2c3d4e5f6g7h8i9",
    "NCW_PASSPHRASE": "x",
    "DB_PASSWORD": "x",
    "APP_KEY": "x",
    "DB_HOST": "db.internal",
    "CACHE_REDIS_URL": "redis://:x@redis:6379/0",
    "LOCK_ADAPTER_REDIS_URL": "redis://redis:6379/0",
    "QUEUE_ADAPTER_RABBITMQ_URL": "amqp://app:x@rabbitmq:5672",
    "HTTPS_PROXY": "http://me:x@proxy:3128",
    "NO_PROXY": "localhost",
    "VAULT_TOKEN": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
}
OURS = {"NCW_PASSPHRASE"}
NOCOBASES = {"DB_PASSWORD", "APP_KEY", "CACHE_REDIS_URL", "QUEUE_ADAPTER_RABBITMQ_URL"}
OTHERS = {"HTTPS_PROXY", "VAULT_TOKEN", "AWS_SECRET_ACCESS_KEY"}


@pytest.mark.parametrize(
    ("reduced", "gone"),
    [(without_ours, OURS), (without_secrets, OURS | NOCOBASES), (bare, OURS | NOCOBASES | OTHERS)],
)
def test_a_program_is_started_without(reduced, gone):
    assert GIVEN.keys() - reduced(GIVEN).keys() == gone
    assert reduced(GIVEN).items() <= GIVEN.items()
