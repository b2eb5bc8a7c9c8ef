"""Which further variables are hidden: what is called a secret, what looks like one, and what holds one."""

import pytest

from wizard.plan.variables import may_be_secret

KEY = "Qz7Lw4Vt9XpK2mRb"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK", f"https://hooks.slack.com/services/T000/B000/{KEY}"),
        ("FEISHU_WEBHOOK_URL", "https://open.feishu.cn/open-apis/bot/v2/hook/3f1b-77"),
        ("AZURE_STORAGE_CONNECTION_STRING", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc="),
        ("BACKUP_TO", "https://bucket.s3.amazonaws.com/x?X-Amz-Signature=abcdef0123"),
        ("DOCKER_CONFIG_JSON", '{"auths":{"r":{"auth":"YWRtaW4="}}}'),
        ("TG_BOT", f"123456789:AAE{KEY}"),
        ("OSS_AK", "abc"),
        ("OSS_SK", "abc"),
        ("DOOR_PIN", "1234"),
        ("SIGNING_SEED", "abc"),
    ],
)
def test_a_key_within_an_address_or_a_list_is_hidden(name, value):
    assert may_be_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://crm.example.com/start-page-2026"),
        ("FEATURES", "charts,calendar,map-2"),
        ("SPINNER", "on"),
        ("TASKS", "one:two"),
        ("AUTHOR", "author: me"),
        ("NODE_OPTIONS", f"--max-old-space-size=4096 --title={KEY}"),
    ],
)
def test_plain_words_and_what_nocobase_is_known_to_read_are_not(name, value):
    assert not may_be_secret(name, value)
