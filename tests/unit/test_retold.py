"""What a run found is told in another language by the facts it kept, those of several checks of one subject, too."""

from collections import Counter
from dataclasses import dataclass

import pytest

from tests.patience import patience
from tests.unit.plans import SECRETS, good_plan
from wizard.app.retold import retold
from wizard.checks.registry import checks_for
from wizard.engine.check import Check, Nothing, settled
from wizard.engine.component import Beside, Request
from wizard.engine.events import RunFinished
from wizard.engine.facts import PENDING, Fact, Known
from wizard.engine.runner import Run
from wizard.plan.sections import BalancerKind
from wizard.plan.spec import Spec

BUNDLE = Beside(
    path="/bundle",
    edited=False,
    files=list,
    read=lambda _path: None,
    deployed=list,
    opened=lambda _state: None,
)
GATE, SITE, RULE = Spec("thing.connect", "m"), Spec("thing.site", "m"), Spec("thing.rule", "m")


@dataclass
class Live:
    answer: Fact[str] = PENDING


@dataclass
class Site:
    text: Fact[str] = PENDING


def checks(language):
    def ask(facts):
        facts.answer = Known("ok")

    def look(facts):
        facts.text = Known("listen 80;")

    return [
        Check(
            component="thing",
            specs=(GATE,),
            facts=Live,
            probe=ask,
            judge=lambda facts: [GATE.passed(f"{language}: {facts.answer.value}")],
        ),
        Check(
            component="thing",
            part="site",
            specs=(SITE,),
            facts=Site,
            probe=look,
            judge=lambda facts: [SITE.passed(f"{language}: {facts.text.value}")],
        ),
        settled("thing", "", (RULE,), [RULE.skip(f"{language}: not looked at")]),
    ]


def made(found, emit=lambda _event: None):
    return Run(checks=found, emit=emit)


@pytest.mark.parametrize("turn", [1, -1])
def test_checks_of_one_subject_are_each_told_by_their_own_facts(turn):
    events = []
    run = made(checks("en")[::turn], events.append)
    run.start()
    assert run.wait(patience())
    [report] = [event.report for event in events if isinstance(event, RunFinished)]
    told = retold(made(checks("fr")[::turn]), report)
    assert {identifier: item.summary for (identifier, _subject), item in told.items()} == {
        "thing.connect": "fr: ok",
        "thing.site": "fr: listen 80;",
        "thing.rule": "fr: not looked at",
    }


@pytest.mark.parametrize("kind", [BalancerKind.NGINX, BalancerKind.HAPROXY])
def test_each_check_of_a_plan_keeps_its_facts_at_a_place_of_its_own(kind):
    plan = good_plan().with_value("balancer.kind", kind).with_value("balancer.site_file", "/etc/nginx/nginx.conf")
    plan = plan.with_value("application.try_default_admin", True)
    asking = [one for one in checks_for(plan, SECRETS, Request(beside=BUNDLE)) if not isinstance(one.facts(), Nothing)]
    assert {"balancer", "cluster", "database"} <= {one.component for one in asking}
    assert any(one.subject == "bundle" for one in asking)
    assert [place for place, count in Counter(one.place for one in asking).items() if count > 1] == []
