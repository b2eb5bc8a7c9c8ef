"""What the nodes told from inside, as plain facts: each thing once as it should be and once broken."""

import dataclasses
import json

import pytest

from tests.unit.inside import ENTRIES, ID, NAMES, PRINTS, document, judged, planned, unsound
from wizard.checks.inside.compare import compared
from wizard.checks.inside.document import DocumentError, document_of
from wizard.checks.inside.facts import Entries, Entry, InsideFacts, Told
from wizard.checks.inside.judge import judge
from wizard.checks.inside.specs import SPECS, TOGETHER
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.clock import Clock
from wizard.plan.finding import ErrorKind, Severity

PASS, INFO, WARN = Severity.PASS, Severity.INFO, Severity.WARN
FAIL, SKIP, UNKNOWN = Severity.FAIL, Severity.SKIP, Severity.UNKNOWN
ENTRY = Entry("10.0.0.9", 13000, ("10.0.0.9",))


def variables(name, **changes):
    return document(name)["variables"] | changes


def test_nodes_that_are_alike_pass_every_check():
    found = judged()
    assert unsound(found) == {}
    assert {key if isinstance(key, str) else key[0] for key in found} == {
        one.id.removeprefix("inside.") for one in SPECS
    }
    assert [key for key, one in found.items() if one.severity is SKIP] == ["licence"]


def test_one_node_alone_is_judged_by_the_plan():
    plan = planned(nodes=("node1",))
    found = judged(plan=plan, meetings={}, entries=Known(Entries("", ENTRIES.value.entries[:1])))
    assert {key for key, one in found.items() if one.severity is PASS} >= {"app_key", "database", "variables"}
    without = judged(plan=dataclasses.replace(plan, prints={}), meetings={})
    assert {without[key].severity for key in ("app_key", "aes_key", "database", "variables")} == {SKIP}


class TestAnswers:
    def test_a_node_without_an_answer_makes_all_else_unknown_but_what_the_others_show(self):
        said = Trouble(ErrorKind.TIMEOUT, "no answer within 30 s", about="Permission denied", elapsed_ms=30_000)
        found = judged({"node2": said, "node3": document("node3", keys__app={"source": "APP_KEY", "print": "f" * 24})})
        assert found["answers", "node2"].severity is UNKNOWN
        assert "Permission denied" in found["answers", "node2"].detail
        assert (found["app_key"].severity, found["aes_key"].severity) == (FAIL, UNKNOWN)
        assert found["aes_key"].because == ("inside.answers",)

    def test_a_node_that_nobody_asked_is_unknown(self):
        assert judged({"node2": None})["answers", "node2"].error is ErrorKind.TIMEOUT

    @pytest.mark.parametrize(
        ("code", "kind", "command"),
        [
            ("no_process", ErrorKind.MISSING, "ps -ef"),
            ("no_proc", ErrorKind.PERMISSION, "by hand"),
            ("EACCES", ErrorKind.PERMISSION, "sudo -n -u '#1001'"),
        ],
    )
    def test_a_process_that_cannot_be_read_names_the_command_that_helps(self, code, kind, command):
        blind = {"variables": None, "choices": None, "keys": None, "trouble": {"code": code}, "process__uid": 1001}
        finding = judged({"node2": document("node2", **blind)})["answers", "node2"]
        assert (finding.severity, finding.error) == (UNKNOWN, kind)
        assert command in finding.remedy

    def test_an_answer_of_another_form_is_told(self):
        finding = judged({"node2": document("node2", choices={"QUEUE_ADAPTER": 7})})["answers", "node2"]
        assert (finding.severity, finding.error) == (UNKNOWN, ErrorKind.PROTOCOL)
        assert finding.summary.endswith("Its answer is not as the script writes it.")

    def test_a_script_without_a_key_is_told(self):
        finding = judged({"node2": document("node2", key=None, variables=None)})["answers", "node2"]
        assert (finding.severity, finding.error) == (UNKNOWN, ErrorKind.MISSING)

    def test_nothing_is_judged_where_nobody_answers(self):
        found = judged(dict.fromkeys(NAMES, Trouble(ErrorKind.MISSING, "ssh cannot be started")))
        assert {found[spec.id.removeprefix("inside.")].severity for spec in TOGETHER} == {SKIP}

    def test_a_plan_without_nodes_has_nothing_to_look_at(self):
        assert {one.severity for one in judge(planned(nodes=()), InsideFacts(told=Known({})))} == {SKIP}

    def test_a_run_that_was_cut_off_judges_who_has_answered(self):
        told = {"node1": Told(Known(document_of(document("node1"))))}
        found = {one.id: one for one in judge(planned(), InsideFacts(Known(told), PENDING, PENDING))}
        assert found["inside.database"].severity is UNKNOWN
        assert found["inside.storage"].severity in {UNKNOWN, SKIP}


