"""Versions of NocoBase and of servers come in their order."""

from itertools import pairwise

import pytest

from wizard.plan.versions import at_least, numbers, order, release_of

IN_ORDER = (
    "2.1.24",
    "2.2.0-alpha.1",
    "2.2.0-alpha.20250801",
    "2.2.0-beta",
    "2.2.0-beta.1",
    "2.2.0-beta.9",
    "2.2.0-beta.10",
    "2.2.0-rc.1",
    "2.2.0",
    "2.2.1-beta.1",
    "2.2.15",
    "2.10.0",
    "3",
)


@pytest.mark.parametrize(("older", "newer"), tuple(pairwise(IN_ORDER)))
def test_versions_come_in_their_order(older, newer):
    assert order(older) < order(newer)


@pytest.mark.parametrize(
    "version", ["2.2.15-full", "2.2.15-no-nginx", "2.2.15-full-no-nginx", "v2.2.15", "2.2.15-crm.3"]
)
def test_a_kind_of_image_is_the_release_itself(version):
    assert order(version) == order("2.2.15")


def test_a_kind_of_image_of_a_pre_release_is_that_pre_release():
    assert order("2.3.0-beta.2-full") == order("2.3.0-beta.2")


def test_a_pre_release_is_not_yet_its_release():
    assert not at_least("2.2.0-beta.1", (2, 2))
    assert at_least("2.2.0", (2, 2))
    assert at_least("2.3.0-beta.1", (2, 2))


@pytest.mark.parametrize(
    ("text", "least", "enough"),
    [
        ("15.18 (Debian 15.18-0+deb12u1)", (10,), True),
        ("9.6.24", (10,), False),
        ("8.0.17", (8, 0, 17), True),
        ("8.0.16-0ubuntu0.20.04", (8, 0, 17), False),
        ("10.11.6-MariaDB-0+deb12u1", (10, 9), True),
        ("8", (8, 0, 0), True),
        ("", (1,), False),
    ],
)
def test_a_servers_version_is_read_from_what_it_says(text, least, enough):
    assert at_least(text, least) is enough


def test_the_first_numbers_are_the_versions():
    assert numbers("15.18 (Debian 15.18-0)") == (15, 18)
    assert numbers("unknown") == ()


@pytest.mark.parametrize(
    ("tag", "release"),
    [
        ("2.2.15", "2.2.15"),
        ("v2.2.15", "2.2.15"),
        ("2.2.15-full-no-nginx", "2.2.15"),
        ("2.2.15-no-nginx-full", "2.2.15"),
        ("2.2.15-full-arm64", "2.2.15"),
        ("2.2.15-full-r3", "2.2.15"),
        ("2.2.15_crm", "2.2.15"),
        ("2.2.15.20260901", "2.2.15"),
        ("2.2.0-beta.3-full", "2.2.0-beta.3"),
        ("2.2.0-beta.3", "2.2.0-beta.3"),
        ("1.3.25-beta", "1.3.25-beta"),
        ("1.0.0-alpha.20240906133133-full", "1.0.0-alpha.20240906133133"),
        ("2.2.0-betamax", "2.2.0"),
        ("2.2", "2.2"),
        ("v2.2", "2.2"),
        ("latest-full", "latest-full"),
        ("", ""),
    ],
)
def test_what_builders_add_to_a_tag_is_no_part_of_the_version(tag, release):
    assert release_of(tag) == release
