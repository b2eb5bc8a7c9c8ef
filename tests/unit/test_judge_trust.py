"""Why a certificate is not believed: by OpenSSL, by what the server shows, and by what the authority's file holds."""

import shlex
from datetime import UTC, datetime

import pytest

from tests.unit.certificates import shown
from wizard.checks.redis.specs import CONNECT
from wizard.checks.shared.judge_trust import judge_trust
from wizard.engine.facts import Trouble
from wizard.net.errors import CERTIFICATE
from wizard.net.peer import Peer
from wizard.net.trust import Authority, Doubt
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.quoted import hiding
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret

FILE = "/nodes/an authority.pem"
UNKNOWN_ISSUER = "unable to get local issuer certificate"


def judged(message, *, authority=Authority.ELSEWHERE, certificate=None, file=FILE, seen=True):
    peer = Peer(host="redis.internal", port=6379, tls=True, authority_file=file)
    doubt = Doubt(authority, certificate or shown()) if seen else None
    return judge_trust(CONNECT, peer, Trouble(ErrorKind.TLS, message, CERTIFICATE), doubt, "cache")


class TestWhatTheNodesAloneCanTell:
    @pytest.mark.parametrize("message", [UNKNOWN_ISSUER, "self-signed certificate in certificate chain"])
    def test_who_signed_it_is_unknown(self, message):
        found = judged(message)
        assert (found.severity, found.error, found.subject) == (Severity.UNKNOWN, ErrorKind.TLS, "cache")

    def test_so_it_is_where_the_server_showed_nothing_in_time(self):
        assert judged(UNKNOWN_ISSUER, seen=False).severity is Severity.UNKNOWN

    @pytest.mark.parametrize(
        ("certificate", "words"),
        [
            (shown(not_after=datetime(2026, 2, 1, tzinfo=UTC)), "ended on 2026-02-01"),
            (shown(not_before=datetime(2026, 12, 1, tzinfo=UTC)), "not valid before 2026-12-01"),
            (shown(names=("mq.internal", "10.0.0.9")), "another name: mq.internal, 10.0.0.9."),
        ],
    )
    def test_what_the_certificate_says_of_itself_is_certain(self, certificate, words):
        found = judged(UNKNOWN_ISSUER, certificate=certificate)
        assert found.severity is Severity.FAIL
        assert words in found.summary
        assert "CN=Some authority" in found.detail


class TestWords:
    def test_an_authority_that_ended_is_not_the_servers_own_certificate(self):
        found = judged("certificate has expired", authority=Authority.TRUSTED)
        assert "A certificate behind that of redis.internal:6379" in found.summary

    def test_a_certificate_without_names_is_for_no_host(self):
        found = judged("Hostname mismatch, …", authority=Authority.TRUSTED, certificate=shown(names=()))
        assert "names no redis.internal" in found.summary

    def test_a_plan_without_an_authority_is_told_where_it_goes(self):
        found = judged(UNKNOWN_ISSUER, authority=Authority.NONE, file="")
        assert found.severity is Severity.FAIL
        assert "NODE_EXTRA_CA_CERTS" in found.remedy

    def test_a_reason_of_another_kind_is_quoted(self):
        found = judged("EE certificate key too weak", authority=Authority.TRUSTED)
        assert found.severity is Severity.FAIL
        assert "key too weak" in found.detail

    def test_a_file_without_a_certificate_is_quoted_for_the_shell(self):
        words, command = judged(UNKNOWN_ISSUER, authority=Authority.EMPTY).remedy.splitlines()
        assert words.startswith("# ")
        assert shlex.split(command)[-3:] == [FILE, "-out", f"{FILE}.pem"]


class TestPeer:
    @pytest.mark.parametrize("host", ["fd00::7", "[fd00::7]"])
    def test_an_ipv6_address_is_in_brackets_and_no_name(self, host):
        peer = Peer(host=host, port=6379)
        assert peer.address == "[fd00::7]:6379"
        assert shlex.split(peer.show_certificate())[3:] == ["[fd00::7]:6379", "</dev/null"]


class TestWhatAServerPutsIntoItsCertificate:
    def test_a_plain_word_that_is_a_secret_is_hidden_in_its_names_and_its_issuer(self):
        found = shown(names=("sunflower", "mq.internal"), issuer="CN=sunflower")
        with hiding(Redactor([Secret("sunflower")]).text):
            told = judged(UNKNOWN_ISSUER, certificate=found)
        assert f"another name: {HIDDEN}, mq.internal." in told.summary
        assert "sunflower" not in told.summary + told.detail

    def test_of_thousands_of_names_the_first_twenty_are_told(self):
        told = judged(UNKNOWN_ISSUER, certificate=shown(names=tuple(f"n{number}.example" for number in range(5000))))
        assert "n19.example …" in told.summary
        assert "n20.example" not in told.summary + told.detail
