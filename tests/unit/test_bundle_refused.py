"""Files of a bundle that this account may not read are unknown: they are neither changed nor gone, and never pass."""

from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.bundle_files import beside
from wizard.app.export import export
from wizard.checks.plan.component import COMPONENT
from wizard.engine.component import Request
from wizard.plan.finding import ErrorKind, Severity
from wizard.storage import previous_bundle

COMPOSE, COMMON, NODE = "compose/compose.yaml", "env/cluster.env", "env/node-node1.env"
PERMISSION = (Severity.UNKNOWN, ErrorKind.PERMISSION)


@pytest.fixture
def bundle(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def refuse(monkeypatch):
    """Take the right to read a file: tests may run as root, who reads everything."""
    content, access = previous_bundle.read_file, previous_bundle.os.access

    def refused(path: Path) -> None:
        def read(asked):
            if asked == path:
                raise PermissionError(13, "Permission denied", str(path))
            return content(asked)

        monkeypatch.setattr(previous_bundle, "read_file", read)
        monkeypatch.setattr(previous_bundle.os, "access", lambda asked, mode: asked != path and access(asked, mode))

    return refused


def told(bundle):
    """Return what the checks of the bundle say that is neither pass nor info."""
    found = []
    for check in COMPONENT.checks(good_plan(), SECRETS, Request(beside=beside(bundle, edited=False))):
        if check.subject == "bundle":
            facts = check.facts()
            check.probe(facts)
            found += check.judge(facts)
    asks = [one for one in found if one.severity not in {Severity.PASS, Severity.INFO}]
    return {(one.id, one.subject): (one.severity, one.error) for one in asks}, found


def test_a_compose_file_that_may_not_be_read_is_unknown_and_nothing_else(bundle, refuse):
    refuse(bundle / COMPOSE)
    assert told(bundle)[0] == {("plan.bundle_files", COMPOSE): PERMISSION}


@pytest.mark.parametrize("path", [COMMON, NODE])
def test_of_an_env_file_that_may_not_be_read_nobody_says_what_it_gives(bundle, refuse, path):
    refuse(bundle / path)
    asks, found = told(bundle)
    assert asks == {("plan.bundle_files", path): PERMISSION, ("plan.sources", path): PERMISSION}
    assert not [one for one in found if one.id == "plan.sources" and one.severity is Severity.PASS]


def test_a_manifest_that_may_not_be_read_is_not_called_gone(bundle, refuse):
    refuse(bundle / "kubernetes/ingress.yaml")
    (bundle / "kubernetes/service.yaml").write_text((bundle / "kubernetes/service.yaml").read_text() + "# a note\n")
    assert told(bundle)[0] == {("plan.bundle_files", "kubernetes/ingress.yaml"): PERMISSION}


def test_another_env_file_that_was_changed_is_told_beside_one_that_may_not_be_read(bundle, refuse):
    refuse(bundle / NODE)
    file = bundle / COMMON
    file.write_text(file.read_text().replace("\nLOCK_ADAPTER_DEFAULT=redis", ""))
    asks, _found = told(bundle)
    assert asks["plan.value", f"{COMMON} LOCK_ADAPTER_DEFAULT"][0] is Severity.FAIL
    assert asks["plan.sources", NODE] == PERMISSION
