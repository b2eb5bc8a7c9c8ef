"""What the nodes say to the end of a session: whether they share the list of those that ended. Pure."""

from __future__ import annotations

from wizard.checks.cluster import answers
from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.session_probe import SessionFacts
from wizard.checks.cluster.specs import SIGN_OUT
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.remedy import advice


def judge(facts: SessionFacts, first: str, accepting: list[str]) -> Finding:
    """Say whether the session that was ended on `first` was over on those that had accepted it."""
    ended = facts.ended.value if isinstance(facts.ended, Known) else {}
    home = ended.get(first)
    if not (isinstance(home, Known) and home.value.accepted):
        return SIGN_OUT.unknown(
            tr("Could not be found out: {node} did not end the session; it ends by itself.", node=first),
            error=home.kind if isinstance(home, Trouble) else ErrorKind.OTHER,
            detail=_end_words(home),
        )
    left = [name for name in accepting if _still_open(ended.get(name))]
    unclear = [name for name in accepting if name not in left and not _known_ended(ended.get(name))]
    found = {name: _end_words(ended.get(name)) for name in accepting}
    if left:
        return SIGN_OUT.fail(
            tr("A session that was ended on {first} was still open on {names}.", first=first, names=listing(left)),
            ErrorKind.MISSING,
            detail=tr(
                "Each of these nodes keeps the list of ended sessions in its own memory, so it has its cache to itself "
                "(seen where CACHE_DEFAULT_STORE was not redis); the check has signed out there, too."
            ),
            remedy=advice(
                tr(
                    "Set CACHE_DEFAULT_STORE=redis and the same CACHE_REDIS_URL on {names}, then restart them.",
                    names=listing([first, *left]),
                )
            ),
            facts={"signed_in_on": first, "answers": found},
        )
    if unclear:
        return SIGN_OUT.unknown(
            tr("Could not be found out of {names}.", names=listing(unclear)),
            error=ErrorKind.OTHER,
            detail=sentences(*(tr("{node}: {said}.", node=name, said=found[name]) for name in unclear)),
        )
    return SIGN_OUT.passed(
        tr("A session that was ended on {first} is over on {names}.", first=first, names=listing(accepting)),
        facts={"signed_in_on": first, "answers": found},
    )


def _still_open(answer: Known[Said] | Trouble | None) -> bool:
    return isinstance(answer, Known) and answer.value.accepted


def _known_ended(answer: Known[Said] | Trouble | None) -> bool:
    return isinstance(answer, Known) and answer.value.code == answers.BLOCKED_TOKEN


def _end_words(answer: Known[Said] | Trouble | None) -> str:
    if isinstance(answer, Known):
        return answer.value.words
    return (answer.message or answer.kind.value) if answer else tr("not asked")
