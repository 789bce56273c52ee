"""A check as a frozen value, and the suite of a stream as text that can be compared and hashed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from data_contracts.data_words import CheckKind, Severity
from data_contracts.vocabulary import Stream
from pipelines.warehouse.tables import fingerprint

OF_ROWS = frozenset(
    {
        CheckKind.REQUIRED,
        CheckKind.ALLOWED,
        CheckKind.RANGE,
        CheckKind.PATTERN,
        CheckKind.MISSING,
    }
)
"""Kinds that look at every row by itself; a row is looked at once."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is expected of a stream.

    Attributes
    ----------
    name
        Unique in its stream.
    field
        The field it is about; empty when it is about the stream as a whole.
    settings
        (name, value) pairs in a fixed order, values plain.
    """

    name: str
    stream: Stream
    kind: CheckKind
    field: str
    severity: Severity
    settings: tuple[tuple[str, Any], ...] = ()

    def setting(self, name: str, default: Any = None) -> Any:
        """Return one setting, or a default where it is not set."""
        return dict(self.settings).get(name, default)

    @property
    def document(self) -> dict[str, Any]:
        """The check as plain values, in the order they are written."""
        about = {"field": self.field} if self.field else {}
        settings = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.settings
        }
        return {
            "check": self.name,
            "kind": self.kind.value,
            **about,
            "severity": self.severity.value,
            **settings,
        }

    @property
    def definition(self) -> str:
        """A hash of what is expected; it does not change with the severity."""
        document = {key: value for key, value in self.document.items() if key != "severity"}
        return fingerprint([self.stream.value, document])


@dataclass(frozen=True, slots=True)
class Suite:
    """All that is expected of one stream."""

    stream: Stream
    contract: str
    checks: tuple[Check, ...]

    @property
    def text(self) -> str:
        """The suite as YAML: the same checks always give the same text.

        Examples
        --------
        >>> unique = Check("unique", Stream.OUTCOMES, CheckKind.UNIQUE, "", Severity.CRITICAL)
        >>> print(Suite(Stream.OUTCOMES, "1.0.0", (unique,)).text.split("stream")[1])
        : outcomes
        contract: 1.0.0
        checks:
        - check: unique
          kind: unique
          severity: critical
        <BLANKLINE>
        """
        return _text(self)

    @property
    def hash(self) -> str:
        """A hash of the text."""
        return fingerprint(self.text)


@cache
def _text(suite: Suite) -> str:
    document = {
        "stream": suite.stream.value,
        "contract": suite.contract,
        "checks": [check.document for check in suite.checks],
    }
    written: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    head = f"# What is expected of the {suite.stream}; made from the contract and the study."
    return f"{head}\n{written}"
