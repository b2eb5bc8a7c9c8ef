"""PostgreSQL in other roles."""

from wizard.demo.postgres import Postgres
from wizard.demo.process import run_tool


class PostgresStandby(Postgres):
    """A hot standby of a running primary: the same users and databases, read-only."""

    def __init__(self, primary: Postgres) -> None:
        super().__init__(binaries=primary.binaries)
        self._primary = primary
        self.user, self.password = primary.user, primary.password
        self.admin, self.admin_password = primary.admin, primary.admin_password

    def create_data(self) -> None:
        primary = self._primary
        login = self.write("pgpass", f"{primary.host}:{primary.port}:*:{primary.admin}:{primary.admin_password}\n")
        command = [str(self.binaries / "pg_basebackup"), "--pgdata", str(self.data), "--write-recovery-conf"]
        command += ["--host", primary.host, "--port", str(primary.port), "--username", primary.admin, "--no-password"]
        run_tool(
            [*command, "--checkpoint=fast", "--no-sync"],
            folder=self.folder,
            guardian=self.guardian,
            account=self.account,
            environment={"PGPASSFILE": str(login)},
        )

    def settle(self) -> None:
        """Add nothing: all comes from the primary."""
