"""What the package service is asked, and for whom."""

from __future__ import annotations

from urllib.parse import quote

from wizard.dataclass import dataclass
from wizard.plan.secret import Secret


@dataclass(frozen=True, slots=True)
class Target:
    """The service (its URL ends with `/`), the account, the packages a cluster needs, and the version planned."""

    url: str
    username: str
    password: Secret
    packages: tuple[str, ...]
    version: str

    @property
    def login_url(self) -> str:
        """Where an account gets its token."""
        return f"{self.url}-/verdaccio/sec/login"

    @property
    def list_url(self) -> str:
        """Which commercial packages the account may have."""
        return f"{self.url}pro-packages"

    def package_url(self, package: str) -> str:
        """Where a package's versions are; the name is quoted as npm does it."""
        return f"{self.url}{quote(package, safe='@')}"
