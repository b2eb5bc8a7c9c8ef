"""How a bundle was exported is read from what lies there: its way of secrets, and what somebody did not want in it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import export
from wizard.app.former_choices import FormerChoices, former_choices
from wizard.export.targets import all_targets, target_names
from wizard.formats.files import SecretsMode
from wizard.plan.sections import BalancerKind
from wizard.storage.bundle_writer import RefusedError


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
def test_a_bundle_of_everything_had_nothing_turned_down(tmp_path: Path, mode: SecretsMode) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", mode)
    assert former_choices(tmp_path / "out") == FormerChoices(mode, frozenset())


def test_what_was_not_asked_for_was_turned_down_also_in_an_archive(tmp_path: Path) -> None:
    export(good_plan(), SECRETS, tmp_path / "out.zip", targets=("env", "nginx"))
    unwanted = former_choices(tmp_path / "out.zip").unwanted
    assert unwanted == set(target_names()) - {"env", "nginx", "haproxy"}


def test_a_balancer_of_another_kind_was_turned_down_by_nobody(tmp_path: Path) -> None:
    plan = good_plan().with_value("balancer.kind", BalancerKind.HAPROXY)
    export(plan, SECRETS, tmp_path / "out", targets=("env",))
    unwanted = former_choices(tmp_path / "out").unwanted
    assert "haproxy" in unwanted
    assert "nginx" not in unwanted


def test_what_could_not_be_given_was_turned_down_by_nobody(tmp_path: Path) -> None:
    plan = good_plan()
    nameless = replace(plan, nodes=(replace(plan.nodes[0], host=""), *plan.nodes[1:]))
    written = export(nameless, SECRETS, tmp_path / "out")
    assert "nginx" in written.left_out
    assert former_choices(tmp_path / "out").unwanted == frozenset()


def test_what_was_turned_down_is_known_also_where_the_plan_was_changed_by_hand(tmp_path: Path) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", targets=("env", "kubernetes"))
    with (tmp_path / "out/cluster.yaml").open("a") as file:
        file.write("# by hand\n")
    assert former_choices(tmp_path / "out").unwanted == {"compose", "monitoring", "nginx"}


def test_a_target_that_came_with_a_later_version_was_turned_down_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [target for target in all_targets() if target.name != "kubernetes"]
    monkeypatch.setattr("wizard.export.bundle.all_targets", lambda: before)
    export(good_plan(), SECRETS, tmp_path / "out", targets=("env", "compose"))
    monkeypatch.undo()
    assert former_choices(tmp_path / "out").unwanted == {"monitoring", "nginx"}


@pytest.mark.parametrize("written", [None, "nginx", ["nginx", 7]])
def test_a_manifest_that_does_not_say_it_turned_down_what_it_names_at_most(tmp_path: Path, written: object) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", targets=("env",))
    path = tmp_path / "out/manifest.json"
    document = json.loads(path.read_text())
    assert document.pop("unwanted")
    path.write_text(json.dumps(document if written is None else {**document, "unwanted": written}))
    assert former_choices(tmp_path / "out").unwanted == ({"nginx"} if isinstance(written, list) else set())


def test_what_was_turned_down_goes_on_over_a_bundle_that_keeps_lines_of_an_admin(tmp_path: Path) -> None:
    export(good_plan(), SECRETS, tmp_path / "out")
    export(good_plan(), SECRETS, tmp_path / "out", targets=("env", "compose", "kubernetes"))
    assert former_choices(tmp_path / "out").unwanted == {"monitoring", "nginx"}


def test_an_empty_folder_was_exported_in_no_way_and_another_one_is_refused(tmp_path: Path) -> None:
    assert former_choices(tmp_path) == FormerChoices(SecretsMode.REFERENCE, frozenset())
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RefusedError):
        former_choices(tmp_path)
