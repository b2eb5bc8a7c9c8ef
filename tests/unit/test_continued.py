"""A value without quotes that goes on over several lines: no piece of it is taken for a variable's name."""

import pytest

from wizard.checks.plan.checks import rules
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SourceError
from wizard.plan.variable_names import is_of_chance, is_readable

ENV = "DB_DIALECT=postgres\nDB_HOST=db.shop.lan\n{name}={value}\nTZ=UTC\n"
TAIL = "Zm9vYmFyQ2FuYXJ5Mg"


def pem(kind, *lines):
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"])


GOES_ON = {
    "a private key": pem("PRIVATE KEY", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw+gg/jAgEA", f"{TAIL}=="),
    "one that ends at once": pem("PRIVATE KEY", f"{TAIL}="),
    "a key with heads": pem("RSA PRIVATE KEY", f"DEK-Info: AES-256-CBC,{TAIL}", "", "MIIEvQ/BADAN", f"{TAIL}="),
    "a key of ssh": pem("OPENSSH PRIVATE KEY", "b3BlbnNza+1rZXktdjEAAAA", f"{TAIL}="),
    "base64": f"AgEAAoIBAQC7VJTUt9Us8cKjMzEf+Yj\n{TAIL}=",
    "base64 of an address": f"AgEAAoIBAQC7VJTUt9Us8cKjMzEf-Yj\n{TAIL}",
    "base32": "JBSWY3DPEHPK3PXPJBSWY3DP\nKRSXG5CUMVZXI===",
    "figures": "9f86d081884c7d659a2feaa0c55ad015\na3bf4f1b2b0b822cd15d6c15b0f00a08: 17",
    "JSON": f'{{\n  "private_key": "{TAIL}",\n  {TAIL}: x\n}}',
    "a password": "Kx7vQ2mZ\nRw9tLp4Bq=Hn3c",
    "a second line": f"Kx7vQ2mZ\n{TAIL[:10]} = {TAIL[10:]}",
}
NAMES = ["LICENSE_KEY", "APP_KEY", "DB_PASSWORD", "DB_DIALECT_OPTIONS_SSL_KEY", "MY_TOKEN"]


def pieces(value):
    return {part for line in value.split("\n")[1:] for part in line.split() if len(part) > 6 and "-----" not in part}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", GOES_ON)
def test_no_piece_of_a_value_that_goes_on_is_a_name(name, kind):
    plan, secrets = dotenv.read(ENV.format(name=name, value=GOES_ON[kind]), "a.env")
    told = repr((plan, rules(plan, secrets)))
    assert [part for part in pieces(GOES_ON[kind]) if part.strip('"=,:') in told and "private_key" not in part] == []
    assert plan.database.host == "db.shop.lan"
    assert plan.application.time_zone == "UTC"


def test_lines_that_follow_one_another_are_one_finding():
    plan, _secrets = dotenv.read(ENV.format(name="LICENSE_KEY", value=GOES_ON["a private key"]), "a.env")
    unread = [item for item in plan.unreadable if item.key.startswith("line ")]
    assert [item.key for item in unread] == ["line 4"]
    assert "None of lines 4 to 6 is a NAME=value." in unread[0].problem


@pytest.mark.parametrize("before", ["", "DB_PASSWORD=Kx7vQ2mZ\n"])
@pytest.mark.parametrize(
    "line",
    [
        "nodeEnv=x", "S3BUCKET=x", "HTTP2=1", "debug=", "log.level=x", "my-var=", "npm_config_registry=x", "appID=1",
        "OAUTH2CLIENTID=", "K8S_NODE_IP=", "X509CERT=/x.pem", "I18N=fr", "DB2HOST=", "clientId=", "TZ2=UTC", "A: b",
        "CRM_7F9C8D6B5_SERVICE_HOST=10.0.0.1", "db_5f6d7c8b9_port=",
    ],
)  # fmt: skip
def test_what_people_call_variables_stays_one(before, line):
    plan, _secrets = dotenv.read(f"DB_DIALECT=postgres\n{before}{line}\n", "a.env")
    assert [extra.name for extra in plan.extras] == [line.partition("=")[0].partition(":")[0]]
    assert [item.key for item in plan.unreadable if item.key.startswith("line ")] == []


def test_a_piece_among_variables_that_another_file_lists_is_no_name():
    from wizard.formats.dotenv.grammar import Assignment

    given = {one.name: one for one in [Assignment("DB_DIALECT", "postgres", 1), Assignment(TAIL, "=", 7)]}
    plan, secrets = dotenv.read_given(given, {}, "compose.yaml")
    assert TAIL not in repr((plan, rules(plan, secrets)))
    assert [item.where for item in plan.unreadable if item.key == "line 7"] == ["line 7"]


@pytest.mark.parametrize("stray", ["{tail}: x", "  {tail}: x", "  host: a\n  {tail}: x\n  {tail}: y"])
def test_a_piece_of_a_key_in_the_place_of_a_setting_is_not_told(stray):
    text = f"schema: 1\nname: crm\ndatabase:\n  dialect: postgres\n{stray.format(tail=TAIL)}\n"
    with pytest.raises(SourceError) as refused:
        cluster_file.read(text, "cluster.yaml")
    assert "cluster.yaml, line " in str(refused.value)
    assert TAIL not in str(refused.value)


def test_a_misspelt_setting_is_told():
    with pytest.raises(SourceError, match="“hots” is unknown here"):
        cluster_file.read("schema: 1\nname: crm\ndatabase: {hots: a}\n", "cluster.yaml")


@pytest.mark.parametrize("name", [TAIL, "W/+tXC37i7ggthGcuo", "a3bf4f1b2b0b822cd15d6c15"])
def test_what_nobody_thought_of_is_told_from_a_name(name):
    assert is_of_chance(name)
    assert not is_readable(name)


@pytest.mark.parametrize(("line", "said"), [(f"{TAIL}=", "a piece of a key"), ("- stray", "passes over this line")])
def test_a_line_alone_is_passed_over_only_where_it_is_no_assignment(line, said):
    plan, _secrets = dotenv.read(f"DB_DIALECT=postgres\n\n{line}\n", "a.env")
    assert [said in item.problem for item in plan.unreadable if item.key == "line 3"] == [True]


def test_a_value_of_one_sign_of_equality_and_what_follows_it_are_variables():
    text = "V31==\nV32='a;b'\nV39=%20\nV58=0\n"
    assert {name: one.value for name, one in dotenv.parse(text).items()} == {
        "V31": "=",
        "V32": "a;b",
        "V39": "%20",
        "V58": "0",
    }


def test_a_value_in_quotes_is_no_piece_of_what_stands_broken_above_it():
    assert [*dotenv.parse("APP_KEY=abc\nZm9vYmFyMTIz==\nmyName='x'\n")] == ["APP_KEY", "myName"]


@pytest.mark.parametrize("line", ["iOSAppID=1", "eIDASURL=x", "myAPIURL=https://a.example.com"])
def test_a_name_of_short_parts_behind_a_secret_is_one_where_it_has_a_value(line):
    plan, _secrets = dotenv.read(f"DB_DIALECT=postgres\nDB_PASSWORD=x\n{line}\n", "a.env")
    assert [extra.name for extra in plan.extras] == [line.partition("=")[0]]


@pytest.mark.parametrize(
    "broken",
    ['DB_PASSWORD="abc\nsummer=def', "DB_PASSWORD='abc\nsummer=def\nwinter=x", "DB_PASSWORD=abc\\\nsummer=def",
     "DB_PASSWORD=abc\nsummer=def\nthe rest of it", "DB_PASSWORD=abc\nsummer=def\nwinter=x\nrest"],
)  # fmt: skip
def test_a_piece_of_a_broken_secret_that_reads_like_a_word_is_not_told(broken):
    plan, secrets = dotenv.read(f"DB_DIALECT=postgres\n{broken}\nTZ=UTC\n", "a.env")
    assert [extra.name for extra in plan.extras] == []
    assert "summer" not in repr((plan, rules(plan, secrets)))
    assert "winter" not in repr((plan, rules(plan, secrets)))
    assert plan.application.time_zone == "UTC"


def test_a_line_that_is_none_further_down_hides_no_variable_above_a_usual_one():
    text = "DB_DIALECT=postgres\nDB_PASSWORD=abc\ndebug=1\nTZ=UTC\nthe rest\n"
    plan, _secrets = dotenv.read(text, "a.env")
    assert [extra.name for extra in plan.extras] == ["debug"]
