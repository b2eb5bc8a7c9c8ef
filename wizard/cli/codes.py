"""How the program ends, and the one exception by which a command ends it early."""

from __future__ import annotations

from enum import IntEnum

from wizard.program_name import PROGRAM, called_as

__all__ = ["PROGRAM", "EndError", "ExitCode", "called_as"]


class ExitCode(IntEnum):
    """The exit codes; a contract with scripts.

    A run that was interrupted ends with FAILED if a failure was known by then, else with FAULT, as it proves nothing.
    STRICT is for warnings, and for what could not be found out, with `--strict`.
    """

    OK = 0
    FAULT = 1
    USAGE = 2
    FAILED = 3
    STRICT = 4


class EndError(Exception):
    """Ends the program with a sentence on standard error, bad usage or an unreadable source unless said otherwise."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.USAGE) -> None:
        """Keep the code beside the sentence."""
        super().__init__(sentence)
        self.code = code
