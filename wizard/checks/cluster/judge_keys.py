"""What the nodes say to one session: whether they share the keys and the database. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from enum import Enum

from wizard.checks.cluster import answers, judge_sign_out
from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.session import Shown
from wizard.checks.cluster.session_probe import SessionFacts
from wizard.checks.cluster.session_target import Target
from wizard.checks.cluster.specs import KEYS, SESSION
from wizard.checks.node.specs import CONNECT, HEALTH
from wizard.checks.storage.contents import JWT_FILE
from wizard.engine.check import skip_rest
from wizard.engine.facts import Known, Trouble
from wizard.formats.image import STORAGE
from wizard.formats.shell import file_word
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.sections import Deployment

_IN_IMAGE = f"{STORAGE}/{JWT_FILE}"
Answers = Mapping[str, Known[Shown] | Trouble]


class _Verdict(Enum):
    """What a node thinks of the token."""

    ACCEPTED = "accepted"
    OTHER_KEY = "refused: signed with another key"
    OTHER_USERS = "knows no such user"
    REFUSED = "refused"
    UNCLEAR = "unclear"


def judge(target: Target, facts: SessionFacts) -> Iterator[Finding]:
    """Return a finding for each of SESSION."""
    if not isinstance(facts.serving, Known):
        yield KEYS.unknown(tr("Could not be found out: it is not known which nodes serve."), error=ErrorKind.TIMEOUT)
        yield from skip_rest(SESSION, KEYS)
    elif not facts.serving.value:
        yield from (spec.skip(tr("Not tested: no node serves; {gate} says why.", gate=HEALTH.id)) for spec in SESSION)
    elif isinstance(facts.shown, Known):
        yield from _signed_in(target, facts, facts.serving.value, facts.shown.value)
    else:
        yield _not_shown(target, facts, facts.serving.value[0])
        yield from skip_rest(SESSION, KEYS)


def first_of(facts: SessionFacts) -> str:
    """Return the name of the node on which was signed in; nothing if none serves."""
    return next(iter(facts.serving.value), "") if isinstance(facts.serving, Known) else ""


def _not_shown(target: Target, facts: SessionFacts, node: str) -> Finding:
    if isinstance(facts.shown, Trouble):
        late, why = facts.shown, tr("Could not be found out: not every node answered to a token of {node}.", node=node)
    elif isinstance(facts.login, Known):
        return _not_signed_in(target, facts.login, node)
    else:
        late = facts.login if isinstance(facts.login, Trouble) else Trouble(ErrorKind.OTHER)
        why = tr("Could not be found out: {node} gave no answer to the sign-in.", node=node)
    return KEYS.unknown(why, error=late.kind, detail=late.message, elapsed_ms=late.elapsed_ms)


def _not_signed_in(target: Target, login: Known[Said], node: str) -> Finding:
    account = target.account.name
    values, said = {"node": node, "account": account}, login.value
    error, detail, remedy = ErrorKind.PROTOCOL, "", None
    summary = tr("Could not be found out: {node} does not answer the sign-in with a token.", **values)
    match said.status:
        case answers.UNAUTHORIZED:
            error = ErrorKind.CREDENTIALS
            summary = tr("Could not be found out: {node} refuses the account {account}.", **values)
            remedy = advice(
                tr("Correct “Account for checks” and its password (application.check_account, .check_password).")
            )
        case answers.FORBIDDEN:
            error = ErrorKind.PERMISSION
            summary = tr("Could not be found out: {node} forbids the account {account} to sign in.", **values)
        case 200:
            detail = tr("It may ask for more than a password, such as a second factor; give an account without one.")
    return KEYS.unknown(
        summary,
        error=error,
        detail=sentences(said.words, detail),
        remedy=remedy,
        facts={"signed_in_on": node, "account": account, "status": said.status},
        elapsed_ms=login.elapsed_ms,
    )


def _signed_in(target: Target, facts: SessionFacts, serving: tuple[str, ...], shown: Answers) -> Iterator[Finding]:
    first, others = serving[0], serving[1:]
    own = _verdict(shown[first])
    if own is not _Verdict.ACCEPTED:
        yield _refused_at_home(first, shown[first])
        yield from skip_rest(SESSION, KEYS)
        return
    if not others:
        reason = tr("Not compared: fewer than two nodes serve.")
        yield from (spec.skip(reason) for spec in SESSION)
        return
    yield _keys(target, first, others, shown)
    accepting = [name for name in others if _verdict(shown[name]) is _Verdict.ACCEPTED]
    if accepting:
        yield judge_sign_out.judge(facts, first, accepting)
    else:
        yield from skip_rest(SESSION, KEYS)


def _verdict(answer: Known[Shown] | Trouble) -> _Verdict:
    if isinstance(answer, Trouble):
        return _Verdict.UNCLEAR
    said = answer.value.said
    if said.accepted:
        return _Verdict.ACCEPTED if answer.value.same else _Verdict.OTHER_USERS
    if said.status != answers.UNAUTHORIZED:
        return _Verdict.UNCLEAR
    match said.code:
        case answers.INVALID_TOKEN:
            return _Verdict.OTHER_KEY
        case answers.NO_USER:
            return _Verdict.OTHER_USERS
    return _Verdict.REFUSED


def _words(answer: Known[Shown] | Trouble) -> str:
    return answer.message or answer.kind.value if isinstance(answer, Trouble) else answer.value.said.words


def _refused_at_home(node: str, answer: Known[Shown] | Trouble) -> Finding:
    no_roles = isinstance(answer, Known) and answer.value.said.code == answers.NO_ROLES
    return KEYS.unknown(
        tr("Could not be found out: the account for checks has no role, so NocoBase answers it nothing.")
        if no_roles
        else tr("Could not be found out: {node} does not accept the token that it has just given.", node=node),
        error=ErrorKind.PERMISSION if no_roles else ErrorKind.PROTOCOL,
        detail=sentences(_words(answer), tr("The session ends by itself: nobody could sign out.") if no_roles else ""),
        remedy=advice(tr("Give the account one role; it may be one that allows nothing.")) if no_roles else None,
        facts={"signed_in_on": node},
    )


def _keys(target: Target, first: str, others: tuple[str, ...], shown: Answers) -> Finding:
    verdicts = {name: _verdict(shown[name]) for name in others}
    silent = [node.name for node in target.nodes if node.name not in shown]
    named = {verdict: [name for name in others if verdicts[name] is verdict] for verdict in _Verdict}
    facts = {"signed_in_on": first, "answers": {name: verdict.value for name, verdict in verdicts.items()}}
    refusing = [
        name for name in others if verdicts[name] in {_Verdict.OTHER_KEY, _Verdict.OTHER_USERS, _Verdict.REFUSED}
    ]
    if refusing:
        return _refused(target, first, refusing, named[_Verdict.OTHER_KEY], shown, facts)
    unclear = [*named[_Verdict.UNCLEAR], *silent]
    accepting = listing(named[_Verdict.ACCEPTED])
    if unclear:
        told = [tr("{node}: {said}.", node=name, said=_words(shown[name])) for name in named[_Verdict.UNCLEAR]]
        told += [tr("{node} does not serve.", node=name) for name in silent]
        return KEYS.unknown(
            _unclear(first, accepting, listing(unclear)),
            error=ErrorKind.OTHER,
            because=() if named[_Verdict.UNCLEAR] else (HEALTH.id, CONNECT.id),
            detail=sentences(*told),
            facts=facts,
        )
    return KEYS.passed(tr("A token of {first} is accepted by {names}.", first=first, names=accepting), facts=facts)


def _unclear(first: str, accepting: str, unclear: str) -> str:
    if not accepting:
        return tr(
            "Could not be found out: whether a token of {first} is accepted by {names}.", first=first, names=unclear
        )
    return tr(
        "A token of {first} is accepted by {names}; of {unclear} it could not be found out.",
        first=first,
        names=accepting,
        unclear=unclear,
    )


def _refused(
    target: Target, first: str, refusing: list[str], by_key: list[str], shown: Answers, facts: Mapping[str, object]
) -> Finding:
    told = sentences(*(tr("{node}: {said}.", node=name, said=_words(shown[name])) for name in refusing))
    names = listing(refusing)
    if not by_key:
        return KEYS.fail(
            tr("A token of {first} is not that user's on {names}.", first=first, names=names),
            ErrorKind.MISSING,
            detail=sentences(
                told, tr("The key fits; the users are not the same, so these nodes use another database.")
            ),
            remedy=advice(
                tr(
                    "Compare DB_HOST, DB_PORT, DB_DATABASE and DB_SCHEMA of these nodes with those of {first}.",
                    first=first,
                )
            ),
            facts=facts,
        )
    return KEYS.fail(
        tr("A token of {first} is refused by {names}.", first=first, names=names),
        ErrorKind.CREDENTIALS,
        detail=sentences(
            told,
            tr(
                "The nodes sign with different keys: whoever is passed from one to the other is signed out. "
                "The file jwt_secret.dat of a node's storage wins over APP_KEY."
            ),
        ),
        remedy=_compare(target, [first, *by_key]),
        facts=facts,
    )


def of_process(port: int) -> str:
    """Return the command that prints the digest of the key which the process at a port was started with.

    What a file says is not what a process has: it may have been edited since, or another one may be in use.
    """
    find = f'ss -Hltnp "sport = :{port}" | grep -o "pid=[0-9]*" | head -n 1 | cut -d= -f2'
    script = f'tr "\\0" "\\n" < /proc/$({find})/environ | sed -n "s/^APP_KEY=//p" | tr -d "\\n" | sha256sum'
    return shlex.join(["sudo", "sh", "-c", script])


def _compare(target: Target, nodes: list[str]) -> Remedy:
    """Return the commands whose lines must be alike on these nodes: a digest of the key, and of the file before it."""
    hosts = {node.name: node.host for node in target.nodes}
    inside = shlex.quote(f'printf %s "$APP_KEY" | sha256sum; sha256sum {_IN_IMAGE}')
    match target.deployment:
        case Deployment.KUBERNETES:
            return commands(
                "for pod in $(kubectl get pods -l app.kubernetes.io/name=nocobase -o name); do\n"
                f'    echo "$pod"\n    kubectl exec "$pod" -c nocobase -- sh -c {inside}\ndone'
            )
        case Deployment.DOCKER:
            lines = {name: f"docker compose exec {shlex.quote(name)} sh -c {inside}" for name in nodes}
        case _:
            file = file_word(f"{target.storage or 'storage'}/{JWT_FILE}")
            lines = {node.name: f"{of_process(node.port)}\nsha256sum {file}" for node in target.nodes}
    on = {name: tr("{name}, on {host}", name=name, host=hosts[name]) for name in nodes}
    return commands(*(steps(on[name], lines[name]) for name in nodes))
