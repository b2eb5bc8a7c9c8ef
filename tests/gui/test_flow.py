"""The flow as plain data: what the line of each step says."""

from __future__ import annotations

from dataclasses import replace

from wizard.checks.plan.rules import rules
from wizard.guide import edits, flow, summary
from wizard.guide.diagram import picture
from wizard.guide.entered import Entered
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.guide.flow import Line, Situation, State
from wizard.plan.finding import Acceptance, ErrorKind, Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node, QueueKind
from wizard.plan.spec import Spec

CONNECT = Spec("database.connect", "answers")
POOL = Spec("database.connections", "fits")
VERSION = Spec("database.version", "new enough")
HEALTH = Spec("node.health", "healthy")
RULE = Spec("plan.pool", "fits")
NODES = Plan().with_value("nodes", (Node(name="a"), Node(name="b")))
EVERYWHERE = frozenset(flow.IDS)


def _record(*findings: Finding) -> FindingsStore:
    record = FindingsStore()
    record.judge([item for item in findings if of_rules(item)])
    record.add(findings)
    return record


def _line(step: str, record: FindingsStore, plan: Plan | None = None, visited: frozenset[str] = EVERYWHERE) -> Line:
    return flow.line(flow.step(step), plan or Plan(), record, Situation("start", visited))


def test_a_step_nobody_has_been_at_is_not_yet() -> None:
    assert _line("database", FindingsStore(), visited=frozenset()) == Line(State.TODO, "")


def test_a_step_that_was_left_untested_is_not_done() -> None:
    assert _line("database", FindingsStore()).state is State.TODO


def test_a_tested_step_says_the_fact_and_not_the_state() -> None:
    record = _record(CONNECT.passed("connected"), VERSION.passed("fine", facts={"version": "16.4"}))
    assert _line("database", record) == Line(State.DONE, "PostgreSQL 16.4")


def test_the_gravest_kind_is_counted() -> None:
    record = _record(HEALTH.passed("a", subject="a"), HEALTH.fail("b", subject="b"), HEALTH.warn("c", subject="c"))
    assert _line("nodes", record, NODES) == Line(State.FAIL, "1 failed")


def test_an_empty_field_is_a_missing_value_and_has_not_failed_at_anything() -> None:
    required = Spec("plan.required", "has a value")
    one = required.fail("host", ErrorKind.MISSING, facts={"setting": "database.host"})
    two = required.fail("name", ErrorKind.MISSING, facts={"setting": "database.name"})
    assert _line("database", _record(one)) == Line(State.FAIL, "1 value missing")
    assert _line("database", _record(one, two)).fact == "2 values missing"
    assert _line("database", _record(one, two, CONNECT.fail("refused"))).fact == "3 failed"
    assert _line("review", _record(one)) == Line(State.FAIL, "1 value missing")


def test_one_empty_host_is_one_missing_value_however_many_roles_need_it() -> None:
    record = FindingsStore()
    record.judge(rules(Plan(), {}))
    assert _line("redis", record) == Line(State.FAIL, "1 value missing")
    known_key = Plan().with_value("application.app_key", SecretRef("k"))
    record.judge(rules(known_key, {"k": Secret("k" * 64)}))
    assert _line("application", record).fact == "1 value missing"
    record.judge(rules(known_key, {"k": Secret("short")}))
    assert _line("application", record).fact == "2 failed"


def test_what_stands_behind_a_text_that_cannot_be_read_is_no_fact() -> None:
    plan = Plan().with_text("database.host", "ftp").with_text("redis.server.host", "redis")
    assert summary.fact("database", plan, ()) == "PostgreSQL on ftp"
    assert summary.fact("redis", plan, ()) == "redis"
    plan = plan.with_text("database.host", "ftp://").with_text("redis.server.host", "redis:")
    assert summary.fact("database", plan, ()) == ""
    assert summary.fact("redis", plan, ()) == ""


def test_a_node_without_a_name_has_its_number_and_nothing_of_the_others_in_the_picture() -> None:
    plan = Plan().with_value("nodes", (Node(name="a"), Node(name="")))
    drawn = picture(plan, _record(HEALTH.fail("of nobody", ErrorKind.TIMEOUT)))
    assert [(box.title, box.state) for box in drawn.nodes] == [("a", "todo"), ("node 2", "todo")]


