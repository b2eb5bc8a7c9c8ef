"""The secret store that forgets: values stay in this program's memory until it ends."""

from __future__ import annotations

from wizard.plan.i18n import tr
from wizard.plan.secret import Secret


class SessionStore:
    """Keeps values for this session only; never fails."""

    persistent = False

    def __init__(self) -> None:
        """Begin with nothing."""
        self._values: dict[tuple[str, str], Secret] = {}

    @property
    def title(self) -> str:
        """What people call it."""
        return tr("this session only")

    def get(self, cluster_id: str, name: str) -> Secret | None:
        """Return the value, or None if there is none."""
        return self._values.get((cluster_id, name))

    def set(self, cluster_id: str, name: str, secret: Secret) -> None:
        """Keep the value, in the place of an earlier one."""
        self._values[cluster_id, name] = secret

    def delete(self, cluster_id: str, name: str) -> None:
        """Forget the value; nothing happens if there is none."""
        self._values.pop((cluster_id, name), None)

    def names(self, cluster_id: str) -> list[str]:
        """Return the names that have a value."""
        return [name for cluster, name in self._values if cluster == cluster_id]
