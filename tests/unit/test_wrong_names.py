"""One mistake in an env file is one thing to do: a wrong name and all that lacks the right one, an unreadable text."""

import pytest

from tests.remedies import paste
from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_what_people_write import BASE, judged
from wizard.checks.plan.rules import rules
from wizard.checks.registry import spec_of
from wizard.engine.actions import actions
from wizard.formats import dotenv
from wizard.plan.believed import believed
from wizard.plan.finding import Severity
from wizard.plan.sections import Tls

WHOLE = f"""\
{BASE}APP_AES_SECRET_KEY=3b1f0c9a7e5d2f4486aa19ce07b3d85f21c4e6907fa8b3d2165c0e9f4a7b8d13
INIT_ROOT_PASSWORD=Wr1te-th1s-d0wn
CACHE_DEFAULT_STORE=redis
CACHE_REDIS_URL=redis://redis:6379/0
PUBSUB_ADAPTER_REDIS_URL=redis://redis:6379/1
LOCK_ADAPTER_DEFAULT=redis
LOCK_ADAPTER_REDIS_URL=redis://redis:6379/2
QUEUE_ADAPTER=redis
QUEUE_ADAPTER_REDIS_URL=redis://redis:6379/3
REDIS_URL=redis://redis:6379/4
"""


def to_do(text: str):
    """Return what is to be done about an env file, without what no env file can say."""
    plan, values = dotenv.read(text, "x.env")
    found = actions(rules(plan, values), spec_of, lambda _finding: "")
    return [action for action in found if action.impact.severity is not Severity.UNKNOWN]


def test_what_a_file_holds_becomes_the_value_as_told(tmp_path):
    file = tmp_path / "a file"
    file.write_text("Vt8k $Q2mW")
    text = WHOLE.replace("DB_PASSWORD=Vt8kQ2mW", f"DB_PASSWORD_FILE='{file}'")
    [finding] = judged(text, "plan.unread_variables")
    assert paste(f'{finding.remedy}\nprintf %s "$DB_PASSWORD"', DB_PASSWORD_FILE=str(file)) == "Vt8k $Q2mW"


def test_the_digits_of_the_key_for_fields_in_a_file_become_the_value_as_told(tmp_path):
    file = tmp_path / "aes"
    file.write_text("0a" * 32 + "\n")
    [finding] = judged(f"{BASE}APP_AES_SECRET_KEY_FILE={file}\n", "plan.unread_variables")
    line = f'{finding.remedy}\nprintf %s "$APP_AES_SECRET_KEY"'
    assert paste(line, APP_AES_SECRET_KEY_FILE=str(file)) == "0a" * 32


def test_a_file_that_the_image_of_the_server_opens_is_not_said_to_be_opened_by_nobody():
    [finding] = judged(f"{BASE}POSTGRES_PASSWORD_FILE=/run/secrets/db\n", "plan.unread_variables")
    assert "The image of the database server opens the file that it names" in finding.summary + finding.detail
    assert "not opened by anybody" not in finding.summary + finding.detail


def test_what_is_longer_than_a_name_that_people_give_is_believed_in_by_nobody():
    letters = "DB_" + "SSL_" * 23 + "SSL_X"
    assert len(letters) == 100
    assert believed(letters) is not None
    assert believed(f"{letters}X") is None


def test_of_a_whole_env_file_nothing_is_to_be_done():
    assert to_do(WHOLE) == []


@pytest.mark.parametrize(
    ("right", "written", "clears"),
    [
        ("DB_DIALECT", "DB_TYPE", "plan.value"),
        ("DB_DIALECT", "DATABASE_DRIVER", "plan.value"),
        ("DB_HOST", "POSTGRES_HOST", "plan.required"),
        ("DB_HOST", "DB_HSOT", "plan.required"),
        ("DB_DATABASE", "DB_NAME", "plan.required"),
        ("DB_DATABASE", "POSTGRES_DB", "plan.required"),
        ("DB_USER", "DATABASE_USERNAME", "plan.required"),
        ("LOCK_ADAPTER_REDIS_URL", "LOCK_REDIS_URL", "plan.redis_address"),
        ("PUBSUB_ADAPTER_REDIS_URL", "SYNC_REDIS_URL", "plan.redis_address"),
        ("QUEUE_ADAPTER_REDIS_URL", "REDIS_QUEUE_URL", "plan.redis_address"),
        ("CACHE_REDIS_URL", "REDIS_URL_CACHE", "plan.redis_address"),
        ("REDIS_URL", "WORKER_ID_REDIS_URL", "plan.redis_address"),
        ("LOCK_ADAPTER_DEFAULT", "LOCK_ADAPTER", "plan.value"),
        ("CACHE_DEFAULT_STORE", "CACHE_DRIVER", "plan.value"),
        ("QUEUE_ADAPTER", "QUEUE_TYPE", "plan.value"),
        ("APP_KEY", "JWT_SECRET", "plan.app_key"),
        ("APP_KEY", "APP_KEY_FILE", "plan.app_key"),
        ("APP_AES_SECRET_KEY", "AES_KEY", "plan.aes_key"),
        ("TZ", "TIMEZONE", "plan.time_zone"),
        ("INIT_ROOT_PASSWORD", "ADMIN_PASSWORD", "plan.root_password"),
    ],
)
def test_a_wrong_name_and_what_lacks_the_right_one_are_one_thing_to_do(right, written, clears):
    text = "".join(
        f"{written}{line.removeprefix(right)}\n" if line.startswith(f"{right}=") else f"{line}\n"
        for line in WHOLE.splitlines()
    )
    [action] = to_do(text)
    assert action.id.endswith(f":{written}")
    assert clears in {identifier for identifier, _subject in action.clears}
    assert right in action.title


