"""Long runs of one sign cost time in proportion: no expression tries each part of a run again."""

import time

import pytest

from tests.patience import processor_time
from wizard.formats.compose import env_file
from wizard.formats.files import SourceError
from wizard.formats.units import literal, systemd
from wizard.formats.units.systemd import Unit
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret
from wizard.sources.cluster_file import ClusterFile
from wizard.sources.material import Material

MOST = 2.0
"""Seconds of processor time for the largest text that a reader takes."""
HIDE = Redactor([Secret("topsecret1")])

NAMED = (
    "".join(f"const a{at} = {at};\n" for at in range(50))
    + "{more}\nmodule.exports = ["
    + ", ".join(f"a{at}" for at in range(50))
    + "];\n"
)
"""A module with as many constants as are looked for."""


def _read_literal(text):
    try:
        literal.read(text, "ecosystem.config.js")
    except SourceError:
        return


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("read", "text"),
    [
        pytest.param(HIDE.text, "\\" * 65536, id="backslashes in a server's answer"),
        pytest.param(HIDE.text, "\\u" * 32768, id="half an escape in a server's answer"),
        *(
            pytest.param(HIDE.text, piece * (65536 // len(piece)) + "!", id=f"{piece} in a server's answer")
            for piece in ("\\0", "\\0777", "\\ud800", "=", "=4", "=41", "&#0", "%u", "+")
        ),
        *(
            pytest.param(HIDE.text, start + "0" * 65536 + "!", id=f"noughts behind {start}")
            for start in ("&#", "&#x", "\\u{", "\\ud800\\u", "\\")
        ),
        pytest.param(
            lambda text: env_file.read(text, {}), "export" + " " * 1_000_000 + "!", id="blanks in an env file"
        ),
        pytest.param(_read_literal, "module.exports = a" + " " * 200_000 + "x", id="blanks in PM2's ecosystem"),
        *(
            pytest.param(_read_literal, NAMED.format(more=piece * (230_000 // len(piece))), id=f"constants and {piece}")
            for piece in ("(", "(){}", "a0 ", "[a1", "a0.b", "/*", "'", "{a0,", "...a0,", '\\"', "`${", "=>+")
        ),
        pytest.param(
            _read_literal,
            NAMED.format(more="".join(f"const b{at} = [b{at + 1}, a0]\n" for at in range(8000))),
            id="constants of one another",
        ),
    ],
)
def test_a_long_run_takes_time_in_proportion(read, text):
    began = time.process_time()
    read(text)
    assert time.process_time() - began < processor_time(MOST)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_many_lines_of_comments_take_time_in_proportion(tmp_path, end):
    path = tmp_path / "compose.yaml"
    data = f"# of a machine{end}".encode() * 6000 + f"services:{end}  app: {{}}{end}".encode()
    began = time.process_time()
    ClusterFile().likeness(Material(str(path), path, data))
    assert time.process_time() - began < processor_time(MOST)


@pytest.mark.timeout(60)
def test_very_many_secrets_that_begin_alike_take_time_in_proportion_and_are_all_hidden():
    secrets = [Secret(f"pass<wörd{number}") for number in range(3000)]
    began = time.process_time()
    redactor = Redactor(secrets)
    said = [redactor.text(f"refused: pass<wörd{number}, pass%3Cw%c3%b6rd{number}.") for number in range(0, 3000, 3)]
    assert set(said) == {f"refused: {HIDDEN}, {HIDDEN}."}
    assert time.process_time() - began < processor_time(MOST)


ALIKE = [Secret("a" * length) for length in range(4, 700)]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("secrets", "text", "left"),
    [
        pytest.param(ALIKE, "a" * 20_000, "", id="one letter"),
        pytest.param(ALIKE, "a" * 20_000 + "%21", "%21", id="one letter, and another way of writing"),
        pytest.param(ALIKE[:90], "a" * 20_000 + "%21", "%21", id="few secrets, and another way of writing"),
        pytest.param(ALIKE, "aaab" * 5000, "aaab" * 5000, id="almost all places"),
        pytest.param(
            [Secret("a" * length + "b") for length in range(4, 700)], "a" * 20_000, "", id="a piece at all places"
        ),
        pytest.param(
            [Secret("b" + "a" * length + "b") for length in range(4, 700)], "a" * 20_000, "a" * 20_000, id="no place"
        ),
    ],
)
def test_secrets_that_begin_with_one_another_take_time_in_proportion_and_are_all_hidden(secrets, text, left):
    began = time.process_time()
    assert Redactor(secrets).text(text).replace(HIDDEN, "") == left
    assert time.process_time() - began < processor_time(MOST)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("UnsetEnvironment=V{at}\n", id="names that are taken away"),
        pytest.param("PassEnvironment=V{at}\n", id="names that are passed on"),
    ],
)
def test_many_lines_of_a_unit_take_time_in_proportion(line):
    unit, text = Unit(), "".join(line.format(at=at) for at in range(9000))
    began = time.process_time()
    systemd.read(unit, f"[Service]\n{text}", "crm.service", {})
    assert len(unit.unset) + len(unit.passed) == 9000
    assert time.process_time() - began < processor_time(MOST / 2)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("quote", ["", "'"])
def test_a_long_word_of_a_unit_takes_time_in_proportion(quote):
    unit, text = Unit(), "x" * 250_000
    began = time.process_time()
    systemd.read(unit, f"[Service]\nEnvironment={quote}A={text}{quote}\n", "crm.service", {})
    assert unit.variables["A"].value == text
    assert time.process_time() - began < processor_time(MOST / 2)


@pytest.mark.parametrize("text", [r"a \\u0074opsecret1", r"\x74opsecret1", r"\\\\u{74}opsecret1", r"\"\u0074opsecret1"])
def test_a_secret_is_found_behind_any_number_of_backslashes(text):
    assert "opsecret1" not in HIDE.text(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("line", "most"), [("line{}", MOST), ("x{}<ö%25&amp;", 2 * MOST)])  # of a bounded number alone
def test_a_secret_of_very_many_lines_is_learned_within_bounds(line, most):
    secret = Secret("\n".join(map(line.format, range(100_000))))
    began = time.process_time()
    assert Redactor([secret]).text(f"a %41 {line.format(7000)} =3D") == f"a %41 {HIDDEN} =3D"
    assert time.process_time() - began < processor_time(most)
