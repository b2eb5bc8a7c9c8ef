"""The log file stays short, and its owner's."""

import logging

from wizard.app.rotating_file import RotatingFile

MIB = 1024 * 1024


def test_the_log_begins_anew_before_it_is_long_and_two_former_ones_stay(tmp_path):
    log = RotatingFile(tmp_path / "logs" / "wizard.log")
    for number in range(99):
        log.emit(logging.makeLogRecord({"msg": f"{number:2} {'x' * 49_000}"}))
    log.close()
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["wizard.log", "wizard.log.1", "wizard.log.2"]
    assert all(file.stat().st_size <= MIB for file in files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert "98 xxx" in files[0].read_text()


def test_a_record_without_end_is_cut(tmp_path):
    log = RotatingFile(tmp_path / "wizard.log")
    for _ in range(20):
        log.emit(logging.makeLogRecord({"msg": "😀" * 1_000_000}))
    log.close()
    assert {file.stat().st_size <= MIB for file in tmp_path.iterdir()} == {True}
    assert log.works