class TestKeys:
    @pytest.mark.parametrize(("key", "part"), [("app_key", "app"), ("aes_key", "aes")])
    def test_another_one_is_named_by_the_plan_or_by_the_majority(self, key, part):
        other = document("node1", **{f"keys__{part}": {"source": "APP_KEY", "print": "e" * 24}})
        finding = judged({"node1": other})[key]
        assert (finding.severity, finding.error) == (FAIL, ErrorKind.CREDENTIALS)
        assert finding.facts == {"odd": ["node1"], "as_planned": True}
        finding = judged({"node1": other}, plan=planned(prints={}))[key]
        assert finding.facts == {"odd": ["node1"], "as_planned": False}

    @pytest.mark.parametrize(("key", "part"), [("app_key", "app"), ("aes_key", "aes")])
    def test_one_that_all_share_and_the_plan_has_not_is_a_warning(self, key, part):
        found = judged(**{f"keys__{part}": {"source": "APP_KEY", "print": "e" * 24}})
        assert unsound(found) == {key: WARN}

    @pytest.mark.parametrize(
        "app", [{"source": "APP_KEY", "print": "e" * 24, "published": True}, {"source": "", "print": None}]
    )
    def test_one_that_everybody_knows_fails(self, app):
        finding = judged({"node2": document("node2", keys__app=app)})["app_key"]
        assert (finding.severity, finding.facts) == (FAIL, {"nodes": ["node2"]})

    def test_a_file_that_all_share_is_not_held_against_the_plan(self):
        found = judged(keys__app={"source": "jwt_secret.dat", "print": "d" * 24})
        assert unsound(found) == {}
        assert found["app_key"].facts["as_planned"] is False

    @pytest.mark.parametrize("key", ["app", "aes"])
    @pytest.mark.parametrize(
        "told",
        [
            {},
            7,
            {"source": "APP_KEY", "print": 7},
            {"source": "APP_KEY", "print": ""},
            {"source": "APP_KEY", "print": "e" * 23},
            {"source": None, "print": "e" * 24},
            {"source": "APP_KEY", "print": "e" * 24, "published": "no"},
        ],
    )
    def test_one_that_is_told_in_another_form_is_unknown(self, key, told):
        found = judged({"node2": document("node2", **{f"keys__{key}": told})})
        assert unsound(found) == {"app_key": UNKNOWN, "aes_key": UNKNOWN}

    def test_no_aes_key_at_all_differs_from_one(self):
        assert judged({"node3": document("node3", keys__aes=None)})["aes_key"].facts["odd"] == ["node3"]

    @pytest.mark.parametrize("key", ["app_key", "aes_key"])
    def test_one_that_no_node_tells_of_is_unknown(self, key):
        finding = judged(keys=None)[key]  # as where the storage gives no answer
        assert (finding.severity, finding.because) == (UNKNOWN, ("inside.answers",))

    @pytest.mark.parametrize("name", ["APP_KEY", "APP_AES_SECRET_KEY", "APP_AES_SECRET_KEY_PATH"])
    def test_one_among_the_variables_is_judged_by_what_is_in_use(self, name):
        changed = {"node2": document("node2", variables=variables("node2", **{name: "a" * 24}))}
        assert unsound(judged(changed)) == {}

    def test_fingerprints_of_different_keys_are_not_compared(self):
        found = judged({"node3": document("node3", key="abcdefabcdef")})
        assert {found[key].severity for key in ("app_key", "aes_key", "database", "variables")} == {UNKNOWN}

    def test_where_no_node_tells_its_variables_they_are_unknown(self):
        found = judged(variables=None, choices=None)
        for key in ("database", "variables", "adapters"):
            assert (found[key].severity, found[key].because) == (UNKNOWN, ("inside.answers",))


