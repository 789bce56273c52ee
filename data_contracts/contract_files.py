"""Reading ODCS documents that are not ours: from other catalogues, or written by a user."""

from __future__ import annotations

from pathlib import Path

import yaml
from open_data_contract_standard.model import OpenDataContractStandard
from pydantic import ValidationError

from data_contracts.errors import UnderstudyError

_MOST_BYTES = 10_000_000


class ContractInvalid(UnderstudyError):
    """A file is no data contract; the facts are `path`, `found` and `expected`."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` is no data contract: found {self.facts['found']}, expected"
            f" {self.facts['expected']}. `understudy contract infer` writes one from files."
        )


def read_contract(path: Path) -> OpenDataContractStandard:
    """Return the ODCS document in a file.

    Raises
    ------
    ContractInvalid
        When it cannot be read, is not YAML, or is not a data contract of the standard.
    """
    try:
        data = path.read_bytes()
        found: object = yaml.load(data[:_MOST_BYTES], Loader=yaml.CSafeLoader)
    except OSError as fault:
        raise _invalid(path, f"a file that cannot be read ({fault.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as fault:
        line = getattr(getattr(fault, "problem_mark", None), "line", None)
        where = "" if line is None else f" on line {line + 1}"
        raise _invalid(path, f"text that is not YAML{where}") from None
    if not isinstance(found, dict):
        raise _invalid(path, "no `key: value` lines")
    if found.get("kind") != "DataContract":
        raise _invalid(path, f"kind {found.get('kind')!r}", "`kind: DataContract`")
    try:
        contract = OpenDataContractStandard.model_validate(found)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise _invalid(path, f"`{place}` that does not fit the standard") from None
    if not contract.schema_:
        raise _invalid(path, "nothing under `schema`", "at least one table with its properties")
    return contract


def _invalid(path: Path, found: str, expected: str = "an ODCS document in YAML") -> ContractInvalid:
    return ContractInvalid(path=str(path), found=found, expected=expected)
