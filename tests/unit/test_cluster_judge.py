"""What the facts of several subjects show together."""

import json

import pytest

from wizard.checks.cluster.judge_clocks import judge_clocks
from wizard.checks.cluster.judge_versions import judge_versions
from wizard.checks.database.facts import Facts as DatabaseFacts
from wizard.checks.node.probe import NodeFacts
from wizard.checks.redis.facts import RedisFacts
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.clock import Clock, of_header
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity

OK = 200


def node(version="", clock=None):
    body = json.dumps({"data": {"version": version}}).encode()
    return NodeFacts(info=Known(Reply(OK, body=body)) if version else PENDING, clock=Known(clock))


def database(application=PENDING, ahead=0.0):
    return DatabaseFacts(application=application, clock=Known(Clock(ahead, 0.01, "UTC")))


def redis(ahead):
    return RedisFacts(clock=Known(Clock(ahead, 0.01)))


def only(findings):
    (finding,) = findings
    return finding


class TestClocks:
    def test_that_agree_pass_and_are_listed(self):
        finding = only(judge_clocks({("database", ""): database(), ("redis", "cache"): redis(0.4)}))
        assert finding.severity is Severity.PASS
        assert finding.facts == {"ahead_s": {"database": 0.0, "redis cache": 0.4}}

    def test_that_are_apart_are_a_warning_that_names_the_two(self):
        facts = {
            ("database", ""): database(),
            ("redis", "lock"): redis(-7.0),
            ("node", "n1"): node(clock=Clock(0, 0.5)),
        }
        finding = only(judge_clocks(facts))
        assert finding.severity is Severity.WARN
        assert finding.summary == "The clock of database is 7.0 s ahead of that of redis lock."

    @pytest.mark.parametrize(
        ("ahead", "severity"),
        [
            (0.4, Severity.PASS),
            (-0.4, Severity.PASS),
            (0.6, Severity.UNKNOWN),
            (-0.6, Severity.UNKNOWN),
            (1.4, Severity.UNKNOWN),
            (1.6, Severity.WARN),
            (-1.6, Severity.WARN),
        ],
    )
    def test_pass_or_warn_only_where_it_is_certain(self, ahead, severity):
        facts = {("database", ""): database(), ("node", "n1"): node(clock=Clock(ahead, 0.5))}
        assert only(judge_clocks(facts)).severity is severity

    def test_of_two_nodes_that_may_be_apart_are_unknown_and_named(self):
        facts = {("node", name): node(clock=Clock(0.1, 0.55)) for name in ("a", "b")}
        finding = only(judge_clocks(facts))
        assert (finding.severity, finding.error) == (Severity.UNKNOWN, ErrorKind.OTHER)
        assert "node a may be up to 1.1 s ahead of that of node b" in finding.summary
        assert "+0.1 ± 0.6" in finding.detail

    def test_one_that_is_known_badly_is_not_apart_from_itself(self):
        facts = {("database", ""): database(), ("node", "n1"): node(clock=Clock(0.0, 0.8))}
        assert only(judge_clocks(facts)).severity is Severity.PASS

    def test_agree_even_where_this_machine_is_wrong(self):
        facts = {("database", ""): database(ahead=300.0), ("redis", "cache"): redis(300.0)}
        assert only(judge_clocks(facts)).severity is Severity.PASS

    @pytest.mark.parametrize("other", [node(), RedisFacts(clock=Trouble(ErrorKind.PERMISSION)), object()])
    def test_one_alone_is_compared_with_nobody(self, other):
        facts = {("database", ""): database(), ("other", ""): other}
        assert only(judge_clocks(facts)).severity is Severity.SKIP

    def test_that_are_not_told_name_what_says_why(self):
        facts = {("node", "a"): node(), ("redis", "lock"): RedisFacts(), ("database", ""): DatabaseFacts()}
        summary = only(judge_clocks(facts)).summary
        assert "database.connect, node.health, redis.connect" in summary


@pytest.mark.parametrize(
    ("silent", "says_why"),
    [
        (NodeFacts(), "node.connect"),
        (NodeFacts(health=Known(Reply(503))), "node.health"),
        (NodeFacts(health=Known(Reply(OK, body=b"ok")), info=Trouble(ErrorKind.TIMEOUT)), "node.version"),
    ],
)
def test_versions_that_are_not_compared_name_what_says_why(silent, says_why):
    finding = only(judge_versions({("node", "a"): node("2.2.15"), ("node", "b"): silent}))
    assert finding.severity is Severity.SKIP
    assert finding.summary.endswith(f" under {says_why}.")


def test_a_cluster_of_one_node_has_no_reason_to_name():
    assert only(judge_versions({("node", "a"): node("2.2.15")})).summary.endswith("their version.")


class TestAClock:
    def test_is_known_as_exactly_as_two_looks_tell_together(self):
        both = Clock(0.2, 0.5).narrowed(Clock(-0.3, 0.5))
        assert both.span == pytest.approx((-0.3, 0.2))

    def test_that_was_set_meanwhile_is_left_as_it_was_seen_first(self):
        assert Clock(0.0, 0.5).narrowed(Clock(9.0, 0.5)) == Clock(0.0, 0.5)


def test_a_date_header_is_known_to_half_a_second_and_the_way():
    clock = of_header("Thu, 01 Jan 1970 00:01:40 GMT", 100.2, 100.4)
    assert clock.ahead == pytest.approx(0.2)
    assert clock.error == pytest.approx(0.6)


@pytest.mark.parametrize("date", ["", "Mon, 01 Jan 2020 00:00:00 +9999999999999999"])
def test_a_date_that_is_none_is_no_clock(date):
    assert of_header(date, 0.0, 1.0) is None
