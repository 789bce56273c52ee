"""What differs between the gates of two verdicts, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.history.past import PastGate
from dashboard.records import PastVerdict
from dashboard.words import day, moment, short_day
from data_contracts.vocabulary import Status
from evaluators.wording import count, joined

BAD = (Status.FAIL, Status.ERROR)
NAMED = 3
"""Gates that a sentence names; of more, it says how many."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One gate before and after; None where the policy of then did not have it."""

    gate: str
    before: PastGate | None
    after: PastGate | None

    @property
    def moved(self) -> bool:
        """Whether the gate came, went or changed its state, and not its figures only."""
        if self.before is None or self.after is None:
            return True
        return self.before.status is not self.after.status


def differences(
    before: Mapping[str, PastGate], after: Mapping[str, PastGate]
) -> tuple[Difference, ...]:
    """Return the gates that are not the same in both, those that changed their state first."""
    names = [*before, *(name for name in after if name not in before)]
    every = (Difference(name, before.get(name), after.get(name)) for name in names)
    found = [one for one in every if one.before != one.after]
    return tuple(sorted(found, key=lambda one: not one.moved))


def change_answer(first: PastVerdict, second: PastVerdict, found: tuple[Difference, ...]) -> str:
    """Return what happened to the gates between two verdicts, in one sentence."""
    parts = list(_parts(found))
    if not any(one.moved for one in found):
        figures = sum(not one.moved for one in found)
        parts = [
            "no gate changed its state"
            + (f"; the figures of {count(figures, 'gate')} moved" if figures else "")
        ]
    return f"Between {span(first, second)} {'; '.join(parts)}."


def span(first: PastVerdict, second: PastVerdict) -> str:
    """Return two verdicts as a span of days; of hours where both are of one day."""
    one, other = first.published_at, second.published_at
    if one.date() == other.date():
        return f"{moment(one)}, and {other:%H:%M} UTC"
    start = short_day(one.date()) if one.year == other.year else day(one.date())
    return f"{start} and {day(other.date())}"


def _parts(found: tuple[Difference, ...]) -> Iterator[str]:
    both = [(one.gate, one.before, one.after) for one in found if one.before and one.after]
    passed, lost, failed, open_again, known, unknown = [], [], [], [], [], []
    for name, before, after in both:
        if after.status is before.status:
            continue
        if after.status is Status.PASS:
            passed.append(name)
        elif after.status in BAD:
            failed.append(name)
        elif before.status is Status.PASS:
            lost.append(name)
        elif before.status in BAD:
            open_again.append(name)
        elif after.status is Status.NO_DATA:
            unknown.append(name)
        else:
            known.append(name)
    added = [one.gate for one in found if one.before is None]
    gone = [one.gate for one in found if one.after is None]
    yield from _told(passed, "passed")
    yield from _told(failed, "failed")
    yield from _told(lost, "was withdrawn", "were withdrawn")
    yield from _told(open_again, "is open again", "are open again")
    yield from _told(known, "has data now", "have data now")
    yield from _told(unknown, "has no data any more", "have no data any more")
    yield from _told(added, "was added to the policy", "were added to the policy")
    yield from _told(gone, "left the policy")


def _told(names: list[str], one: str, many: str = "") -> Iterator[str]:
    if not names:
        return
    verb = one if len(names) == 1 else many or one
    listed = [name.replace("_", " ") for name in names[:NAMED]]
    if len(names) > NAMED:
        listed.append(f"{len(names) - NAMED} more")
    yield f"{count(len(names), 'gate')} {verb}: {joined(listed)}"
