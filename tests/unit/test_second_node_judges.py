"""What only the second node brings, judged from facts: packages, the sync signal, and the database of each node."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.cluster import judge_assets, judge_database
from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.assets import AssetFacts, Held, Page
from wizard.checks.cluster.judge_sync import judge_sync
from wizard.checks.cluster.session import Account
from wizard.checks.cluster.use_probe import Target, UseFacts
from wizard.checks.database.errors import NO_VERSION
from wizard.checks.database.target import Target as Database
from wizard.checks.node.probe import NodeFacts
from wizard.checks.node.target import target_of
from wizard.checks.redis.facts import RedisFacts, Session
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import Secret

A, B = "/a.3f9c2ab7.js", "/b.77aa01bc.js"
THERE, GONE, NEITHER = Known(Held(there=True, status=200)), Known(Held(there=False, status=404)), Known(Held(None, 503))
FAIL, WARN, UNKNOWN, SKIP, PASS = (
    Severity.FAIL,
    Severity.WARN,
    Severity.UNKNOWN,
    Severity.SKIP,
    Severity.PASS,
)


def told(finding):
    return finding.severity, finding.error


def assets(pages, held, planned=("n1", "n2")):
    facts = AssetFacts(
        Known(tuple(pages)), Known({n: Known(Page(200, files)) for n, files in pages.items()}), Known(held)
    )
    [finding] = judge_assets.judge(planned, facts)
    return finding


def test_the_same_files_on_each_node_pass_and_are_counted():
    finding = assets({"n1": (A,), "n2": (A,)}, {"n1": {A: THERE}, "n2": {A: THERE}})
    assert told(finding) == (PASS, None)
    assert finding.summary == "The 1 script or style sheet that the page names is on each of n1, n2."


@pytest.mark.parametrize(
    ("pages", "held", "summary"),
    [
        ({"n1": (A,), "n2": (A,)}, {"n1": {A: THERE}, "n2": {A: GONE}}, "n2 run another package than n1."),
        (
            {"n1": (A,), "n2": (B,)},
            {"n1": {A: THERE, B: GONE}, "n2": {A: GONE, B: THERE}},
            "The nodes run different packages: n1, n2 lack files of each other.",
        ),
        (
            {"n1": (A,), "n2": (B,), "n3": (A,)},
            {"n1": {A: THERE, B: GONE}, "n2": {A: GONE, B: THERE}, "n3": {A: THERE, B: GONE}},
            "n2 run another package than n1, n3.",
        ),
        ({"n1": (A,), "n2": (A,)}, {"n1": {A: GONE}, "n2": {A: GONE}}, "n1, n2 lack files that their own page names."),
    ],
)
def test_who_lacks_whose_file_is_said_in_one_sentence(pages, held, summary):
    finding = assets(pages, held, tuple(pages))
    assert told(finding) == (FAIL, ErrorKind.VERSION)
    assert finding.summary == summary


@pytest.mark.parametrize(
    ("answer", "said"),
    [(NEITHER, f"n2: HTTP 503 for {A}."), (Trouble(ErrorKind.TIMEOUT, "no answer"), "n2: no answer.")],
)
def test_an_answer_that_says_neither_is_never_a_pass(answer, said):
    finding = assets({"n1": (A,), "n2": (A,)}, {"n1": {A: THERE}, "n2": {A: answer}})
    assert told(finding) == (UNKNOWN, ErrorKind.OTHER)
    assert said in finding.detail


def test_of_a_node_without_a_page_that_is_said_and_not_its_answers():
    pages = {"n1": Trouble(ErrorKind.REFUSED, "no page"), "n2": Known(Page(200, (A,)))}
    facts = AssetFacts(Known(("n1", "n2")), Known(pages), Known({"n1": {A: NEITHER}, "n2": {A: NEITHER}}))
    [finding] = judge_assets.judge(("n1", "n2"), facts)
    assert finding.detail == f"n1: no page. n2: HTTP 503 for {A}."


def test_a_node_that_does_not_serve_is_named():
    finding = assets({"n1": (A,), "n2": (A,)}, {"n1": {A: THERE}, "n2": {A: THERE}}, ("n1", "n2", "n3"))
    assert told(finding) == (UNKNOWN, ErrorKind.OTHER)
    assert finding.detail == "n3: it does not serve."


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        (AssetFacts(), UNKNOWN),
        (AssetFacts(Known(("n1",))), SKIP),
        (AssetFacts(Known(("n1", "n2"))), UNKNOWN),
        (AssetFacts(Known(("n1", "n2")), Known({})), UNKNOWN),
    ],
)
def test_files_that_were_not_compared_are_never_a_pass(facts, severity):
    [finding] = judge_assets.judge(("n1", "n2"), facts)
    assert finding.severity is severity


NO_PATTERN = Known(0)


def sync(listeners, nodes=2, *, patterns=NO_PATTERN, plan=None, connection=PENDING):
    facts = {("node", f"n{i}"): NodeFacts(health=Known(Reply(200, {}, b"ok"))) for i in range(nodes)}
    if listeners is not None:
        facts["redis", "sync"] = RedisFacts(connection=connection, listeners=listeners, patterns=patterns)
    [finding] = judge_sync(plan or Plan(), facts)
    return finding


@pytest.mark.parametrize(
    ("count", "severity", "error"),
    [(0, FAIL, ErrorKind.MISSING), (1, WARN, ErrorKind.MISSING), (2, PASS, None), (3, PASS, None)],
)
def test_each_node_that_serves_must_listen(count, severity, error):
    channels = {"main.main.sync.app": count, "main.main.sync.other": 0} if count else {}
    assert told(sync(Known(channels))) == (severity, error)


@pytest.mark.parametrize(
    ("patterns", "error"), [(Known(1), ErrorKind.OTHER), (Trouble(ErrorKind.PERMISSION), ErrorKind.PERMISSION)]
)
def test_whoever_may_listen_by_a_pattern_is_not_called_absent(patterns, error):
    assert told(sync(Known({}), patterns=patterns)) == (UNKNOWN, error)


def test_listeners_that_were_not_asked_for_are_unknown_and_lead_to_the_reason():
    assert "redis.connect" in sync(PENDING).summary
    assert "redis.connect" in sync(None).summary
    refused = sync(Trouble(ErrorKind.PERMISSION), connection=Known(Session()))
    assert told(refused) == (UNKNOWN, ErrorKind.PERMISSION)
    assert "redis.neighbours" in refused.summary
    too_late = sync(PENDING, connection=Known(Session()))
    assert (too_late.severity, too_late.because) == (UNKNOWN, ("redis.neighbours",))


def test_where_a_node_does_not_serve_its_health_says_why_nothing_is_compared():
    nodes = {("node", name): NodeFacts(health=Known(Reply(code, {}, b"ok"))) for name, code in (("a", 200), ("b", 503))}
    [finding] = judge_sync(Plan(), nodes)
    assert (finding.severity, finding.because) == (SKIP, ("node.health",))


def test_what_listens_is_told_with_its_figures():
    finding = sync(Known({"main.sync": 2, "main.other": 1}))
    assert finding.facts == {"serving": ["n0", "n1"], "listeners": 2, "channels": 2}
    assert sync(Known({}), patterns=Known(1)).facts == {"serving": ["n0", "n1"], "listeners": 0, "channels": 0}
    assert sync(PENDING).because == ("redis.connect",)


def test_one_node_or_a_cluster_without_the_plugins_is_not_compared():
    alone = sync(Known({}), nodes=1)
    assert (alone.severity, alone.because, alone.summary) == (
        SKIP,
        (),
        "Not compared: fewer than two nodes serve.",
    )
    assert sync(Known({}), plan=Plan().with_value("licence.without_plugins", True)).severity is SKIP


ACCOUNT = Account("checks", Secret("a-password-of-checks"))
NAMES = ("node1", "node2")


def use(*, account=ACCOUNT, others=(), **facts):
    plan = good_plan()
    nodes = tuple(target_of(plan, index) for index in range(2))
    target = Target(nodes, Database.of(plan, SECRETS), account, advice(tr("Give one.")), others)
    usual = {"serving": Known(NAMES), "told": Known(dict.fromkeys(NAMES, "2.2.15")), "held": Known("2.2.15")}
    [finding] = judge_database.judge(target, UseFacts(**{**usual, **facts}))
    return finding


def logins(*statuses):
    return Known({name: Known(Said(status)) for name, status in zip(NAMES, statuses, strict=False)})


MUTE = Known({"node1": Known(Said(200)), "node2": Trouble(ErrorKind.TIMEOUT, "no answer")})
"""One node lets the account in, and the other gives no answer."""


@pytest.mark.parametrize(("status", "words"), [(200, "its token names no session"), (401, "HTTP 401")])
def test_what_a_node_said_to_the_account_is_told(status, words):
    assert use(logins=logins(status)).detail == words


def test_sessions_that_are_found_pass_and_name_who_was_not_asked():
    finding = use(logins=logins(200, 200), kept=Known(dict.fromkeys(NAMES, True)), others=("node3",))
    assert told(finding) == (PASS, None)
    assert "node3" in finding.detail


@pytest.mark.parametrize(
    ("facts", "severity", "error", "words"),
    [
        ({"kept": Known({"node1": True, "node2": False})}, FAIL, ErrorKind.MISSING, "node2 use another database"),
        ({"kept": Known({"node1": True})}, UNKNOWN, ErrorKind.OTHER, "Could not be found out of node2"),
        ({"kept": Known({"node1": True}), "logins": logins(200, 401)}, FAIL, ErrorKind.MISSING, "node2 use another"),
        ({"kept": Known({"node1": True}), "logins": MUTE}, UNKNOWN, ErrorKind.OTHER, "Could not be found out of node2"),
        ({"kept": Known({}), "logins": logins(401, 401)}, UNKNOWN, ErrorKind.OTHER, "node1, node2"),
        ({"kept": Known(None)}, UNKNOWN, ErrorKind.VERSION, "issuedTokens"),
        ({"kept": Trouble(ErrorKind.TIMEOUT)}, UNKNOWN, ErrorKind.TIMEOUT, "was not asked for the sessions"),
        ({"logins": logins(401)}, UNKNOWN, ErrorKind.CREDENTIALS, "node1 gives the account for checks no session"),
        ({"logins": PENDING}, UNKNOWN, ErrorKind.TIMEOUT, "was not asked for the sessions"),
        ({"held": Known("")}, FAIL, ErrorKind.MISSING, "holds no NocoBase"),
        ({"held": Known("2.2.14")}, FAIL, ErrorKind.MISSING, "node1, node2 use another database"),
        ({"held": PENDING}, UNKNOWN, ErrorKind.TIMEOUT, "database.connect"),
        ({"held": Trouble(ErrorKind.REFUSED)}, UNKNOWN, ErrorKind.REFUSED, "database.connect"),
        ({"held": Trouble(ErrorKind.PERMISSION)}, UNKNOWN, ErrorKind.PERMISSION, "database.installation"),
        ({"held": Trouble(ErrorKind.PERMISSION, about="x")}, UNKNOWN, ErrorKind.PERMISSION, "database.connect"),
        ({"held": Trouble(ErrorKind.OTHER, about=NO_VERSION)}, UNKNOWN, ErrorKind.OTHER, "database.installation"),
        ({"account": None}, UNKNOWN, ErrorKind.MISSING, "another database may hold the same"),
        ({"account": None, "told": Known(dict.fromkeys(NAMES, ""))}, UNKNOWN, ErrorKind.MISSING, "node.version"),
        ({"serving": PENDING}, UNKNOWN, ErrorKind.TIMEOUT, "which nodes serve"),
        ({"serving": Known(())}, SKIP, None, "node.health"),
    ],
)
def test_what_speaks_against_one_database_or_proves_nothing_is_told(facts, severity, error, words):
    finding = use(**{"logins": logins(200, 200), **facts})
    assert told(finding) == (severity, error)
    assert words in finding.summary


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({"kept": Known({"node1": True}), "logins": logins(200)}, ("node.health", "node.connect")),
        ({"kept": Known({"node1": True}), "logins": MUTE}, ()),
    ],
)
def test_what_could_not_be_found_out_of_a_node_that_is_down_comes_of_that(facts, because):
    assert use(**facts).because == because
