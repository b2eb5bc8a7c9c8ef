"""What is told of the env files of a bundle: the words, the facts and the places of each difference."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_bundle_env import COMMON, NODE, edit, judged, without
from wizard.app.export import export
from wizard.checks.plan.bundle_env_read import _quoted
from wizard.formats.files import SecretsMode
from wizard.plan.finding import ErrorKind
from wizard.plan.place import Place

RAW, OTHER = "env/cluster.docker.env", "env/node-node2.env"
OURS, THEIRS = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE", "Yr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"


@pytest.fixture
def bundle(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    return tmp_path / "out"


def added(line):
    return lambda text: f"{text}{line}\n"


def last_line(bundle, path):
    return (bundle / path).read_text().count("\n")


def test_another_value_is_told_with_its_setting_and_place(bundle):
    edit(bundle, NODE, added(f"APP_KEY={OURS}"))
    [finding] = judged(bundle)
    place = Place(NODE, last_line(bundle, NODE), "APP_KEY")
    assert finding.summary == f"{NODE} gives APP_KEY otherwise than the plan."
    assert finding.facts == {"setting": "APP_KEY", "places": [place.words]}
    assert finding.detail == f"{place.words}: a node gets what stands there, and what was checked is the plan."


def test_a_value_that_is_gone_is_told_with_the_line_that_it_stood_below(bundle):
    before = (bundle / COMMON).read_text().partition("\nDB_HOST=")[0]
    line = max(number for number, row in enumerate(before.splitlines(), 1) if "=" in row and row[0] != "#")
    edit(bundle, COMMON, without("DB_HOST"))
    [finding] = [one for one in judged(bundle) if "DB_HOST is gone" in str(one.facts)]
    assert finding.facts["places"] == [f"DB_HOST is gone, {COMMON} below line {line}"]
    assert finding.places == (Place(COMMON),)


def test_a_secret_that_differs_between_the_two_common_files_is_told_at_both(bundle):
    edit(bundle, RAW, lambda text: without("APP_KEY")(text) + f"APP_KEY={THEIRS}\n")
    [finding] = judged(bundle, {})
    places = [one.words for one in finding.places]
    assert [one.file for one in finding.places] == [RAW, COMMON]
    assert finding.facts == {"setting": "APP_KEY", "places": places}
    assert finding.subject == f"{RAW} APP_KEY"


def test_a_secret_of_one_node_alone_is_told_where_all_need_it(bundle):
    for path in (COMMON, RAW):
        edit(bundle, path, without("APP_KEY"))
    edit(bundle, NODE, added(f"APP_KEY={OURS}"))
    [finding] = [one for one in judged(bundle, {}) if one.subject == f"{NODE} APP_KEY"]
    place = Place(NODE, last_line(bundle, NODE), "APP_KEY").words
    assert finding.summary == f"{NODE} gives APP_KEY to its node alone."
    assert finding.detail == f"{place}: every node needs the same, and the others get theirs elsewhere, if at all."
    assert finding.remedy == f"Give it to all nodes in {COMMON}, and take it out here."
    assert finding.facts == {"setting": "APP_KEY", "places": [place]}


def test_the_same_secret_in_two_nodes_files_is_nobodys_alone(bundle):
    for path in (COMMON, RAW):
        edit(bundle, path, without("APP_KEY"))
    for path in (NODE, OTHER):
        edit(bundle, path, added(f"APP_KEY={OURS}"))
    assert not [one for one in judged(bundle, {}) if "alone" in one.summary or "otherwise" in one.summary]


def test_lines_that_compose_refuses_are_told_up_to_the_tenth(bundle):
    first = last_line(bundle, NODE) + 1
    edit(bundle, NODE, lambda text: text + "".join(f"A{number}=${{\n" for number in range(11)))
    [finding] = [one for one in judged(bundle) if "refuses" in one.summary]
    words = [f"{NODE} line {first + number}" for number in range(11)]
    assert finding.summary == f"{NODE} has lines that Compose refuses: it starts no node with them."
    assert (finding.error, finding.subject) == (ErrorKind.PROTOCOL, f"{NODE} {first}")
    assert finding.facts == {"places": words}
    assert words[9] in finding.detail
    assert words[10] not in finding.detail
    assert finding.places == tuple(Place(NODE, first + number) for number in range(11))
    assert finding.remedy == "Take these lines out, or put a “#” before them."


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("A=b", "A=b"),
        ("A=b c", "A='b c'"),
        ("A=it's b", 'A="it\'s b"'),
        ("A=a=b c", "A='a=b c'"),
        ("# A=b c", "# A=b c"),
        ("#A=b c", "#A=b c"),
        ("A", "A"),
        ("", ""),
        ("A=", "A="),
    ],
)
def test_a_line_that_docker_takes_as_it_is_keeps_its_value(line, taken):
    assert _quoted(line) == taken


def test_a_file_that_begins_with_a_mark_of_its_order_says_the_same(bundle):
    edit(bundle, NODE, lambda text: f"\ufeff{text}")
    assert [one.summary for one in judged(bundle)] == ["The env files of the bundle say what the plan says."]
