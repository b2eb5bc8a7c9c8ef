"""Every text for people can be extracted, and stands in each catalogue as it is in the code."""

import ast
import inspect
import re

from tests import texts, translations
from wizard.cli import argparse_words


def test_what_is_no_literal_was_marked_before():
    glued = (ast.JoinedStr, ast.BinOp, ast.IfExp)
    found = [str(call) for call in texts.calls() for text in call.texts if isinstance(text, glued)]
    assert not found, "a text that the extraction cannot see; use trn, or mark its parts"
    marks = [call for call in texts.calls() if call.name in {"mark", "markn"}]
    assert not [str(call) for call in marks if not all(isinstance(text, ast.Constant) for text in call.texts)]


def test_no_number_for_people_has_a_decimal_point_of_its_own():
    """A number with decimals goes through `tr` or `decimal`, unless a machine reads it."""
    own = {
        "wizard/guide/drawing/svg.py",
        "wizard/guide/reports/junit.py",
        "wizard/cli/commands.py",
        "wizard/checks/balancer/site/terms_haproxy.py",
        "wizard/checks/balancer/site/terms_nginx.py",
        "wizard/demo/process.py",
        "wizard/formats/compose/scalars.py",
        "wizard/formats/units/numbers.py",
    }
    found = set()
    for path in (texts.ROOT / "wizard").rglob("*.py"):
        for part in ast.walk(ast.parse(path.read_text())):
            spec = ast.unparse(part.format_spec) if isinstance(part, ast.FormattedValue) and part.format_spec else ""
            if re.search(r"(?<!\.0)[fg]'$", spec):
                found.add(path.relative_to(texts.ROOT).as_posix())
    assert found == own


def test_no_list_for_people_has_a_comma_of_its_own():
    """Items are joined by `listing` or `clauses`, unless a machine reads them, or those who write this program."""
    own = {
        "wizard/checks/database/executions.py",
        "wizard/checks/database/kept.py",
        "wizard/checks/plan/bundle_pods.py",
        "wizard/checks/redis/server.py",
        "wizard/dataclass.py",
        "wizard/gui/steps/node_table.py",
        "wizard/guide/checks_page.py",
    }
    paths = [*(texts.ROOT / "wizard").rglob("*.py")]
    joined = re.compile(r"""["'][,;] ["']\.join""")
    assert {path.relative_to(texts.ROOT).as_posix() for path in paths if joined.search(path.read_text())} == own


def test_no_text_stands_inside_an_f_string():
    found = [call for call in texts.calls() if call.in_f_string]
    assert not [str(call) for call in found if any(isinstance(text, ast.Constant) for text in call.texts)]


def test_babel_extracts_every_text_of_the_code():
    found = {part for one in translations.ids(translations.extracted()) for part in _parts(one)}
    assert texts.literals() - {""} <= found


def test_argparse_says_nothing_that_is_not_marked():
    tree = ast.parse(inspect.getsource(argparse_words.argparse))
    said = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}
        if isinstance(node.args[0], ast.Constant)
    }
    assert said - _FOR_PROGRAMMERS <= {part for word in argparse_words.WORDS for part in _parts(word)}


_FOR_PROGRAMMERS = {
    # what is wrong with a grammar, not with what somebody typed
    "conflicting option string: %s",
    ".__call__() not defined",
    "'required' is an invalid argument for positionals",
    "mutually exclusive arguments must be optional",
    "%r is not callable",
    "cannot merge actions - two groups are named %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "cannot have multiple subparser arguments",
    "conflicting subparser: %s",
    "conflicting subparser alias: %s",
    "unexpected option string: %s",
    # what our grammar does not have: abbreviations, groups, argparse's own files and types
    "ambiguous option: %(option)s could match %(matches)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)",
    "one of the arguments %s is required",
    "not allowed with argument %s",
    "can't open '%(filename)s': %(error)s",
    'argument "-" with mode %r',
    "invalid %(type)s value: %(value)r",
    "subcommands",
}


def _parts(message):
    return (message,) if isinstance(message, str) else message