@pytest.mark.parametrize(
    ("gone", "lines", "first"),
    [
        (("DB_DIALECT", "DB_HOST", "DB_DATABASE", "DB_USER"), ["DATABASE_URL=postgres://a:b@db/shop"], "DATABASE_URL"),
        (("CACHE_REDIS_URL", "REDIS_URL"), ["REDIS_HOST=redis", "REDIS_PORT=6379"], "REDIS_HOST"),
        (("DB_PASSWORD",), ["DB_PASSWORD=<your password>"], "database.password"),
        (("DB_DIALECT", "DB_HOST"), ["DB_DIALECT=sqlite3"], "database.dialect"),
        (("REDIS_URL",), ["REDIS_URL=redis://:a@b#c@redis:6379/4"], "REDIS_URL"),
        (("DB_HOST",), ["DB_HOST={{ db }}"], "database.host"),
    ],
)
def test_all_that_comes_of_one_mistake_is_one_thing_to_do(gone, lines, first):
    kept = [line for line in WHOLE.splitlines() if not line.startswith(tuple(f"{name}=" for name in gone))]
    [action] = to_do("\n".join([*kept, *lines, ""]))
    assert action.id.endswith(f":{first}")


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ([], Severity.PASS),
        (["DB_DIALECT_OPTIONS_SSL_MODE=verify-full", "DB_DIALECT_OPTIONS_SSL_CA=/etc/ca.pem"], Severity.PASS),
        (["DB_DIALECT_OPTIONS_SSL_MODE=require", "DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED=false"], Severity.PASS),
        (["DB_DIALECT_OPTIONS_SSL_MODE=prefer"], Severity.PASS),
        (["DB_DIALECT_OPTIONS_SSL_MODE=VERIFY_IDENTITY"], Severity.FAIL),
        (["DB_DIALECT_OPTIONS_SSL_MODE=true"], Severity.FAIL),
        (["DB_DIALECT_OPTIONS_SSL_CA=/etc/ca.pem"], Severity.WARN),
        (["DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED=true"], Severity.WARN),
        (["DB_DIALECT=mysql", "DB_DIALECT_OPTIONS_SSL_CA=/etc/ca.pem"], Severity.INFO),
        (["DB_DIALECT=mariadb"], Severity.PASS),
    ],
)
def test_what_the_licence_kit_makes_of_tls_is_judged(lines, severity):
    plan, values = dotenv.read("\n".join([WHOLE, *lines, ""]), "x.env")
    [finding] = [one for one in rules(plan, values) if one.id == "plan.database_tls"]
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("lines", "severities"),
    [
        ("", [Severity.WARN]),
        ("DB_DIALECT_OPTIONS_SSL_MODE=require\n", []),
        ("DB_DIALECT_OPTIONS_SSL_MODE=on\n", [Severity.WARN]),
        ("DB_DIALECT_OPTIONS_SSL_CA=/etc/ca.pem\n", [Severity.WARN]),
    ],
)
def test_a_blank_in_the_password_breaks_the_kit_without_a_mode_of_tls_alone(lines, severities):
    text = WHOLE.replace("DB_PASSWORD=Vt8kQ2mW", "DB_PASSWORD='Vt8k Q2mW'")
    assert [one.severity for one in judged(text + lines, "plan.database_password")] == severities


def test_a_plan_of_ours_gets_the_mode_by_its_export():
    plan = good_plan().with_value("database.tls", Tls.VERIFY).with_value("database.tls_ca", "/etc/ca.pem")
    [finding] = [one for one in rules(plan, SECRETS) if one.id == "plan.database_tls"]
    assert finding.severity is Severity.PASS
    assert "verify-full" in finding.summary


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Postgres", "postgres"),
        ("postgresql", "postgres"),
        ("pg", "postgres"),
        ("MySQL", "mysql"),
        ("MariaDB", "mariadb"),
    ],
)
def test_a_kind_of_database_that_is_called_otherwise_is_told_with_the_right_word(text, meant):
    [finding] = [one for one in judged(BASE.replace("postgres", text), "plan.value") if one.severity is Severity.FAIL]
    assert finding.remedy == f"DB_DIALECT={meant}"


@pytest.mark.parametrize("folder", ["/app/nocobase/storage", "/app/nocobase/storage/"])
def test_the_folder_of_the_image_says_nothing_of_the_environment(folder):
    assert "plan.environment" not in {
        one.id for one in judged(f"{WHOLE}STORAGE_PATH={folder}\n") if one.severity is Severity.FAIL
    }
