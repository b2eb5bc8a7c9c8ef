"""Why no TLS connection to the database is made: the server's certificate, the client's, or none at all."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from wizard.checks.database import errors
from wizard.checks.database.target import Target
from wizard.checks.database.words import Refusal, Words, authority_file, check_certificate
from wizard.checks.shared.restart import in_file, own_certificate
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.remedy import Remedy, advice, commands, steps

_MYSQL_CERTIFICATE, _MYSQL_KEY = "/etc/mysql/server.crt", "/etc/mysql/server.key"
_OR_OFF = mark("Switch TLS off in the plan (database.tls) where nobody can listen on the way, or on at the server.")


def tls_words(refusal: Refusal) -> Words:
    """Tell trouble of the kind TLS."""
    return _BY_ABOUT.get(refusal.trouble.about, _other)(refusal)


def _needs_tls(refusal: Refusal) -> Words:
    return Words(
        tr("{product} at {where} lets {user} in over TLS alone, and the plan has TLS off.", **refusal.names),
        tr("NocoBase's licence kit takes TLS from DB_DIALECT_OPTIONS_SSL_MODE alone.")
        if refusal.target.postgres
        else tr("NocoBase's licence kit connects without TLS, so that such a server keeps it from making an ID."),
        check_certificate(refusal.target),
    )


def _no_tls(refusal: Refusal) -> Words:
    return Words(
        tr("{product} at {where} offers no TLS, and the plan demands it.", **refusal.names),
        tr("A node that checks the certificate needs the one that signed it; one that is made here signs itself."),
        _offer_tls(refusal.target),
    )


def _offer_tls(target: Target) -> Remedy:
    """Return what makes the server speak TLS; the certificate comes first, without which it would not start again."""
    if target.postgres:
        return steps(
            sentences(
                tr(_OR_OFF),
                tr(
                    "On the server, as its own user. A certificate and its key come first: without them it would not "
                    "start again."
                ),
                tr("Whoever connects without TLS still can."),
            ),
            """cd "$(psql -Atc 'SHOW data_directory')\"""",
            own_certificate(target.host, "server.crt", "server.key"),
            "chmod 600 server.key",
            "psql -c 'ALTER SYSTEM SET ssl = on' -c 'SELECT pg_reload_conf()'",
        )
    return commands(
        steps(
            sentences(
                tr(_OR_OFF),
                tr(
                    "On the server, as root. A certificate and its key come first: without them it would not start "
                    "again."
                ),
                tr("Whoever connects without TLS still can."),
            ),
            own_certificate(target.host, _MYSQL_CERTIFICATE, _MYSQL_KEY),
            f"chown mysql {_MYSQL_KEY}",
        ),
        steps(in_file("my.cnf"), "[mysqld]", f"ssl_cert = {_MYSQL_CERTIFICATE}", f"ssl_key = {_MYSQL_KEY}"),
    )


def _client_wanted(refusal: Refusal) -> Words:
    return Words(
        tr("{product} at {where} wants a client certificate from {user}.", **refusal.names),
        "",
        steps(
            tr("Put certificate and key there, where every node reads them, and into the environment of each:"),
            f"DB_DIALECT_OPTIONS_SSL_CERT={refusal.target.folder}/database-client.crt",
            f"DB_DIALECT_OPTIONS_SSL_KEY={refusal.target.folder}/database-client.key",
        ),
    )


def _other(refusal: Refusal) -> Words:
    summary = tr("No TLS connection to {product} at {where}.", **refusal.names)
    if certificate := refusal.trust.cert:
        doubt = tr("A server that does not take the client certificate {file} may end it so.", file=certificate)
        return Words(summary, doubt, commands(_show_client(refusal)))
    return Words(summary, "", commands(show_certificate(refusal.target)))


