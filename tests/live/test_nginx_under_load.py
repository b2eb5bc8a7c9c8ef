"""Under load one of three nodes dies over its requests and comes back: no GET fails, no POST is sent twice."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.live.balancing import Balancer, plan_before
from tests.patience import patience, wait_until
from wizard.demo.http_stand_in import Answer
from wizard.demo.nodes import NodeStandIn

pytestmark = pytest.mark.live
CLIENTS = ("GET",) * 5 + ("POST",) * 3
"""The method of each client. One that asked by both in turns could be held with a GET, and so could all of them."""
MOST_REQUESTS = 60_000


class Node(NodeStandIn):
    """A node that can be told to die: it then takes requests and answers none, until it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.dying = False
        self.held: list[str] = []

    def answer(self, request) -> Answer | None:
        if self.dying:
            self.held.append(request.method)
            return None
        return Answer(200, b"", "text/plain")  # goes out in one piece: a stop finds no half of an answer

    def start(self):
        self.dying = False
        return super().start()


class Load:
    """Clients that ask at once, each request with its own number, until `enough` is set or the most is reached."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = iter(range(MOST_REQUESTS))
        self._next = threading.Lock()
        self.enough = threading.Event()
        self.answers: list[tuple[str, str, int]] = []

    def run(self, method: str) -> None:
        with httpx.Client(trust_env=False, timeout=patience(20)) as client:
            while (number := self._number()) is not None:
                path = f"/api/load:{number}"
                try:
                    status = client.request(method, self._url + path).status_code
                except httpx.TransportError:
                    status = 0
                self.answers.append((method, path, status))

    def _number(self) -> int | None:
        with self._next:
            return None if self.enough.is_set() else next(self._numbers, None)

    def passed(self, count: int) -> bool:
        return len(self.answers) >= count


@pytest.fixture(params=["nginx_debian", "nginx_newest"])
def program(request):
    return request.getfixturevalue(request.param).program


def test_no_get_fails_and_no_post_is_sent_twice_while_a_node_dies_and_comes_back(program, launch):
    nodes = [launch(Node) for _ in range(3)]
    balancer = launch(lambda: Balancer(plan_before(*nodes), program))
    load, dying = Load(balancer.url), nodes[1]
    with ThreadPoolExecutor(len(CLIENTS)) as clients:
        running = [clients.submit(load.run, method) for method in CLIENTS]
        try:
            assert wait_until(lambda: load.passed(300), within=20)
            dying.dying = True
            assert wait_until(lambda: {"GET", "POST"} <= set(dying.held), within=20)
            dying.stop()
            before = len(load.answers)
            assert wait_until(lambda: load.passed(before + 300), within=20)
            dying.start()
            taken = len(dying.requests)
            assert wait_until(lambda: len(dying.requests) >= taken + 50, within=30), "it never came back"
        finally:
            load.enough.set()
    for client in running:
        client.result()
    judge(load, nodes, held=Counter(dying.held))


def judge(load, nodes, held):
    by_method = {wanted: [answer for answer in load.answers if answer[0] == wanted] for wanted in ("GET", "POST")}
    assert {status for _, _, status in by_method["GET"]} == {200}
    taken = Counter(got.path for node in nodes for got in node.requests if got.method == "POST")
    assert max(taken.values()) == 1
    served = [path for _, path, status in by_method["POST"] if status == 200]
    assert all(taken[path] == 1 for path in served)
    lost = {path: status for _, path, status in by_method["POST"] if status != 200}
    assert set(lost.values()) == {502}
    assert len(lost) >= held["POST"] > 0
    assert len(lost) <= len(CLIENTS)
