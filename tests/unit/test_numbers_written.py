"""Numbers as Compose and as Node.js hand them to a process: each end of each range, as Go and JavaScript write them."""

import pytest

from wizard.formats.cluster_file.tree import compose
from wizard.formats.compose.scalars import given
from wizard.formats.units.env_command import by_env
from wizard.formats.units.numbers import as_text


@pytest.mark.parametrize(
    ("written", "told"),
    [
        *[("true", "true"), ("True", "true"), ("TRUE", "true"), ("false", "false"), ("False", "false")],
        *[("FALSE", "false"), ("yes", "yes"), ("tRUE", "tRUE"), (".nan", "NaN"), (".NaN", "NaN"), (".NAN", "NaN")],
        *[
            (".inf", "+Inf"),
            (".Inf", "+Inf"),
            (".INF", "+Inf"),
            ("+.inf", "+Inf"),
            ("+.Inf", "+Inf"),
            ("+.INF", "+Inf"),
        ],
        *[("-.inf", "-Inf"), ("-.Inf", "-Inf"), ("-.INF", "-Inf"), ("'true'", "true"), ("'010'", "010")],
        *[("010", "8"), ("0o10", "8"), ("0x1F", "31"), ("0b11", "3"), ("-010", "-8"), ("+7", "7"), ("08", "8")],
        *[("1_000", "1000"), ("_1", "_1"), ("1.50", "1.5"), ("1.0", "1"), (".5", "0.5"), ("1.", "1"), ("0.0", "0")],
        *[("999999.5", "999999.5"), ("1000000.5", "1.0000005e+06"), ("1e6", "1e+06"), ("1e5", "100000")],
        *[("0.0001", "0.0001"), ("0.00001", "1e-05"), ("-1.5e-7", "-1.5e-07"), ("1e400", "+Inf"), ("-1e400", "-Inf")],
        *[("18446744073709551615", "18446744073709551615"), ("18446744073709551616", "1.8446744073709552e+19")],
        *[("-9223372036854775808", "-9223372036854775808"), ("-9223372036854775809", "-9.223372036854776e+18")],
        *[("1" * 40, "1.1111111111111112e+39"), ("1" * 41, "1" * 41), ("1.2.3", "1.2.3"), ("a1", "a1"), ("''", "")],
    ],
)
def test_a_value_of_compose_is_written_as_go_writes_it(written, told):
    assert given(compose(f"a: {written}\n", "x.yaml").merged()["a"]) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        *[("1", "1"), ("1.50", "1.5"), ("1.0", "1"), ("-0", "0"), ("0.0", "0"), ("1_000", "1000"), ("1__0", "1__0")],
        *[("0x1F", "31"), ("0X1f", "31"), ("0o17", "15"), ("0b11", "3"), ("017", "15"), ("08", "8"), ("-0x10", "-16")],
        *[("1e20", "100000000000000000000"), ("1e21", "1e+21"), ("1.5e21", "1.5e+21"), ("-1e21", "-1e+21")],
        *[("1e-6", "0.000001"), ("1e-7", "1e-7"), ("0.00000015", "1.5e-7"), ("1e999", "Infinity")],
        *[("-1e999", "-Infinity"), ("1e99999", "1e99999"), ("1.2.3", "1.2.3"), ("true", "true"), ("12n", "12n")],
        *[("1" * 400, "Infinity"), ("1" * 401, "1" * 401), ("5.", "5")],
    ],
)
def test_a_number_of_a_module_is_written_as_javascript_writes_it(written, told):
    assert as_text(written) == told


@pytest.mark.parametrize(
    ("words", "taken", "alone", "count"),
    [
        *[("", (), False, 0), ("A=b node", (), False, 0), ("-i node", (), True, 1), ("- node", (), True, 1)],
        *[("--ignore-environment A=b", (), True, 1), ("-u A node", ("A",), False, 2), ("-uA node", ("A",), False, 1)],
        *[("--unset A node", ("A",), False, 2), ("--unset=A -i node", ("A",), True, 2), ("-- -i", (), False, 1)],
        ("-u A -u B -- node", ("A", "B"), False, 5),
    ],
)
def test_options_of_env_take_variables_away(words, taken, alone, count):
    found, at = by_env(words.split())
    assert (found.taken, found.alone, found.option, at) == (frozenset(taken), alone, "", count)


@pytest.mark.parametrize(
    ("words", "option", "unknown"),
    [
        *[("-S A=b node", "-S", ("A",)), ("--split-string=A=b", "--split-string", ("A",)), ("-vS A=b", "-v", ("A",))],
        *[
            ("-C /srv A=b C=d", "-C", ("A", "C")),
            ("-u", "-u", ()),
            ("-vSA=b", "-v", ("A",)),
            ("--chdir=/a", "--chdir", ()),
        ],
    ],
)
def test_behind_another_option_the_variables_are_not_known(words, option, unknown):
    found, at = by_env(words.split())
    assert (found.option, found.unknown, at) == (option, unknown, len(words.split()))
