"""Which studies a folder stands for, and what never counts as one."""

from __future__ import annotations

from pathlib import Path

from data_contracts.study_folders import STUDY_FILE, study_folders


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / STUDY_FILE).touch()
    return folder


def test_a_study_stands_for_itself_and_what_lies_in_it_does_not_count(tmp_path: Path) -> None:
    one = made(tmp_path / "one")
    made(one / "inner")
    assert study_folders(one) == (one,)


def test_a_folder_of_studies_stands_for_them_one_level_deep(tmp_path: Path) -> None:
    b, a = made(tmp_path / "b"), made(tmp_path / "a")
    made(tmp_path / "deeper" / "c")
    made(tmp_path / ".hidden")
    (tmp_path / "file").touch()
    assert study_folders(tmp_path) == (a, b)


def test_links_that_lead_out_do_not_count_and_links_within_do(tmp_path: Path) -> None:
    outside = made(tmp_path / "outside" / "secret")
    home = tmp_path / "home"
    one = made(home / "one")
    (home / "way_out").symlink_to(outside)
    (home / "same").symlink_to(one)
    assert study_folders(home) == (one, home / "same")


def test_no_folder_and_an_empty_one_stand_for_none(tmp_path: Path) -> None:
    assert study_folders(tmp_path) == ()
    assert study_folders(tmp_path / "gone") == ()