def test_a_plan_without_nodes_says_so_in_the_picture() -> None:
    drawn = picture(Plan(), FindingsStore())
    assert [box.title for box in drawn.nodes] == ["No node yet"]
    assert "No node yet" in drawn.words


def test_what_could_not_be_found_out_is_never_done() -> None:
    assert _line("database", _record(VERSION.unknown("?"))).state is State.UNKNOWN


def test_a_rule_is_shown_on_the_step_of_its_setting() -> None:
    record = _record(RULE.fail("too many", facts={"setting": "database.pool_max"}))
    assert _line("database", record).state is State.FAIL
    assert _line("redis", record).state is State.TODO


def test_an_edit_makes_the_step_stale() -> None:
    record = _record(VERSION.passed("fine"))
    record.now(Entered(Plan().with_text("database.host", "db2"), {}))
    assert _line("database", record) == Line(State.STALE, "Host changed")


def test_the_pool_depends_on_the_nodes_too_and_the_version_does_not() -> None:
    pool, version = _record(POOL.passed("fits")), _record(VERSION.passed("fine"))
    for record in (pool, version):
        record.now(Entered(edits.with_new_node(Plan()), {}))
    assert _line("database", pool) == Line(State.STALE, "Nodes changed")
    assert _line("database", version).state is not State.STALE


def test_the_queue_shows_its_own_role_of_redis_alone() -> None:
    connect = Spec("redis.connect", "answers")
    record = _record(connect.passed("c", subject="cache"), connect.fail("q", subject="queue"))
    assert [item.subject for item in flow.findings(flow.step("queue"), Plan(), record)] == ["queue"]
    rabbit = Plan().with_value("queue.kind", QueueKind.RABBITMQ)
    assert flow.findings(flow.step("queue"), rabbit, record) == []


def test_a_finding_of_the_queues_role_counts_on_the_step_redis_alone() -> None:
    connect, version = Spec("redis.connect", "answers"), Spec("redis.version", "new enough")
    record = _record(connect.passed("q", subject="queue"), version.warn("old", subject="queue", facts={"version": "7"}))
    assert _line("redis", record).fact == "1 warning"
    assert _line("queue", record) == Line(State.WARN, "see Redis")
    assert [item.summary for item in flow.findings(flow.step("queue"), Plan(), record)] == ["q", "old"]
    assert {flow.step_of(item) for item in record.all} == {"redis"}


def test_a_queue_whose_redis_fails_is_not_done_and_says_where_to_go() -> None:
    connect, use = Spec("redis.connect", "answers"), Spec("redis.queue_use", "works")
    record = _record(connect.passed("q", subject="queue"), use.fail("no", subject="queue"))
    assert _line("redis", record).fact == "1 failed"
    assert _line("queue", record) == Line(State.FAIL, "see Redis")


def test_a_queue_whose_redis_fails_by_a_rule_is_not_done_either() -> None:
    local = Spec("plan.redis_localhost", "reached by all")
    record = _record(*(Spec(f"redis.{name}", "").passed(name, subject="queue") for name in ("connect", "version")))
    assert _line("queue", record).state is State.DONE
    record.judge([local.fail("here alone", subject="queue", facts={"setting": "redis.server.host"})])
    assert _line("queue", record) == Line(State.FAIL, "see Redis")
    assert next(item.summary for item in flow.findings(flow.step("queue"), Plan(), record)) == "here alone"
    record.judge([local.fail("here alone", subject="cache", facts={"setting": "redis.server.host"})])
    assert _line("queue", record).state is State.DONE


def test_a_queue_that_shares_its_database_with_the_cache_is_not_done() -> None:
    plan = Plan().with_text("redis.server.host", "redis.internal")
    plan = plan.with_text("redis.databases.queue", "0").with_text("redis.databases.cache", "0")
    plan = plan.with_text("redis.databases.worker_id", "0")
    record = _record(Spec("redis.connect", "answers").passed("q", subject="queue"))
    record.judge(rules(plan, {}))
    assert _line("queue", record, plan) == Line(State.FAIL, "see Redis")


