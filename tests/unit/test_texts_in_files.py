"""How a value stands in a file of another kind: Markdown, shell, YAML, templates; and the permissions of a file."""

import pytest
from jinja2 import UndefinedError

from wizard.formats import markdown, shell
from wizard.formats.dotenv.quoting import quoted, raw
from wizard.formats.files import BundleFile, LackingError, UnwritableError
from wizard.formats.marked_block import merge, split
from wizard.formats.templates import fill, one_line, yaml_string


@pytest.mark.parametrize(
    ("value", "text", "code"),
    [
        ("plain", "plain", "`plain`"),
        (12, "12", "`12`"),
        (" a\n b ", "a b", "`a b`"),
        ("a*b_c", r"a\*b\_c", "`a*b_c`"),
        ("[x](y)", r"\[x\](y)", "`[x](y)`"),
        ("<b>&|~\\", r"\<b\>\&\|\~" + "\\\\", r"`<b>&\|~\`"),
        ("a`b", r"a\`b", "``a`b``"),
        ("`a", r"\`a", "`` `a ``"),
        ("a``", r"a\`\`", "``` a`` ```"),
    ],
)
def test_a_value_in_markdown_is_no_markup(value, text, code):
    assert (markdown.text(value), markdown.code(value)) == (text, code)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("a\nb", ["```sh", "a", "b", "```"]),
        ("", ["```sh", "```"]),
        ("``", ["```sh", "``", "```"]),
        ("```", ["````sh", "```", "````"]),
        ("a````b", ["`````sh", "a````b", "`````"]),
        ("a\x1bb\tc", ["```sh", "a\ufffdb\tc", "```"]),
    ],
)
def test_no_line_ends_a_block_of_code(value, lines):
    assert markdown.block(value, "sh") == lines
    assert markdown.block("x") == ["```", "x", "```"]


@pytest.mark.parametrize(("value", "text"), [("a b", "'a b'"), ("it's", "'it'\"'\"'s'"), (5, "'5'"), ("", "''")])
def test_a_shell_takes_a_value_as_it_is(value, text):
    assert shell.literal(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("true", '"true"'),
        (1, '"1"'),
        ('a"b\\', r'"a\"b\\"'),
        ("é\n", r'"é\n"'),
        ("\x7f\x85\u2028", r'"\x7f\x85\u2028"'),
    ],
)
def test_a_value_in_yaml_is_a_string_that_shows_all_that_is_in_it(value, text):
    assert yaml_string(value) == text


@pytest.mark.parametrize(("value", "text"), [("a\n  b", "a b"), (3, "3"), ("a\x1bb\u202ec", "a\ufffdb\ufffdc")])
def test_a_comment_stays_on_its_line(value, text):
    assert one_line(value) == text


def test_what_a_template_is_not_given_is_an_error():
    assert fill("nginx-around.conf.j2", site="a.conf").endswith("\n    include ../a.conf;\n}\n")
    with pytest.raises(UndefinedError):
        fill("nginx-around.conf.j2")


@pytest.mark.parametrize(
    ("secret", "private", "mode"), [(False, False, 0o644), (True, False, 0o600), (False, True, 0o600)]
)
def test_a_file_with_secrets_or_for_them_is_its_owners_alone(secret, private, mode):
    file = BundleFile("a", "text", secret=secret, private=private)
    assert (file.mode, file.empty) == (mode, "")
    assert "text" not in repr(file)


def test_a_file_that_nothing_is_said_of_holds_no_secret():
    file = BundleFile("a", "b")
    assert (file.secret, file.private, file.mode) == (False, False, 0o644)


BLOCK = "# >>> NocoBase Cluster Wizard: x\nin\n# <<< NocoBase Cluster Wizard\n"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (BLOCK, ("", BLOCK, "")),
        (f"a\n{BLOCK}b\n", ("a\n", BLOCK, "b\n")),
        ("  " + BLOCK.replace("\n# <", "\n\t# <"), ("", "  " + BLOCK.replace("\n# <", "\n\t# <"), "")),
        (BLOCK + BLOCK, None),
        (BLOCK.splitlines(keepends=True)[0], None),
        (BLOCK.splitlines(keepends=True)[2], None),
        (BLOCK.splitlines(keepends=True)[2] + BLOCK.splitlines(keepends=True)[0], None),
        ("x " + BLOCK, None),
        ("", None),
    ],
)
def test_a_file_has_one_marked_block_or_none(text, parts):
    assert split(text) == parts


def test_a_new_block_stands_between_the_lines_that_were_there():
    new = BLOCK.replace("in", "new")
    assert merge(f"a\n{BLOCK}b", f"x\n{new}y") == f"a\n{new}b"
    assert merge("a\n", new) == new
    assert merge(BLOCK, "no block") == "no block"


NEW = (
    "Use letters, digits and _ . / : @ % + = , - alone. The window generates a new secret; so does: openssl rand "
    "-hex 32"
)


@pytest.mark.parametrize(
    ("value", "text"), [("plain", "plain"), ("a b", "'a b'"), ("it's", '"it\'s"'), ("", ""), ("a#b", "'a#b'")]
)
def test_a_value_stands_bare_or_in_the_quotes_that_all_readers_take(value, text):
    assert quoted(value, "A", "a.b") == text
    assert raw(value, "A", "a.b") == value


@pytest.mark.parametrize(
    ("value", "shown", "better"),
    [
        ("a'b\"c$d", True, "What can be written: abcd"),
        ("a'b\"c$d", False, NEW),
        ("'\"$", True, NEW),
        ("a'b\"  c$", True, "What can be written: ab c"),
    ],
)
def test_a_value_that_no_quotes_carry_is_refused_with_a_better_one(value, shown, better):
    with pytest.raises(UnwritableError) as refused:
        quoted(value, "A", "a.b", shown=shown)
    assert refused.value.key == "a.b"
    assert str(refused.value) == f"A (a.b) has characters that no env file carries to every reader. {better}"
    assert raw(value, "A", "a.b", shown=shown) == value


@pytest.mark.parametrize("write", [quoted, raw])
@pytest.mark.parametrize(("shown", "better"), [(True, "What can be written: a b"), (False, NEW)])
def test_a_value_of_several_lines_is_refused(write, shown, better):
    with pytest.raises(UnwritableError) as refused:
        write("a\nb", "A", "a.b", shown=shown)
    assert refused.value.key == "a.b"
    assert str(refused.value) == f"A (a.b) has a line end or another control character. {better}"


@pytest.mark.parametrize("write", [quoted, raw])
def test_of_a_value_nothing_is_shown_unless_it_may_be(write):
    with pytest.raises(UnwritableError, match="openssl rand -hex 32"):
        write("a\nb", "A", "a.b")


def test_what_one_file_lacks_is_told_as_what_cannot_be_written():
    error = LackingError("nodes", "No node.")
    assert isinstance(error, UnwritableError)
    assert (error.key, str(error)) == ("nodes", "No node.")
