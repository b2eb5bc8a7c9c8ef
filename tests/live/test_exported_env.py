"""Every value of an exported env file arrives exactly, in every program that reads such files.

Compose is Debian 13's own, in Go; no package has its grammar alone.
"""

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.live.env_readers import by_compose, by_docker, by_dotenv_16, by_python_dotenv, by_shell, node_modules, only
from tests.unit.plans import good_plan
from wizard.formats import dotenv
from wizard.formats.dotenv import grammar
from wizard.formats.dotenv.quoting import quoted, raw
from wizard.formats.files import SecretsMode, UnwritableError
from wizard.plan.generate import generate
from wizard.plan.kinds import SecretValue
from wizard.plan.secret import Secret, SecretRef

pytestmark = pytest.mark.live

AWKWARD = [
    *("a#b", "#", " #x", "a b", " lead", "trail ", "\ttab\t", "$HOME", "a$b", "$$", "$(id)", "`id`", "a`b", "${x}"),
    *("!!", "!", "*", "~", "~root", "a\\nb", "\\", "a\\", "\\\\", "it's", '"', 'say "hi"', "'\"", "'a'", '"a"', "`a`"),
    *("a=b", "=", "a;b", "a&b|c", "<x>", "(y)", "{z}", "[a-z]*", "?", "%20", "%", "é", "日本語", "🔑", "\u2028"),
    *("\u00a0x", "\ufeffx", "x\u0085", "export X=1", "A=B", "# comment", "-n", "--", "a\\'b", "\\'", "'\\", "$'a'"),
    *("a'$b", "0", "null", "", "'", "''", "a''b"),
]
PIECES = [
    *("A=1", "B = 'x' # c", "export C=2", "'", '"', "`", "D: y", "\n", "\r\n", "E=a#b", "F=", "#", " "),
    *('G="a\\nb"', "H='a\nb'", "\\'", "I='a' b", "J"),
]
FILES = st.one_of(
    st.text("AB=#'\"`\\ \n\r\t:exportn$\u2028\u00a0\ufeff", max_size=40),
    st.lists(st.sampled_from(PIECES)).map("".join),
)
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30),
    st.text("ab#$'\"\\`{}!~ =%é&;*", max_size=12),
    st.sampled_from(AWKWARD),
)
_read_alike: list[int] = []

BATCHES = hypothesis.settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)


def written(values):
    """Return the text of a quoted and of a raw file, and the values that no encoding refused, by name."""
    kept, lines, raw_lines = {}, [], []
    for number, value in enumerate(values):
        name = f"V{number}"
        try:
            line = f"{name}={quoted(value, name, 'test.value')}"
        except UnwritableError:
            continue
        kept[name] = value
        lines.append(line)
        raw_lines.append(f"{name}={raw(value, name, 'test.value')}")
    return "\n".join(lines) + "\n", "\n".join(raw_lines) + "\n", kept


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("env")


@BATCHES
@hypothesis.example(AWKWARD)
@hypothesis.given(st.lists(VALUES, min_size=200, max_size=300))
def test_whatever_is_not_refused_is_read_alike_by_all_readers(folder, values):
    text, raw_text, kept = written(values)
    path = folder / "values.env"
    path.write_text(text, encoding="utf-8", newline="")
    assert by_dotenv_16([text]) == [kept]
    assert {name: found.value for name, found in dotenv.parse(text).items()} == kept
    assert by_python_dotenv(text, interpolate=False) == kept
    assert by_python_dotenv(text, interpolate=True) == kept
    for shell in ("bash", "dash"):
        assert only(by_shell(shell, path), kept) == kept, shell
    assert by_compose(path) == kept
    assert by_docker(raw_text) == kept
    _read_alike.append(len(kept))


def test_at_least_two_thousand_values_were_read_alike():
    """Comes after the test above, and counts what was not refused there."""
    if _read_alike:
        assert sum(_read_alike) >= 2000


def test_generated_secrets_are_never_refused_and_read_alike_without_quotes(folder):
    values = [generate(SecretValue(length=length)).reveal() for length in (20, 48) for _ in range(200)]
    text, raw_text, kept = written(values)
    assert list(kept.values()) == values
    assert text == raw_text
    assert by_dotenv_16([text]) == [kept]


@hypothesis.settings(BATCHES, max_examples=15)
@hypothesis.given(st.lists(FILES, min_size=200, max_size=300))
def test_our_reader_reads_any_file_as_nocobase_does(texts):
    ours = [{name: found.value for name, found in grammar.parse(text).items()} for text in texts]
    for text, mine, theirs in zip(texts, ours, by_dotenv_16(texts), strict=True):
        assert mine == theirs, text


PASSWORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=24)


@BATCHES
@hypothesis.given(st.dictionaries(st.sampled_from(["database", "redis.server"]), PASSWORDS, min_size=2, max_size=2))
def test_an_exported_cluster_env_gives_nocobase_every_value_exactly(passwords):
    plan, secrets = good_plan(), {"application.app_key": generate(SecretValue(length=48))}
    for group, password in passwords.items():
        name = f"{group}.password"
        plan = plan.with_value(name, SecretRef(name))
        secrets[name] = Secret(password)
    try:
        files = dotenv.write(plan, secrets, SecretsMode.INLINE)
    except UnwritableError as refused:
        hypothesis.assume(refused.key != "database.password")
        raise
    expected = {
        variable.name: value
        for variable in dotenv.variables(plan).common
        if (value := variable.reveal(secrets)) is not None
    }
    assert by_dotenv_16([files[0].text]) == [expected]
    assert by_docker(files[1].text) == expected
    assert expected["DB_PASSWORD"] == passwords["database"]


def test_dotenv_is_the_version_that_nocobase_uses():
    assert '"version": "16.' in (node_modules() / "dotenv" / "package.json").read_text(encoding="utf-8")
