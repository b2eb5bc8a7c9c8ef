"""What is said of Kubernetes' workloads and Ingresses: the least that will do, and each command to the letter."""

import json
import shlex
from dataclasses import replace

import pytest

from wizard.checks.plan.rules import kubernetes
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.observed import Observed, Topic
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.remedy import RemedyKind
from wizard.plan.sections import Node

PASS, INFO, WARN, FAIL = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL
AT = Place("app.yaml", 7)
TARGET = "deployment/crm -n shop"
INFO_OF = "/api/app:getInfo"


def judged(*seen, **settings):
    """Return what is said of a plan of one node, at the port 13000, in which this was seen."""
    plan = replace(Plan(id="x"), nodes=(Node(name="a", port=13000),), observed=seen)
    for key, value in settings.items():
        plan = plan.with_value(key.replace("__", "."), value)
    return [finding for rule in kubernetes.RULES for finding in rule.findings(replace(plan, observed=seen), {})]


def seen(topic, value, *names, target=TARGET, subject="crm"):
    return Observed(topic, subject, AT, value, names, target)


def patch_of(remedy):
    """Return what a command of kubectl patches with, and on what; the words above it say to keep the manifest alike."""
    words, line = remedy.splitlines()
    assert words == "# The manifest gets the same. A change of the workload starts its pods anew:"
    kubectl, patch, *target, option, how, sign, change = shlex.split(line)
    assert (kubectl, patch, option, how, sign) == ("kubectl", "patch", "--type", "strategic", "-p")
    return " ".join(target), json.loads(change)


@pytest.mark.parametrize(
    ("way", "kind", "replicas", "severity"),
    [
        ("RollingUpdate", "Deployment", "1", FAIL),  # the new pod comes before the old one goes
        ("RollingUpdate", "Deployment", "2", FAIL),
        ("Recreate", "Deployment", "2", PASS),
        ("RollingUpdate", "StatefulSet", "1", PASS),
        ("RollingUpdate", "StatefulSet", "2", FAIL),
        ("OnDelete", "StatefulSet", "2", PASS),
        ("RollingUpdate", "DaemonSet", "", FAIL),
    ],
)
def test_two_versions_at_once_fail(way, kind, replicas, severity):
    [finding] = judged(seen(Topic.UPDATE, way, kind, replicas))
    assert (finding.id, finding.subject, finding.severity) == ("plan.rolling_update", "crm", severity)


@pytest.mark.parametrize(
    ("kind", "key", "way"),
    [
        ("Deployment", "strategy", "Recreate"),
        ("StatefulSet", "updateStrategy", "OnDelete"),
        ("DaemonSet", "updateStrategy", "OnDelete"),
    ],
)
def test_the_way_of_an_update_is_changed_where_the_kind_has_it(kind, key, way):
    [finding] = judged(seen(Topic.UPDATE, "RollingUpdate", kind, "3"))
    assert patch_of(finding.remedy) == (TARGET, {"spec": {key: {"type": way, "rollingUpdate": None}}})
    assert finding.detail == "app.yaml line 7\nNocoBase migrates its database at each start, without a lock."


def test_what_no_command_can_name_is_told_in_words():
    [finding] = judged(seen(Topic.UPDATE, "RollingUpdate", "Deployment", "3", target=""))
    assert (finding.remedy_kind, finding.remedy) == (RemedyKind.ADVICE, "Set spec.strategy.type to Recreate.")


@pytest.mark.parametrize(
    ("seconds", "severity", "summary"),
    [
        ("", PASS, "No probe ends a node of crm."),
        ("900", PASS, "A node of crm may take 900 seconds to start."),
        ("899", FAIL, "A node of crm may take 899 seconds to start. Then startupProbe ends it."),
        ("1", FAIL, "A node of crm may take 1 second to start. Then startupProbe ends it."),
    ],
)
def test_a_start_may_take_a_quarter_of_an_hour(seconds, severity, summary):
    [finding] = judged(seen(Topic.PATIENCE, seconds, *(("startupProbe", "app") if seconds else ())))
    assert (finding.id, finding.severity, finding.summary) == ("plan.startup_probe", severity, summary)
    assert finding.subject == "crm"


def test_the_probe_that_is_given_asks_for_the_health_of_that_node_for_a_quarter_of_an_hour():
    item = seen(Topic.PATIENCE, "30", "livenessProbe", "app")
    [finding] = judged(item, application__public_path="/crm/")
    target, change = patch_of(finding.remedy)
    assert target == TARGET
    assert change["spec"]["template"]["spec"]["containers"] == [
        {
            "name": "app",
            "startupProbe": {
                "httpGet": {"path": "/crm/api/__health_check", "port": 13000},
                "periodSeconds": 10,
                "failureThreshold": 90,
            },
        }
    ]


@pytest.mark.parametrize("name", ["App", "-app", "", 'a"b', "a b"])
def test_what_kubernetes_takes_for_no_containers_name_is_in_no_command(name):
    [finding] = judged(seen(Topic.PATIENCE, "30", "livenessProbe", name))
    assert finding.remedy == "Add a startupProbe with periodSeconds 10 and failureThreshold 90."


