"""Finds the module that makes up the files of a template, and has them written."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from data_contracts.errors import UnderstudyError
from data_contracts.study.templates import all_templates

Write = Callable[[Path, np.random.Generator], None]


class NoSampleData(UnderstudyError):
    """A template has no sample data; the fact is `template`."""

    def sentence(self) -> str:
        """Return what was asked for, and what to do instead."""
        return (
            f"The template `{self.facts['template']}` has no sample data: `understudy demo` writes"
            " its files. Use `--without-sample-data` to take the study file alone."
        )


def write_sample_data(template: str, folder: Path, seed: int = 7) -> None:
    """Write the files that the study of a template reads.

    Parameters
    ----------
    template
        Name of the template. Its module in this room has a function `write`.
    folder
        The study's data folder.
    seed
        Of the random numbers; the same seed gives the same bytes.

    Raises
    ------
    NoSampleData
        For a template that has none.
    """
    module = f"pipelines.sample_data.{template}"
    if template not in all_templates() or find_spec(module) is None:
        raise NoSampleData(template=template)
    write: Write = import_module(module).write
    write(folder, np.random.default_rng(seed))
