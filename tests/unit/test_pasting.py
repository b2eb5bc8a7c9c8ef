"""Anything pasted is taken apart line by line, and shown with what it takes the place of."""

import pytest

from tests.unit.plans import good_plan
from wizard.guide.pasting import Pasted, read, taken_over
from wizard.plan.plan import Plan
from wizard.plan.secret import HIDDEN, Secret
from wizard.plan.sections import Tls

TEXT = """DB_DIALECT=postgres
DB_HOST=10.0.0.9
DB_PASSWORD=kT7-quite.secret_value
redis://cache.internal:6379/0
10.0.0.[11-13]
"""


def _titles(pasted):
    return {one.title: (one.found, one.instead) for one in pasted.found}


def test_env_text_addresses_and_ranges_in_one_text_are_each_found():
    pasted = read(TEXT, Plan())
    assert pasted.problems == ()
    found = _titles(pasted)
    assert found["Redis"] == ("cache.internal:6379", "empty")
    assert found["Nodes"] == ("10.0.0.11:13000, 10.0.0.12:13000, 10.0.0.13:13000", "empty")
    assert found["Database: Host"] == ("10.0.0.9", "empty")
    assert found["Database: Password"] == (HIDDEN, "empty")
    assert "kT7" not in repr(pasted)


def test_what_is_ticked_is_taken_over_with_its_secrets_and_nothing_else():
    pasted = read(TEXT, Plan())
    wanted = [one for one in pasted.found if one.title != "Nodes"]
    plan, secrets = taken_over(Plan(), wanted)
    assert plan.nodes == ()
    assert (plan.database.host, plan.redis.server.host) == ("10.0.0.9", "cache.internal")
    assert plan.database.password is not None
    assert secrets[plan.database.password.name] == Secret("kT7-quite.secret_value")


def test_what_it_takes_the_place_of_is_told():
    plan = good_plan()
    found = _titles(read("DB_HOST=10.9.9.9", plan))
    assert found["Database: Host"] == ("10.9.9.9", plan.database.host)


@pytest.mark.parametrize("text", ["10.0.0.[14-11]", "redis://[::1", "redis://:secret@"])
def test_what_cannot_be_read_is_said_and_takes_nothing_over(text):
    pasted = read(text, Plan())
    assert pasted.found == ()
    assert len(pasted.problems) == 1
    assert "secret" not in pasted.problems[0]


NODES = "10.0.0.11:13000, 10.0.0.12:13000"


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("http://host:13000/", "host:13000"),
        ("  http://10.0.0.11:13000  \nhttps://10.0.0.12:13000/\n", NODES),
        ("10.0.0.11 , 10.0.0.12", NODES),
        ("\ufeff10.0.0.11\u200b;10.0.0.12;", NODES),
        ("\u00a010.0.0.11\u00a0\t10.0.0.12", NODES),
        ("- 10.0.0.11\n- 10.0.0.12", NODES),
        ("10.0.0.11:13000 10.0.0.12:13000", NODES),
        ("10.0.0.11-12", NODES),
        ("10.0.0.11-10.0.0.12", NODES),
        ("http://10.0.0.[11-12]:13000/", NODES),
        ("app1:13000, app2:13000", "app1:13000, app2:13000"),
        ("app1\napp2\n", "app1:13000, app2:13000"),
        ("name,host,port\na,10.0.0.11,13000\nb,10.0.0.12,13000\n", NODES),
        ("a\t10.0.0.11\t13000\nb\t10.0.0.12\n", NODES),
        ("a; 10.0.0.11; 13000\nb; 10.0.0.12; 13000", NODES),
        ("# the first two\n10.0.0.11  # web\n10.0.0.12\n", NODES),
        ("host,name\n10.0.0.11,a\n10.0.0.12,b\n", NODES),
        ("| Name | IP |\n|------|----|\n| a | 10.0.0.11 |\n| b | 10.0.0.12 |\n", NODES),
        ('"a","10.0.0.11","13000"\n"b","10.0.0.12"', NODES),
        ("10.0.0.11 a\n10.0.0.12 b.lan b\n", NODES),
        ("10.0.0.11 – 10.0.0.12", NODES),
        ("10.0.0.{11..12}", NODES),
        ("app1 app2, app3", "app1:13000, app2:13000, app3:13000"),
    ],
)
def test_hosts_are_found_however_they_are_listed(text, nodes):
    pasted = read(text, Plan())
    assert pasted.problems == ()
    assert _titles(pasted) == {"Nodes": (nodes, "empty")}


