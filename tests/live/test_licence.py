"""The package service, asked as NocoBase asks it; and licences that do not suffice."""

import pytest

from tests.live.running import findings_of
from tests.patience import patience
from wizard.checks.licence import checks as licence
from wizard.demo.licence_service import CLUSTER_PLUGINS, Trouble
from wizard.demo.nginx import Nginx
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Deployment, LicenceMethod, QueueKind

pytestmark = pytest.mark.live
_PASSWORD, _KEY = SecretRef("licence.password"), SecretRef("licence.key")


def _plan(service=None, **values) -> Plan:
    plan = Plan().with_value("licence.password", _PASSWORD).with_value("application.version", "2.2.15")
    if service:
        plan = plan.with_value("licence.service_url", f"http://{service.host}:{service.port}/")
        plan = plan.with_value("licence.username", getattr(service, "user", "customer"))
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    return plan


def _findings(service, password=None, timeout=None, **values):
    secrets = {"licence.password": Secret(password or getattr(service, "password", "unknown-password"))}
    found = findings_of(licence.checks(_plan(service, **values), secrets), timeout=timeout)
    assert not any(secrets["licence.password"].reveal() in str(finding) for finding in found.values())
    return found


def _severities(found):
    return {identifier: finding.severity for (identifier, subject), finding in found.items() if not subject}


def _told(finding):
    return finding.severity, finding.error


def _rest_is_skipped(found):
    return {found[name, ""].severity for name in ("licence.plugins", "licence.version")} == {Severity.SKIP}


def test_an_account_with_all_plugins_passes(licence_service):
    found = _findings(licence_service)
    assert _severities(found) == dict.fromkeys(("licence.login", "licence.plugins", "licence.version"), Severity.PASS)
    paths = [request.path for request in licence_service.requests]
    assert "/@nocobase%2Fplugin-lock-adapter-redis" in paths
    assert "nocobase-cluster-wizard" in licence_service.requests[0].headers["user-agent"]


def test_the_bundle_brings_all_plugins(licence_service):
    licence_service.licensed = ["@nocobase/preset-cluster"]
    found = _findings(licence_service)
    assert found["licence.plugins", ""].severity is Severity.PASS
    assert found["licence.version", ""].severity is Severity.PASS
    assert licence_service.requests[-1].path == "/@nocobase%2Fpreset-cluster"


def test_wrong_credentials_fail(licence_service):
    found = _findings(licence_service, password="not-the-password")
    assert _told(found["licence.login", ""]) == (Severity.FAIL, ErrorKind.CREDENTIALS)
    assert _rest_is_skipped(found)


def test_a_licence_that_is_not_valid_is_told_from_wrong_credentials(licence_service):
    licence_service.trouble = Trouble.INVALID_LICENCE
    found = _findings(licence_service)
    assert _told(found["licence.login", ""]) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert _rest_is_skipped(found)


@pytest.mark.parametrize("trouble", [Trouble.BROKEN, Trouble.GATEWAY_PAGE])
def test_a_service_that_talks_nonsense_is_never_a_pass(licence_service, trouble):
    licence_service.trouble = trouble
    found = _findings(licence_service)
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)
    assert _rest_is_skipped(found)


@pytest.mark.usefixtures("quiet_machine")
def test_a_silent_service_is_unknown_by_the_deadline(licence_service):
    licence_service.trouble = Trouble.SILENT
    found = _findings(licence_service, timeout=patience(0.3))
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)
    assert _rest_is_skipped(found)


def test_a_service_out_of_reach_is_unknown(closed_port):
    found = _findings(closed_port)
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.REFUSED)
    assert "asked from this machine" in found["licence.login", ""].detail


def test_a_service_without_an_address_is_unknown():
    plan = _plan(licence__username="customer", licence__service_url="http://no-such-host.invalid/")
    found = findings_of(licence.checks(plan, {"licence.password": Secret("some-password")}))
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.DNS)


def test_a_redirect_does_not_carry_the_password_elsewhere(licence_service, launch):
    front = launch(
        lambda: Nginx(
            lambda port: f"server {{ listen {port}; return 307 {licence_service.url}-/verdaccio/sec/login; }}"
        )
    )
    found = _findings(front)
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)
    assert licence_service.url in found["licence.login", ""].detail
    assert licence_service.requests == []


def test_each_missing_plugin_is_a_failure_of_its_own(licence_service):
    licence_service.licensed = [name for name in CLUSTER_PLUGINS if "lock" not in name and "workerid" not in name]
    found = _findings(licence_service)
    for name in ("lock-adapter-redis", "workerid-allocator-redis"):
        assert _told(found["licence.plugins", name]) == (Severity.FAIL, ErrorKind.MISSING)
    assert ("licence.plugins", "") not in found
    assert found["licence.version", ""].severity is Severity.PASS


def test_rabbitmq_needs_its_own_plugin(licence_service):
    licence_service.licensed.remove("@nocobase/plugin-queue-adapter-rabbitmq")
    found = _findings(licence_service, queue__kind=QueueKind.RABBITMQ)
    assert _told(found["licence.plugins", "queue-adapter-rabbitmq"]) == (Severity.FAIL, ErrorKind.MISSING)


