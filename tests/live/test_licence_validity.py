"""The licence key as a stand-in node sees it; a real key was never seen."""

import pytest

from tests.live.sessions import ScriptedNode, all_found_on, found_on, users
from tests.patience import patience
from wizard.demo.http_stand_in import Answer
from wizard.demo.licence_service import CLUSTER_PLUGINS
from wizard.demo.nginx import Nginx
from wizard.demo.sessions import SECRET_OF_A_KEY, LicenceKey
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Deployment, LicenceMethod

pytestmark = pytest.mark.live
HOST = "app.example.com"
IDS = ("licence.status", "licence.domain", "licence.instance", "licence.key_plugins")
LOCK, BUNDLE = "@nocobase/plugin-lock-adapter-redis", "@nocobase/preset-cluster"
NEWER = {"application__version": "2.3.0"}


def _found(node_stand_in, key, **values):
    node = node_stand_in("node1", users=users(), licence=key)
    found = found_on(node, **{"licence__method": LicenceMethod.KEY, **values})
    assert not node.users.open
    return found


def _told(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize("domains", [HOST, f"other.example.com, {HOST}", "*.example.com"])
def test_a_key_for_this_cluster_passes(node_stand_in, domains):
    found = _found(node_stand_in, LicenceKey(domains))
    assert {found[identifier].severity for identifier in IDS} == {Severity.PASS}
    assert "Debian GNU/Linux 12" in found["licence.instance"].detail


def test_a_public_address_with_a_port_is_compared_with_it(node_stand_in):
    values = {"application__public_url": "http://App.example.com:8080"}
    assert _found(node_stand_in, LicenceKey(f"{HOST}:8080"), **values)["licence.domain"].severity is Severity.UNKNOWN
    values = {"application__public_url": "http://app.example.com:8080"}
    assert _found(node_stand_in, LicenceKey(f"{HOST}:8080"), **values)["licence.domain"].severity is Severity.PASS
    assert _found(node_stand_in, LicenceKey(HOST), **values)["licence.domain"].severity is Severity.FAIL


def test_a_key_for_another_domain_fails(node_stand_in):
    finding = _found(node_stand_in, LicenceKey("other.example.com"))["licence.domain"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert finding.summary == f"The licence key is not for {HOST}."
    assert "view-license-key" in finding.remedy


@pytest.mark.parametrize(
    ("deployment", "command"),
    [
        (Deployment.DOCKER, "docker compose exec node1 yarn nocobase view-license-key"),
        (Deployment.KUBERNETES, "-c nocobase -- yarn nocobase view-license-key"),
        (Deployment.BARE, "the key names:\nyarn nocobase view-license-key"),
    ],
)
def test_the_remedy_shows_the_key_where_a_node_runs(node_stand_in, deployment, command):
    found = _found(node_stand_in, LicenceKey("other.example.com"), application__deployment=deployment)
    assert command in found["licence.domain"].remedy


def test_an_older_version_tells_the_domains_and_the_secret_of_the_key_is_dropped(node_stand_in):
    found = _found(node_stand_in, LicenceKey("other.example.com", tells=True))
    assert found["licence.domain"].summary == f"The licence key is for other.example.com, not for {HOST}."
    assert SECRET_OF_A_KEY not in str(found)


def test_without_a_public_address_the_domain_is_not_looked_at(node_stand_in):
    found = _found(node_stand_in, LicenceKey(HOST), application__public_url="")
    assert found["licence.domain"].severity is Severity.SKIP
    assert found["licence.instance"].severity is Severity.PASS


def test_a_web_server_that_drops_the_referer_is_told_from_a_wrong_domain(node_stand_in, launch):
    behind = node_stand_in("node1", users=users(), licence=LicenceKey(HOST))
    site = f"location / {{ proxy_pass {behind.url}; proxy_set_header Host $http_host; proxy_set_header Referer ''; }}"
    front = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; {site} }}"))
    finding = found_on(front, licence__method=LicenceMethod.KEY)["licence.domain"]
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)
    assert str(front.port) in finding.summary


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"for_database": False}, "another database than postgres nocobase"),
        ({"for_system": False}, "another operating system than Debian GNU/Linux 12"),
        ({"for_database": False, "for_system": False}, "another database and another operating system"),
    ],
)
def test_a_key_for_another_instance_fails(node_stand_in, about, told):
    finding = _found(node_stand_in, LicenceKey(HOST, **about))["licence.instance"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert told in finding.summary


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"status": "invalid"}, (Severity.FAIL, ErrorKind.PERMISSION)),
        ({"upgrades_ended": True}, (Severity.WARN, ErrorKind.VERSION)),
        ({"service_login": False}, (Severity.WARN, ErrorKind.CREDENTIALS)),
    ],
)
def test_a_key_that_is_not_sound_is_told(node_stand_in, about, told):
    found = _found(node_stand_in, LicenceKey(HOST, **about))
    assert _told(found["licence.status"]) == told
    assert found["licence.domain"].severity is Severity.PASS