def test_a_queue_wears_no_tick_while_its_redis_has_a_warning_and_one_again_once_that_is_accepted() -> None:
    found = Spec("redis.connect", "answers").passed("q", subject="queue"), Spec("redis.memory", "is free")
    warned = found[1].warn("nearly full", subject="queue")
    assert _line("queue", _record(found[0], warned)) == Line(State.WARN, "see Redis")
    accepted = replace(warned, accepted=Acceptance("known"))
    assert _line("queue", _record(found[0], accepted)).state is State.DONE


def test_with_rabbitmq_the_queues_findings_count_on_its_own_step() -> None:
    plan = Plan().with_value("queue.kind", QueueKind.RABBITMQ)
    record = _record(Spec("rabbitmq.connect", "answers").fail("no"))
    assert _line("queue", record, plan).fact == "1 failed"
    assert flow.step_of(record.all[0]) == "queue"


def test_every_finding_has_a_step_to_be_mended_on() -> None:
    for identifier in ("licence.login", "database.version", "redis.bloom", "storage.write", "node.health"):
        assert flow.step_of(Spec(identifier, "").fail("x"))


def test_the_picture_draws_a_line_only_to_nodes_that_serve() -> None:
    plan = replace(Plan(), nodes=(Node("a", "h"), Node("b", "h", worker_mode="*"), Node("c", "h", worker_mode="!")))
    assert [box.serves for box in picture(plan, FindingsStore()).nodes] == [True, False, True]


def test_the_picture_names_the_kind_of_error() -> None:
    plan = replace(Plan(), nodes=(Node("a", "h"),))
    drawn = picture(plan, _record(HEALTH.fail("no", ErrorKind.TIMEOUT, subject="a")))
    assert (drawn.nodes[0].state, drawn.nodes[0].fact) == ("fail", "no answer")
    busy = HEALTH.unknown("this machine was too busy to tell", error=ErrorKind.TIMEOUT, subject="a")
    drawn = picture(plan, _record(busy))
    assert (drawn.nodes[0].state, drawn.nodes[0].fact) == ("unknown", "could not be found out")


def test_nodes_that_no_cluster_can_have_share_a_box() -> None:
    nodes = tuple(Node(f"node{number}", "h") for number in range(36))
    drawn = picture(replace(Plan(), nodes=nodes), FindingsStore())
    assert len(drawn.nodes) == 32
    assert drawn.nodes[-1].title == "5 more nodes"


def test_a_test_that_was_cancelled_or_skipped_leaves_the_step_untested() -> None:
    record = _record(CONNECT.skip("Cancelled before it ended."), VERSION.skip("Cancelled before it ended."))
    assert _line("database", record) == Line(State.TODO, "not tested yet")


def test_a_test_cancelled_midway_is_not_finished() -> None:
    connect = Spec("node.connect", "answers")
    record = _record(connect.passed("a", subject="a"), connect.skip("Cancelled before it ended.", subject="b"))
    assert _line("nodes", record, NODES) == Line(State.TODO, "not finished")


def test_the_queue_is_not_done_before_its_redis_was_tested() -> None:
    rule = Spec("plan.queue", "fits").passed("ok", facts={"setting": "queue.kind"})
    use = Spec("redis.queue_use", "can").info("known", subject="queue")
    assert _line("queue", _record(rule)).state is State.TODO
    assert _line("queue", _record(rule, use)).state is State.TODO
    connect = Spec("redis.connect", "answers").passed("q", subject="queue")
    assert _line("queue", _record(rule, connect)).state is State.DONE


def test_the_review_is_done_only_after_a_whole_run() -> None:
    record = _record(CONNECT.passed("connected"))
    assert _line("review", record).state is State.TODO
    record.checked = True
    assert _line("review", record).state is State.DONE


def test_the_review_counts_nothing_before_somebody_came_there() -> None:
    record = _record(CONNECT.passed("connected"), RULE.fail("x", facts={"setting": "nodes.0.host"}))
    before = frozenset(flow.IDS) - {"review", "nodes"}
    assert _line("review", record, visited=before) == Line(State.TODO, "")
    assert _line("review", record) == Line(State.FAIL, "1 failed")


