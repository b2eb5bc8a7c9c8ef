"""The environment that another program is started in: without the secrets that an admin put into ours for us."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.plan.variables import decides_secret, holds_account, named_like_a_secret

_OURS = "NCW_"
"""What the names of this program's own variables begin with, its passphrase's among them."""


def without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without this program's own: for a program that reads NocoBase's, as Compose does."""
    return {name: value for name, value in environ.items() if not name.startswith(_OURS)}


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without those that are NocoBase's secrets; what else programs of an admin need stays.

    That may be a token of their own, or a proxy with an account.
    """
    return {name: value for name, value in without_ours(environ).items() if not decides_secret(name, value)}


def bare(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without any that looks like a secret, for a program that needs none."""
    return {
        name: value
        for name, value in without_secrets(environ).items()
        if not (named_like_a_secret(name) or holds_account(value))
    }