def test_hosts_that_are_pasted_come_to_the_nodes_there_are():
    [found] = read("10.0.0.21, 10.0.0.22", good_plan()).found
    assert found.instead == f"nothing, {len(good_plan().nodes)} nodes stay"
    plan, _secrets = taken_over(good_plan(), [found])
    assert [node.host for node in plan.nodes] == [*(node.host for node in good_plan().nodes), "10.0.0.21", "10.0.0.22"]


@pytest.mark.parametrize("text", ["hello\nworld", "services:\n  app1:\n", "app1: 13000", "version2\nDB_HOST"])
def test_words_that_are_no_hosts_are_not_taken_for_nodes(text):
    assert "Nodes" not in _titles(read(text, Plan()))


@pytest.mark.parametrize(
    ("query", "tls", "mode"),
    [
        ("", Tls.OFF, ""),
        ("?sslmode=disable", Tls.OFF, ""),
        ("?sslmode=prefer", Tls.OFF, ""),
        ("?sslmode=require", Tls.ENCRYPT, ""),
        ("?sslmode=verify-ca", Tls.VERIFY, "verify-ca"),
        ("?sslmode=verify-full", Tls.VERIFY, ""),
        ("?ssl-mode=VERIFY_IDENTITY", Tls.VERIFY, ""),
    ],
)
@pytest.mark.parametrize("around", ["", " ", "'"])
def test_a_database_address_says_how_it_is_protected(query, tls, mode, around):
    [found] = read(f"{around}postgres://u:pw@db.internal:5433/noco{query}{around}", Plan()).found
    plan, secrets = taken_over(Plan(), [found])
    database = plan.database
    assert (database.host, database.port, database.name) == ("db.internal", 5433, "noco")
    assert (database.tls, database.tls_mode) == (tls, mode)
    assert list(secrets.values()) == [Secret("pw")]


def test_the_files_of_a_database_address_are_taken_over():
    text = "mysql://u@db/noco?ssl-mode=VERIFY_CA&ssl-ca=/etc/ca.pem&sslcert=/etc/c.pem&sslkey=/etc/k.pem"
    plan, _secrets = taken_over(Plan(), read(text, Plan()).found)
    database = plan.database
    assert (database.tls, database.tls_mode) == (Tls.VERIFY, "")
    assert (database.tls_ca, database.tls_cert, database.tls_key) == ("/etc/ca.pem", "/etc/c.pem", "/etc/k.pem")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?sslmode=perhaps", "The address's sslmode is none of disable, require, verify-ca or verify-full."),
        ("?connect_timeout=10", "Of what follows “?” in an address only sslmode, "),
        ("?x@db", "The password in the address must be percent-encoded"),
        ("?sslmode=require#x", "An address has no “?” and no “#”"),
    ],
)
def test_what_a_database_address_asks_beside_it_is_said(query, said):
    pasted = read(f"postgres://u:secret@db.internal/noco{query}", Plan())
    assert pasted.found == ()
    assert pasted.problems[0].startswith(said)


IPV6 = "A node is known by its host name or an IPv4 address here, not by an IPv6 one: give its name."
UNKNOWN = "it is no NAME=value, no address and no host."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DB_HOST=a\n\nwhat is this\n", [f"pasted text, line 3: {UNKNOWN}"]),
        ("redis://c:6379/0\n10.0.0.11\nwhat\nDB_HOST=a\n", [f"pasted text, line 3: {UNKNOWN}"]),
        ("DB_HOST=a\nDB_PORT=fifty\n", ["pasted text, line 2: “fifty” is not a whole number."]),
        ("10.0.0.11\n\nwhat is this\n", [f"pasted text, line 3: {UNKNOWN}"]),
        ("DB_HOST=a\n10.0.0.[14-11]\n", ["Line 2: “[14-11]” is no range of at most 32."]),
        ("DB_HOST=a\n# a comment\n\n", []),
        ("[2001:db8::1]:13000", [f"Line 1: {IPV6}"]),
        ("\n2001:db8::1\n2001:db8::2\n", [f"Line 2: {IPV6}"]),
        ("name,host,role\na,10.0.0.11,web\n", ["Line 1: “role” is none of the columns name, host and port."]),
    ],
)
def test_a_line_of_which_nothing_is_known_is_named_by_its_number(text, said):
    assert list(read(text, Plan()).problems) == said


