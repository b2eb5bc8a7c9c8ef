"""How a Compose file runs the nodes: storage, ports, databases and the balancer beside them, judged both ways."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.checks.storage.checks import checks
from wizard.plan.finding import Severity
from wizard.plan.observed import Topic
from wizard.plan.sections import BalancerKind

FAIL, PASS, UNKNOWN = Severity.FAIL, Severity.PASS, Severity.UNKNOWN


def app(body="", image="nocobase/nocobase:2.2.15", storage='"./storage:/app/nocobase/storage"', name="app"):
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    volumes = f"    volumes: [{storage}]\n" if storage else ""
    return f"  {name}:\n    image: {image}\n    environment: {{DB_DIALECT: postgres, DB_HOST: db}}\n{volumes}{lines}"


def opened(tmp_path, services, more="", **beside):
    for file, content in beside.items():
        (tmp_path / file.replace("__", ".")).write_text(content)
    (tmp_path / "compose.yaml").write_text(f"services:\n{services}{more}")
    return open_source(str(tmp_path / "compose.yaml"))


def judged(found, identifier):
    return [one for one in rules(found.plan, found.secrets) if one.id == identifier]


NFS = "volumes: {files: {driver_opts: {type: nfs}}}\n"


@pytest.mark.parametrize(
    ("storage", "more", "expected"),
    [
        ('"files:/app/nocobase/storage"', "volumes: {files: {}}\n", FAIL),
        ('"files:/app/nocobase/storage"', NFS, PASS),
        ('"files:/app/nocobase/storage"', "volumes: {files: {external: true}}\n", UNKNOWN),
        ('"files:/app/nocobase/storage"', "volumes: {files: {driver: some/plugin}}\n", UNKNOWN),
        ('"./storage:/app/nocobase/storage"', "", UNKNOWN),
        ('"/app/nocobase/storage"', "", FAIL),
        ("{type: tmpfs, target: /app/nocobase/storage}", "", FAIL),
        ('"files:/app/nocobase"', "volumes: {files: {}}\n", FAIL),
        ("", "", FAIL),
    ],
)
def test_nodes_of_several_machines_share_their_storage(tmp_path, storage, more, expected):
    services = app("profiles: [one]", storage=storage) + app("profiles: [two]", storage=storage, name="other")
    [finding] = judged(opened(tmp_path, services, more), "plan.shared_storage")
    assert finding.severity is expected


def test_a_volume_of_each_machine_is_not_shared(tmp_path):
    storage = '"files:/app/nocobase/storage", "plugins:/app/nocobase/storage/plugins"'
    services = app("profiles: [one]", storage=storage) + app("profiles: [two]", storage=storage, name="other")
    more = "volumes: {files: {}, plugins: {driver_opts: {type: nfs}}}\n"
    [finding] = judged(opened(tmp_path, services, more), "plan.shared_storage")
    assert (finding.severity, "files" in finding.summary) == (FAIL, True)
    assert "compose.yaml line" in finding.detail


def test_one_volume_on_one_machine_is_shared(tmp_path):
    storage = '"files:/app/nocobase/storage"'
    found = opened(tmp_path, app(storage=storage) + app(storage=storage, name="other"), "volumes: {files: {}}\n")
    assert [one.severity for one in judged(found, "plan.shared_storage")] == [PASS]


def test_two_folders_on_one_machine_are_not_shared(tmp_path):
    services = app(storage='"./a:/app/nocobase/storage"') + app(storage='"./b:/app/nocobase/storage"', name="other")
    [finding] = judged(opened(tmp_path, services), "plan.shared_storage")
    assert (finding.severity, "./a, ./b" in finding.summary) == (FAIL, True)


def test_replicas_that_swarm_places_do_not_share_a_local_volume(tmp_path):
    body = "deploy: {replicas: 3, placement: {constraints: [node.role == worker]}}"
    found = opened(tmp_path, app(body, storage='"files:/app/nocobase/storage"'), "volumes: {files: {}}\n")
    assert [node.name for node in found.plan.nodes] == ["app", "app-2", "app-3"]
    assert [one.severity for one in judged(found, "plan.shared_storage")] == [FAIL]


@pytest.mark.parametrize(
    ("deploy", "named", "shared"),
    [("{mode: global}", 2, FAIL), ("{mode: replicated, replicas: 2}", None, PASS), ("{mode: global-job}", 2, FAIL)],
)
def test_one_on_each_machine_of_a_swarm_is_named_and_not_counted(tmp_path, deploy, named, shared):
    services = app(f"deploy: {deploy}", storage='"files:/app/nocobase/storage"')
    services += app(storage='"files:/app/nocobase/storage"', name="other")
    plan = (found := opened(tmp_path, services, "volumes: {files: {}}\n")).plan
    lines = {item.subject: item.place.line - 4 for item in plan.seen(Topic.UNFOLLOWED)}
    assert lines == ({"mode: global": named} if named else {})
    assert [one.severity for one in judged(found, "plan.shared_storage")] == [shared]


@pytest.mark.parametrize(
    ("image", "ports", "expected"),
    [
        ("2.2.15", '"13000:80"', PASS),
        ("2.2.15", '"13000:13000"', PASS),
        ("2.2.15-full-no-nginx", '"13000:13000"', PASS),
        ("2.2.15-full-no-nginx", '"13000:80"', FAIL),
        ("2.2.15-full-no-nginx", '{target: 80, published: "13000", protocol: tcp}', FAIL),
        ("2.2.15", '"8080:3000"', FAIL),
        ("2.2.15", '"53:53/udp"', None),
    ],
)
def test_a_published_port_leads_to_one_that_the_image_listens_on(tmp_path, image, ports, expected):
    found = opened(tmp_path, app(f"ports: [{ports}]", image=f"nocobase/nocobase:{image}"))
    assert [one.severity for one in judged(found, "plan.ports")] == ([expected] if expected else [])


def test_a_port_that_the_image_does_not_listen_on_is_told(tmp_path):
    found = opened(tmp_path, app('ports: ["13000:80"]', image="nocobase/nocobase:2.2.15-no-nginx"))
    [finding] = judged(found, "plan.ports")
    assert (finding.severity, finding.subject, "Publish 13000" in finding.remedy) == (FAIL, "app", True)


@pytest.mark.parametrize(
    ("ports", "host", "port"),
    [
        ('"8080:80"', "", 8080),
        ('"127.0.0.1:8081:13000"', "127.0.0.1", 8081),
        ('"0.0.0.0:8083:80/tcp"', "", 8083),
        ("{target: 80, published: 8084, host_ip: 10.0.0.7}", "10.0.0.7", 8084),
        ('"9000-9001:9000-9001", "8085:80"', "", 8085),
        ('"8086-8086:80-80"', "", 8086),
        ('"80"', "", 13000),
        ('"nonsense"', "", 13000),
    ],
)
def test_the_published_port_is_where_the_node_is_reached(tmp_path, ports, host, port):
    plan = opened(tmp_path, app(f"ports: [{ports}]")).plan
    assert (plan.nodes[0].host, plan.nodes[0].port) == (host, port)
    assert ("nodes.0.host" in plan.unsaid) is (not host)


def database(folder):
    return f'  db:\n    image: postgres:16\n    volumes: ["{folder}:/var/lib/postgresql/data"]\n'


def test_a_database_inside_the_storage_is_told(tmp_path):
    found = opened(tmp_path, app() + database("./storage/db/postgres"))
    [check] = [one for one in checks(found.plan, found.secrets) if one.subject == "db"]
    [finding] = check.judge(check.facts())
    assert (finding.id, finding.severity, finding.subject) == ("storage.database_files", FAIL, "db")
    assert "compose.yaml line" in finding.detail
    assert finding.facts == {"found": ["./storage/db/postgres"]}


@pytest.mark.parametrize("folder", ["./db", "./storage-of-db", "data"])
def test_a_database_beside_the_storage_is_right(tmp_path, folder):
    found = opened(tmp_path, app() + database(folder), "volumes: {data: {}}\n")
    assert [one for one in checks(found.plan, found.secrets) if one.subject] == []


SERVER = "  db:\n    image: postgres:16\n    command: [postgres, -c, max_connections=COUNT]\n"


def test_too_few_connections_are_known_before_the_server_is_asked(tmp_path):
    [finding] = judged(opened(tmp_path, app() + SERVER.replace("COUNT", "10")), "plan.pool")
    assert (finding.severity, "compose.yaml line" in finding.detail) == (FAIL, True)


def test_enough_connections_pass(tmp_path):
    [finding] = judged(opened(tmp_path, app() + SERVER.replace("COUNT", "500")), "plan.pool")
    assert finding.severity is PASS


SITE = "server { listen 8443 ssl; server_name crm.example.com; location / { proxy_pass http://app:13000; } }\n"
NGINX = '  web:\n    image: nginx:1.30\n    volumes: ["./site.conf:/etc/nginx/conf.d/default.conf:ro"]\n'


def test_the_site_of_a_balancer_among_the_services_is_its_file(tmp_path):
    plan = opened(tmp_path, app() + NGINX, site__conf=SITE).plan
    assert (plan.balancer.kind, plan.balancer.tls, plan.balancer.tls_port) == (BalancerKind.NGINX, True, 8443)
    assert plan.balancer.site_file == str(tmp_path / "site.conf")
    assert plan.application.public_url == "https://crm.example.com:8443"
    assert [node.name for node in plan.nodes] == ["app"]


def test_a_site_may_stand_in_a_config_of_the_file(tmp_path):
    web = "  web:\n    image: nginx\n    configs: [{source: site, target: /etc/nginx/conf.d/default.conf}]\n"
    more = f"configs:\n  site:\n    content: |\n      {SITE.replace('$', '$$')}"
    plan = opened(tmp_path, app() + web, more).plan
    assert (plan.balancer.server_name, plan.balancer.site_file) == ("crm.example.com", "")


def test_a_site_may_be_written_by_the_command(tmp_path):
    script = "cat > /etc/nginx/nginx.conf << 'EOF'\nevents {}\nhttp {\n" + SITE + "}\nEOF\nexec nginx\n"
    block = "".join(f"          {line}\n" for line in script.splitlines())
    web = f"  web:\n    image: nginx:1.25-alpine\n    entrypoint: [sh, -c]\n    command:\n      - |\n{block}"
    plan = opened(tmp_path, web).plan
    assert [(node.name, node.host, node.port) for node in plan.nodes] == [("app", "app", 13000)]
    assert plan.balancer.server_name == "crm.example.com"


@pytest.mark.parametrize(
    ("labels", "address"),
    [
        ("labels: ['traefik.http.routers.crm.rule=Host(`crm.example.com`)']", "http://crm.example.com"),
        (
            "deploy:\n  labels:\n    traefik.http.routers.c.rule: Host(`a.it`)\n    traefik.http.routers.c.tls: true",
            "https://a.it",
        ),
        ("labels: {traefik.http.routers.c.rule: 'HostRegexp(`.+`)', other: x}", ""),
    ],
)
def test_labels_for_traefik_say_the_public_address(tmp_path, labels, address):
    plan = opened(tmp_path, app(labels)).plan
    assert plan.application.public_url == address
    assert plan.balancer.kind is (BalancerKind.OTHER if address else BalancerKind.NGINX)


@pytest.mark.parametrize(
    ("port", "address"),
    [
        ('"[fd00::9]:13001:80"', "fd00::9"),
        ('"fd00::9:13001:80"', "fd00::9"),
        ('{host_ip: "fd00::9", published: "13001", target: 80}', "fd00::9"),
        ('"[::1]:13001:80"', "::1"),
    ],
)
def test_an_ipv6_address_that_a_port_is_published_at_is_told(tmp_path, port, address):
    plan = opened(tmp_path, app(f"ports: [{port}]")).plan
    [seen] = plan.seen(Topic.UNFOLLOWED)
    assert (seen.subject, seen.value) == (f"[{address}]:13001:80", "ipv6")
    assert plan.nodes[0].port == 13001
    assert "nodes.0.host" in plan.unsaid


@pytest.mark.parametrize(
    ("port", "called"),
    [
        ("a:b", "a:b"),
        ("[fd00::9%eth0]:13001:80", "[fd00::9%eth0]:13001:80"),
        ("${NOT_SET}", "${NOT_SET}"),
        ("", "ports"),
    ],
)
def test_a_port_in_a_form_that_is_not_read_is_named(tmp_path, port, called):
    plan = opened(tmp_path, app(f'ports: ["{port}", "53:53/udp", "[::]:13001:80"]')).plan
    assert [item.subject for item in plan.seen(Topic.UNFOLLOWED)] == [called]
    assert plan.nodes[0].port == 13001


@pytest.mark.parametrize(
    ("deploy", "expected"),
    [
        ("deploy: {update_config: {order: start-first}}", [FAIL]),
        ("deploy: {replicas: 2, update_config: {parallelism: 1, order: start-first}}", [FAIL]),
        ("deploy: {update_config: {order: stop-first}}", []),
        ("deploy: {update_config: {parallelism: 1}}", []),
        ("deploy: {rollback_config: {order: start-first}}", []),
    ],
)
def test_two_tasks_at_once_in_an_update_of_swarm_are_told(tmp_path, deploy, expected):
    found = judged(opened(tmp_path, app(deploy)), "plan.rolling_update")
    assert [one.severity for one in found] == expected
    for one in found:
        assert "compose.yaml line 6" in one.detail
        assert "stop-first" in one.remedy