def test_a_licence_without_any_plugin_has_no_versions_to_look_at(licence_service):
    licence_service.licensed = []
    found = _findings(licence_service)
    assert found["licence.version", ""].severity is Severity.SKIP


def test_a_version_that_is_not_offered_fails_and_names_the_newest(licence_service):
    licence_service.versions = ["2.1.9", "2.1.25", "2.1.25-beta.3"]
    finding = _findings(licence_service)["licence.version", ""]
    assert _told(finding) == (Severity.FAIL, ErrorKind.VERSION)
    assert "2.1.25" in finding.remedy
    assert "beta" not in finding.remedy


def test_a_beta_that_is_not_offered_is_a_warning(licence_service):
    finding = _findings(licence_service, application__version="2.3.0-beta.2")["licence.version", ""]
    assert _told(finding) == (Severity.WARN, ErrorKind.VERSION)


def test_packages_without_versions_are_unknown(licence_service):
    licence_service.versions = []
    finding = _findings(licence_service)["licence.version", ""]
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)


def test_without_a_planned_version_none_is_looked_for(licence_service):
    assert _findings(licence_service, application__version="")["licence.version", ""].severity is Severity.SKIP


def test_an_account_that_is_not_entered_is_not_tested():
    found = findings_of(licence.checks(_plan(), {}))
    assert found["licence.login", ""].severity is Severity.SKIP
    assert _rest_is_skipped(found)


def test_a_password_that_is_not_at_hand_is_unknown():
    found = findings_of(licence.checks(_plan(licence__username="customer"), {}))
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.MISSING)


def test_nothing_is_asked_where_nothing_is_downloaded(licence_service):
    found = _findings(licence_service, licence__skip_download=True)
    assert set(_severities(found).values()) == {Severity.SKIP}
    assert licence_service.requests == []


@pytest.mark.parametrize("deployment", list(Deployment))
def test_a_key_at_hand_passes_and_its_content_stays_unknown(deployment):
    plan = _plan(licence__method=LicenceMethod.KEY, licence__key=_KEY, application__deployment=deployment)
    found = findings_of(licence.checks(plan, {"licence.key": Secret("key-" * 300)}))
    assert _severities(found) == {
        "licence.login": Severity.SKIP,
        "licence.plugins": Severity.UNKNOWN,
        "licence.version": Severity.UNKNOWN,
        "licence.key": Severity.PASS,
    }
    assert "view-license-key" in found["licence.plugins", ""].remedy
    assert "key-key-" not in str(found)


def test_the_plugins_of_a_key_are_left_to_the_node_that_can_be_asked():
    plan = _plan(licence__method=LicenceMethod.KEY, licence__key=_KEY, application__check_account="checks")
    finding = findings_of(licence.checks(plan, {"licence.key": Secret("key-" * 300)}))["licence.plugins", ""]
    assert finding.severity is Severity.SKIP
    assert "licence.key_plugins" in finding.summary


@pytest.mark.parametrize(
    ("reference", "secrets", "told"),
    [
        (None, {}, (Severity.FAIL, ErrorKind.MISSING)),
        (_KEY, {}, (Severity.UNKNOWN, ErrorKind.MISSING)),
        (_KEY, {"licence.key": Secret(" \n")}, (Severity.FAIL, ErrorKind.MISSING)),
    ],
)
def test_a_key_that_is_not_there_is_told(reference, secrets, told):
    plan = _plan(licence__method=LicenceMethod.KEY, licence__key=reference)
    assert _told(findings_of(licence.checks(plan, secrets))["licence.key", ""]) == told


def test_a_service_behind_a_broken_certificate_is_unknown(authority, launch):
    front = launch(lambda: Nginx(_tls_site, tls=authority.sign()))
    plan = _plan(licence__username="customer", licence__service_url=f"https://{front.host}:{front.port}/")
    found = findings_of(licence.checks(plan, {"licence.password": Secret("some-password")}))
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.TLS)


def _tls_site(port: int) -> str:
    return f"server {{ listen {port} ssl; ssl_certificate server.crt; ssl_certificate_key server.key; return 200; }}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_PROXY", "foo://user:pass-of-proxy@proxy"),
        ("ALL_PROXY", "gopher://proxy"),
        ("NO_PROXY", "fd00::/8"),
        ("no_proxy", "fd00::/8"),
    ],
)
def test_a_proxy_of_the_environment_that_cannot_be_used_is_unknown_and_named(licence_service, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    found = _findings(licence_service)
    assert _told(found["licence.login", ""]) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert f"variable {name} " in found["licence.login", ""].summary
    assert "pass-of-proxy" not in str(found)
    assert _rest_is_skipped(found)


def test_authorities_of_the_environment_that_are_gone_are_unknown_and_named(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    plan = _plan(licence__username="customer", licence__service_url="https://127.0.0.1:1/")
    finding = findings_of(licence.checks(plan, {"licence.password": Secret("some-password")}))["licence.login", ""]
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert "SSL_CERT_FILE" in finding.remedy


def test_a_socks_proxy_is_gone_through(licence_service, monkeypatch, closed_port):
    pytest.importorskip("socksio")
    monkeypatch.setenv("ALL_PROXY", f"socks5://{closed_port.host}:{closed_port.port}")
    finding = _findings(licence_service)["licence.login", ""]
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.REFUSED)
    assert licence_service.requests == []