@pytest.mark.parametrize("about", [{}, {"upgrades_ended": True}, {"tells_service": False}])
def test_a_key_whose_service_is_out_of_reach_is_never_valid(node_stand_in, about):
    found = _found(node_stand_in, LicenceKey(HOST, service_reached=False, **about))
    assert _told(found["licence.status"]) == (Severity.UNKNOWN, ErrorKind.REFUSED)
    assert "service.example.com" in found["licence.status"].remedy
    assert SECRET_OF_A_KEY not in str(found)


def test_a_key_that_says_itself_that_it_is_invalid_fails_though_its_service_is_out_of_reach(node_stand_in):
    found = _found(node_stand_in, LicenceKey(HOST, service_reached=False, status="invalid"))
    assert found["licence.status"].severity is Severity.FAIL


def test_a_package_service_out_of_reach_is_unknown_and_not_a_refusal(node_stand_in):
    found = _found(node_stand_in, LicenceKey(HOST, packages_reached=False))
    assert _told(found["licence.status"]) == (Severity.UNKNOWN, ErrorKind.REFUSED)


def test_a_key_without_a_status_is_unknown(node_stand_in):
    finding = _found(node_stand_in, LicenceKey(HOST, status=None))["licence.status"]
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)


def test_a_version_that_tells_of_its_services_apart_passes(node_stand_in):
    found = _found(node_stand_in, LicenceKey(HOST, tells_service=False))
    assert found["licence.status"].severity is Severity.PASS


@pytest.mark.parametrize("missing", ["isServiceConnection", "isPkgLogin"])
def test_a_version_that_does_not_tell_of_a_service_is_unknown(launch, missing):
    data = LicenceKey(HOST).seen(f"https://{HOST}")
    del data[missing]
    says = {
        "license:license-validate": Answer.of_json(200, {"data": data}),
        "license:service-validate": Answer(404, b"Not Found"),
    }
    node = launch(lambda: ScriptedNode("node1", users=users(), says=says))
    found = found_on(node, licence__method=LicenceMethod.KEY)
    assert _told(found["licence.status"]) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)


@pytest.mark.parametrize("about", [{"upgrades_ended": True}, {"status": "invalid"}])
def test_an_upgrade_that_the_key_does_not_allow_fails(node_stand_in, about):
    finding = _found(node_stand_in, LicenceKey(HOST, **about), **NEWER)["licence.status"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.VERSION)
    assert "2.3.0" in finding.summary
    assert "2.2.15" in finding.remedy


def test_a_way_back_is_no_upgrade(node_stand_in):
    finding = _found(node_stand_in, LicenceKey(HOST, upgrades_ended=True), application__version="2.2.9")
    assert _told(finding["licence.status"]) == (Severity.WARN, ErrorKind.VERSION)


