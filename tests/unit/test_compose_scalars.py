"""What a process is given where a value in a Compose file is not quoted, and mounts of other services."""

import pytest

from wizard.app.open_source import open_source
from wizard.plan.observed import Sharing, Topic


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("0123456", "42798"),
        ("0812", "812"),
        ("0o17", "15"),
        ("0x1F", "31"),
        ("-010", "-8"),
        ("1_000", "1000"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("1000000.5", "1.0000005e+06"),
        ("0.00001", "1e-05"),
        ("12345678901234567890", "12345678901234567890"),
        ("99999999999999999999", "1e+20"),
        ("1e999", "+Inf"),
        (".5", "0.5"),
        ("0.0", "0"),
        ("TRUE", "true"),
        ("False", "false"),
        (".NaN", "NaN"),
        ("yes", "yes"),
        ("off", "off"),
        ("5432", "5432"),
        ("'0123'", "0123"),
        ('"1.50"', "1.50"),
        ("0x", "0x"),
        ("10.0.0.1", "10.0.0.1"),
        ("2026-01-02", "2026-01-02"),
        ("1" * 41, "1" * 41),
        ("${X:-0123}", "0123"),
        ("-", None),
    ],
)
def test_a_number_without_quotes_is_given_as_compose_makes_it(tmp_path, written, given):
    value = written if written != "-" else '"-"'
    text = f"services:\n  app:\n    image: nocobase/nocobase\n    environment:\n      MY_OWN: {value}\n"
    (tmp_path / "compose.yaml").write_text(text)
    [extra] = open_source(str(tmp_path)).plan.extras
    assert extra.value == (written if given is None else given)


def test_in_a_list_it_is_given_as_it_stands(tmp_path):
    text = "services:\n  app:\n    image: nocobase/nocobase\n    environment: [MY_OWN=0123]\n"
    (tmp_path / "compose.yaml").write_text(text)
    assert open_source(str(tmp_path)).plan.extras[0].value == "0123"


FROM = """\
services:
  one: {image: nocobase/nocobase, environment: {DB_HOST: db}, volumes: ["/srv/crm:/app/nocobase/storage"]}
  two: {image: nocobase/nocobase, environment: {DB_HOST: db}, volumes_from: [three:ro]}
  three: {image: nocobase/nocobase, environment: {DB_HOST: db}, volumes_from: [one, two]}
  four: {image: nocobase/nocobase, environment: {DB_HOST: db}, volumes_from: ["container:old"]}
"""


def test_mounts_that_a_service_takes_from_others_are_its_own(tmp_path):
    (tmp_path / "compose.yaml").write_text(FROM)
    plan = open_source(str(tmp_path)).plan
    seen = {one.subject: one.value for one in plan.seen(Topic.STORAGE)}
    everybody = Sharing.EVERYBODY
    assert seen == {"one": everybody, "two": everybody, "three": everybody, "four": Sharing.UNKNOWN}
    assert [(one.subject, one.place.line) for one in plan.seen(Topic.UNFOLLOWED)] == [
        ("volumes_from: container:old", 5)
    ]


@pytest.mark.parametrize(
    ("placement", "sharing"),
    [("{}", Sharing.EVERYBODY), ("{constraints: [node.role == manager]}", Sharing.UNKNOWN)],
)
def test_a_placement_that_says_nothing_means_no_further_machine(tmp_path, placement, sharing):
    text = f"""\
services:
  app:
    image: nocobase/nocobase
    environment: {{DB_HOST: db}}
    volumes: ["/srv/crm:/app/nocobase/storage"]
    deploy: {{replicas: 2, placement: {placement}}}
"""
    (tmp_path / "compose.yaml").write_text(text)
    assert [one.value for one in open_source(str(tmp_path)).plan.seen(Topic.STORAGE)] == [sharing]
