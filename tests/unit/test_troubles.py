"""What a trouble in any one fact does to the findings: never a pass, and always a finding under the same ids."""

from dataclasses import fields, replace

import pytest

from tests.unit import test_balancer_judge, test_database_judge, test_rabbitmq_judge, test_redis_judge
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.balancer.judge import judge as judge_balancer
from wizard.checks.balancer.probe import BalancerFacts
from wizard.checks.database import errors as database_errors
from wizard.checks.database.judge import judge as judge_database
from wizard.checks.database.target import Target
from wizard.checks.rabbitmq import errors as rabbitmq_errors
from wizard.checks.rabbitmq.judge import judge as judge_rabbitmq
from wizard.checks.redis import errors as redis_errors
from wizard.checks.redis.judge import judge as judge_redis
from wizard.checks.storage.contents import KeyFile, LicenceFiles, Tree
from wizard.checks.storage.judge import judge as judge_storage
from wizard.checks.storage.mounts import Mount
from wizard.checks.storage.probe import Folder, Space, StorageFacts
from wizard.checks.storage.target import target_of as storage_target
from wizard.checks.storage.trial import Written
from wizard.engine.facts import NOT_NEEDED, PENDING, Known, Trouble
from wizard.net.errors import CERTIFICATE, CLIENT_CERTIFICATE
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret
from wizard.plan.sections import BalancerKind, Dialect, RedisRole, Tls

FEW = (ErrorKind.TIMEOUT, ErrorKind.PERMISSION, ErrorKind.MISSING, ErrorKind.OTHER)


def of_database(dialect, tls=Tls.VERIFY):
    plan = good_plan().with_value("database.dialect", dialect).with_value("database.tls", tls)
    target = Target.of(plan, SECRETS)
    return test_database_judge.good_facts(dialect), lambda facts: list(judge_database(target, plan, facts))


def of_redis(role, **values):
    target = test_redis_judge.target(role, **values)
    return test_redis_judge.facts(role), lambda facts: list(judge_redis(target, facts))


def of_rabbitmq(**values):
    target = test_rabbitmq_judge.target(**values)
    return test_rabbitmq_judge.facts(), lambda facts: list(judge_rabbitmq(target, facts))


def of_storage():
    target = storage_target(good_plan(), SECRETS)
    facts = StorageFacts(
        suspected=Known(Mount("nas:/export", "/srv/nocobase", "nfs4")),
        folder=Known(Folder("/srv/nocobase", 0o755, 0), 1),
        mount=Known(Mount("nas:/export", "/srv/nocobase", "nfs4")),
        space=Known(Space(50 * 1024**3, 100 * 1024**3, 10_000), 2),
        tree=Known(Tree((), (), (), 12, (), cut_short=False)),
        markers=Known(()),
        jwt_key=Known(None),
        aes_key=Known(KeyFile("/srv/nocobase/apps/main/aes_key.dat", 32, Secret("0a" * 32))),
        licence=Known(LicenceFiles(None, instance_id=True)),
        write=Known(Written(0, 0), 3),
        lock=Known(True, 4),
        delete=Known(None, 5),
        fsync=Known(199, 6),
    )
    return facts, lambda facts: list(judge_storage(target, facts))


def of_balancer(kind):
    target = replace(test_balancer_judge._target(), kind=kind)
    facts = BalancerFacts(
        certificate=Known(test_balancer_judge._certificate()),
        health=Known(Reply(200, {}, b"ok"), 2),
        websocket=Known(101, 3),
        origin=Known(Reply(401, {"content-type": "application/json"}, b"{}"), 4),
        files=Known(Reply(404, {"content-type": "application/json"}, b"{}"), 5),
        uploads=Known(Reply(404, {"content-type": "application/json"}, b"{}"), 6),
        body=Known(Reply(404, {"content-type": "application/json"}, b"{}"), 7),
        large=Known(Reply(404, {"content-type": "application/json"}, b"{}"), 8),
    )
    return facts, lambda facts: list(judge_balancer(target, facts))


