"""Commands of units that start containers, and the files that EnvironmentFile names."""

import pytest

from wizard.formats.units.by_container import Started, started
from wizard.formats.units.environment_file import read


@pytest.mark.parametrize("verb", ["run", "start", "create", "exec", "restart", "attach", "container"])
@pytest.mark.parametrize(
    "program", ["docker", "podman", "nerdctl", "/usr/bin/docker", "docker.exe", "-docker", "@docker"]
)
def test_a_command_of_a_runtime_starts_containers(program, verb):
    assert started(f"{program} {verb} app") is Started.BY_RUN
    assert started(f"{program} --context far -H tcp://x {verb} app") is Started.BY_RUN


@pytest.mark.parametrize(
    "command",
    [
        *["docker compose up", "docker stack deploy x", "docker-compose up", "podman-compose up", "podman compose up"],
        *["/usr/local/bin/docker-compose up", "docker --debug compose up"],
    ],
)
def test_a_project_is_started_by_compose(command):
    assert started(command) is Started.BY_COMPOSE


@pytest.mark.parametrize(
    "before",
    [
        *["sh -c", "bash -c", "dash -c", "zsh -c", "ksh -c", "env", "sudo", "doas", "flock x", "nice", "ionice"],
        *["timeout 5", "nohup", "setsid", "chrt 1", "taskset 1", "systemd-cat", "/bin/sh -c", "-/bin/sh -c"],
    ],
)
def test_what_stands_behind_a_program_that_starts_another_counts(before):
    assert started(f"{before} 'docker run app'") is Started.BY_RUN
    assert started(f"{before} 'cd /srv && docker compose up'") is Started.BY_COMPOSE
    assert started(f"{before} 'yarn start'") is Started.NOT


@pytest.mark.parametrize(
    "command", ["yarn start", "node docker run", "/usr/bin/mydocker run", "", "dockerd run", "podmanx run"]
)
def test_other_commands_start_none(command):
    assert started(command) is Started.NOT


def test_a_runtime_with_another_word_is_taken_for_one_that_starts():
    assert started("docker pull app") is Started.BY_RUN
    assert started("sh -c 'docker pull app; docker compose up'") is Started.BY_COMPOSE
    assert started("sh -c 'docker pull app'") is Started.NOT


@pytest.mark.parametrize(("calls", "found"), [(19, Started.BY_RUN), (20, Started.NOT)])
def test_twenty_calls_are_looked_at(calls, found):
    assert started(f"sh -c '{'docker pull app; ' * calls}docker run app'") is found


@pytest.mark.parametrize(("blanks", "found"), [(1994, Started.BY_RUN), (2001, Started.NOT)])
def test_a_verb_stands_within_two_thousand_characters(blanks, found):
    assert started(f"sh -c 'docker{' ' * blanks}run app'") is found


def _variables(text):
    found = read(text, "x.env")
    return {name: one.value for name, one in found.variables.items()}, found.ignored


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[
            ("word", "word"),
            ("  word \t", "word"),
            ("two words", "two words"),
            ("a#b ;c", "a#b ;c"),
            ("", ""),
            ("a\\", "a"),
        ],
        *[("'a b ' ", "a b "), ('"a b "', "a b "), ("'a'\"b\"c", "abc"), ("a'b'", "a'b'"), ("'a\\b'", "a\\b")],
        *[('"a\\"b"', 'a"b'), ('"a\\\\b"', "a\\b"), ('"a\\`b"', "a`b"), ('"a\\$b"', "a$b"), ('"a\\nb"', "a\\nb")],
        *[("a\\\nb", "ab"), ('"a\\\nb"', "ab"), ("'a\nb'", "a\nb"), ("a\\ ", "a "), ("\\'a", "'a"), ("'a", "a")],
    ],
)
def test_a_value_is_read_as_systemd_reads_it(written, value):
    assert _variables(f"A={written}") == ({"A": value}, ())


def test_lines_are_counted_also_behind_a_value_of_several():
    text = "# one\n; two\n A =x\n\nB='a\nb'\nC=d\r\nno sign\n1D=e\nB=f"
    found = read(text, "x.env")
    assert {name: (one.line, one.value, one.file, one.quote) for name, one in found.variables.items()} == {
        "A": (3, "x", "x.env", "'"),
        "C": (7, "d", "x.env", "'"),
        "B": (10, "f", "x.env", "'"),
    }
    assert ([*found.variables], found.ignored) == (["A", "C", "B"], (8, 9))