class TestVariables:
    def test_another_database_is_named_by_its_variables(self):
        changed = {"node2": document("node2", variables=variables("node2", DB_HOST="a" * 24, DB_SCHEMA="b" * 24))}
        finding = judged(changed)["database"]
        assert (finding.severity, finding.facts) == (FAIL, {"odd": ["node2"], "variables": ["DB_HOST", "DB_SCHEMA"]})
        assert unsound(judged(changed)) == {"database": FAIL}

    def test_a_database_that_is_not_the_plans_is_a_warning(self):
        changed = {name: document(name, variables=variables(name, DB_HOST="a" * 24)) for name in NAMES}
        assert judged(changed)["database"].facts == {"variables": ["DB_HOST"]}
        assert unsound(judged(changed)) == {"database": WARN}

    def test_a_stale_a_missing_and_a_further_one_are_named(self):
        left = variables("node2", TZ="c" * 24, CORS_ORIGIN_WHITELIST="d" * 24)
        del left["CACHE_REDIS_URL"]
        finding = judged({"node2": document("node2", variables=left)})["variables"]
        named = ["CACHE_REDIS_URL", "CORS_ORIGIN_WHITELIST", "TZ"]
        assert (finding.severity, finding.facts) == (FAIL, {"odd": ["node2"], "variables": named})

    def test_of_many_the_first_eight_are_told(self):
        more = {f"DB_{number}": "c" * 24 for number in range(9)}
        finding = judged({"node2": document("node2", variables=variables("node2", **more))})["variables"]
        assert finding.summary.count("DB_") == 8
        assert "…" in finding.summary

    def test_what_may_differ_does(self):
        own = {"APP_PORT": "1", "WORKER_MODE": "2", "PM2_HOME": "3", "INIT_ROOT_EMAIL": "4", "STORAGE_PATH": "5"}
        own |= {"DB_POOL_MAX": "6" * 24, "NODE_OPTIONS": "7" * 24, "LOGGER_LEVEL": "8" * 24}
        assert unsound(judged({"node2": document("node2", variables=variables("node2", **own))})) == {}

    def test_what_nocobase_rewrites_is_not_held_against_the_plan(self):
        changed = {name: document(name, variables=variables(name, TZ="c" * 24, DB_TIMEZONE="d" * 24)) for name in NAMES}
        assert unsound(judged(changed)) == {}

    def test_a_plan_that_was_not_brought_to_the_nodes_is_a_warning(self):
        changed = {name: document(name, variables=variables(name, REDIS_URL="c" * 24)) for name in NAMES}
        assert unsound(judged(changed)) == {"variables": WARN}

    @pytest.mark.parametrize(
        ("choices", "severity"),
        [
            ({}, FAIL),
            ({"LOCK_ADAPTER_DEFAULT": "local"}, FAIL),
            ({"CACHE_DEFAULT_STORE": "memory", "LOCK_ADAPTER_DEFAULT": "redis", "QUEUE_ADAPTER": "other"}, FAIL),
            ({"CACHE_DEFAULT_STORE": "redis", "LOCK_ADAPTER_DEFAULT": "redis", "QUEUE_ADAPTER": "rabbitmq"}, PASS),
        ],
    )
    def test_a_node_that_keeps_to_itself_is_named(self, choices, severity):
        finding = judged({"node2": document("node2", choices=choices)})["adapters"]
        assert finding.severity is severity
        assert severity is PASS or list(finding.facts["nodes"]) == ["node2"]

    def test_where_the_plan_does_without_the_plug_ins_they_are_not_missed(self):
        assert judged(choices={}, plan=planned(without_plugins=True))["adapters"].severity is SKIP


