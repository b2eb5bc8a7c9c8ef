"""The exported sites, read by gixy: none has a hole that it knows, and it would see one."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.live.site_variants import examples, variants
from wizard.formats.sites import nginx

pytestmark = pytest.mark.live
GIXY = Path(sys.executable).with_name("gixy")


def holes(folder: Path, texts: Iterable[str]) -> list[set[str]]:
    """Return for each configuration the names of gixy's plugins that have something to say of it."""
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"{number}.conf")
        paths[-1].write_text(text, encoding="utf-8")
    done = subprocess.run([GIXY, "--format", "json", *paths], capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    found = defaultdict(set)
    for issue in json.loads(done.stdout):
        found[issue["path"]].add(issue["plugin"])
    return [found[str(path)] for path in paths]


def rendered(plan) -> str:
    return nginx.render_for_test(plan, certificate="/c.pem", certificate_key="/k.pem")


def decided(plan) -> set[str]:
    """Return what the admin decides: HSTS cannot be taken back, so it is asked for or not there."""
    return {"hsts_header"} if plan.balancer.tls and not plan.balancer.hsts else set()


def test_no_variant_has_a_hole(tmp_path):
    plans = list(variants())
    assert holes(tmp_path, map(rendered, plans)) == [decided(plan) for plan in plans]


@pytest.mark.parametrize("plan", list(examples()), ids=lambda plan: plan.name)
def test_no_example_has_a_hole(tmp_path, plan):
    assert holes(tmp_path, [rendered(plan)]) == [decided(plan)]


@pytest.mark.parametrize(
    ("hole", "before", "after"),
    [
        ("host_spoofing", "proxy_set_header Host ", "proxy_set_header Host $http_host; # "),
        ("add_header_redefinition", "location / {", 'location / {\nadd_header X-Other "x";'),
        ("alias_traversal", "location / {", "location /i { alias /srv/images/; }\nlocation / {"),
    ],
)
def test_a_hole_would_be_seen(tmp_path, hole, before, after):
    site = rendered(next(variants()))
    assert before in site
    assert holes(tmp_path, [site.replace(before, after)]) == [{hole}]
