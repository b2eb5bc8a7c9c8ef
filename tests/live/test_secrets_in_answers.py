"""Servers that tell a secret, in whatever form and wherever they put words of their own: no finding shows it."""

import html
import json
import threading
from dataclasses import asdict
from urllib.parse import quote

import pytest

from tests.live.hostile_run import check_at
from tests.patience import patience
from tests.servers.hostile import all_of
from tests.servers.telltale import SAYING
from wizard.engine.events import RunFinished
from wizard.engine.runner import Run
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret

pytestmark = pytest.mark.live
SECRET = "Wr0ng<horse>&b4tt/ry"
FORMS = {
    "as it is": SECRET,
    "one sign encoded": SECRET.replace("<", "%3c"),
    "encoded": quote(SECRET, safe=""),
    "encoded twice": quote(quote(SECRET, safe="")),
    "hexadecimal": SECRET.encode().hex(),
    "HTML": html.escape(SECRET),
    "HTML by numbers": "".join(f"&#{ord(sign)};" for sign in SECRET),
    "as Go writes JSON": SECRET.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
}
LEADS = (0, 185, 225)
"""Signs before it: where texts are cut at 200 signs, and where AMQP cuts its own at 255."""


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_finding_shows_it(form):
    scripts = {f"{place}, {lead}": saying("x" * lead + form) for place, saying in SAYING.items() for lead in LEADS}
    over, reports = threading.Event(), []

    def take(event):
        if isinstance(event, RunFinished):
            reports.append(event.report)
            over.set()

    with all_of(scripts) as ports:
        checks = [check_at(place, port, "") for place, port in ports.items()]
        Run(checks, take, redactor=Redactor([Secret(SECRET)]), jobs=64, timeout=patience(10)).start()
        assert over.wait(patience(60))
    told = [json.dumps(asdict(finding), default=str, ensure_ascii=False) for finding in reports[0].findings]
    pieces = {form[start : start + 9] for start in range(len(form) - 8)}
    assert not [(piece, text) for text in told for piece in pieces if piece in text]
    assert sum(HIDDEN in text for text in told) >= len(LEADS) * 5
    assert reports[0].faults == 0
