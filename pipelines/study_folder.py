"""Where a study keeps its files: the study file, its state and its inbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data_contracts.errors import UnderstudyError
from data_contracts.evidence import EVIDENCE_LINK, INBOX_FOLDER, STATE_FOLDER
from data_contracts.study_folders import STUDY_FILE as STUDY_FILE

YAML = (".yaml", ".yml")


class StudyNotFound(UnderstudyError):
    """There is no study file where one was looked for."""

    def sentence(self) -> str:
        return (
            f"No study at `{self.facts['path']}`: expected a folder that holds a `{STUDY_FILE}`,"
            f" or the file itself. Make one with `understudy init NAME`."
        )


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """The folder of one study.

    Attributes
    ----------
    root
        Absolute path of the folder.
    file
        Absolute path of the study file.
    """

    root: Path
    file: Path

    @classmethod
    def at(cls, path: Path) -> StudyFolder:
        """Return the study folder at a path: a folder with a study file, or that file.

        Raises
        ------
        StudyNotFound
            When neither is there.
        """
        file = path / STUDY_FILE if path.is_dir() else path
        if not file.is_file() or file.suffix not in YAML:
            raise StudyNotFound(path=str(path))
        file = file.resolve()
        return cls(file.parent, file)

    @property
    def state(self) -> Path:
        """Folder of everything Understudy makes."""
        return self.root / STATE_FOLDER

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that holds all records."""
        return self.state / "warehouse.duckdb"

    @property
    def staging(self) -> Path:
        """Folder of the parts of runs that are not committed yet."""
        return self.state / "staging"

    @property
    def checks(self) -> Path:
        """Folder of what is expected of the data, one file a stream."""
        return self.state / "checks"

    @property
    def lock(self) -> Path:
        """File whose lock says that a writer is at work."""
        return self.state / "writer.lock"

    @property
    def evidence_link(self) -> Path:
        """Link to the latest publication."""
        return self.state / EVIDENCE_LINK

    @property
    def inbox(self) -> Path:
        """Folder where reviews and sign-offs arrive."""
        return self.root / INBOX_FOLDER
