"""An env file that nobody filled in yet is one thing to do, whatever setting stands in the signs of its tool."""

import pytest

from wizard.app.places import placed
from wizard.checks.plan.rules import rules
from wizard.checks.registry import spec_of
from wizard.engine.actions import actions
from wizard.formats import dotenv
from wizard.plan.finding import Severity
from wizard.plan.sections import QueueKind

BASE = """\
APP_KEY=Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE
TZ=UTC
DB_DIALECT=postgres
DB_HOST=10.0.0.5
DB_DATABASE=shop
DB_USER=shop
DB_PASSWORD=Vt8kQ2mW
"""
TEMPLATE = """\
APP_ENV={{ app_env }}
APP_KEY={{ app_key }}
APP_PORT={{ app_port }}
TZ={{ time_zone }}
LOCAL_STORAGE_DEST={{ uploads_dir }}
DB_DIALECT=postgres
DB_HOST={{ db_host }}
DB_PORT={{ db_port }}
DB_DATABASE={{ db_name }}
DB_USER={{ db_user }}
DB_PASSWORD={{ db_password }}
DB_UNDERSCORED={{ db_underscored | lower }}
INIT_ROOT_EMAIL={{ root_email }}
"""


def failed(text):
    """Return the plan, and what fails of the values in the file: not what is missing there."""
    plan, secrets = dotenv.read(text, "x.env")
    found = [one for one in rules(plan, secrets) if one.id in {"plan.value", "plan.unfilled"}]
    return plan, [one for one in found if one.severity is Severity.FAIL and "missing" not in one.summary]


def changed(line):
    name = line.partition("=")[0]
    return "".join(f"{one}\n" for one in BASE.splitlines() if not one.startswith(f"{name}=")) + line + "\n"


@pytest.mark.parametrize(
    "line",
    [
        "DB_PORT={{ db_port }}", "DB_PORT=<port>", "DB_PORT=${{Postgres.PGPORT}}", "APP_PORT=<APP_PORT>",
        "TZ=<your timezone>", "APP_ENV=<production|development>", "DB_DIALECT={{ dialect }}", "DB_POOL_MAX=[pool max]",
        "DB_UNDERSCORED={{ underscored }}", "APP_PUBLIC_PATH=__PUBLIC_PATH__", "DB_SCHEMA=<schema>",
        "INIT_ROOT_EMAIL={{ root_email }}", "REDIS_URL={{ redis_url }}", "REDIS_URL=<redis-url>",
        "REDIS_URL=your-redis-url", "CLUSTER_MODE={{ processes }}", "LOCAL_STORAGE_DEST={{ uploads_dir }}",
    ],
)  # fmt: skip
def test_whatever_setting_holds_a_placeholder_that_is_what_is_said_of_it(line):
    _plan, [finding] = failed(changed(line))
    assert finding.summary.endswith("is a placeholder of a sample, not a value of your own.")
    assert "Write your own value at" in finding.remedy


@pytest.mark.parametrize(
    "line", ["DB_PORT=five", "TZ=Mars", "APP_PUBLIC_PATH=secret", "DB_DIALECT=oracle", "DB_PORT=1e5"]
)
def test_what_only_cannot_be_read_is_no_placeholder(line):
    _plan, [finding] = failed(changed(line))
    assert "cannot be read" in finding.summary


def test_all_that_is_to_be_filled_in_is_one_action_that_names_it():
    plan, secrets = dotenv.read(TEMPLATE, "env.j2")
    made = actions([placed(one, plan) for one in rules(plan, secrets)], spec_of, lambda _finding: "")
    first, *rest = [action for action in made if "placeholder" in action.title]
    named = {line.partition("=")[0] for line in TEMPLATE.splitlines()} - {"APP_KEY", "DB_DIALECT"}
    assert {place.name for place in first.places} == named
    assert [name for name in named if name not in first.title] == ["TZ"]  # its label stands there
    assert "“Time zone”" in first.title
    [key] = rest
    assert key.remedy.text.startswith("openssl rand")


def test_two_choices_in_brackets_are_not_the_second_one():
    plan, [finding] = failed(changed("QUEUE_ADAPTER=<redis|rabbitmq>"))
    assert plan.queue.kind is QueueKind.REDIS
    assert finding.remedy == "QUEUE_ADAPTER=redis"
