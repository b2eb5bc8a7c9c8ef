"""Adding a target is adding one file: the command line, what the window offers and the README know it."""

from pathlib import Path

import pytest

from tests.made_up_target import add_made_up_target
from tests.unit.plans import good_plan
from tests.unit.readmes import readme_of
from wizard.export.targets import all_targets, chosen, target_names
from wizard.guide.targets import offers, title
from wizard.plan.sections import BalancerKind, Deployment

NAMES = ["env", "nginx", "haproxy", "compose", "kubernetes", "monitoring"]


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    folder = tmp_path / "targets"
    folder.mkdir()
    add_made_up_target(folder, monkeypatch)


def test_the_targets_are_found_in_their_order():
    assert [target.name for target in all_targets()] == NAMES
    assert target_names() == tuple(sorted(NAMES))


def test_a_target_brings_those_whose_files_it_needs():
    assert [target.name for target in chosen(["compose"])] == ["env", "compose"]


def fitting(plan):
    return [offer.name for offer in offers(plan) if not offer.unfit]


def test_a_balancer_that_is_not_the_plans_does_not_fit_and_says_why():
    plan = good_plan()
    reasons = {offer.name: offer.unfit for offer in offers(plan)}
    assert reasons == {**dict.fromkeys(NAMES, ""), "haproxy": "The plan's balancer is nginx."}
    plan = plan.with_value("balancer.kind", BalancerKind.HAPROXY)
    assert fitting(plan) == ["env", "haproxy", "compose", "kubernetes", "monitoring"]


def test_pods_without_hosts_have_no_balancer_beside_the_ingress():
    plan = good_plan().with_value("application.deployment", Deployment.KUBERNETES).with_value("nodes.1.host", "")
    assert fitting(plan) == ["env", "compose", "kubernetes", "monitoring"]
    assert "Ingress" in next(offer.unfit for offer in offers(plan) if offer.name == "nginx")


@pytest.mark.usefixtures("made_up")
def test_one_more_file_is_one_more_target_on_the_command_line(program, good):
    assert "made-up" in program("export", "--help").out
    done = program("export", good, "out", "--target", "made-up")
    assert (done.code, done.err) == (0, "")
    assert Path("out/made-up/plan.txt").read_text() == "production\n"
    assert not Path("out/env").exists()


@pytest.mark.usefixtures("made_up")
def test_one_more_file_is_one_more_target_in_what_the_window_offers():
    assert [offer.name for offer in offers(good_plan())] == [*NAMES, "made-up"]
    assert title("made-up") == "Made up"


@pytest.mark.usefixtures("made_up")
def test_one_more_file_is_one_more_part_of_the_readme():
    text = readme_of(good_plan())
    assert "| `made-up/plan.txt` | the name of the cluster |" in text
    assert "\n## Made up\n" in text
    assert "\n\n\n" not in text
