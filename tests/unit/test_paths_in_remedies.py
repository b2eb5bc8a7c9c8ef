"""A path that begins as an option does is none in what is pasted."""

import shlex

import pytest

from tests.unit.plans import good_plan
from wizard.checks.plan.rules import rules
from wizard.checks.storage.remedies import quoted
from wizard.formats.shell import file_word


@pytest.mark.parametrize(
    ("path", "word"),
    [("/srv/crm", "/srv/crm"), ("-rf", "./-rf"), ("--help", "./--help"), ("-a b", "'./-a b'"), ("a'b", "'a'\"'\"'b'")],
)
def test_a_path_is_one_word_and_no_option(path, word):
    assert file_word(path) == word
    assert quoted(path) == word


def test_the_key_in_a_folder_called_as_an_option_is_read_all_the_same():
    plan = good_plan().with_value("storage.path", "-rf").with_value("application.aes_key", None)
    [finding] = [one for one in rules(plan, {}) if one.id == "plan.aes_key"]
    [line] = [line for line in finding.remedy.splitlines() if line.startswith("xxd")]
    assert shlex.split(line)[-1] == "./-rf/apps/main/aes_key.dat"
