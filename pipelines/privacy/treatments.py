"""What a warehouse was built with: the treatment of each field, and the key's fingerprint."""

from __future__ import annotations

import json

import duckdb

from data_contracts.data_words import Treatment
from data_contracts.errors import UnderstudyError
from data_contracts.stream_contracts import contract_for
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.privacy.key import Key
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.tables import get_meta, put_meta

_TREATMENTS = "treatments"
_KEY = "pseudonym_key"
_WORDS = {
    Treatment.KEEP: "kept as it is",
    Treatment.PSEUDONYMISE: "pseudonymised",
    Treatment.DROP: "dropped",
}


class TreatmentChanged(UnderstudyError):
    """The study treats fields otherwise than the warehouse was built with."""

    def sentence(self) -> str:
        changes = "; ".join(
            f"`{field}` of {stream} was {_WORDS[Treatment(before)]} and is now to be"
            f" {_WORDS[Treatment(after)]}"
            for stream, field, before, after in self.facts["changes"]
        )
        return (
            f"The study's `privacy` section has changed: {changes}. What is stored does not change"
            " by itself; nothing was read. Run `understudy ingest --rebuild` to read all source"
            " files anew; the history of verdicts is kept."
        )


class KeyChanged(UnderstudyError):
    """The key is not the one that the stored pseudonyms were made with."""

    def sentence(self) -> str:
        return (
            "The key for pseudonyms is not the one that the stored records were made with: new"
            " records would match no old ones; nothing was read. Put the old key back, or run"
            " `understudy ingest --rebuild` to read all source files anew with the new key; the"
            " history of verdicts is kept."
        )


def treatments(study: Study) -> dict[str, str]:
    """Return the treatment of every field that is not kept, by ``stream.field``."""
    return {
        f"{stream}.{field.name}": field.treatment.value
        for stream in Stream
        for field in contract_for(study, stream).fields
        if field.treatment is not Treatment.KEEP
    }


def told_treatments(study: Study) -> list[str]:
    """Return a line a treatment, naming the fields of the streams the study reads."""
    fields: dict[str, dict[str, None]] = {}
    for stream in study.streams_read:
        for field in contract_for(study, stream).fields:
            if field.treatment is not Treatment.KEEP:
                fields.setdefault(_WORDS[field.treatment], {})[field.name] = None
    return [f"privacy: {word}: {', '.join(names)}" for word, names in fields.items()]


def settle_privacy(connection: duckdb.DuckDBPyConnection, study: Study, key: Key | None) -> None:
    """Check that fields are treated as the stored records were, under the same key.

    A new warehouse notes both. Runs before anything is read.

    Raises
    ------
    TreatmentChanged, KeyChanged
        When they are not; both ask for a rebuild.
    """
    wanted = treatments(study)
    if not connection.execute("SELECT 1 FROM sources LIMIT 1").fetchall():
        _note(connection, wanted, key)
        return
    before = json.loads(get_meta(connection, _TREATMENTS) or "null")
    if before is not None:
        before.pop("reviews.decision_id", None)  # noted before there were any reviews
    if before is not None and before != wanted:
        fields = sorted(f for f in before.keys() | wanted.keys() if before.get(f) != wanted.get(f))
        changes = [
            (*field.split(".", 1), before.get(field, "keep"), wanted.get(field, "keep"))
            for field in fields
        ]
        raise TreatmentChanged(changes=changes)
    known = get_meta(connection, _KEY)
    if key is not None and known is not None and known != key.fingerprint():
        raise KeyChanged()
    _note(connection, wanted, key)


def _note(connection: duckdb.DuckDBPyConnection, wanted: dict[str, str], key: Key | None) -> None:
    with transaction(connection):
        put_meta(connection, _TREATMENTS, json.dumps(wanted, sort_keys=True))
        if key is not None:
            put_meta(connection, _KEY, key.fingerprint())
