"""Addresses as drivers of Java take them: how they read in the form of the others, and what has no setting."""

import pytest

from wizard.formats.jdbc import address, is_jdbc, left_out
from wizard.plan.secret import HIDDEN


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("jdbc:postgresql://db/noco", True),
        ("jdbc:mysql://db/noco", True),
        ("jdbc:mariadb://db/noco", True),
        ("jdbc:mysql:aurora://db/noco", True),
        (" JDBC:MySQL://db/noco ", True),
        ("jdbc:postgresql:noco", True),
        ("jdbc:oracle:thin:@db", False),
        ("postgresql://db/noco", False),
        ("x jdbc:mysql://db/noco", False),
        ("", False),
    ],
)
def test_addresses_of_databases_that_nocobase_knows_are_told(text, known):
    assert is_jdbc(text) is known
    if not known:
        with pytest.raises(ValueError, match=r".*"):
            address(text)
        assert left_out(text) == ()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("jdbc:postgresql://db:5432/noco", "postgresql://db:5432/noco"),
        (" JDBC:MariaDB://db/noco ", "mariadb://db/noco"),
        ("jdbc:mysql:loadbalance://a,b/noco", "mysql://a,b/noco"),
        ("jdbc:postgresql:noco", "postgresql://localhost/noco"),
        ("jdbc:postgresql:/", "postgresql:///"),
        ("jdbc:postgresql://db/", "postgresql://db/"),
        ("jdbc:mysql://app@db/noco", "mysql://app@db/noco"),
        ("jdbc:mysql://app:p@db/noco", "mysql://app:p@db/noco"),
        ("jdbc:mysql://a@b@db/noco", "mysql://a@b@db/noco"),
        ("jdbc:mysql://db/noco?user=app", "mysql://app@db/noco"),
        ("jdbc:mysql://db/noco?USER=app", "mysql://app@db/noco"),
        ("jdbc:mysql://db/noco?user=a%2Fb%40c", "mysql://a%2Fb%40c@db/noco"),
        ("jdbc:mysql://own@db/noco?user=app", "mysql://own@db/noco"),
        ("jdbc:mysql://db/noco?user=", "mysql://db/noco"),
        ("jdbc:mysql://db/noco?x=1;user=app", "mysql://app@db/noco"),
    ],
)
def test_host_name_and_account_are_those_of_the_address(text, url):
    assert address(text)[0] == url


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", {}),
        ("password=p%26q", {"password": "p&q"}),
        ("password=", {}),
        ("currentSchema=crm", {"currentschema": "crm"}),
        ("currentSchema=", {}),
        ("user=app", {}),
        ("sslmode=verify-full", {"sslmode": "verify-full"}),
        ("sslMode=VERIFY_CA", {"sslmode": "verify-ca"}),
        ("sslmode=TRUST", {"sslmode": "require"}),
        ("sslmode=", {"sslmode": ""}),
        ("sslrootcert=/ca", {"sslrootcert": "/ca"}),
        ("serverSslCert=/ca", {"sslrootcert": "/ca"}),
        ("serverSslCert=", {}),
        ("sslcert=/c", {"sslcert": "/c"}),
        ("sslkey=/k", {"sslkey": "/k"}),
        ("loglevel=OFF", {}),
    ],
)
@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "mariadb"])
def test_each_option_with_a_setting_is_told(scheme, options, told):
    assert address(f"jdbc:{scheme}://db/noco?{options}")[1] == told


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        *((f"ssl={value}", "verify-full") for value in ("true", "TRUE", "1", "")),
        *((f"ssl={value}", "") for value in ("false", "0", "no")),
        ("useSSL=true", ""),
        ("ssl=true&sslmode=require", "require"),
    ],
)
def test_the_driver_of_postgresql_trusts_no_server_that_it_does_not_know(options, mode):
    assert address(f"jdbc:postgresql://db/noco?{options}")[1].get("sslmode", "") == mode


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        *(
            (f"{name}={value}", "require")
            for name in ("ssl", "useSSL", "requireSSL")
            for value in ("true", "1", "TRUE")
        ),
        *((f"{name}={value}", "disable") for name in ("ssl", "useSSL", "requireSSL") for value in ("false", "0", "no")),
        ("useSSL=true&verifyServerCertificate=true", "verify-ca"),
        ("useSSL=true&verifyServerCertificate=TRUE", "verify-ca"),
        ("useSSL=true&verifyServerCertificate=false", "require"),
        ("useSSL=true&verifyServerCertificate=", "require"),
        ("useSSL=false&verifyServerCertificate=true", "disable"),
        ("verifyServerCertificate=true", ""),
        ("requireSSL=true&useSSL=false", "require"),
        ("requireSSL=false&useSSL=true", "disable"),
        ("useSSL=false&ssl=true", "disable"),
        ("ssl=", "require"),
        ("useSSL=&ssl=false", "disable"),
        ("x=1", ""),
    ],
)
@pytest.mark.parametrize("scheme", ["mysql", "mariadb"])
def test_tls_in_the_words_of_mysqls_driver(scheme, options, mode):
    assert address(f"jdbc:{scheme}://db/noco?{options}")[1].get("sslmode", "") == mode


@pytest.mark.parametrize(
    "option",
    [
        *("sslmode", "sslrootcert", "sslcert", "sslkey", "ssl", "useSSL", "requireSSL", "verifyServerCertificate"),
        *("serverSslCert", "user", "password", "currentSchema"),
    ],
)
def test_an_option_that_is_understood_is_not_left_out(option):
    assert left_out(f"jdbc:mysql://db/noco?{option}=x&{option.upper()}=y") == ()


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("", ()),
        ("logLevel=OFF&a=1", ("logLevel", "a")),
        ("logLevel=OFF;a=", ("logLevel", "a")),
        ("a=1&a=2", ("a",)),
        ("password=p&q", (HIDDEN,)),
        ("password=p&q&a=1", (HIDDEN, "a")),
        ("user", ()),
        ("&&", ()),
    ],
)
def test_other_options_are_named_and_what_may_be_of_a_password_is_hidden(options, names):
    assert left_out(f" jdbc:mysql://db/noco?{options}") == names
