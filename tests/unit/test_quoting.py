"""What a plan says stays a value wherever it is pasted: shell, nginx, HAProxy, YAML and Markdown.

Every setting that is a text takes every text it can, and every target is written from it. What is no plain word must
not change the structure of a file: no directive more, no key, no heading, no word of a command.
"""

import json
import re
import subprocess
from dataclasses import replace
from functools import cache

import crossplane
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from tests.unit.plans import SECRETS, good_plan
from tests.unit.readmes import scripts
from wizard.export import bundle
from wizard.export.targets import target_names
from wizard.formats.files import SecretsMode, UnwritableError
from wizard.formats.shell import literal
from wizard.formats.sites.haproxy_text import sections
from wizard.formats.templates import yaml_string
from wizard.plan.kinds import INVISIBLE, FilePath, Text
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind, Deployment, LicenceMethod, StorageKind, Tls

MARKER = "zQx"
_SIGNS = "`$'\"\\;&|<>(){}[]#*?!~%^=,.: -_@/+ \t"
_UNSEEN = "\n\r\0\x1b\x07\x7f\x85\u2028\u2029\u202e\u2066\u200f\ufffe"
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,][A-Za-z0-9_./:@%+=,-]*")
PIECES = st.text(st.sampled_from(_SIGNS + _UNSEEN + "aZ0é日"), max_size=8)
VALUES = st.one_of(
    st.builds(lambda slash, a, b: f"{slash}{a}{MARKER}{b}", st.sampled_from(["", "/", "-", "--"]), PIECES, PIECES),
    st.sampled_from(
        [
            f"/x`touch {MARKER}`",
            f"/x$(touch {MARKER})",
            f"/x'; touch {MARKER}; '",
            f'/x"; touch {MARKER}; "',
            f"-t{MARKER}",
            f"/a|b{MARKER}``c",
            f"/<img src={MARKER}>",
            f"/[{MARKER}](javascript:1)",
            f"{MARKER}: &a !!b",
            f"/{MARKER} #",
        ]
    ),
)


def _plan(deployment: Deployment, balancer: BalancerKind) -> Plan:
    plan = replace(good_plan(), nodes=good_plan().nodes[:2])
    values = {
        "application.deployment": deployment,
        "balancer.kind": balancer,
        "database.tls": Tls.VERIFY,
        "database.tls_ca": "/etc/ssl/db.pem",
        "database.tls_cert": "/etc/ssl/client.pem",
        "database.tls_key": "/etc/ssl/client.key",
        "application.aes_key_path": "/etc/nocobase/aes.key",
        "application.extra_ca_file": "/etc/ssl/authority.pem",
        "licence.method": LicenceMethod.KEY,
        "storage.kind": StorageKind.NFS,
    }
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan


PLANS = [_plan(deployment, balancer) for deployment in Deployment for balancer in BalancerKind]
KEYS = [key for key, setting, _value in PLANS[0].settings() if isinstance(setting.kind, Text | FilePath)]


def _files(plan: Plan) -> dict[str, str]:
    found: dict[str, str] = {}
    for target in target_names():
        try:
            made = bundle.render(plan, SECRETS, SecretsMode.REFERENCE, [target])
        except UnwritableError:
            continue
        found |= {f"{target}/{file.path}": file.text for file in made}
    return found


@cache
def _shapes(index: int) -> dict[str, object]:
    return {path: _shape(path, text) for path, text in _files(PLANS[index]).items()}


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,  # the same values in each run; by hand without it, for new ones
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(index=st.integers(0, len(PLANS) - 1), key=st.sampled_from(KEYS), value=VALUES)
def test_a_value_changes_no_structure(index, key, value):
    plan = PLANS[index].with_text(key, value)
    for path, text in _files(plan).items():
        if path.endswith("cluster.yaml"):
            continue  # it keeps what could not be read as it came; tests/unit/test_cluster_file.py
        assert not [sign for sign in text if sign != "\n" and INVISIBLE.match(sign)], path
        shape = _shape(path, text)
        if _PLAIN.fullmatch(value) or plan.unreadable or key.endswith("worker_mode"):
            continue  # plain words may ask for something else; what was not read is named in remarks
        if isinstance(plan.setting(key).kind, FilePath) and not value.startswith("/"):
            continue  # no file that a container could be given
        assert shape == _shapes(index).get(path, shape), path
        for script in scripts(text) if path.endswith("README.md") else ():
            bare = re.sub(r"'[^']*'|\"'\"|--from-file=[A-Za-z0-9._-]+=", "", script)  # a key is made of harmless signs
            assert MARKER not in bare, script


def _shape(path: str, text: str) -> object:
    """Return the structure of a file without its values."""
    if path.endswith(".yaml"):
        return [_keys(document) for document in YAML(typ="safe", pure=True).load_all(text)]
    if path.startswith("nginx/nginx/") and "/test/" not in path:
        return _directives(text)
    if path.startswith("haproxy/haproxy/"):
        return [(one.kind, [line.words[0] for line in one.lines]) for one in sections(text)]
    if path.endswith(".md"):
        return [token.type for token in _tokens(text) if token.type not in {"text", "softbreak"}]
    return None


def _keys(found: object) -> object:
    if isinstance(found, dict):
        return {key: _keys(value) for key, value in found.items() if key not in {"environment", "data"}}
    return [_keys(value) for value in found] if isinstance(found, list) else type(found).__name__


def _directives(text: str) -> object:
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as file:
        file.write(f"http {{\n{text}\n}}\n")
        file.flush()
        made = crossplane.parse(file.name, single=True)
    assert made["status"] == "ok", made["errors"]
    return _names(made["config"][0]["parsed"])


def _names(statements: list) -> list:
    return [(one["directive"], len(one["args"]), _names(one.get("block", []))) for one in statements]


def _tokens(text: str) -> list:
    found = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    return [token for block in found for token in (block, *(block.children or []))]


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_a_shell_takes_a_literal_as_it_is(value):
    done = subprocess.run(["sh", "-c", f"printf %s {literal(value)}"], capture_output=True, check=True)
    assert done.stdout.decode() == value


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
@example("\U000e0001")
def test_yaml_takes_a_string_as_it_is(value):
    value = value.encode("utf-8", "replace").decode()
    assert YAML(typ="safe", pure=True).load(f"a: {yaml_string(value)} # b")["a"] == value
    assert "\n" not in yaml_string(value)
    assert json.loads(yaml_string("plain")) == "plain"


@pytest.mark.parametrize("sign", "\n\r\0\x1b\x7f\x85\u2028\u2029\u202e\u2066\u200e\t\u200b\u2060\ufeff\U000e0041")
@pytest.mark.parametrize(
    "key", ["name", "storage.path", "nodes.0.worker_mode", "application.public_url", "balancer.certificate"]
)
def test_what_nobody_sees_is_refused_by_the_setting(key, sign):
    plan = good_plan().with_text(key, f"/a{sign}b")
    assert plan.problem(key)
    assert sign not in plan.problem(key)


def test_a_folder_that_looks_like_an_option_is_none():
    assert "mountpoint -- '-t' &&" in _readme(good_plan().with_value("storage.path", "-t"))
    assert "install -D -m 600 -- 'license-key' '" in _readme(
        good_plan().with_value("licence.method", LicenceMethod.KEY)
    )


def _readme(plan: Plan) -> str:
    return _files(plan)["env/README.md"]
