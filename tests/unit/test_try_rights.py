"""What a check that is given up still does with the table that it made in MySQL.

A connection that writes down what it is told stands for the server: no real one can be stopped between two statements.
"""

import contextlib

from wizard.checks.database.look_mysql import _try_rights
from wizard.engine.sockets import Scope


class _Connection:
    def __init__(self, told):
        self.said, self._told = [], told

    @contextlib.contextmanager
    def cursor(self):
        yield self

    def execute(self, statement, _values=()):
        self.said.append(" ".join(statement.split()[:2]))
        self._told(statement)

    def fetchall(self):
        return ()


def test_a_check_that_is_given_up_goes_on_with_nothing_but_the_removal_of_its_table():
    scope = Scope()
    connection = _Connection(lambda statement: scope.end() if statement.startswith("CREATE TABLE") else None)
    with scope.entered():
        _try_rights(connection)
    assert connection.said[:3] == ["DROP TABLE", "CREATE TABLE", "DROP TABLE"]


def test_a_check_that_goes_on_tries_every_right():
    connection = _Connection(lambda _statement: None)
    with Scope().entered():
        assert len(_try_rights(connection)) == 5
    tried = ["DROP TABLE", "CREATE TABLE", "ALTER TABLE", "CREATE UNIQUE", "INSERT INTO", "DROP TABLE"]
    assert connection.said[:6] == tried
