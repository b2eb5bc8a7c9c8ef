"""Values that name a secret in a store, or hold it encrypted: a program in front of the node puts the secret there."""

from __future__ import annotations

import re

from wizard.pattern import pattern

_FORMS = pattern(
    r"(?:op|awssm|aws-?sm|aws-?ssm|ssm|secretsmanager|sm|gcpsm|gcp-?secretmanager|berglas|azkv|akv|azure-?keyvault|keyvault"
    r"|vault|infisical|bws?|doppler|akeyless|conjur|passbolt|keeper|secretref)://[^\s@]+"  # 1Password and its like
    r"|ref\+[a-z0-9]+://\S+"  # vals, helmfile
    r"|vault:[\w./-]+/[\w./-]+(?:#[\w.-]+){0,2}"  # Bank-Vaults
    r"|arn:aws[\w-]*:(?:secretsmanager|ssm):\S+"
    r"|projects/[\w-]+/secrets/[\w-]+(?:/versions/\w+)?"
    r"|@Microsoft\.KeyVault\(.+\)|\{\{resolve:(?:secretsmanager|ssm(?:-secure)?):.+\}\}"
    r"|ENC\[[A-Z0-9_]+,.+\]|\$ANSIBLE_VAULT;.+|encrypted:[A-Za-z0-9+/=]{40,}",  # SOPS, Ansible, dotenvx
    re.DOTALL,
)


def is_stored_elsewhere(value: str) -> bool:
    """Whether a value is no secret itself and says where one is, or is one that has to be decrypted."""
    return bool(_FORMS.fullmatch(value.strip()))
