"""Which services of a Compose file are nodes, as profiles are active; what env files take from `environment`."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.plan.finding import Severity

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"


def services(**profiles):
    lines = "".join(
        f'  {name}: {{image: "nocobase/nocobase:2.2.15", environment: {{DB_HOST: db}}{chosen}}}\n'
        for name, chosen in profiles.items()
    )
    return f"services:\n{lines}"


def opened(tmp_path, text, **beside):
    for name, content in {"compose.yaml": text, **beside}.items():
        (tmp_path / name.replace("__", ".")).write_text(content)
    return open_source(str(tmp_path / "compose.yaml"))


JOBS, OLD, BOTH = ", profiles: [jobs]", ", profiles: [old]", ", profiles: [jobs, old]"


@pytest.mark.parametrize(
    ("env", "chosen", "nodes", "left"),
    [
        ("", {"app": "", "worker": JOBS}, ["app"], ["worker"]),
        ("COMPOSE_PROFILES=\n", {"app": "", "worker": JOBS}, ["app"], ["worker"]),
        ("COMPOSE_PROFILES=jobs\n", {"app": "", "worker": JOBS, "past": OLD}, ["app", "worker"], ["past"]),
        ("COMPOSE_PROFILES='other, jobs'\n", {"app": "", "worker": JOBS}, ["app", "worker"], []),
        ("COMPOSE_PROFILES=*\n", {"app": "", "worker": JOBS, "past": OLD}, ["app", "worker", "past"], []),
        ("COMPOSE_PROFILES=old\n", {"app": JOBS, "worker": BOTH}, ["worker"], ["app"]),
        ("", {"app": ", profiles: []", "worker": JOBS}, ["app"], ["worker"]),
        # each machine chooses its own: by hand, or by the profile that a bundle gives it
        ("", {"app": JOBS, "other": OLD}, ["app", "other"], []),
        ("COMPOSE_PROFILES=db\n", {"app": JOBS, "other": OLD}, ["app", "other"], []),
        ("", {"app": "", "far": ", profiles: [machine-10.0.0.2]"}, ["app", "far"], []),
    ],
)
def test_a_service_whose_profile_is_not_active_is_no_node_and_named(tmp_path, env, chosen, nodes, left):
    plan = opened(tmp_path, services(**chosen), __env=env).plan
    assert [node.name for node in plan.nodes] == nodes
    found = [one for one in rules(plan, {}) if one.id == "plan.followed" and one.subject]
    assert [one.severity for one in found] == ([Severity.INFO] if left else [])
    assert [name for one in found for name in one.facts["services"]] == left
    assert all("compose.yaml line" in one.detail for one in found)


@pytest.mark.parametrize(
    ("over", "nodes"),
    [
        ("profiles: [jobs]", ["app", "worker"]),
        ("profiles: !override [none]", ["app"]),
        ("profiles: !reset []", ["app", "worker"]),
    ],
)
def test_profiles_of_an_override_come_to_those_that_are_there(tmp_path, over, nodes):
    beside = {"compose__override__yaml": f"services: {{worker: {{{over}}}}}\n", "__env": "COMPOSE_PROFILES=jobs\n"}
    plan = opened(tmp_path, services(app="", worker=OLD), **beside).plan
    assert [node.name for node in plan.nodes] == nodes


@pytest.mark.parametrize(
    ("environment", "dot_env", "host", "missing"),
    [
        ("HERE: own", "", "own", []),
        ("HERE: own", "HERE=project\n", "project", []),
        ('HERE: "${GONE}"', "", "", ["HERE"]),
        ("HERE:", "", "", ["HERE"]),
        ("OTHER: own", "", "", ["HERE"]),  # another service's is not this one's
    ],
)
def test_an_env_file_takes_what_its_own_service_is_given(tmp_path, environment, dot_env, host, missing):
    text = (
        "services:\n  app:\n    image: nocobase/nocobase\n"
        f"    env_file: app.env\n    environment:\n      {environment}\n"
        "  db:\n    image: postgres\n    environment: {HERE: theirs}\n"
    )
    plan = opened(tmp_path, text, app__env=f"APP_KEY={KEY}\nDB_HOST=${{HERE}}\n", __env=dot_env).plan
    assert ("" if plan.is_expression("database.host") else plan.database.host) == host
    assert [name for one in plan.expressions if one.name == "DB_HOST" for name in one.named] == missing
