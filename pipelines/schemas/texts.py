"""A column of texts, taken apart over many files at once: different values, and their shapes.

The shape of a text is the text with every digit made a 9: a column has few of those, however many
values it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.vocabulary import ValueKind
from pipelines.ingest.values import NUMERAL
from pipelines.schemas.forms import MAYBE_TIME, digits_form, forms_of_shape
from pipelines.schemas.shapes import MOST_VALUES, ColumnShape

_Numbers = npt.NDArray[np.int64]
_KINDS = (ValueKind.TEXT, ValueKind.INTEGER, ValueKind.NUMBER, ValueKind.TRUTH, ValueKind.TIME)
_LONGEST = 40
"""Characters of a text that its shape is told from."""
_MOST = 0.9
"""Share of the values that must be of a kind for the column to be of it."""
_MARKERS = r"(?i)^(n/?a|#n/a|null|none|nan|nil|\?|-+|\.)$"
"""Texts that stand for a missing value; in a column of something else they are no texts."""
_MOST_SHAPES = 500
"""Different shapes of dates in one column that are looked at."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of texts, taken apart: its different values, and the different shapes of those.

    Attributes
    ----------
    value_of, file_of
        Of each row that has a value: which of the values, and of which file.
    shape_of
        Of each value: which of the shapes.
    """

    names: pa.StringArray
    shape_names: pa.StringArray
    value_of: _Numbers
    shape_of: _Numbers
    file_of: _Numbers
    rows: _Numbers

    @classmethod
    def of(cls, texts: pa.StringArray, file_of: _Numbers, files: int) -> Texts:
        """Return a column taken apart.

        Parameters
        ----------
        file_of
            Of each row, which of so many files it is of.
        """
        rows = np.bincount(file_of, minlength=files)
        valid = np.asarray(pc.is_valid(texts).to_numpy(zero_copy_only=False))
        values = texts.drop_null().dictionary_encode()
        trimmed = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(values.dictionary, 0, _LONGEST))
        shapes = pc.replace_substring_regex(trimmed, "[0-9]", "9").dictionary_encode()
        return cls(
            values.dictionary,
            shapes.dictionary,
            _int64(values.indices),
            _int64(shapes.indices),
            file_of[valid],
            rows,
        )

    def shapes(self) -> list[ColumnShape]:
        """Return what the column looks like in each file."""
        files = len(self.rows)
        kind_of, form_of, forms = self._classes()
        held = np.bincount(self.file_of, minlength=files)
        shape_of_row = self.shape_of[self.value_of]
        kinds = self._crossed(kind_of[shape_of_row], len(_KINDS) + 1)
        written = self._crossed(form_of[shape_of_row], len(forms))
        days = self._day_first(form_of, forms)
        words = self._vocabularies()
        made = []
        for file in range(files):
            *counts, _ = map(int, kinds[file])
            n, told = int(held[file]), sum(counts)
            missing = int(self.rows[file]) - n
            if not told:
                made.append(ColumnShape(ValueKind.EMPTY, missing=missing))
                continue
            shares = {k: c / told for k, c in zip(_KINDS, counts, strict=True) if c}
            usual = forms[int(written[file, 1:].argmax()) + 1] if written[file, 1:].any() else ()
            kind = _kind(shares)
            made.append(
                ColumnShape(
                    kind,
                    days(file, usual) if kind in (ValueKind.TIME, ValueKind.INTEGER) else (),
                    n,
                    missing,
                    shares,
                    None if kind is ValueKind.TIME else words(file),
                )
            )
        return made

    def _classes(self) -> tuple[_Numbers, _Numbers, list[tuple[str, ...]]]:
        """Return the kind and the form of each shape, and the forms by number (0: none)."""
        shapes = self.shape_names
        digits = pc.binary_length(shapes)
        whole = _mask(pc.match_substring_regex(shapes, r"^[+-]?9+$"))
        numeral = _mask(pc.match_substring_regex(shapes, NUMERAL))
        truth = _mask(pc.match_substring_regex(shapes, r"(?i)^(true|false)$"))
        nothing = _mask(pc.match_substring_regex(shapes, _MARKERS))
        kinds = np.select([whole, numeral, truth, nothing], [1, 2, 3, len(_KINDS)], 0)
        forms: list[tuple[str, ...]] = [()]
        form_of = np.zeros(len(shapes), np.int64)
        maybe = np.flatnonzero(_mask(pc.match_substring_regex(shapes, MAYBE_TIME)))[:_MOST_SHAPES]
        for position in maybe:
            form = forms_of_shape(shapes[int(position)].as_py())
            if form:
                kinds[position] = 4
                form_of[position] = _number(form, forms)
        for position in np.flatnonzero(whole):
            form = digits_form(digits[int(position)].as_py())
            form_of[position] = _number(form, forms) if form else 0
        return kinds, form_of, forms

    def _crossed(self, class_of_row: _Numbers, classes: int) -> _Numbers:
        """Return how often each class occurs in each file."""
        files = len(self.rows)
        flat = np.bincount(self.file_of * classes + class_of_row, minlength=files * classes)
        return flat.reshape(files, classes)

    def _day_first(
        self, form_of: _Numbers, forms: Sequence[tuple[str, ...]]
    ) -> Callable[[int, tuple[str, ...]], tuple[str, ...]]:
        """Return what narrows a form down where a number above 12 shows which one is the day."""
        double = [n for n, form in enumerate(forms) if len(form) > 1 and form[0][:2] == "%d"]
        unclear = np.isin(form_of, double)[self.shape_of]
        if not unclear.any():
            return lambda file, form: form
        parts = pc.extract_regex(self.names, r"^\s*(?P<one>[0-9]{1,2})[-./](?P<two>[0-9]{1,2})")
        seen = []
        for part in ("one", "two"):
            number = pc.cast(
                pc.if_else(pa.array(unclear), pc.struct_field(parts, part), "0"), pa.int64()
            )
            beyond = np.asarray(pc.fill_null(number, 0).to_numpy(zero_copy_only=False)) > 12
            seen.append(np.bincount(self.file_of[beyond[self.value_of]], minlength=len(self.rows)))
        one, two = seen

        def narrowed(file: int, form: tuple[str, ...]) -> tuple[str, ...]:
            if len(form) < 2 or form[0][:2] != "%d" or bool(one[file]) == bool(two[file]):
                return form
            return (form[0],) if one[file] else (form[1],)

        return narrowed

    def _vocabularies(self) -> Callable[[int], dict[str, int] | None]:
        """Return what gives the values of a file and how often each occurs; None: too many."""
        many = max(1, len(self.names))
        pairs, counts = np.unique(self.file_of * many + self.value_of, return_counts=True)
        starts = np.searchsorted(pairs, np.arange(len(self.rows) + 1) * many)

        def words(file: int) -> dict[str, int] | None:
            start, stop = int(starts[file]), int(starts[file + 1])
            if stop - start > MOST_VALUES or _identify(stop - start, counts[start:stop].sum()):
                return None
            names = self.names.take(pa.array(pairs[start:stop] % many)).to_pylist()
            return dict(zip(names, map(int, counts[start:stop]), strict=True))

        return words


def _kind(shares: dict[ValueKind, float]) -> ValueKind:
    """Return the kind that nearly all values share.

    Examples
    --------
    >>> _kind({ValueKind.INTEGER: 0.5, ValueKind.NUMBER: 0.5}).value
    'number'
    """
    for kind in (ValueKind.INTEGER, ValueKind.TRUTH, ValueKind.TIME):
        if shares.get(kind, 0.0) >= _MOST:
            return kind
    numerals = shares.get(ValueKind.INTEGER, 0.0) + shares.get(ValueKind.NUMBER, 0.0)
    return ValueKind.NUMBER if numerals >= _MOST else ValueKind.TEXT


def _identify(different: int, values: int) -> bool:
    """Return whether values are so different that they are no vocabulary: ids, free text."""
    return different > 10 and 2 * different > values


def _number(form: tuple[str, ...], forms: list[tuple[str, ...]]) -> int:
    """Return the number of a form, which is added when it is not there yet."""
    if form not in forms:
        forms.append(form)
    return forms.index(form)


def _mask(values: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(values.to_numpy(zero_copy_only=False), bool)


def _int64(values: pa.Array) -> _Numbers:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.int64)