def test_a_path_that_would_end_the_quotes_is_in_no_command():
    item = seen(Topic.PATIENCE, "30", "livenessProbe", "app")
    [finding] = judged(item, application__public_path="/it's/")
    assert finding.remedy_kind is RemedyKind.ADVICE


@pytest.mark.parametrize(
    ("value", "names", "severity", "summary"),
    [
        ("on", ("DB_PORT",), FAIL, "A Service of these manifests sets DB_PORT of crm."),
        ("on", (), INFO, "A Service called “app” or “db” would set a variable of crm."),
        ("off", (), PASS, "No Service sets a variable of crm."),
        ("off", ("DB_PORT",), PASS, "No Service sets a variable of crm."),
    ],
)
def test_variables_that_a_service_sets_fail_and_those_that_one_would_set_are_told(value, names, severity, summary):
    [finding] = judged(seen(Topic.SERVICE_LINKS, value, *names))
    assert (finding.id, finding.severity, finding.summary) == ("plan.service_links", severity, summary)
    assert finding.subject == "crm"
    if severity is not PASS:
        change = {"spec": {"template": {"spec": {"enableServiceLinks": False}}}}
        assert patch_of(finding.remedy) == (TARGET, change)


@pytest.mark.parametrize(("names", "severity"), [(("APP_KEY", "DB_PASSWORD"), WARN), ((), PASS)])
def test_secrets_in_a_configmap_are_named(names, severity):
    [finding] = judged(seen(Topic.PLAIN_SECRETS, "", *names, subject="ConfigMap conf"))
    assert (finding.id, finding.severity) == ("plan.secret_objects", severity)
    assert finding.facts == ({"variables": list(names)} if names else {})


@pytest.mark.parametrize(
    ("version", "gone"),
    [
        ("extensions/v1beta1", True),
        ("apps/v1beta1", True),
        ("apps/v1beta2", True),
        ("networking.k8s.io/v1beta1", True),
        ("batch/v1beta1", True),
        ("policy/v1beta1", True),
        ("autoscaling/v2beta1", True),
        ("autoscaling/v2beta2", True),
        ("traefik.containo.us/v1alpha1", True),
        ("apps/v1", False),
        ("apps/v1beta3", False),
        ("networking.k8s.io/v1", False),
        ("networkingxk8s.io/v1beta1", False),
        ("batch/v1", False),
        ("autoscaling/v2", False),
        ("traefik.io/v1alpha1", False),
        ("v1", False),
    ],
)
def test_versions_that_kubernetes_no_longer_has_fail(version, gone):
    [finding] = judged(seen(Topic.API_VERSION, version, subject="Ingress crm"))
    assert finding.severity is (FAIL if gone else PASS)
    assert finding.error is (ErrorKind.VERSION if gone else None)
    assert (finding.subject, finding.detail) == (("Ingress crm", "app.yaml line 7") if gone else ("", ""))


def test_values_in_the_wrong_form_are_told_once_for_each_object_but_not_of_a_version_that_is_gone():
    written = [
        Observed(Topic.WRITTEN, "Deployment a", Place("a.yaml", 3), "quoted"),
        Observed(Topic.WRITTEN, "Deployment a", Place("a.yaml", 4), "unquoted"),
        Observed(Topic.WRITTEN, "Deployment a", Place("a.yaml", 5), "quoted"),
        Observed(Topic.WRITTEN, "Ingress old", Place("a.yaml", 9), "quoted"),
    ]
    old = seen(Topic.API_VERSION, "extensions/v1beta1", subject="Ingress old")
    first, second = judged(old, *written)
    assert (first.subject, first.error) == ("Ingress old", ErrorKind.VERSION)
    assert (second.subject, second.error) == ("Deployment a", ErrorKind.PROTOCOL)
    assert second.detail == (
        "In quotes, and not to be: a.yaml line 3, a.yaml line 5. Without quotes, and to be in them: a.yaml line 4."
    )
    assert [place.line for place in second.places] == [3, 4, 5]


@pytest.mark.parametrize(
    ("value", "refuses"),
    [
        ("", "1m"),  # what ingress-nginx takes itself
        ("1m", "1m"),
        ("19m", "19m"),
        ("20m", ""),
        ("20M", ""),
        ("20971519", "20971519"),
        ("20971520", ""),
        ("20479k", "20479k"),
        ("20480k", ""),
        ("1g", ""),
        ("0", ""),  # no limit
        ("20 m", ""),  # what it cannot read it ignores
        ("much", ""),
        (" 8m ", " 8m "),
    ],
)
def test_an_ingress_lets_files_of_twenty_mebibytes_pass(value, refuses):
    [finding] = judged(seen(Topic.BODY_LIMIT, value, "Prefix", "/", target="ingress/crm"))
    assert finding.severity is (FAIL if refuses else PASS)
    if refuses:
        assert finding.summary == f"The Ingress crm refuses files above {refuses}."
        assert finding.subject == "crm: proxy-body-size"
        assert finding.remedy.splitlines() == [
            "# The manifest gets the same:",
            "kubectl annotate --overwrite ingress/crm nginx.ingress.kubernetes.io/proxy-body-size=0",
        ]


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        ("", "60 seconds"),
        ("1", "1 second"),
        ("599", "599 seconds"),
        ("600", ""),
        ("0600", ""),
        ("1h", ""),
        ("-1", ""),
        ("6" * 4000, ""),
    ],
)
def test_an_ingress_waits_ten_minutes_for_an_answer(value, waits):
    [finding] = judged(seen(Topic.READ_TIMEOUT, value, "Prefix", "/", target="ingress/crm"))
    assert finding.severity is (WARN if waits else PASS)
    if waits:
        assert finding.summary == f"The Ingress crm waits {waits} for an answer."
        assert finding.subject == "crm: proxy-read-timeout"
        assert finding.remedy.endswith("ingress/crm nginx.ingress.kubernetes.io/proxy-read-timeout=600")


