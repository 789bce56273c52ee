"""How a study wants its sensitive fields treated."""

from __future__ import annotations

from pydantic import Field

from data_contracts.data_words import Treatment
from data_contracts.study.base import Part, Text

PREFIXES = ("segment_", "feature_", "cluster_")
"""Of segments, features and clusters, which may be named with or without it."""


class Privacy(Part):
    """What is done with sensitive fields before anything of them is written anywhere."""

    fields: dict[Text, Treatment] = Field(default_factory=dict)
    """Fields of streams, segments, features, clusters by name: `pseudonymise`, `drop` or `keep`."""

    def of(self, field: str) -> Treatment | None:
        """Return what the study says about a field of a contract, or None.

        Examples
        --------
        >>> privacy = Privacy(fields={"age": "drop", "decision_id": "pseudonymise"})
        >>> privacy.of("feature_age").value, privacy.of("decided_by")
        ('drop', None)
        """
        if field in self.fields:
            return self.fields[field]
        short = next((field.removeprefix(p) for p in PREFIXES if field.startswith(p)), None)
        return None if short is None else self.fields.get(short)
