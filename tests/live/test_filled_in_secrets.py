"""What the script of a bundle filled in arrives exactly, in every program that reads env files."""

import pytest

from tests.live.env_readers import by_compose, by_docker, by_dotenv_16, by_python_dotenv, by_shell, only
from tests.unit.fill_in import SHELLS, run, there, written
from tests.unit.plans import good_plan

pytestmark = pytest.mark.live
REDIS = "a#b/c d@é%'\"\\$x"
FILLED = {
    "APP_KEY": "k#$ !*" * 8,
    "APP_AES_SECRET_KEY": "0a" * 32,
    "INIT_ROOT_PASSWORD": "it's é",
    "DB_PASSWORD": 'say "hi" `id` $HOME',
    "REDIS_PASSWORD": REDIS,
    "NOCOBASE_PKG_PASSWORD": "plain-1",
}
"""All but the Redis password, which is encoded, are of the forms that env files carry."""
EXPECTED = {name: value for name, value in FILLED.items() if name != "REDIS_PASSWORD"} | {
    "REDIS_URL": "redis://:a%23b%2Fc%20d%40%C3%A9%25%27%22%5C%24x@redis.internal:6379/4",
    "CACHE_REDIS_URL": "redis://:a%23b%2Fc%20d%40%C3%A9%25%27%22%5C%24x@redis.internal:6379/0",
}


@pytest.mark.parametrize("shell", there(SHELLS))
def test_every_reader_gets_each_secret_as_it_was_filled_in(tmp_path, shell):
    written(good_plan(), tmp_path / "out", **FILLED)
    done = run(tmp_path / "out", shell)
    assert done.returncode == 0, done.stderr
    path = tmp_path / "out/env/cluster.env"
    text = path.read_text(encoding="utf-8")
    [by_node] = by_dotenv_16([text])
    found = {
        "dotenv": by_node,
        "bash": by_shell("bash", path),
        "dash": by_shell("dash", path),
        "python-dotenv": by_python_dotenv(text, interpolate=False),
        "python-dotenv with interpolation": by_python_dotenv(text, interpolate=True),
        "Compose": by_compose(path),
        "docker run": by_docker((tmp_path / "out/env/cluster.docker.env").read_text(encoding="utf-8")),
    }
    for reader, values in found.items():
        assert only(values, EXPECTED) == EXPECTED, reader