class TestMachine:
    def test_another_version_is_named(self):
        changed = {"node3": document("node3", package__version="2.2.14")}
        assert judged(changed)["package"].facts["odd"] == ["node3"]
        assert judged(changed, plan=planned(version="2.2.14"))["package"].facts["odd"] == ["node1", "node2"]
        assert judged(changed, plan=planned(version=""))["package"].severity is FAIL

    def test_another_plug_in_is_named(self):
        finding = judged({"node3": document("node3", plugins=[])})["package"]
        assert (finding.severity, list(finding.facts["plugins"])) == (FAIL, ["node3"])

    def test_a_package_renewed_below_a_process_and_one_beside_the_plan_are_warnings(self):
        assert judged({"node3": document("node3", package__renewed=True)})["package"].severity is WARN
        assert judged(plan=planned(version="2.3.0"))["package"].severity is WARN
        assert judged(plan=planned(version="2.2.15-full"))["package"].severity is PASS
        assert judged(package=None)["package"].severity is UNKNOWN
        assert judged({"node3": document("node3", package=None, plugins=[])})["package"].severity is UNKNOWN

    @pytest.mark.parametrize(
        ("ahead", "error", "severity"),
        [
            (1.09, 0.05, PASS),
            (1.11, 0.05, WARN),
            (5.0, 0.1, WARN),
            (-5.0, 0.1, WARN),
            (0.0, 2.5, PASS),
            (0.0, 2.6, UNKNOWN),
        ],
    )
    def test_clocks_may_be_a_second_apart(self, ahead, error, severity):
        clocks = {"node1": Clock(0, 0.05), "node2": Clock(0, 0.05), "node3": Clock(ahead, error)}
        assert judged(clocks=clocks)["clocks"].severity is severity

    def test_clocks_that_were_not_asked_now_are_unknown(self):
        assert judged(clocks={"node1": Clock(0, 0.1)})["clocks"].severity is UNKNOWN
        assert judged(clocks={"node1": Clock(0, 0.1), "node2": Clock(0, 0.1)})["clocks"].severity is UNKNOWN

    @pytest.mark.parametrize(("counts", "severity"), [((10, 11, 11), PASS), ((11, 11, 11), FAIL), ((0, 1, 1), UNKNOWN)])
    def test_there_are_32_worker_ids(self, counts, severity):
        changed = {name: document(name, process__count=n) for name, n in zip(NAMES, counts, strict=True)}
        plan = planned(processes=dict(zip(NAMES, counts, strict=True)))
        assert judged(changed, plan=plan)["processes"].severity is severity

    def test_another_number_of_processes_than_planned_is_a_warning(self):
        finding = judged({"node3": document("node3", process__count=2)})["processes"]
        assert finding.severity is WARN
        assert finding.summary.endswith("runs on node3.")

    def test_a_licence_that_can_be_read_is_told_and_one_that_cannot_is_a_warning(self):
        read = {"state": "read", "domain": "app.example.com", "status": "active", "upgrades_until": "2030-01-01"}
        assert judged(licence=read)["licence"].severity is INFO
        assert judged({"node2": document("node2", licence={"state": "unreadable"})})["licence"].severity is WARN
        assert judged(licence={"state": "no_kit"})["licence"].severity is SKIP


