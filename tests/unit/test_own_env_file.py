"""The env file that NocoBase reads itself in a container is read where a mount, a config or a volume lies there."""

import json

import pytest

from wizard.app.open_source import open_source
from wizard.plan.observed import Topic
from wizard.plan.sections.application import Environment

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
OWN = f"APP_KEY={KEY}\nAPP_ENV=test\nDB_HOST=of-the-file\n"
GIVEN = "DB_HOST=of-the-container"
IMAGE = "nocobase/nocobase:2.2.15"


def compose(rows, more=""):
    return f"services:\n  app:\n    image: {IMAGE}\n    environment: [{GIVEN}]\n{rows}{more}"


def opened(folder, name, text):
    (folder / "own.env").write_text(OWN)
    (folder / "app").mkdir()
    (folder / "app" / ".env").write_text(OWN)
    (folder / name).write_text(text)
    return open_source(str(folder / name))


RUN = f"docker run --name app -e {GIVEN} %s {IMAGE}\n"
READ = {
    "a mount": ("compose.yaml", compose("    volumes: [./own.env:/app/nocobase/.env:ro]\n")),
    "a long mount": (
        "compose.yaml",
        compose("    volumes: [{type: bind, source: ./own.env, target: /app/nocobase/.env}]\n"),
    ),
    "a mount above it": ("compose.yaml", compose("    volumes: [./app:/app/nocobase]\n")),
    "a name of its own": (
        "compose.yaml",
        compose("    volumes: [./own.env:/run/nb.env]\n").replace("[DB", "[APP_ENV_PATH=/run/nb.env, DB"),
    ),
    "a config with a file": (
        "compose.yaml",
        compose("    configs: [{source: own, target: /app/nocobase/.env}]\n", "configs: {own: {file: ./own.env}}\n"),
    ),
    "docker run": ("run.sh", RUN % "-v ./own.env:/app/nocobase/.env"),
    "docker run with --mount": ("run.sh", RUN % "--mount type=bind,src=./own.env,dst=/app/nocobase/.env"),
}


@pytest.mark.parametrize("form", READ)
def test_it_is_read_and_what_the_container_is_given_wins(tmp_path, form):
    found = opened(tmp_path, *READ[form])
    assert found.secrets["application.app_key"].reveal() == KEY
    assert found.plan.application.environment is Environment.TEST
    assert found.plan.place_of("application.environment").line == 2
    assert found.plan.place_of("application.environment").file.endswith(".env")
    assert found.plan.database.host == "of-the-container"


def test_what_is_given_empty_wins_too(tmp_path):
    text = READ["a mount"][1].replace(GIVEN, "APP_KEY=")
    assert "application.app_key" not in opened(tmp_path, "compose.yaml", text).secrets


def test_a_config_s_own_text_is_read_with_its_lines(tmp_path):
    more = "configs:\n  own:\n    content: |\n      # ours\n      APP_ENV=test\n"
    found = opened(
        tmp_path, "compose.yaml", compose("    configs: [{source: own, target: /app/nocobase/.env}]\n", more)
    )
    assert found.plan.application.environment is Environment.TEST
    assert found.plan.place_of("application.environment").line == 10


def inspected(source):
    env, mounts = [GIVEN], [{"Type": "bind", "Source": source, "Destination": "/app/nocobase/.env"}]
    return json.dumps([{"Id": "1", "Name": "/app", "Config": {"Image": IMAGE, "Env": env}, "Mounts": mounts}])


UNREAD = {
    "a file that is not there": ("compose.yaml", compose("    volumes: [./gone.env:/app/nocobase/.env]\n")),
    "a volume": ("compose.yaml", compose("    volumes: [own:/app/nocobase]\n", "volumes: {own: {}}\n")),
    "another machine's": ("inspect.json", inspected("/srv/own.env")),
}


@pytest.mark.parametrize("form", UNREAD)
def test_where_it_is_not_at_hand_nothing_is_missing_and_that_is_told(tmp_path, form):
    plan = opened(tmp_path, *UNREAD[form]).plan
    assert {"application.app_key", "application.environment"} <= plan.unsaid
    assert plan.unreadable == ()
    [told] = plan.seen(Topic.UNFOLLOWED)
    assert told.subject in {"./gone.env", "own/.env", "/srv/own.env"}


MANIFEST = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app}}
spec:
  template:
    spec:
      containers:
      - name: app
        image: {IMAGE}
        env: [{{name: DB_HOST, value: of-the-container}}]
        volumeMounts: [{{name: own, mountPath: /app/nocobase/.env, subPath: .env}}]
      volumes: [{{name: own, VOLUME}}]
"""
MAP = f"""
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: own}}
data:
  KEY: |
    APP_ENV=test
    APP_KEY={KEY}
"""


@pytest.mark.parametrize(
    ("volume", "key"),
    [
        ("configMap: {name: own}", ".env"),
        ("configMap: {name: own, items: [{key: file, path: .env}]}", "file"),
        ("secret: {secretName: own, items: [{key: file, path: .env}]}", "file"),
    ],
)
def test_a_pod_s_file_is_read_out_of_the_object_that_it_is_a_key_of(tmp_path, volume, key):
    held = MAP.replace("KEY:", f"{key}:")
    if "secret" in volume:
        held = held.replace("ConfigMap", "Secret").replace("\ndata:", "\nstringData:")
    found = opened(tmp_path, "app.yaml", MANIFEST.replace("VOLUME", volume) + held)
    assert found.secrets["application.app_key"].reveal() == KEY
    assert found.plan.application.environment is Environment.TEST
    assert found.plan.database.host == "of-the-container"


def test_a_pod_s_file_lies_in_what_is_mounted_above_it(tmp_path):
    above = MANIFEST.replace("mountPath: /app/nocobase/.env, subPath: .env", "mountPath: /app/nocobase")
    held = MAP.replace("KEY:", ".env:")
    found = opened(tmp_path, "app.yaml", above.replace("VOLUME", "configMap: {name: own}") + held)
    assert found.secrets["application.app_key"].reveal() == KEY


@pytest.mark.parametrize("volume", ["configMap: {name: own}", "persistentVolumeClaim: {claimName: own}"])
def test_a_pod_s_file_that_is_not_among_the_objects_leaves_open_what_it_says(tmp_path, volume):
    plan = opened(tmp_path, "app.yaml", MANIFEST.replace("VOLUME", volume)).plan
    assert {"application.app_key", "application.environment"} <= plan.unsaid


@pytest.mark.parametrize(
    ("image", "known"),
    [
        ("nocobase/nocobase:2.2.15", True),
        ("docker.io/nocobase/nocobase", True),
        ("registry.cn-shanghai.aliyuncs.com/nocobase/nocobase:2.2.15-full", True),
        ("nocobase/nocobase@sha256:0011", True),
        ("registry.example.com/nocobase/nocobase:2.2.15", False),
        ("acme/nocobase:2.2.15", False),
        ("nocobase/nocobase-crm:2.2.15", False),
    ],
)
def test_the_published_image_says_production_where_nothing_else_does(tmp_path, image, known):
    plan = opened(tmp_path, "compose.yaml", compose("").replace(IMAGE, image)).plan
    assert ("application.environment" not in plan.unsaid) is known
    assert plan.application.environment is Environment.PRODUCTION