class TestThePluginsOfAKey:
    def _found(self, node_stand_in, plugins, **values):
        node = node_stand_in("node1", users=users(), licence=LicenceKey(HOST, plugins=plugins))
        found = all_found_on(node, licence__method=LicenceMethod.KEY, **values)
        return {subject: finding for (identifier, subject), finding in found.items() if identifier == IDS[-1]}

    def _all_but(self, lock):
        return {**dict.fromkeys(CLUSTER_PLUGINS, "licensed"), LOCK: lock}

    def test_pass_where_all_are_licensed(self, node_stand_in):
        assert self._found(node_stand_in, self._all_but("licensed"))[""].severity is Severity.PASS

    @pytest.mark.parametrize("beside", [{}, {LOCK: "unlicensed"}, {LOCK: "expired"}])
    def test_may_come_by_the_bundle(self, node_stand_in, beside):
        assert self._found(node_stand_in, {BUNDLE: "licensed", **beside})[""].severity is Severity.PASS

    def test_fail_each_by_itself_where_they_are_not_licensed(self, node_stand_in):
        plugins = self._all_but("unlicensed")
        del plugins["@nocobase/plugin-queue-adapter-redis"]
        found = self._found(node_stand_in, plugins)
        assert set(found) == {"lock-adapter-redis", "queue-adapter-redis"}
        assert {_told(finding) for finding in found.values()} == {(Severity.FAIL, ErrorKind.MISSING)}

    @pytest.mark.parametrize("planned", ["2.2.15", ""])
    def test_whose_time_is_over_are_a_warning_while_no_upgrade_is_planned(self, node_stand_in, planned):
        finding = self._found(node_stand_in, self._all_but("expired"), application__version=planned)
        assert _told(finding["lock-adapter-redis"]) == (Severity.WARN, ErrorKind.VERSION)
        assert "2030-01-31." in finding["lock-adapter-redis"].summary

    def test_whose_time_is_over_fail_an_upgrade(self, node_stand_in):
        finding = self._found(node_stand_in, self._all_but("expired"), **NEWER)["lock-adapter-redis"]
        assert _told(finding) == (Severity.FAIL, ErrorKind.VERSION)
        assert "2.3.0" in finding.summary

    def test_of_a_word_nobody_knows_are_unknown(self, node_stand_in):
        finding = self._found(node_stand_in, self._all_but("pending"))["lock-adapter-redis"]
        assert _told(finding) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)

    def test_are_unknown_where_the_node_does_not_tell_them(self, node_stand_in):
        assert _told(self._found(node_stand_in, None)[""]) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)


def _stopped(found):
    return {found[identifier].severity for identifier in IDS[1:]} == {Severity.SKIP}


def test_a_key_that_cannot_be_read_fails(node_stand_in):
    found = _found(node_stand_in, LicenceKey(HOST, readable=False))
    assert _told(found["licence.status"]) == (Severity.FAIL, ErrorKind.PROTOCOL)
    assert _stopped(found)


def test_nodes_without_a_key_fail_where_one_is_planned(node_stand_in):
    found = _found(node_stand_in, None)
    assert _told(found["licence.status"]) == (Severity.FAIL, ErrorKind.MISSING)
    assert _stopped(found)


def test_nodes_without_a_key_are_nobodys_concern_where_an_account_licenses_the_plugins(node_stand_in):
    found = _found(node_stand_in, None, licence__method=LicenceMethod.ACCOUNT)
    assert {found[identifier].severity for identifier in IDS} == {Severity.SKIP}


def test_a_key_counts_also_where_an_account_is_planned(node_stand_in):
    found = _found(node_stand_in, LicenceKey("other.example.com"), licence__method=LicenceMethod.ACCOUNT)
    assert found["licence.domain"].severity is Severity.FAIL


def test_a_node_without_the_plugin_is_unknown(node_stand_in):
    found = _found(node_stand_in, "absent")
    assert {_told(found[identifier]) for identifier in IDS} == {(Severity.UNKNOWN, ErrorKind.MISSING)}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<!doctype html><title>NocoBase</title>"),
        Answer.of_json(200, {"data": {"keyExist": "yes"}}),
        Answer.of_json(500, {"errors": [{"message": "Internal Server Error"}]}),
        Answer.of_json(403, {"errors": [{"message": "No permissions"}]}),
    ],
)
def test_an_answer_that_is_none_of_nocobases_is_unknown(launch, answer):
    says = {"license:license-validate": answer}
    node = launch(lambda: ScriptedNode("node1", users=users(), says=says))
    found = found_on(node, licence__method=LicenceMethod.KEY)
    assert {_told(found[identifier]) for identifier in IDS} == {(Severity.UNKNOWN, ErrorKind.PROTOCOL)}
    assert not node.users.open


@pytest.mark.usefixtures("quiet_machine")
def test_a_node_that_does_not_answer_in_time_is_unknown(launch):
    node = launch(lambda: ScriptedNode("node1", users=users(), says={"license:license-validate": None}))
    found = found_on(node, licence__method=LicenceMethod.KEY, timeout=patience(3))
    assert {_told(found[identifier]) for identifier in IDS} == {(Severity.UNKNOWN, ErrorKind.TIMEOUT)}
