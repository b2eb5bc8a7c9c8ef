"""Where the balancer is a service of Compose, what is to be typed goes to that, and not to a program of the machine."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.open_source import open_source
from wizard.checks.balancer import remedies
from wizard.checks.balancer.checks import checks
from wizard.checks.balancer.in_service import service_of, told_for
from wizard.checks.balancer.specs import SITE
from wizard.engine.check import Check
from wizard.engine.component import Beside
from wizard.plan.finding import Severity
from wizard.plan.observed import Topic
from wizard.plan.remedy import steps
from wizard.plan.sections import BalancerKind, Deployment

NODES = "  {name}: {{image: 'nocobase/nocobase:2.2.15', environment: {{APP_KEY: x, DB_DIALECT: postgres}}}}\n"
COMPOSE = "services:\n" + NODES.format(name="app1") + NODES.format(name="app2")
NGINX = (
    "upstream app { server app1:80; server app2:80; }\n"
    "server { listen 80; location / { proxy_pass http://app; proxy_read_timeout 10s; } }\n"
)
HAPROXY = "frontend fe\n  bind *:80\n  default_backend be\nbackend be\n  server a app1:80\n  server b app2:80\n"
AS_SERVICE = "docker compose run --rm --no-deps web nginx -t && docker compose up -d --force-recreate --no-deps web"


def opened(tmp_path, service, **files):
    (tmp_path / "compose.yaml").write_text(f"{COMPOSE}  web: {service}\n")
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text)
    return open_source(str(tmp_path / "compose.yaml")).plan


def site_findings(plan, beside=None):
    [check] = [one for one in checks(plan, SECRETS, beside) if one.part == "site"]
    facts = check.facts()
    check.probe(facts)
    return list(check.judge(facts))


def beside(texts):
    return Beside(path="b", edited=False, files=tuple, read=texts.get, deployed=tuple, opened=lambda _one: None)


def test_a_site_that_a_service_mounts_is_tested_and_taken_by_the_service(tmp_path):
    mount = "{image: 'nginx:1.30', ports: ['80:80'], volumes: ['./web.conf:/etc/nginx/conf.d/default.conf:ro']}"
    plan = opened(tmp_path, mount, web__conf=NGINX)
    remedies_told = [one.remedy for one in site_findings(plan) if one.severity is Severity.WARN]
    assert any(AS_SERVICE in remedy for remedy in remedies_told)
    assert not any("nginx -t && nginx -s reload" in remedy for remedy in remedies_told)


@pytest.mark.parametrize(
    ("kind", "image", "target", "text", "test"),
    [
        (BalancerKind.NGINX, "nginx", "/etc/nginx/conf.d/a.conf", NGINX, "nginx -t"),
        (
            BalancerKind.HAPROXY,
            "haproxy:3",
            "/usr/local/etc/haproxy/haproxy.cfg",
            HAPROXY,
            "haproxy -c -f /usr/local/etc/haproxy/haproxy.cfg",
        ),
    ],
)
def test_every_command_of_the_machine_has_one_of_the_service(tmp_path, kind, image, target, text, test):
    plan = opened(tmp_path, f"{{image: '{image}', volumes: ['./a:{target}']}}", a=text)
    assert [one.value for one in plan.seen(Topic.BALANCER_SERVICE)] == ["web"]
    service = service_of(plan, None)
    assert service is not None
    lines = service.lines(kind)
    assert lines.keys() == {remedies.RELOAD[kind], remedies.RENEWED[kind], remedies.LOGGED[kind]}
    assert all(line.startswith("docker compose ") for line in lines.values())
    assert test in lines[remedies.RELOAD[kind]]


def test_of_a_bundle_for_compose_both_are_told():
    plan = good_plan().with_value("application.deployment", Deployment.DOCKER)
    service = service_of(plan, beside({}))
    assert service is not None
    [finding] = told_for(reloading(), service, BalancerKind.NGINX).judge(None)
    assert finding.remedy.splitlines()[-2:] == [
        "nginx -t && nginx -s reload",
        (
            "# Where it is a service of Compose, in the bundle's folder “compose” instead: "
            "docker compose --env-file ../env/cluster.env --profile balancer run --rm --no-deps balancer nginx -t && "
            "docker compose --env-file ../env/cluster.env --profile balancer up -d --force-recreate --no-deps balancer"
        ),
    ]


@pytest.mark.parametrize("deployment", [Deployment.BARE, Deployment.KUBERNETES])
def test_a_bundle_without_compose_speaks_of_no_service(deployment):
    assert service_of(good_plan().with_value("application.deployment", deployment), beside({})) is None


def test_a_cluster_file_alone_speaks_of_no_service():
    assert service_of(good_plan(), None) is None


def reloading():
    """Return a check whose finding ends with the command that reloads a balancer of its machine."""
    finding = SITE[0].fail("x", remedy=steps("Then:", remedies.RELOAD[BalancerKind.NGINX]))
    return Check(
        component="balancer",
        specs=SITE,
        facts=lambda: None,
        probe=lambda _facts: None,
        judge=lambda _facts: [finding],
    )
