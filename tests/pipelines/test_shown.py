"""Answers are written so that no form tells whose they are, whichever side is which."""

from __future__ import annotations

import pytest

from pipelines.reviewing.shown import as_shown

Pairs = list[tuple[float, float, bool]]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], []),
        ([(12.0, 13.48, False), (7.0, 7.2, False)], [("12", "13"), ("7", "7")]),
        ([(12.25, 13.5, False), (7.0, 7.2, False)], [("12.2", "13.5"), ("7.0", "7.2")]),
        ([(12.25, 13.48, False), (7.0, 7.2, False)], [("12.25", "13.48"), ("7.00", "7.20")]),
        ([(0.1234, 0.12341, False)], [("0.1234", "0.1234")]),
        ([(0.12345, 0.12346, False)], [("0.12345", "0.12346")]),
        ([(1 / 3, 2 / 3, False)], [("0.333", "0.667")]),
        ([(1 / 3, 1 / 3 + 1e-9, False)], [(repr(1 / 3), repr(1 / 3 + 1e-9))]),
        ([(-0.3, 5.0, False), (0.0, 3.0, False)], [("0", "5"), ("0", "3")]),
        ([(7.12344, 7.12341, True)], [("7.123", "7.123")]),
    ],
)
def test_numbers_have_the_same_decimals_whichever_side_is_which(
    pairs: Pairs, expected: list[tuple[str, str]]
) -> None:
    assert as_shown(pairs, numeric=True) == expected
    turned = as_shown([(other, one, same) for one, other, same in pairs], numeric=True)
    assert turned == [(other, one) for one, other in expected]


def test_classes_are_shown_as_they_are() -> None:
    assert as_shown([("A", "a", False)], numeric=False) == [("A", "a")]
