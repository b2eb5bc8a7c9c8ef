"""Why a server's certificate is not believed, told apart, each with its remedy. Pure."""

from __future__ import annotations

import shlex
from typing import Any

from wizard.engine.facts import Trouble
from wizard.net.peer import Peer
from wizard.net.trust import Authority, Doubt
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.quoted import Quoted
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.spec import Spec

_NO_AUTHORITY = ("issuer", "self-signed", "self signed", "unable to verify")
"""OpenSSL's words where no authority that is trusted here stands behind the certificate."""


def judge_trust(spec: Spec, peer: Peer, trouble: Trouble, doubt: Doubt | None, subject: str = "") -> Finding:
    """Say why the certificate is refused; what an authority's file on the nodes alone could mend stays unknown.

    A certificate that has ended or names somebody else is so without its authority, too.
    """
    more: dict[str, Any] = {"subject": subject, "elapsed_ms": trouble.elapsed_ms, "detail": _detail(trouble, doubt)}
    summary, remedy = _own_fault(peer, trouble, doubt) or ("", None)
    if not summary and _has_no_authority(trouble):
        if peer.authority_file and (doubt is None or doubt.authority is Authority.ELSEWHERE):
            return _for_a_node(spec, peer, trouble, more)
        summary, remedy = _foreign(peer, doubt)
    if not summary:
        summary = tr("The TLS certificate of {address} is not trusted.", address=peer.address)
        remedy = commands(peer.show_certificate())
    return spec.fail(summary, ErrorKind.TLS, remedy=remedy, **more)


def _detail(trouble: Trouble, doubt: Doubt | None) -> str:
    shown = doubt.certificate if doubt else None
    return f"{trouble.message}. {shown.described}" if shown else trouble.message


def _has_no_authority(trouble: Trouble) -> bool:
    return any(words in trouble.message.lower() for words in _NO_AUTHORITY)


def _own_fault(peer: Peer, trouble: Trouble, doubt: Doubt | None) -> tuple[str, Remedy] | None:
    """Word what is wrong with the certificate itself, by what it says and by what OpenSSL says of it."""
    shown, message = doubt.certificate if doubt else None, trouble.message.lower()
    if shown and shown.seen > shown.not_after:
        until = shown.not_after.date().isoformat()
        return (
            tr("The TLS certificate of {address} has expired: it ended on {until}.", address=peer.address, until=until),
            steps(tr("Renew it on the server. What the server shows:"), peer.show_certificate()),
        )
    if shown and shown.seen < shown.not_before:
        since = shown.not_before.date().isoformat()
        return (
            tr("The TLS certificate of {address} is not valid before {since}.", address=peer.address, since=since),
            steps(tr("Compare the clocks of the server and of this machine:"), "date -u"),
        )
    if (shown and shown.names and not shown.is_for(peer.host)) or "mismatch" in message:
        return _other_name(peer, shown.named if shown else Quoted())
    if "expired" in message or "not yet valid" in message:
        return (
            tr("A certificate behind that of {address} is not valid today.", address=peer.address),
            steps(tr("Renew the authority's. What the server shows:"), peer.show_certificate()),
        )
    return None


def _other_name(peer: Peer, names: Quoted) -> tuple[str, Remedy]:
    summary = (
        tr("The TLS certificate of {address} is for another name: {names}.", address=peer.address, names=names)
        if names
        else tr("The TLS certificate of {address} names no {host}.", address=peer.address, host=peer.host)
    )
    words = tr(
        "Enter a name of the certificate as the host in the plan, or have one made for {host}. What the server shows:",
        host=peer.host,
    )
    return summary, steps(words, peer.show_certificate())


def _foreign(peer: Peer, doubt: Doubt | None) -> tuple[str, Remedy]:
    """Word that no authority that NocoBase trusts stands behind the certificate."""
    values = {"address": peer.address, "file": peer.authority_file}
    authority = doubt.authority if doubt else Authority.NONE
    if authority is Authority.EMPTY:
        words = tr("Its text begins with -----BEGIN CERTIFICATE-----. To turn a binary one into text:")
        pem = shlex.join(["openssl", "x509", "-inform", "der", "-in", peer.authority_file])
        return (
            tr("The TLS certificate of {address} is not trusted: {file} holds no certificate.", **values),
            steps(words, f"{pem} -out {shlex.quote(peer.authority_file + '.pem')}"),
        )
    if authority is Authority.TRUSTED:
        return (
            tr("The TLS certificate of {address} is not trusted: {file} is another authority's.", **values),
            steps(tr("Give the certificate of this one's authority there (issuer):"), peer.show_certificate()),
        )
    return (
        tr("The TLS certificate of {address} is not trusted: NocoBase does not know its authority.", **values),
        steps(
            tr(
                "Its authority must be a public one, or the plan's private one (NODE_EXTRA_CA_CERTS). What the server "
                "shows:"
            ),
            peer.show_certificate(),
        ),
    )


def _for_a_node(spec: Spec, peer: Peer, trouble: Trouble, more: dict[str, Any]) -> Finding:
    values = {"file": peer.authority_file, "message": trouble.message}
    detail = tr("{message}. The private authority {file} is a path of the nodes and is not on this machine.", **values)
    return spec.unknown(
        tr("Whether the certificate of {address} is trusted can be found out on a node alone.", address=peer.address),
        error=ErrorKind.TLS,
        remedy=advice(tr("Copy {file} to the same path on this machine and check again.", **values)),
        **more | {"detail": detail},
    )
