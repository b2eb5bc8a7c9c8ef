"""A server that gives back what it was sent, so that each refusal quotes the secret; a plan full of such servers."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator

from tests.unit.plans import good_plan
from wizard.plan.plan import Extra, Plan
from wizard.plan.secret import SecretRef
from wizard.plan.sections import Node, QueueKind


class Reflecting(socketserver.BaseRequestHandler):
    """Returns what it was sent, as the answer of each protocol in which a refusal may quote."""

    def handle(self) -> None:
        self.request.settimeout(2)
        try:
            sent = self.request.recv(65536)
            line = sent.replace(b"\r", b" ").replace(b"\n", b" ")
            if sent[:4] in {b"GET ", b"POST", b"PUT ", b"HEAD"}:
                body = b"<pre>" + sent + b"</pre>"
                head = b"HTTP/1.1 500 No: %s\r\nX-Sent: %s\r\nContent-Length: %d\r\n\r\n"
                self.request.sendall(head % (line[:400], line[:4000], len(body)) + body)
            else:
                self.request.sendall(b"-ERR " + line + b"\r\n")
        except OSError:
            pass


@contextlib.contextmanager
def mirror() -> Iterator[int]:
    """Run the server, and give its port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Reflecting) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def every_secret(port: int, kind: str) -> Plan:
    """Return a plan in which every secret setting has a reference, and every server gives back what it is sent."""
    plan = good_plan().with_value("queue.kind", QueueKind(kind))
    values = {"queue.url_variable": "QUEUE_ADAPTER_RABBITMQ_URL", "queue.username": "app"} if kind == "rabbitmq" else {}
    values |= {"application.check_account": "root", "application.public_url": f"http://127.0.0.1:{port}"}
    for server in ("database", "redis.server", *(["queue"] if kind == "rabbitmq" else [])):
        values |= {f"{server}.host": "127.0.0.1", f"{server}.port": port}
    values["nodes"] = tuple(Node(name=f"node{number}", host="127.0.0.1", port=port) for number in (1, 2))
    for key, value in values.items():
        plan = plan.with_value(key, value)
    for key, setting, _value in plan.settings():
        if setting.secret:
            plan = plan.with_value(key, SecretRef(key))
    return plan.with_value("extras", (Extra("MY_TOKEN", SecretRef("extra.MY_TOKEN")),))