CASES = {
    "postgres": (of_database(Dialect.POSTGRES), "connected", database_errors),
    "mysql": (of_database(Dialect.MYSQL), "connected", database_errors),
    "mariadb without tls": (of_database(Dialect.MARIADB, Tls.OFF), "connected", database_errors),
    "redis cache": (of_redis(RedisRole.CACHE), "connection", redis_errors),
    "redis sync over tls": (of_redis(RedisRole.SYNC, tls=True), "connection", redis_errors),
    "redis worker ids": (of_redis(RedisRole.WORKER_ID), "connection", redis_errors),
    "rabbitmq": (of_rabbitmq(), "connection", rabbitmq_errors),
    "rabbitmq without tls": (of_rabbitmq(tls=False), "connection", rabbitmq_errors),
    "storage": (of_storage(), "folder", None),
    "nginx": (of_balancer(BalancerKind.NGINX), "health", None),
    "haproxy": (of_balancer(BalancerKind.HAPROXY), "health", None),
}


def abouts(errors):
    words = {CERTIFICATE, CLIENT_CERTIFICATE}
    named = vars(errors).items()
    return sorted(words | {value for name, value in named if name.isupper() and isinstance(value, str)})


def asked_fields(facts):
    return [one for one in fields(facts) if getattr(facts, one.name) not in (PENDING, NOT_NEEDED)]


def asked(case):
    """Return what was refused; drivers name it where a right is what lacks."""
    return "SET ncw" if case.startswith("redis") else ""


def with_fact(facts, name, fact):
    return replace(facts, **{name: fact})


@pytest.mark.parametrize("case", CASES)
def test_a_trouble_in_a_fact_is_told_and_makes_nothing_pass(case):
    (facts, judge), gate, _ = CASES[case]
    well = judge(facts)
    for one in asked_fields(facts):
        for kind in ErrorKind if one.name == gate else FEW:
            trouble = Trouble(kind, "so said the other side", asked(case), elapsed_ms=7)
            found = judge(with_fact(facts, one.name, trouble))
            assert {finding.id for finding in found} <= {finding.id for finding in well}
            assert [f for f in found if f not in well and f.severity is Severity.PASS and f.error] == []


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][2]])
def test_each_cause_that_a_driver_is_known_to_name_is_told_at_the_gate(case):
    (facts, judge), gate, errors = CASES[case]
    for about in abouts(errors):
        for kind in (ErrorKind.TLS, ErrorKind.REFUSED, ErrorKind.PERMISSION):
            trouble = Trouble(kind, "so said the other side", about, elapsed_ms=7)
            found = judge(with_fact(facts, gate, trouble))
            told = [finding for finding in found if finding.error in {kind, ErrorKind.TLS}]
            assert {finding.severity for finding in told} & {Severity.FAIL, Severity.UNKNOWN}
            assert Severity.PASS not in {finding.severity for finding in found[1:]}


@pytest.mark.parametrize("case", ["nginx", "haproxy"])
def test_a_trouble_of_this_machine_is_never_the_other_side_s(case):
    (facts, judge), gate, _ = CASES[case]
    trouble = Trouble(ErrorKind.OTHER, "no such file", "SSL_CERT_FILE", ours=True)
    assert judge(with_fact(facts, gate, trouble))[0].severity is Severity.UNKNOWN


@pytest.mark.parametrize("case", CASES)
def test_what_was_never_asked_does_not_pass(case):
    (facts, judge), _, _ = CASES[case]
    well = {finding.id for finding in judge(facts) if finding.severity is Severity.PASS}
    names = [one.name for one in fields(facts)]
    for index in range(len(names)):
        late = replace(facts, **dict.fromkeys(names[index:], PENDING))
        assert {finding.id for finding in judge(late) if finding.severity is Severity.PASS} <= well
