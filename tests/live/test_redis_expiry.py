"""What a check that is killed leaves in Redis goes by itself: no step makes a key without an expiry."""

from itertools import count

import pytest

from tests.servers.fixtures import running
from tests.servers.redis import sound_redis
from wizard.checks.redis.round_trips import WAYS, Trip, new_mark, stream

pytestmark = pytest.mark.live


class _KilledError(Exception):
    """The program is gone after a step."""


class _CutTrip(Trip):
    """A trip that ends behind a number of steps."""

    left = 0

    def do(self, name, action, expected=None):
        if not self.left:
            raise _KilledError
        self.left -= 1
        return super().do(name, action, expected)


@pytest.fixture(scope="module")
def client():
    with running(sound_redis) as server, server.connect() as client:
        yield client


@pytest.mark.parametrize("way", [*WAYS.values(), stream], ids=lambda way: way.__name__)
def test_a_key_has_its_expiry_from_the_step_that_makes_it(client, way):
    left = []
    for steps in count():
        trip = _CutTrip(client, new_mark())
        trip.left = steps
        try:
            way(trip)
        except _KilledError:
            left.append(client.pttl(trip.key))
        else:
            break
    kept = [milliseconds for milliseconds in left if milliseconds != -2]
    assert kept
    assert all(0 <= milliseconds <= 60_000 for milliseconds in kept)  # 0: a part of the last one is left
