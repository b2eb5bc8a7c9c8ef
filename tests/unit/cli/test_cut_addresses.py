"""Signs of a password that cut an address, or that Compose reads as an expression, give no part of it away."""

from pathlib import Path

import pytest

from tests.unit.test_what_people_write import BASE


@pytest.mark.parametrize("sign", ["#", "@", "$", "${"])
@pytest.mark.parametrize(
    "line",
    [
        "REDIS_URL=redis://nb:{}@127.0.0.1:1/0",
        "CACHE_REDIS_URL={}@127.0.0.1:1/3",
        "CACHE_REDIS_URL=rediss//:{}@127.0.0.1:1/3",
        "API_BASE_URL=https://nb:{}@crm.acme.com/api/",
        "DATABASE_URL=postgres://nb:{}@127.0.0.1/nocobase",
        "MY_FEED_URL=https://nb:{}@feed.acme.com/x",
        "DB_PASSWORD={}",
        "DB_HOST=nb:{}@127.0.0.1",
    ],
)
def test_no_part_of_the_password_is_told_or_kept(program, home: Path, line, sign):
    name = line.partition("=")[0]
    rest = "".join(f"{one}\n" for one in BASE.splitlines() if not one.startswith(f"{name}="))
    (home / "a.env").write_text(rest + line.format(f"Quorx{sign}Welmy") + "\n")
    (home / "b.env").write_text(BASE)
    told = [
        program("check", "a.env", "--only", "plan", "--verbose"),
        program("check", "a.env", "--only", "plan", "--format", "json"),
        program("diff", "a.env", "b.env"),
    ]
    kept = [file.read_text() for file in home.rglob("*") if file.is_file() and file.suffix != ".env"]
    assert kept
    for text in (*(one.out + one.err for one in told), *kept):
        assert "Quorx" not in text
        assert "Welmy" not in text


def test_variables_that_stand_in_a_secret_are_named_where_they_are_known_to_be_some(program, home: Path):
    (home / "a.env").write_text(f"{BASE}REDIS_URL=redis://:$REDIS_PASSWORD@${{REDIS_HOST}}:1/0\n")
    assert "REDIS_PASSWORD, REDIS_HOST" in program("check", "a.env", "--only", "plan").out