def test_every_finding_of_the_rules_is_shown_on_one_step() -> None:
    plan = Plan()
    for setting, expected in (
        ("CACHE_REDIS_URL", "redis"),
        ("LOCK_ADAPTER_DEFAULT", "redis"),
        ("extra.PUBSUB_ADAPTER_REDIS_URL", "redis"),
        ("DB_PORT", "database"),
        ("extra.SOMETHING", "application"),
        ("", "application"),
        ("name", "start"),
        ("nodes.0.host", "nodes"),
    ):
        finding = RULE.fail("x", facts={"setting": setting})
        assert [step.id for step in flow.STEPS if flow.belongs(step, plan, finding)] == [expected]


def test_comparisons_of_the_whole_cluster_belong_to_the_review_alone() -> None:
    assert flow.components(flow.step("nodes"), Plan()) == ("node",)
    finding = Spec("cluster.database", "alike").unknown("not read")
    assert flow.findings(flow.step("nodes"), Plan(), _record(finding)) == []
    assert flow.step_of(finding) == "database"


def test_an_edit_after_the_export_makes_it_stale() -> None:
    now = Situation("start", EVERYWHERE, exported="out", outdated=True)
    assert flow.line(flow.step("export"), Plan(), FindingsStore(), now) == Line(State.STALE, "changed since the export")


def test_the_picture_says_which_thing_is_missing() -> None:
    exists = Spec("storage.exists", "is there")
    drawn = picture(Plan(), _record(CONNECT.fail("no", ErrorKind.MISSING), exists.fail("no", ErrorKind.MISSING)))
    said = {box.step: box.fact for box in drawn.services}
    assert (said["database"], said["storage"]) == ("database not found", "folder not found")


def test_a_part_of_which_only_notes_are_known_is_untested_and_no_pass() -> None:
    plan = replace(Plan(), nodes=(Node("a", "h"),))
    health, version = Spec("node.health", "ready"), Spec("node.version", "known")
    connect = Spec("node.connect", "answers")
    for found in (
        [connect.skip("Cancelled.", subject="a"), health.skip("Cancelled.", subject="a")],
        [version.info("unknown version", subject="a")],
        [connect.passed("yes", subject="a"), health.skip("Cancelled.", subject="a")],
        [connect.skip("Cancelled.", subject="a"), version.passed("2.2", subject="a")],
    ):
        record = _record(*found)
        assert picture(plan, record).nodes[0].state == "todo"
        assert _line("nodes", record, plan).state is State.TODO
    assert picture(plan, _record(connect.passed("yes", subject="a"))).nodes[0].state == "pass"


def test_the_picture_shows_what_the_rules_find_wrong() -> None:
    plan = replace(Plan(), nodes=(Node("a", "h"), Node("b", "h")))
    nodes = Spec("node.connect", "answers")
    record = _record(CONNECT.passed("yes"), *(nodes.passed("yes", subject=name) for name in "ab"))
    record.judge(
        [
            RULE.fail("too many", facts={"setting": "database.pool_max"}),
            RULE.warn("so so", facts={"setting": "nodes.1.worker_mode"}),
            RULE.passed("fine", facts={"setting": "storage.kind"}),
        ]
    )
    drawn = picture(plan, record)
    shown = {box.step: (box.state, box.fact) for box in drawn.services}
    assert shown["database"] == ("fail", "1 failed")
    assert shown["storage"][0] == "todo"
    assert [box.state for box in drawn.nodes] == ["pass", "warn"]


def test_a_step_is_being_tested_while_a_check_of_its_components_has_not_ended() -> None:
    record = _record(CONNECT.passed("connected"))
    testing = Situation("start", EVERYWHERE, testing=("redis",))
    states = {step: flow.line(flow.step(step), Plan(), record, testing).state for step in ("database", "redis")}
    assert states == {"database": State.DONE, "redis": State.RUNNING}


def test_the_picture_separates_the_roles_of_redis() -> None:
    redis = next(box for box in picture(Plan(), FindingsStore()).services if box.step == "redis")
    assert redis.fact.startswith("cache · sync · lock")
