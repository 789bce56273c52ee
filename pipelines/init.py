"""A new study: a folder with a commented study file that runs."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data_contracts.errors import UnderstudyError
from data_contracts.evidence import INBOX_FOLDER
from data_contracts.study.schema import SCHEMA_FILE, study_schema
from data_contracts.study.templates import render_template
from pipelines.sample_data.mixing import list_sample_files
from pipelines.sample_data.write import write_sample_data
from pipelines.study_folder import STUDY_FILE

DATA_FOLDER = "data"
"""Folder of the files that the templates read."""


class FolderTaken(UnderstudyError):
    """A new study would overwrite something; the fact is `path`."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` exists already and is not an empty folder; nothing was"
            " written. Choose another name, or move it away."
        )


def create_study(
    folder: Path, template: str, name: str, sample_data: bool = True, title: str | None = None
) -> Path:
    """Make the folder of a new study and return it: all of it, or nothing.

    Parameters
    ----------
    folder
        Where it goes; must not exist, or be an empty folder.
    template
        Name of the template.
    name, title
        Of the study; the title is made from the name when it is not given.
    sample_data
        Whether to write a few weeks of made-up files, so that the study runs.

    Raises
    ------
    FolderTaken, UnknownTemplate, BadStudyName, NoSampleData
        With nothing written.
    """
    text = render_template(template, name, title)
    with new_folder(folder) as staged:
        write_study_files(staged, text)
        if sample_data:
            write_sample_data(template, staged / DATA_FOLDER)
            list_sample_files(staged, staged / DATA_FOLDER)
    return folder


def write_study_files(folder: Path, text: str) -> None:
    """Write a study file, the schema that editors read beside it, and the study's folders."""
    (folder / INBOX_FOLDER).mkdir()
    (folder / DATA_FOLDER).mkdir(exist_ok=True)
    schema = json.dumps(study_schema(), indent=2, ensure_ascii=False) + "\n"
    (folder / SCHEMA_FILE).write_text(schema, "utf-8")
    header = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
    (folder / STUDY_FILE).write_text(header + text, "utf-8")


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to fill that takes its place at the end, or disappears if that fails.

    Raises
    ------
    FolderTaken
        Before anything is written, when something is in the way.
    """
    if folder.is_symlink() or (folder.exists() and not _is_empty(folder)):
        raise FolderTaken(path=str(folder))
    final = folder.absolute()
    final.parent.mkdir(parents=True, exist_ok=True)
    staged = final.with_name(f".{final.name}.making-{os.getpid()}")
    staged.mkdir()
    try:
        yield staged
        try:
            staged.replace(final)
        except OSError:
            if final.exists() and not _is_empty(final):
                raise FolderTaken(path=str(folder)) from None
            raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
