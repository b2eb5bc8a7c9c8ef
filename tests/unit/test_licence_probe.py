"""What is read of a package service's answers."""

import httpx
import pytest

from wizard.checks.licence.probe import Offer, _offer
from wizard.checks.licence.target import Target
from wizard.plan.secret import Secret

MIB = 1024 * 1024
HEAD, END = b'{"versions": {"2.2.15": {}}, "readme": "', b'"}'


@pytest.mark.parametrize(("length", "versions"), [(4 * MIB, ("2.2.15",)), (4 * MIB + 1, None)])
def test_a_package_may_be_described_in_so_many_bytes_and_what_is_longer_is_not_taken_in(length, versions):
    described = HEAD + b"x" * (length - len(HEAD) - len(END)) + END
    target = Target("https://pkg.example.com/", "customer", Secret("pass-word"), (), "2.2.15")
    answer = httpx.MockTransport(lambda _asked: httpx.Response(200, stream=httpx.ByteStream(described)))
    with httpx.Client(transport=answer) as client:
        assert _offer(client, target, "@nocobase/a") == Offer("@nocobase/a", 200, versions)
