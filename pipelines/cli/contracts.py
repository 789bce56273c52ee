"""`understudy contract diff` and `understudy contract infer`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from data_contracts.errors import UnderstudyError
from data_contracts.vocabulary import Stream
from pipelines.cli.app import Quiet
from pipelines.cli.console import Output, escape


class FileTaken(UnderstudyError):
    """A file would be overwritten; the fact is `path`."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` exists already; nothing was written. Move it away, or choose"
            " another folder with `--into`."
        )


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(
        help="Compare data contracts, or write a first one from files.", no_args_is_help=True
    )
    group.command()(diff)
    group.command()(infer)
    app.add_typer(group, name="contract")


def diff(
    old: Annotated[Path, typer.Argument(metavar="A", help="The contract as it was (ODCS, YAML).")],
    new: Annotated[Path, typer.Argument(metavar="B", help="The contract as it is to be.")],
    quiet: Quiet = False,
) -> None:
    """Tell how contract B differs from A; exit 1 when a difference is not compatible.

    Compatible: every file that kept to A keeps to B, and everything that A promised is still there.
    """
    from data_contracts.compatibility import all_compatible, compare_documents
    from data_contracts.contract_files import read_contract

    out = Output.make(quiet=quiet)
    found = compare_documents(read_contract(old), read_contract(new))
    for difference in found:
        style = "green" if difference.compatible else "red"
        out.out.print(escape(difference.sentence), style=style)
    if not all_compatible(found):
        out.say(f"`{escape(str(new))}` is not compatible with `{escape(str(old))}`.")
        raise typer.Exit(1)
    out.say("The contracts are compatible." if found else "The contracts say the same.")


def infer(
    files: Annotated[list[Path], typer.Argument(help="Files with real rows, of any format.")],
    stream: Annotated[Stream, typer.Option(help="What the files hold.")],
    into: Annotated[
        Path, typer.Option(help="Folder to write to; the study's own, or where it will be.")
    ] = Path(),
    study: Annotated[
        Path | None, typer.Option(help="A study whose classes and candidates are known.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a first contract and a first mapping for study.yaml, to be checked and edited."""
    from data_contracts.contract_files import read_contract
    from data_contracts.study.loader import load_study
    from pipelines.schemas.infer import infer as look
    from pipelines.schemas.write_contract import contract_text
    from pipelines.schemas.write_mapping import mapping_text
    from pipelines.study_folder import StudyFolder

    out = Output.make(quiet=quiet)
    contract, mapping = into / f"{stream}.odcs.yaml", into / f"{stream}.mapping.yaml"
    for path in (contract, mapping):
        if path.exists() or path.is_symlink():
            raise FileTaken(path=str(path))
    known = None if study is None else load_study(StudyFolder.at(study).file)
    found = look(files, stream, into)
    into.mkdir(parents=True, exist_ok=True)
    _write(contract, contract_text(found))
    read_contract(contract)
    _write(mapping, mapping_text(found, known))
    out.result(f"Wrote `{escape(str(contract))}` and `{escape(str(mapping))}`.")
    out.say("Check the lines marked `unsure`, then copy the mapping into the study file.")


def _write(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise FileTaken(path=str(path)) from None
