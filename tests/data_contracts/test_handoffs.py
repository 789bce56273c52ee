"""A handoff of the transition plan: accepted by somebody on a day, or not yet."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from data_contracts.study.production import Handoff

STEP: dict[str, Any] = {"from": "a", "to": "b", "on": "2025-10-15", "criterion": "It works."}


def test_a_handoff_is_accepted_by_somebody_on_a_day() -> None:
    assert Handoff(**STEP).accepted_on is None
    done = Handoff(**STEP, accepted_on="2025-10-14", accepted_by="Ruth Lang")
    assert done.model_dump(mode="json", by_alias=True)["accepted_on"] == "2025-10-14"


@pytest.mark.parametrize("half", [{"accepted_on": "2025-10-14"}, {"accepted_by": "Ruth Lang"}])
def test_a_day_without_a_person_is_no_acceptance(half: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="go together"):
        Handoff(**STEP, **half)