class TestBalancer:
    def _entries(self, *entries, place="/etc/nginx/site.conf"):
        return Known(Entries(place, entries))

    def test_a_node_that_is_in_no_entry_is_named(self):
        found = judged(entries=self._entries(*ENTRIES.value.entries[:2]))
        assert unsound(found) == {"balancer": WARN}
        assert found["balancer"].facts == {"unknown": ["node3"]}
        assert "10.0.0.3" in found["balancer"].detail
        assert "127.0.0.1" not in found["balancer"].detail

    def test_a_node_for_tasks_alone_need_not_be_in_one(self):
        changed = {"node3": document("node3", worker_mode="*")}
        assert unsound(judged(changed, entries=self._entries(*ENTRIES.value.entries[:2]))) == {}

    def test_an_entry_where_no_node_is_is_named(self):
        found = judged(entries=self._entries(*ENTRIES.value.entries, ENTRY))
        assert found["balancer"].facts == {"empty": ["10.0.0.9:13000"]}

    def test_the_port_tells_nodes_of_one_machine_apart(self):
        moved = dataclasses.replace(ENTRIES.value.entries[2], port=13001)
        assert judged(entries=self._entries(*ENTRIES.value.entries[:2], moved))["balancer"].severity is WARN

    def test_an_address_inside_of_a_container_says_nothing(self):
        found = judged(entries=self._entries(ENTRY), plan=planned(in_containers=True))
        assert found["balancer"].severity is UNKNOWN

    def test_an_entry_is_not_empty_as_long_as_a_node_is_silent(self):
        silent = {"node3": Trouble(ErrorKind.TIMEOUT, "no answer")}
        assert judged(silent)["balancer"].severity is UNKNOWN

    def test_a_list_that_cannot_be_read_is_unknown(self):
        assert judged(entries=Trouble(ErrorKind.MISSING, "No such file"))["balancer"].error is ErrorKind.MISSING
        assert judged(entries=PENDING)["balancer"].error is ErrorKind.TIMEOUT


class TestCompared:
    @pytest.mark.parametrize(
        ("values", "plan", "odd", "by_plan", "beside"),
        [
            ({"a": "1", "b": "1"}, {}, (), False, False),
            ({"a": "1", "b": "2"}, {}, ("b",), False, False),
            ({"a": "1", "b": "2", "c": "2"}, {}, ("a",), False, False),
            ({"a": "1", "b": "2", "c": "2"}, {"a": "1", "b": "1", "c": "1"}, ("b", "c"), True, False),
            ({"a": "1", "b": "1"}, {"a": "2", "b": "2"}, (), False, True),
            ({"a": "1", "b": "2"}, {"a": "1"}, ("b",), True, False),
        ],
    )
    def test_those_that_differ_from_the_plan_or_from_most_are_odd(self, values, plan, odd, by_plan, beside):
        result = compared(values, plan)
        assert (result.odd, result.by_plan, result.beside_plan) == (odd, by_plan, beside)


class TestDocuments:
    @pytest.mark.parametrize("data", [None, [], {}, {"kind": "nocobase-node"}, document("node1", schema=2)])
    def test_what_is_none_is_refused(self, data):
        with pytest.raises(DocumentError, match="script"):
            document_of(data)

    def test_what_is_of_another_form_is_taken_for_nothing(self):
        odd = dict.fromkeys(document("node1"), 7) | {"schema": 1, "kind": "nocobase-node"}
        told = document_of(odd)
        assert (told.node, told.variables, told.addresses, told.process.count) == ("", None, (), 0)
        assert judged({"node1": odd})["answers", "node1"].severity is UNKNOWN

    def test_texts_and_numbers_are_bounded(self):
        told = document_of(
            document("node1", node="x" * 999, process__count=1e300, at=float("nan"), addresses=["y"] * 9999)
        )
        assert (len(told.node), told.process.count, told.at, len(told.addresses)) == (300, 0, 0, 2000)

    def test_no_fingerprint_of_a_secret_is_told(self):
        changed = {"node2": document("node2", keys__app={"source": "APP_KEY", "print": "e" * 24})}
        told = json.dumps([one.as_json() for one in judged(changed).values()])
        assert not [one for one in (*PRINTS["node1"].values(), "e" * 24, ID) if one in told]
