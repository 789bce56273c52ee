"""The answer of the evidence page: what the verdict rests on, and who decides on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.escape import plain
from dashboard.records import Publication
from data_contracts.vocabulary import VerdictState
from evaluators.wording import NO_VALUE, count, joined


def answer(files: Sequence[Mapping[str, Any]], checks: int, policies: int) -> str:
    """Return what the verdict rests on, in one sentence.

    Parameters
    ----------
    files
        Rows of the ledger, with `state` and `accepted`.
    checks
        Checks made in the latest run.
    policies
        Policies registered so far.

    Examples
    --------
    >>> answer([{"state": "ingested", "accepted": 7}], 0, 1)
    'The verdict rests on 7 records from 1 file, under the policy registered once.'
    """
    read = [file for file in files if file["state"] == "ingested"]
    records = sum(int(file["accepted"]) for file in read)
    told = [f"{count(records, 'record')} from {count(len(read), 'file')}"]
    if checks:
        told.append(count(checks, "check"))
    rest = joined(told) if read else "counts alone: no file is in the ledger"
    if policies == 0:
        return f"The verdict rests on {rest}."
    if policies == 1:
        return f"The verdict rests on {rest}, under the policy registered once."
    return f"The verdict rests on {rest}, under a policy that was registered {policies} times."


def who_decides(it: Publication, state: VerdictState) -> str:
    """Return who is to sign what, and when, as markdown; names are escaped."""
    sponsor, owner = plain(it.sponsor), plain(it.owner)
    match state:
        case VerdictState.GO:
            return (
                f"**{sponsor}** (sponsor) decides on going live, on this evidence and its hash. "
                f"**{owner}** (owner of production) hands over."
            )
        case VerdictState.BLOCKED:
            return (
                f"There is nothing to decide before the data are mended; that is with **{owner}** "
                f"(owner of production). Once the verdict is GO, **{sponsor}** (sponsor) decides."
            )
        case VerdictState.NO_GO:
            return (
                "This version does not go live, so there is nothing to sign. **"
                f"{sponsor}** (sponsor) decides whether a new version is tried."
            )
        case _:
            return (
                f"There is nothing to sign yet. Once the verdict is GO, **{sponsor}** (sponsor) "
                "decides on going live, on the evidence of that day."
            )


def short_hash(digits: str) -> str:
    """Return the first sixteen digits of a hash, in fours; a dash for none.

    Examples
    --------
    >>> short_hash("9f2c41ab77d0e1f2" + "0" * 48), short_hash("")
    ('9f2c 41ab 77d0 e1f2', '—')
    """
    first = digits[:16]
    return " ".join(first[at : at + 4] for at in range(0, len(first), 4)) or NO_VALUE
