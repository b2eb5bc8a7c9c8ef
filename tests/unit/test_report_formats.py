"""A report for others: JUnit, Markdown, metrics and one page of HTML, each read by a reader that others use."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import junitparser
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.unit.plans import good_plan
from wizard.engine.report import Report
from wizard.engine.since import Change, Since
from wizard.guide.drawing import svg
from wizard.guide.reports.html import diagram_of
from wizard.guide.reports.report import Format, rendered
from wizard.guide.reports.told import Told
from wizard.plan.finding import Acceptance, ErrorKind, Finding, Severity
from wizard.plan.place import Place
from wizard.plan.remedy import RemedyKind

HOSTILE = 'a</script><img src=x onerror=alert(1)> & ]]> | `code` \x1b[31m \x00 "q" \ud800'
STARTED = datetime(2026, 11, 28, 20, 30, tzinfo=UTC)
FAILED = Finding(
    id="redis.connect",
    subject="lock",
    severity=Severity.FAIL,
    error=ErrorKind.REFUSED,
    summary="Nobody listens at 10.0.0.5:6379.",
    detail="Connection refused",
    remedy="# redis.conf\nbind 0.0.0.0",
    remedy_kind=RemedyKind.COMMANDS,
    doc="docs/checks.md#redis.connect",
    elapsed_ms=250,
)
FINDINGS = (
    Finding(id="plan.value", severity=Severity.PASS, summary="Every value can be read."),
    FAILED,
    Finding(id="redis.version", subject="lock", severity=Severity.SKIP, summary="Not looked at."),
    Finding(
        id="storage.lock", severity=Severity.UNKNOWN, summary="It could not be found out.", error=ErrorKind.TIMEOUT
    ),
    Finding(id="node.tls", subject="node1", severity=Severity.WARN, summary="It is old.", remedy="Renew it."),
    Finding(
        id="node.clock",
        subject="node1",
        severity=Severity.WARN,
        summary="It is late.",
        accepted=Acceptance("until the move", date(2026, 12, 24)),
    ),
)


def told(*findings: Finding, since: Since | None = None) -> Told:
    report = Report(findings or FINDINGS, STARTED, 1234)
    return Told(report, "cluster.env", since, good_plan())


def hostile() -> Told:
    finding = Finding(
        id="redis.connect",
        subject=HOSTILE,
        severity=Severity.FAIL,
        summary=HOSTILE,
        detail=HOSTILE,
        remedy=HOSTILE,
        remedy_kind=RemedyKind.COMMANDS,
    )
    plan = good_plan().with_value("name", 'n"}\n x{a="')
    return Told(Report((finding,), STARTED, 1), HOSTILE, Since(STARTED, True, {Change.NEW: (finding,)}), plan)


def test_junit_is_read_by_the_parser_that_others_use():
    xml = junitparser.JUnitXml.fromstring(rendered(told(), Format.JUNIT))
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (6, 1, 1, 2)
    cases = {case.name: case for suite in xml for case in suite}
    assert cases["plan.value"].is_passed
    assert cases["node.tls node1"].is_passed
    assert cases["node.tls node1"].system_out == "Warning: It is old.\nRenew it."
    (failure,) = cases["redis.connect lock"].result
    assert isinstance(failure, junitparser.Failure)
    assert (failure.type, failure.message) == ("refused", "Nobody listens at 10.0.0.5:6379.")
    assert failure.text == (
        "Nobody listens at 10.0.0.5:6379.\nConnection refused\n# redis.conf\nbind 0.0.0.0\ndocs/checks.md#redis.connect"
    )
    assert cases["redis.connect lock"].time == 0.25


def test_in_junit_what_could_not_be_found_out_is_an_error_and_what_is_accepted_is_skipped():
    cases = {
        case.name: case for suite in junitparser.JUnitXml.fromstring(rendered(told(), Format.JUNIT)) for case in suite
    }
    (error,) = cases["storage.lock"].result
    assert (type(error), error.type) == (junitparser.Error, "timeout")
    (accepted,) = cases["node.clock node1"].result
    assert isinstance(accepted, junitparser.Skipped)
    assert accepted.message == "It is late. Accepted until 2026-12-24: until the move"


def test_junit_holds_whatever_a_server_said():
    root = ET.fromstring(rendered(hostile(), Format.JUNIT).encode(errors="strict"))
    assert root.find(".//failure").get("message").startswith("a</script><img")
    assert "\x00" not in root.find(".//failure").text


@pytest.mark.parametrize("form", Format)
def test_no_form_steers_a_terminal_or_turns_the_order_of_letters_around(form):
    signs = "\x1b[2J\x9b31m\x07\x00\u202egnp\u2066\u2069"
    texts = {"subject": signs, "summary": signs, "detail": signs, "remedy": signs}
    found = Finding(id="redis.ping", severity=Severity.FAIL, error=ErrorKind.OTHER, **texts)
    made = rendered(told(found), form)
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", made) == []
    if form is Format.JSON:
        assert {one["summary"] for one in json.loads(made)["findings"]} == {signs}


def test_markdown_says_how_it_stands_what_to_do_and_what_was_found():
    text = rendered(told(since=Since(STARTED, True, {Change.NEW: (FAILED,)})), Format.MARKDOWN)
    lines = text.splitlines()
    assert lines[0] == "## Not ready: 1 thing to do first."
    assert lines[2].startswith("`cluster.env`, checked 2026-11-28 ")
    assert any(line == "- **New** redis.connect lock: Nobody listens at 10.0.0.5:6379." for line in lines)
    at = next(place for place, line in enumerate(lines) if line.startswith("1. "))
    assert lines[at] == "1. **Nobody listens at 10.0.0.5:6379.** No node can start. (clears 1 finding)"
    assert lines[at + 1 : at + 6] == ["", "   ```", "   # redis.conf", "   bind 0.0.0.0", "   ```"]
    assert "| FAILED | `redis.connect lock` | Nobody listens at 10.0.0.5:6379. |" in lines
    assert "| warning, accepted: until the move | `node.clock node1` | It is late. |" in lines
    assert not [line for line in lines if "plan.value" in line]
    assert lines[-1] == "6 findings: 1 ok, 1 warning, 1 failed, 1 skipped, 1 unknown, 1 accepted · 1.2 s"


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN, Format.HTML])
def test_an_action_says_where_what_it_is_about_stands(form):
    placed = replace(FAILED, places=(Place("prod.env", 9, "REDIS_URL"),))
    before, _remedy, _rest = rendered(told(placed), form).partition("bind 0.0.0.0")
    assert "prod.env line 9" in before


def test_in_markdown_nothing_of_others_is_markup():
    text = rendered(hostile(), Format.MARKDOWN)
    outside = re.sub(r"^ *(`{3,}).*?^ *\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert "\\<img" in outside
    assert not re.search(r"(?<!\\)<img", re.sub(r"(`+).*?\1", "", outside))
    row = next(line for line in text.splitlines() if line.startswith("| FAILED"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 4


def test_metrics_are_read_by_prometheus_own_parser():
    families = {
        family.name: family.samples for family in text_string_to_metric_families(rendered(told(), Format.PROMETHEUS))
    }
    counted = {sample.labels["severity"]: sample.value for sample in families["nocobase_cluster_check_findings"]}
    assert counted == {"pass": 1, "info": 0, "warn": 1, "fail": 1, "skip": 1, "unknown": 1}
    open_ = {(sample.labels["id"], sample.labels["severity"]) for sample in families["nocobase_cluster_check_finding"]}
    assert open_ == {("redis.connect", "fail"), ("storage.lock", "unknown"), ("node.tls", "warn")}
    values = {
        name: families[f"nocobase_cluster_check_{name}"][0].value
        for name in ("good", "complete", "accepted", "duration_seconds", "timestamp_seconds")
    }
    assert values == {
        "good": 0,
        "complete": 1,
        "accepted": 1,
        "duration_seconds": 1.234,
        "timestamp_seconds": 1795897800,
    }


def test_a_label_of_the_metrics_holds_whatever_the_cluster_is_called():
    (good,) = (
        family.samples
        for family in text_string_to_metric_families(rendered(hostile(), Format.PROMETHEUS))
        if family.name == "nocobase_cluster_check_good"
    )
    assert good[0].labels == {"cluster": 'n"}\n x{a="'}


class _Page(HTMLParser):
    """What of a page could load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag if tag in {"script", "style"} else ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.raw[self._in] = self.raw.get(self._in, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


@pytest.mark.parametrize("made", [told(), hostile()], ids=["plain", "hostile"])
def test_a_page_loads_nothing_and_runs_only_what_its_policy_names(made):
    text = rendered(made, Format.HTML)
    page = _Page()
    page.feed(text)
    tags = [tag for tag, _attributes in page.tags]
    assert (tags.count("script"), tags.count("style"), tags.count("img")) == (1, 1, 0)
    assert not [
        tag
        for tag, found in page.tags
        if {"src", "href", "style"} & found.keys() or any(name.startswith("on") for name in found)
    ]
    policy = next(found["content"] for tag, found in page.tags if found.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_a_page_has_the_sentence_the_actions_the_picture_and_every_finding():
    text = rendered(told(since=Since(STARTED, True, {Change.GONE: (FAILED,)})), Format.HTML)
    assert "<h1>Not ready: 1 thing to do first.</h1>" in text
    assert "<pre># redis.conf\nbind 0.0.0.0</pre>" in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="picture"' in text
    assert text.count('class="finding"') == 6
    assert "<li><b>Gone</b> redis.connect lock: Nobody listens" in text
    assert "Accepted until 2026-12-24: until the move" in text
    assert re.findall(r"<details( open)?>\n<summary>(\w+)", text) == [
        ("", "Plan"),
        (" open", "Redis"),
        (" open", "Shared"),
        (" open", "Nodes"),
    ]


def test_the_picture_is_a_file_of_its_own_with_each_part_and_its_state_in_words():
    made = diagram_of(told())
    root = ET.fromstring(svg.svg(made))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}style") is not None
    boxes = root.findall(f"{space}g")
    assert len(boxes) == 1 + len(made.nodes) + len(made.services)
    redis = next(box for box in boxes if "Redis" in box.find(f"{space}title").text)
    assert redis.get("class") == "box fail"
    assert redis.find(f"{space}title").text.endswith(". failed")
    assert [text.text for text in redis.findall(f"{space}text")] == ["Redis", "connection refused"]
    assert ET.fromstring(svg.svg(made, alone=False)).find(f"{space}style") is None


def test_a_long_word_is_cut_in_the_picture_and_stands_whole_in_its_title():
    made = diagram_of(told())
    text = svg.svg(replace(made, balancer=replace(made.balancer, title="x" * 90 + "-end")))
    assert re.search("…x+-end</text>", text)
    assert f"<title>{'x' * 90}-end." in text


def test_on_a_page_a_number_keeps_its_unit_in_its_line_and_all_reads_as_it_was():
    late = Finding(
        id="redis.ping",
        severity=Severity.WARN,
        summary="It answers after 1,412 ms & more: <2 min, 比限制多 3 秒。 A month has 30 days.",
        detail="There are 1.5 GB and 4 Mo left.",
        remedy="sleep 5 s",
        remedy_kind=RemedyKind.COMMANDS,
    )
    page = rendered(told(late), Format.HTML)
    whole = re.findall('<span class="whole">(.*?)</span>', page)
    assert {"1,412 ms", "2 min", "3 秒", "1.5 GB", "4 Mo", "1.2 s"} == set(whole)
    bare = re.sub('<span class="whole">(.*?)</span>', r"\1", page)
    assert "<p>It answers after 1,412 ms &amp; more: &lt;2 min, 比限制多 3 秒。 A month has 30 days.</p>" in bare
    assert "<pre>sleep 5 s</pre>" in page
    assert "white-space: nowrap" in page