@pytest.mark.parametrize(("count", "more"), [(5, []), (6, ["1 more line cannot be read."])])
def test_of_many_such_lines_the_first_are_named_and_the_others_counted(count, more):
    problems = read("DB_HOST=a\n" + "what is this\n" * count, Plan()).problems
    assert [problem for problem in problems if UNKNOWN not in problem] == more
    assert len(problems) == 5 + len(more)


def test_a_variable_that_no_setting_covers_is_found_and_kept_as_it_is():
    text = "DB_HOST=a\nDB_PROT=5432\nMY_TOKEN=kT7-quite.secret_value\nEMPTY=\n"
    found = read(text, Plan()).found
    told = [(one.title, one.found, one.instead) for one in found[1:]]
    assert told == [("DB_PROT", "5432", "empty"), ("MY_TOKEN", HIDDEN, "empty"), ("EMPTY", "empty", "empty")]
    plan, secrets = taken_over(Plan(), found)
    assert [one.name for one in plan.extras] == ["DB_PROT", "MY_TOKEN", "EMPTY"]
    assert list(secrets.values()) == [Secret("kT7-quite.secret_value")]
    again = read("DB_PROT=5433\nEMPTY=\nDB_HOST=a\n", plan).found
    assert [(one.title, one.found, one.instead) for one in again] == [("DB_PROT", "5433", "5432")]
    replaced, _none = taken_over(plan, again)
    assert [one.value for one in replaced.extras if one.name == "DB_PROT"] == ["5433"]


def test_a_long_line_of_digits_is_read_in_no_time():
    assert read("a" + "1" * 200_000 + "!", Plan()).found == ()


def test_nothing_is_found_in_nothing():
    assert read(" \n", Plan()).found == ()


def test_an_address_that_stands_there_again_is_found_once():
    found = read("redis://cache.example:6379/0\n" * 2000, Plan())
    assert [one.found for one in found.found] == ["cache.example:6379"]
    assert not found.problems


@pytest.mark.parametrize(("count", "problems"), [(100, 0), (101, 1)])
def test_a_hundred_addresses_are_looked_at_and_the_next_one_is_named(count, problems):
    text = "\n".join(f"redis://c{number}.example:6379/0" for number in range(count))
    found = read(f"\n{text}\n", Plan())
    assert len(found.found) == 100
    said = "pasted text, line 102: only the first 100 addresses of servers are looked at."
    assert found.problems == (said,) * problems


def test_a_text_longer_than_a_mebi_is_not_looked_at():
    longest = "10.0.0.1\n" + " " * (1024 * 1024 - 9)
    assert read(longest, Plan()).found
    assert read(longest + " ", Plan()) == Pasted(
        (), ("pasted text is too large: it has more than 1048576 characters.",)
    )


SITE = """upstream nodes { server 10.0.0.11:13000; server 10.0.0.12:13000; }
server { listen 443 ssl; server_name app.example.com; location / { proxy_pass http://nodes; } }
"""


def test_of_a_pasted_site_no_file_is_told_as_it_lies_nowhere():
    found = _titles(read(SITE, Plan()))
    assert found["Nodes"] == (NODES, "empty")
    assert not [title for title in found if "file" in title]
    plan, _secrets = taken_over(Plan(), read(SITE, Plan()).found)
    assert plan.balancer.site_file == ""


