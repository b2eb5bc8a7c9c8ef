"""The gate: does the server answer, and does it accept the account? Every way of failing has words of its own."""

from __future__ import annotations

from functools import partial

from wizard.checks.redis import errors
from wizard.checks.redis.facts import RedisFacts, Session
from wizard.checks.redis.specs import CONNECT
from wizard.checks.redis.target import RedisTarget
from wizard.checks.shared.judge_failure import judge_failure
from wizard.checks.shared.judge_name import judge_name
from wizard.checks.shared.restart import in_file, own_certificate
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Pending, Trouble
from wizard.net import errors as network
from wizard.net.errors import is_address
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, advice, commands, steps


def judge_connect(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Say whether the connection stands, or why not."""
    match facts.connection:
        case Known(value=session, elapsed_ms=elapsed):
            return _connected(target, session, elapsed)
        case Trouble() as trouble:
            return _failed(target, facts, trouble)
        case Pending():
            return _not_resolved(target, facts)


def _connected(target: RedisTarget, session: Session, elapsed: int | None) -> Finding:
    values = {"address": target.address, "user": target.username, "version": session.tls}
    match bool(target.username), bool(session.tls):
        case True, True:
            words = tr("Connected to {address} as {user} over {version}.", **values)
        case True, False:
            words = tr("Connected to {address} as {user} without TLS.", **values)
        case False, True:
            words = tr("Connected to {address} as the default user over {version}.", **values)
        case _:
            words = tr("Connected to {address} as the default user without TLS.", **values)
    return CONNECT.passed(
        words,
        subject=target.role,
        facts={"host": target.host, "port": target.port, "user": target.account, "tls": session.tls or None},
        elapsed_ms=elapsed,
    )


def _not_resolved(target: RedisTarget, facts: RedisFacts) -> Finding:
    trouble = facts.addresses if isinstance(facts.addresses, Trouble) else Trouble(ErrorKind.OTHER)
    if is_address(target.host):
        return _failed(target, facts, trouble)
    return judge_name(CONNECT, target, trouble, target.group, target.role)


def _failed(target: RedisTarget, facts: RedisFacts, trouble: Trouble) -> Finding:
    words = partial(_words, target, trouble)
    return judge_failure(CONNECT, target, trouble, value_of(facts.doubt), words, target.group, target.role)


def _words(target: RedisTarget, trouble: Trouble) -> tuple[str, Remedy]:  # noqa: PLR0911 - a table of cases
    address = target.address
    match trouble.kind:
        case ErrorKind.REFUSED if trouble.about == errors.FULL:
            return (
                tr("Redis at {address} takes no more clients: all its connections are in use.", address=address),
                steps(
                    tr("Raise maxclients in redis.conf. As soon as one is free, this shows who holds them:"),
                    target.redis_cli("CLIENT", "LIST", admin=True),
                ),
            )
        case ErrorKind.REFUSED if trouble.about == errors.LOADING:
            return (
                tr("Redis at {address} still loads its data, and serves nobody until then.", address=address),
                steps(tr("Wait and check again. How far it is:"), target.redis_cli("INFO", "persistence", admin=True)),
            )
        case ErrorKind.REFUSED:
            return (
                tr("Redis at {address} refuses the connection.", address=address),
                steps(
                    tr(
                        "Start Redis there, let it listen on that address (redis.conf: bind), and open the port; or "
                        "correct the address in the plan, if Redis is at another:"
                    ),
                    target.redis_cli("PING"),
                ),
            )
        case ErrorKind.TIMEOUT:
            return (
                tr("Redis at {address} does not answer.", address=address),
                steps(
                    tr("See whether a firewall drops the packets, and whether the port is Redis':"),
                    target.redis_cli("PING"),
                ),
            )
        case ErrorKind.TLS:
            return _tls_words(target, trouble)
        case ErrorKind.CREDENTIALS:
            return _credentials_words(target, trouble)
        case ErrorKind.PERMISSION if trouble.about == errors.PROTECTED_MODE:
            return (
                tr(
                    "Redis at {address} is in protected mode: it accepts connections from its own host alone.",
                    address=address,
                ),
                advice(
                    tr(
                        "Give the server a password in redis.conf (requirepass), restart it, and enter it in the plan. "
                        "Programs on its own host that use it without one are shut out until they have it, too."
                    )
                ),
            )
        case ErrorKind.PROTOCOL:
            return (
                tr("What listens at {address} does not speak Redis' protocol.", address=address),
                advice(tr("Correct the port: 6379 is Redis' own.")),
            )
        case _:
            return tr("Redis at {address} does not serve.", address=address), commands(target.redis_cli("PING"))


def _tls_words(target: RedisTarget, trouble: Trouble) -> tuple[str, Remedy]:
    address = target.address
    match trouble.about:
        case errors.PLAIN_SERVER:
            return (
                tr("Redis at {address} speaks without TLS, but the plan wants TLS.", address=address),
                _offer_tls(target),
            )
        case errors.TLS_SERVER:
            return (
                tr("{address} speaks TLS, but the plan has none.", address=address),
                advice(
                    tr("Switch TLS on in the plan; {variable} then begins with “rediss://”.", variable=target.variable)
                ),
            )
        case network.CLIENT_CERTIFICATE:
            return (
                tr("{address} asks for a client certificate, which NocoBase cannot give.", address=address),
                commands(steps(_without_certificates()), steps(in_file("redis.conf"), "tls-auth-clients no")),
            )
        case _:
            return tr("No TLS connection to {address}.", address=address), commands(target.show_certificate())


def _without_certificates() -> str:
    return tr(
        "Give NocoBase a server of its own, or let everybody in who has a password but no certificate, on this one:"
    )


def _offer_tls(target: RedisTarget) -> Remedy:
    """Return what makes the server speak TLS; the certificate comes first, without which it would not start again."""
    certificate, key = "/etc/redis/server.crt", "/etc/redis/server.key"
    return commands(
        steps(
            tr(
                "Switch TLS off in the plan, so that addresses begin with “redis://” and not “rediss://”; or on at the "
                "server, for all who use it. A certificate and its key come first: without them it would not start "
                "again. On the server, as root:"
            ),
            own_certificate(target.host, certificate, key),
            f"chown redis {key}",
        ),
        steps(
            in_file("redis.conf"),
            f"tls-port {target.port}",
            "port 0",
            f"tls-cert-file {certificate}",
            f"tls-key-file {key}",
            "tls-auth-clients no",
        ),
    )


def _credentials_words(target: RedisTarget, trouble: Trouble) -> tuple[str, Remedy]:
    if trouble.about == errors.NO_PASSWORD_GIVEN:
        return (
            tr("Redis at {address} asks for a password, and the plan has none.", address=target.address),
            advice(tr("Enter the password of {user} in the plan.", user=target.account)),
        )
    if target.username and not target.password:  # it may be the password that is taken for a user: it is not shown
        return (
            tr(
                "Redis at {address} refuses what it is given: a user alone, without a password.", address=target.address
            ),
            advice(
                tr(
                    "What stands before “@” without a colon is a user. If it is the password, write a colon before it, "
                    "as in {example}. Else give that user's password, too, or take the user out.",
                    example=target.with_password,
                )
            ),
        )
    if trouble.about == errors.NO_PASSWORD_THERE:
        return (
            tr("Redis at {address} has no password, and the plan gives one.", address=target.address),
            advice(
                tr(
                    "Take the password out of the plan. Setting it on the server (requirepass in redis.conf) is safer, "
                    "but shuts out everybody who uses the server without one, until they have it, too."
                )
            ),
        )
    return (
        tr("Redis at {address} refuses the user {user} or its password.", address=target.address, user=target.account),
        steps(
            tr("Correct user and password in the plan, or look at the account on the server:"),
            target.redis_cli("ACL", "GETUSER", target.account, admin=True),
        ),
    )
