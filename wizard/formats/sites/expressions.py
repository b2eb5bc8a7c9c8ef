"""Regular expressions of a balancer's configuration: each has a bound of characters and of time."""

from __future__ import annotations

import re
import time

from wizard.formats.allowance import Cost, spend
from wizard.formats.sites.model import SiteError
from wizard.plan.i18n import tr
from wizard.plan.quoted import bounded

_MATCHING_SECONDS = 0.1
_SHOWN = 60
_LONGEST = 2000


def found_in(text: str, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> bool | None:
    """Say whether an expression matches somewhere in a text, None if it is none.

    Raises SiteError for one that takes too long.
    """
    import regex

    if len(pattern) > _LONGEST:
        raise SiteError(tr("the expression “{text}” takes too long", text=bounded(pattern, _SHOWN)))
    ignoring = regex.IGNORECASE if flags else 0
    begin = time.thread_time()  # that of the process is counted by ticks where a limit of it is set
    try:
        return regex.search(pattern, text, ignoring, timeout=_MATCHING_SECONDS) is not None
    except regex.error:
        return None
    except TimeoutError:
        raise SiteError(tr("the expression “{text}” takes too long", text=bounded(pattern, _SHOWN))) from None
    finally:
        spend(Cost.MATCHING, round((time.thread_time() - begin) * 1_000_000))