@pytest.mark.parametrize(
    ("text", "url", "path", "port"),
    [
        ("https://app.example.com", "https://app.example.com", "/", 443),
        ("https://app.example.com/crm\n", "https://app.example.com", "/crm/", 443),
        ("'https://app.example.com/crm/'", "https://app.example.com", "/crm/", 443),
        ("https://app.example.com/signin", "https://app.example.com", "/", 443),
        ("https://app.example.com/crm/v2/admin/3kx0zq1mlp9", "https://app.example.com", "/crm/", 443),
        ("https://app.example.com/administration/", "https://app.example.com", "/administration/", 443),
        ("https://app.example.com/crm/admin/3kx?tab=1&x=2#top", "https://app.example.com", "/crm/", 443),
        ("https://app.example.com:8443/admin/3kx", "https://app.example.com:8443", "/", 8443),
    ],
)
def test_an_address_of_the_web_without_a_port_is_what_users_type_and_the_balancer_follows(text, url, path, port):
    pasted = read(text, Plan())
    assert pasted.problems == ()
    assert [one.title for one in pasted.found] == ["Application: Public address"]
    plan, _secrets = taken_over(Plan(), pasted.found)
    assert (plan.application.public_url, plan.application.public_path) == (url, path)
    assert (plan.balancer.tls, plan.balancer.tls_port) == (True, port)


def test_of_two_such_addresses_the_second_is_named():
    pasted = read("https://a.example.com\nhttps://b.example.com\n", Plan())
    assert _titles(pasted) == {"Application: Public address": ("https://a.example.com", "empty")}
    assert pasted.problems == ("pasted text, line 2: only the first public address is taken over.",)


@pytest.mark.parametrize("text", ["http://[abc", "https://[::1", "https://a\u2100.example"])
def test_an_address_of_the_web_that_is_none_is_named(text):
    assert read(text, Plan()) == Pasted((), ("It is not an address such as https://app.example.com.",))


@pytest.mark.parametrize("around", ["{}", "'{}'", '"{}"', "  {}  "])
@pytest.mark.parametrize(
    ("text", "password", "tls"),
    [
        ("host=db.internal port=5433 dbname=noco user=app password=kT7quite sslmode=require", "kT7quite", Tls.ENCRYPT),
        ("password=kT7=quite user = app dbname= noco port =5433 hostaddr=10.0.0.9", "kT7=quite", Tls.OFF),
        (r"user=app dbname=noco host=db.internal port=5433 password=kT7\ quite\\", "kT7 quite\\", Tls.OFF),
    ],
)
def test_pairs_of_postgresql_are_a_database_address(around, text, password, tls):
    pasted = read(around.format(text), Plan())
    assert pasted.problems == ()
    [found] = pasted.found
    assert "kT7" not in repr(pasted)
    plan, secrets = taken_over(Plan(), [found])
    assert found.found == f"{plan.database.host}:5433 · noco · app"
    assert plan.database.host in {"db.internal", "10.0.0.9"}
    assert (plan.database.name, plan.database.user, plan.database.tls) == ("noco", "app", tls)
    assert list(secrets.values()) == [Secret(password)]


def test_quotes_within_quotes_of_such_pairs_belong_to_the_value():
    pasted = read(r'''"host=db user=app password='kT7 \'quite'"''', Plan())
    assert list(taken_over(Plan(), pasted.found)[1].values()) == [Secret("kT7 'quite")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("host=db password=kT7quite connect_timeout=10", "Of the pairs of a database's address only host, "),
        ("user=app password=kT7quite", "The address names no host."),
        ("host=db port=fifty password=kT7quite", "“fifty” is not a whole number."),
        ("host=/run/postgresql password=kT7quite", "“/run/postgresql” "),
    ],
)
def test_what_such_pairs_ask_beside_it_is_said(text, said):
    pasted = read(text, Plan())
    assert pasted.found == ()
    [problem] = pasted.problems
    assert problem.startswith(said)
    assert "kT7" not in problem


@pytest.mark.parametrize("text", ["PG_CONNECTION=host=db password=kT7quite\n", "host=db password=kT7quite\\ "])
def test_a_password_among_words_of_a_variable_is_hidden(text):
    [found] = read(text, Plan()).found
    assert (found.title, found.found) == (text.partition("=")[0], HIDDEN)


def test_pairs_that_begin_as_no_address_does_are_a_variable():
    [found] = read("command=run host=db\n", Plan()).found
    assert (found.title, found.found) == ("command", "run host=db")
