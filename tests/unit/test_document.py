"""The document of the window, without a window: edits, what they overtake, and taking them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from wizard.checks.plan.rules import rules_in_parts
from wizard.guide import edits
from wizard.guide.document import Document
from wizard.guide.findings_store import FindingsStore
from wizard.plan.accepted import Accepted
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import QueueKind
from wizard.plan.spec import Spec

CONNECT = Spec("database.connect", "The database answers.")
VERSION = Spec("database.version", "The database is new enough.")


class Heard:
    """What a document told of its edits and secrets, in order."""

    def __init__(self) -> None:
        self.edits: list[str] = []
        self.secrets: list[tuple[str, str, Secret | None]] = []

    def secret(self, key: str, name: str, secret: Secret | None) -> None:
        self.secrets.append((key, name, secret))


def opened(heard: Heard | None = None) -> Document:
    heard = heard or Heard()
    document = Document(rules_in_parts, on_edit=heard.edits.append, on_secret=heard.secret)
    document.clear(Plan(id="abc"), {}, "")
    return document


def test_an_edit_is_told_with_its_key_and_nothing_is_told_where_nothing_changed() -> None:
    heard = Heard()
    document = opened(heard)
    document.edit("database.host", "db")
    document.edit("database.host", "db")
    document.set("queue.kind", QueueKind.RABBITMQ)
    assert heard.edits == ["database.host", "queue.kind"]


def test_what_is_typed_in_one_field_is_taken_back_at_once_and_made_again() -> None:
    document = opened()
    for text in ("d", "db", "db1"):
        document.edit("database.host", text)
    document.edit("database.name", "n")
    assert document.undo() == "database.name"
    assert document.undo() == "database.host"
    assert document.plan == Plan(id="abc")
    assert document.undo() is None
    assert (document.redo(), document.plan.database.host) == ("database.host", "db1")
    assert (document.redo(), document.plan.database.name) == ("database.name", "n")
    assert document.redo() is None


def test_typing_after_a_field_was_left_is_taken_back_apart() -> None:
    document = opened()
    document.edit("database.host", "db")
    document.seal()
    document.edit("database.host", "db2")
    document.undo()
    assert document.plan.database.host == "db"


def test_a_new_edit_ends_what_could_be_made_again() -> None:
    document = opened()
    document.edit("database.host", "db")
    document.undo()
    document.edit("database.name", "n")
    assert document.can_undo
    assert not document.can_redo


def test_as_many_edits_as_are_promised_can_be_taken_back() -> None:
    document = opened()
    for number in range(250):
        document.edit("name", f"c{number}")
        document.seal()
    taken = 0
    while document.undo() is not None:
        taken += 1
    assert (taken, document.plan.name) == (200, "c49")


def test_a_secret_goes_with_its_edit_both_ways() -> None:
    heard = Heard()
    document = opened(heard)
    document.set_secret("database.password", Secret("one"))
    document.set_secret("database.password", Secret("two"))
    document.undo()
    assert document.secret("database.password") == Secret("one")
    document.undo()
    assert document.secret("database.password") is None
    assert document.plan.database.password is None
    document.redo()
    assert document.plan.database.password == SecretRef("database.password")
    assert [secret for _key, _name, secret in heard.secrets] == [
        Secret("one"),
        Secret("two"),
        Secret("one"),
        None,
        Secret("one"),
    ]
    assert {(key, name) for key, name, _secret in heard.secrets} == {("database.password", "database.password")}


def test_an_address_in_a_hosts_field_is_held_back_as_a_secret_until_it_is_split() -> None:
    heard = Heard()
    document = opened(heard)
    text = "redis://me:pw@cache:6380/0"
    document.edit("redis.server.host", text)
    assert document.text("redis.server.host") == text
    assert text not in str(document.plan)
    [(_key, name, held)] = heard.secrets
    assert held == Secret(text)
    document.fill("redis.server", edits.fill_redis(document.plan, "redis.server", Secret(text)))
    assert document.plan.redis.server.host == "cache"
    assert document.secret("redis.server.password") == Secret("pw")
    assert name not in document.secrets
    assert ("redis.server.host", name, None) in heard.secrets


def test_the_rules_are_judged_anew_at_the_first_look_after_an_edit_and_no_sooner() -> None:
    judged: list[Plan] = []

    def judge(plan: Plan, _secrets: Mapping[str, Secret]) -> list[list[Finding]]:
        judged.append(plan)
        return []

    document = Document(judge)
    document.edit("database.host", "db")
    document.edit("database.host", "db1")
    assert judged == []
    assert document.findings.all == ()
    assert document.findings.all == ()
    assert [plan.database.host for plan in judged] == ["db1"]


def test_the_rules_are_judged_in_parts_until_an_edit_and_then_anew() -> None:
    judged: list[str] = []

    def judge(plan: Plan, _secrets: Mapping[str, Secret]) -> Iterator[list[Finding]]:
        judged.append(plan.name)
        yield []
        yield [CONNECT.passed(plan.name)]

    document = Document(judge)
    document.edit("name", "one")
    parts = document.judge_in_parts()
    next(parts)
    document.edit("name", "two")
    assert list(parts) == []
    assert judged == ["one"]
    for _part in document.judge_in_parts():
        pass
    assert [finding.summary for finding in document.findings.rules] == ["two"]
    assert list(document.judge_in_parts()) == []
    assert judged == ["one", "two"]


def test_what_is_judged_in_parts_as_the_language_changes_is_judged_anew_as_a_whole() -> None:
    words = ["Bad.", "Wrong."]

    def judge(_plan: Plan, _secrets: Mapping[str, Secret]) -> Iterator[list[Finding]]:
        yield [CONNECT.passed(words[0], subject="a")]
        yield [CONNECT.passed(words[0], subject="b")]

    document = Document(judge)
    document.edit("name", "one")
    parts = document.judge_in_parts()
    next(parts)
    words.reverse()
    document.tell_again()
    assert list(parts) == []
    assert [finding.summary for finding in document.findings.rules] == ["Wrong.", "Wrong."]


def test_an_edit_overtakes_what_was_found_of_its_section_and_taking_it_back_overtakes_it_too() -> None:
    document = opened()
    finding = CONNECT.passed("Connected.")
    document.findings.add([finding])
    document.edit("redis.server.host", "cache")
    assert not document.findings.stale(finding)
    document.edit("database.host", "db")
    assert document.findings.stale(finding)
    document.findings.begin(["database"])
    document.findings.add([finding])
    assert not document.findings.stale(finding)
    document.undo()
    assert document.findings.stale(finding)


def test_another_cluster_leaves_nothing_to_take_back() -> None:
    document = opened()
    document.edit("database.host", "db")
    document.clear(Plan(id="other"), {}, "other.yaml")
    assert not document.can_undo
    assert document.source == document.title == "other.yaml"
    assert document.visited == {"start"}


def test_an_edit_after_the_export_makes_it_outdated_and_the_plan_another_than_the_bundles(tmp_path: Path) -> None:
    document = opened()
    document.exported_to(tmp_path / "bundle", document.plan)
    assert (document.exported, document.outdated, document.edited) == ("bundle", False, False)
    document.edit("database.host", "db")
    assert (document.outdated, document.edited) == (True, True)


def test_an_acceptance_after_the_export_asks_for_no_other_export(tmp_path: Path) -> None:
    document = opened()
    document.exported_to(tmp_path / "bundle", document.plan)
    one = Accepted("redis.connect", "cache", Severity.FAIL, "known")
    document.replace(replace(document.plan, accepted=(one,)))
    assert (document.outdated, document.edited) == (False, False)
    document.undo()
    assert not document.outdated
    document.edit("database.host", "db")
    document.replace(replace(document.plan, accepted=(one,)))
    assert document.outdated
    document.exported_to(tmp_path / "bundle", replace(document.plan, accepted=()))
    assert not document.outdated
    document.set_secret("database.password", Secret("another one"))
    assert document.outdated


def test_what_was_found_stays_as_stale_until_the_new_run_tells_it_anew() -> None:
    store = opened().findings
    old, gone = CONNECT.fail("Refused.", ErrorKind.REFUSED), VERSION.passed("PostgreSQL 16.")
    store.begin(["database"])
    store.add([old, gone])
    store.finish()
    assert not store.stale(old)
    store.begin(["database"])
    assert store.of("database") == (old, gone)
    assert store.stale(old)
    assert store.awaits(old)
    new = CONNECT.passed("Connected.")
    store.add([new])
    assert store.of("database") == (new, gone)
    assert not store.stale(new)
    assert store.stale(gone)
    store.finish()
    assert store.of("database") == (new,)


def test_a_run_that_never_ran_leaves_what_was_found_as_stale() -> None:
    store = opened().findings
    old = CONNECT.passed("Connected.")
    store.begin(["database"])
    store.add([old])
    store.finish()
    store.begin(["database"])
    store.finish(ran=False)
    assert store.of("database") == (old,)
    assert store.stale(old)
    assert not store.awaits(old)


def test_what_is_made_of_the_findings_is_made_once_until_one_changes() -> None:
    document = opened()
    made: list[int] = []

    def count(_plan: Plan, store: FindingsStore) -> int:
        made.append(len(store.all))
        return made[-1]

    for _ in range(2):
        document.findings.once(document.plan, count)
    assert len(made) == 1
    document.findings.add([CONNECT.passed("Connected.")])
    document.findings.once(document.plan, count)
    assert len(made) == 2
    assert made[1] == made[0] + 1


def test_findings_of_the_rules_are_sorted_as_those_of_a_run_are() -> None:
    record = FindingsStore()
    record.judge([CONNECT.passed("b"), CONNECT.passed("a", subject="x")])
    assert [finding.summary for finding in record.rules] == ["b", "a"]
    record.arrange(["plan"], lambda finding: finding.summary)
    assert [finding.summary for finding in record.rules] == ["a", "b"]
