"""What a node says to a request for a session, without anything secret: its status, NocoBase's code and message."""

from __future__ import annotations

import re

from wizard.dataclass import dataclass
from wizard.net.http import OK, Reply
from wizard.plan.quoted import Quoted
from wizard.plan.redact import Redactor

UNAUTHORIZED, FORBIDDEN = 401, 403
INVALID_TOKEN, BLOCKED_TOKEN, NO_USER = "INVALID_TOKEN", "BLOCKED_TOKEN", "NOT_EXIST_USER"
NO_ROLES = "USER_HAS_NO_ROLES_ERR"
"""NocoBase's codes (packages/core/auth/src/auth.ts; plugin-acl, middlewares/setCurrentRole.ts)."""
_CODE = re.compile(r"[A-Z][A-Z_]{2,40}")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """An answer's status, and the code and message of NocoBase's error if it is one."""

    status: int
    code: str = ""
    message: str = ""

    @property
    def accepted(self) -> bool:
        """Whether it is a yes."""
        return self.status == OK

    @property
    def words(self) -> str:
        """The answer on one line, as evidence: without any known secret."""
        message = f"“{Quoted(self.message).shown(_LONGEST)}”" if self.message else ""
        return " ".join(part for part in (f"HTTP {self.status}", self.code, message) if part)


def said(reply: Reply, clean: Redactor) -> Said:
    """Pick what may be kept of an answer; a page that is none of NocoBase's is not quoted, as it may echo a request."""
    body = reply.json()
    if reply.status == OK or not isinstance(body, dict):
        return Said(reply.status)
    errors = body.get("errors")
    error = errors[0] if isinstance(errors, list) and errors else body.get("error")
    if not isinstance(error, dict):
        return Said(reply.status)
    code, message = error.get("code"), error.get("message")
    return Said(
        reply.status,
        code if isinstance(code, str) and _CODE.fullmatch(code) else "",
        Quoted(clean.text(message)) if isinstance(message, str) else "",
    )
