"""A kind of source is added in one file: then the command line opens it."""

from tests.made_up_source import WIRE, add_made_up_source


def test_a_source_added_as_one_file_is_opened_by_the_command_line(program, tmp_path, monkeypatch):
    add_made_up_source(tmp_path, monkeypatch)
    wire, variables = tmp_path / "wire.txt", tmp_path / "plan.env"
    wire.write_text(WIRE)
    variables.write_text("DB_DIALECT=postgres\nDB_HOST=db.internal\n")
    done = program("diff", str(wire), str(variables))
    assert done.code == 3
    assert "db.far.away" in done.out