def test_of_an_ingress_each_limit_is_told_once_and_only_of_a_path_that_nocobase_has():
    asked = [
        seen(Topic.BODY_LIMIT, "1m", "Exact", "/other", target=""),
        seen(Topic.BODY_LIMIT, "2m", "Prefix", "/", target=""),
        seen(Topic.BODY_LIMIT, "3m", "Prefix", "/", target=""),
        seen(Topic.READ_TIMEOUT, "60", "Prefix", "/", target=""),
        seen(Topic.READ_TIMEOUT, "60", "Prefix", "/", target="", subject="second"),
    ]
    found = judged(*asked)
    assert [(one.subject, one.severity) for one in found] == [
        ("crm: proxy-body-size", FAIL),
        ("crm: proxy-read-timeout", WARN),
        ("second: proxy-read-timeout", WARN),
    ]
    assert found[0].summary == "The Ingress crm refuses files above 2m."
    assert found[0].remedy == "Set the annotations proxy-body-size and proxy-read-timeout of ingress-nginx."
    assert judged(asked[0]) == []


ASKED = f"/crm{INFO_OF}"


@pytest.mark.parametrize(
    ("form", "path", "to", "asked", "given"),
    [
        ("Prefix", "/", "", ASKED, ASKED),
        ("Prefix", "/crm", "", ASKED, ASKED),
        ("Prefix", "/cr", "/", f"/cr{INFO_OF}", "/"),  # it ends where a part of the path does
        ("Prefix", "/a(b", "", f"/a(b{INFO_OF}", f"/a(b{INFO_OF}"),  # and is no expression
        ("Prefix", "/", "/$1", ASKED, "/"),  # without a group nothing is put in
        ("ImplementationSpecific", "/(.*)", "/$1", ASKED, ASKED),
        ("ImplementationSpecific", "/crm/(.*)", "/$1", ASKED, INFO_OF),
        ("ImplementationSpecific", "/crm(/|$)(.*)", "/$2", ASKED, INFO_OF),
        ("ImplementationSpecific", "/crm(/|$)(.*)", "/crm$1$2", ASKED, ASKED),
        ("ImplementationSpecific", "/CRM/(.*)", "/crm/$1", ASKED, ASKED),  # ingress-nginx does not regard case
        ("ImplementationSpecific", "/crm/(.*)", "/$2", ASKED, "/"),  # there is no such group
        ("ImplementationSpecific", "/crm/(x)?(.*)", "/$1$2", ASKED, INFO_OF),  # one that took no part is empty
        ("ImplementationSpecific", "/crm/(.*)", "/", ASKED, "/"),
        ("ImplementationSpecific", "/other/(.*)", "/$1", f"/other{INFO_OF}", INFO_OF),  # without the path of the plan
        ("Exact", ASKED, "/", ASKED, "/"),
    ],
)
def test_what_a_rewrite_makes_of_a_request_is_told(form, path, to, asked, given):
    [finding] = judged(seen(Topic.REWRITE, to, form, path), application__public_path="/crm/")
    if given == asked:
        assert (finding.severity, finding.summary) == (PASS, "Paths come to NocoBase as users ask for them.")
    else:
        assert (finding.severity, finding.summary) == (FAIL, f"{asked} comes to NocoBase as {given}.")


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ("ImplementationSpecific", "/("),  # no expression
        ("ImplementationSpecific", "/" + "a?" * 100),  # longer than any
        ("Exact", "/crm"),
    ],
)
def test_of_a_path_that_no_request_of_nocobase_takes_nothing_is_said(form, path):
    assert judged(seen(Topic.REWRITE, "/", form, path), application__public_path="/crm/") == []


def test_of_several_rewrites_the_first_that_is_wrong_is_told():
    right = seen(Topic.REWRITE, "", "Prefix", "/")
    wrong = [seen(Topic.REWRITE, f"/{name}", "Prefix", "/", subject=name) for name in ("one", "two")]
    [finding] = judged(right, *wrong)
    assert (finding.severity, finding.subject) == (FAIL, "one")
    [finding] = judged(right)
    assert (finding.severity, finding.summary) == (PASS, "Paths come to NocoBase as users ask for them.")