def show_certificate(target: Target) -> str:
    """Return the command that shows the certificate which the server sends."""
    protocol = "postgres" if target.postgres else "mysql"
    ask = shlex.join(["openssl", "s_client", "-starttls", protocol, "-connect", target.where])
    return f"{ask} </dev/null 2>/dev/null | openssl x509 -noout -subject -ext subjectAltName -dates"


def _client_refused(refusal: Refusal) -> Words:
    certificate = refusal.trust.cert
    return Words(
        tr("{product} at {where} refuses the client certificate {file}.", **refusal.names, file=certificate),
        tr(
            "It has to be valid now, and signed by an authority that the server knows: {setting} there.",
            setting="ssl_ca_file" if refusal.target.postgres else "ssl_ca",
        ),
        commands(_show_client(refusal)),
    )


def _show_client(refusal: Refusal) -> str:
    return shlex.join(["openssl", "x509", "-in", refusal.trust.cert, "-noout", "-subject", "-issuer", "-dates"])


def _bad_file(refusal: Refusal) -> Words:
    target, about = refusal.target, refusal.trouble.about
    summary = tr("A TLS file of the plan cannot be used: {problem}.", problem=refusal.trouble.message)
    certificate, key = shlex.quote(target.cert), shlex.quote(target.key)
    if about == errors.LOCKED_KEY:
        note = tr("Writes a key without a passphrase, to be named in the place of the other:")
        return Words(summary, "", steps(note, f"openssl pkey -in {key} -out {shlex.quote(target.key + '.open')}"))
    if about == errors.WRONG_KEY:
        both = (f"openssl x509 -in {certificate} -noout -pubkey", f"openssl pkey -in {key} -pubout")
        return Words(summary, "", steps(tr("Both must print the same:"), *both))
    return Words(
        summary,
        tr("NocoBase reads certificates and keys in the form PEM alone."),
        advice(tr("Put the file there in the form PEM: text that begins with “-----BEGIN”.")),
    )


def _certificate(refusal: Refusal) -> Words:
    target, names, message = refusal.target, refusal.names, refusal.trouble.message.lower()
    if "expired" in message:
        return Words(
            tr("The certificate of {product} at {where} has expired.", **names),
            "",
            steps(
                tr("Renew it on the server; NocoBase refuses it until then. What the server shows:"),
                show_certificate(target),
            ),
        )
    if "not yet valid" in message:
        return Words(
            tr("The certificate of {product} at {where} is not valid yet.", **names),
            "",
            steps(
                tr("Its time has not come, or the clock of this machine is behind; NocoBase refuses it until then:"),
                "date -u",
                show_certificate(target),
            ),
        )
    if "mismatch" in message or "does not match" in message or "not valid for" in message:
        return Words(
            tr("The certificate of {product} at {where} is for another name than {host}.", **names),
            "",
            steps(
                tr(
                    "Use the name that the certificate bears as DB_HOST (database.host), or have one made that bears "
                    "{host}. What it bears:",
                    **names,
                ),
                show_certificate(target),
            ),
        )
    summary = tr("The certificate of {product} at {where} is from an authority that is not trusted.", **names)
    if not target.ca:
        give = tr("Give the authority's certificate, the one that signed the server's, as the authority file.")
        return Words(summary, give, authority_file(target))
    return Words(
        summary,
        tr("The authority file {file} is not that of the server's certificate.", file=target.ca),
        advice(
            tr(
                "Put the certificate of the authority that signed the server's into {file}, on every node.",
                file=target.ca,
            )
        ),
    )


_BY_ABOUT: dict[str, Callable[[Refusal], Words]] = {
    errors.NEEDS_TLS: _needs_tls,
    errors.NO_TLS: _no_tls,
    errors.CLIENT_CERTIFICATE: _client_wanted,
    errors.CLIENT_REFUSED: _client_refused,
    errors.CERTIFICATE: _certificate,
    **dict.fromkeys((errors.BAD_FILE, errors.WRONG_KEY, errors.LOCKED_KEY), _bad_file),
}
