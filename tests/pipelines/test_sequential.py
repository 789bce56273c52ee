"""Clusters of customers, states of segments and an alarm after the pass, through the real CLI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from conftest import Place

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, PER_DAY, CUSTOMERS = 42, 60, 70


@dataclass(frozen=True)
class Records:
    """Cases of a small study; arrays of shape (cases,)."""

    day: np.ndarray
    customer: np.ndarray
    wins: np.ndarray
    losses: np.ndarray

    def write(self, data: Path, days: range, name: str, *, times: bool = True) -> None:
        """Write some of the days as a file per stream; positive numbers are customers."""
        keep = np.flatnonzero(np.isin(self.day, days))
        for stream in ("decisions", "recommendations", "outcomes"):
            (data / stream).mkdir(parents=True, exist_ok=True)
        moment = [START + timedelta(days=int(self.day[i]), seconds=int(i)) for i in keep]
        when = [t.isoformat() for t in moment] if times else [""] * len(keep)
        late = [(t + timedelta(hours=20)).isoformat() for t in moment] if times else when
        decisions = ["decision_id,decided_at,decision,region,customer"]
        recommendations = ["decision_id,recommended_at,recommendation"]
        outcomes = ["decision_id,observed_at,outcome"]
        for i, t, o in zip(keep.tolist(), when, late, strict=True):
            who = f"c{self.customer[i]}" if self.customer[i] >= 0 else ""
            region = "north" if i % 2 else "south"
            decisions.append(f"{i},{t},{'no' if self.wins[i] else 'yes'},{region},{who}")
            recommendations.append(f"{i},{t},{'no' if self.losses[i] else 'yes'}")
            outcomes.append(f"{i},{o},yes")
        lines = (decisions, recommendations, outcomes)
        for stream, rows in zip(("decisions", "recommendations", "outcomes"), lines, strict=True):
            (data / stream / f"{name}.csv").write_text("\n".join(rows) + "\n")


def records(spread: float = 0.9, drop_at: int = DAYS, days: int = DAYS) -> Records:
    """Return cases in which customers differ: some always do better with one side."""
    rng = np.random.default_rng(4)
    day = np.repeat(np.arange(days), PER_DAY)
    customer = rng.integers(0, CUSTOMERS, len(day))
    kind = rng.permutation(np.arange(CUSTOMERS) % 10)
    lucky, hard = (kind == 0)[customer], (kind == 1)[customer]
    u = rng.random(len(day))
    wins = np.where(lucky, u < spread, u < 0.02)
    losses = np.where(hard, u < spread, (u > 0.98) & ~lucky)
    losses |= (day >= drop_at) & (u > 0.75) & ~wins
    return Records(day, customer, wins, losses & ~wins)


@pytest.fixture
def study(make_place: Callable[..., Place]) -> Callable[..., Place]:
    """Return a function that makes a study of given records."""

    def make(found: Records, name: str = "small", **changes: Any) -> Place:
        place = make_place(days=0, **changes)
        root = place.root.rename(place.root.with_name(f"study of {name}"))
        times = not changes.get("timeless", False)
        found.write(root / "data", range(int(found.day.max()) + 1), "all", times=times)
        return replace(place, root=root)

    return make


GATES = {"gates": [{"kind": "books"}, {"kind": "noninferiority", "margin": 0.05}]}
CLUSTERS = {"clusters": {"customer": "customer"}}


def brute(found: Records, keep: np.ndarray) -> tuple[int, ...]:
    """Return clusters, n, total, nn, nt, tt of all customers' cases, those without one alone."""
    customer = np.where(found.customer < 0, 10_000 + np.arange(len(keep)), found.customer)[keep]
    value = (found.wins.astype(int) - found.losses)[keep]
    names, code = np.unique(customer, return_inverse=True)
    n = np.bincount(code)
    total = np.bincount(code, weights=value)
    return (len(names), n.sum(), total.sum(), (n * n).sum(), (n * total).sum(), (total**2).sum())


def test_customers_widen_the_interval_and_turn_the_verdict(study: Callable[..., Place]) -> None:
    found = records()
    alone = study(found, "alone", policy=GATES)
    linked = study(found, "linked", policy=GATES, **CLUSTERS)
    told = {}
    for place in (alone, linked):
        place.understudy("run", check=None)
        ((status, low, high, sentence),) = place.evidence(
            "SELECT status, low, high, sentence FROM gates WHERE kind = 'noninferiority'"
        )
        told[place.root.name.split()[-1]] = (status, low, high)
    assert told["alone"][0] == "PASS"
    assert told["linked"][0] == "INCONCLUSIVE", sentence
    assert told["linked"][2] - told["linked"][1] > 1.5 * (told["alone"][2] - told["alone"][1])
    assert alone.query("SELECT count(*) FROM measures.cluster_sums") == [(0,)]


def test_sums_over_customers_are_those_of_their_rows_day_after_day(
    study: Callable[..., Place],
) -> None:
    found = records()
    found.customer[::50] = -1
    place = study(found, **CLUSTERS)
    data = place.root / "data"
    for file in data.glob("*/all.csv"):
        file.unlink()
    found.write(data, range(30), "first")
    place.understudy("run", check=None)
    found.write(data, range(30, DAYS), "second")
    place.understudy("run", check=None)
    north = np.arange(len(found.day)) % 2 == 1
    for segment, part in (("all", np.ones(len(north), bool)), ("north", north)):
        for day in (10, 29, 35, DAYS - 1):
            keep = part & (found.day <= day)
            sums = place.query(
                "SELECT sum(clusters), sum(n), sum(total), sum(nn), sum(nt), sum(tt)"
                f" FROM measures.cluster_sums WHERE segment = '{segment}' AND quantity = 'worst'"
                f" AND cohort_day <= DATE '{(START + timedelta(days=day)).date()}'"
            )
            assert sums == [brute(found, keep)]


def test_records_without_times_are_deflated_by_customers_too(study: Callable[..., Place]) -> None:
    document = {"timeless": True, "policy": GATES, "outcome": {}}
    found = records()
    widths = {}
    for name, more in (("alone", {}), ("linked", CLUSTERS)):
        place = study(found, name, **document, **more)
        place.understudy("run", check=None)
        ((low, high, sentence),) = place.evidence(
            "SELECT low, high, sentence FROM gates WHERE kind = 'noninferiority'"
        )
        widths[name] = high - low
    assert widths["linked"] > 1.5 * widths["alone"]
    assert "but for those that `customer` says belong together" in sentence


def test_few_customers_are_not_enough_for_a_pass(study: Callable[..., Place]) -> None:
    found = records(spread=0.0)
    found.customer[:] %= 12
    place = study(found, policy=GATES, **CLUSTERS)
    place.understudy("run", check=None)
    ((status, reason, sentence),) = place.evidence(
        "SELECT status, reason, sentence FROM gates WHERE kind = 'noninferiority'"
    )
    assert (status, reason) == ("INCONCLUSIVE", "too_few_clusters")
    assert "at least 20 different values of `customer`; so far there are 12" in sentence


def test_a_pseudonym_links_as_well_as_the_name(study: Callable[..., Place]) -> None:
    found = records()
    plain = study(found, "plain", policy=GATES, **CLUSTERS)
    privacy = {"privacy": {"fields": {"customer": "pseudonymise"}}}
    hidden = study(found, "hidden", policy=GATES, **CLUSTERS, **privacy)
    (hidden.root / "pseudonym.key").write_text("k" * 64)
    (hidden.root / "pseudonym.key").chmod(0o600)
    sums = "FROM measures.cluster_sums ORDER BY ALL"
    for place in (plain, hidden):
        place.understudy("run", check=None)
    assert plain.query(sums) == hidden.query(sums)
    assert hidden.query("SELECT count(*) FROM decisions WHERE length(cluster_customer) < 5") == [
        (0,)
    ]


def test_a_fall_after_the_pass_raises_the_alarm(study: Callable[..., Place]) -> None:
    gates = [*GATES["gates"], {"kind": "change"}, {"kind": "superiority", "by": 0.01}]
    found = records(spread=0.0, drop_at=58, days=70)
    place = study(found, policy={"gates": gates})
    place.understudy("run", check=None)
    told = {
        kind: (status, sentence)
        for kind, status, sentence in place.evidence("SELECT kind, status, sentence FROM gates")
    }
    assert told["noninferiority"][0] == "PASS"
    assert told["superiority"][0] in ("INCONCLUSIVE", "FAIL")
    status, sentence = told["change"]
    assert status == "FAIL"
    assert "the fall seems to have begun on 29 Apr 2026" in sentence
    assert "Outcomes take 2 days to come in" in sentence
    ((raised, began),) = place.evidence(
        "SELECT DISTINCT alarm_day, change_day FROM change_detection WHERE alarm"
    )
    assert began == (START + timedelta(days=58)).date()
    assert 0 <= (raised - began).days <= 4
    ((threshold, before),) = place.evidence(
        "SELECT min(threshold), max(detector) FILTER (NOT alarm) FROM change_detection"
    )
    assert (threshold, before < threshold) == (365, True)


def test_every_segment_has_a_state(study: Callable[..., Place]) -> None:
    found = records(spread=0.0)
    gates = [*GATES["gates"], {"kind": "segments", "cut": "region", "margin": 0.08}]
    place = study(found, policy={"gates": gates})
    place.understudy("run", check=None)
    rows = place.evidence(
        'SELECT cut, segment, state, n, wins - losses, low, high, "limit", anytime_p, entities'
        " FROM standings ORDER BY cut"
    )
    assert [row[:2] for row in rows] == [("all", "all"), ("region", "north"), ("region", "south")]
    assert [row[2] for row in rows] == ["pass_noninferior"] * 3
    assert [row[7] for row in rows] == [-0.05, -0.08, -0.08]
    assert rows[1][3] + rows[2][3] == rows[0][3] == 35 * PER_DAY
    ((low, high),) = place.evidence("SELECT low, high FROM gates WHERE kind = 'noninferiority'")
    assert rows[0][5:7] == (low, high)
    assert all(row[8] <= 1 and row[9] is None for row in rows)


def test_a_purge_keeps_what_the_days_had_told_of_customers(study: Callable[..., Place]) -> None:
    place = study(records(), policy=GATES, **CLUSTERS)
    place.understudy("run", check=None)
    gates = "SELECT kind, status, low, high FROM gates ORDER BY ALL"
    sums = "FROM measures.cluster_sums ORDER BY ALL"
    before, told = place.query(sums), place.evidence(gates)
    place.understudy("purge", "--before", "2026-03-20", "--yes")
    place.understudy("run", check=None)
    assert place.query(sums) == before
    assert place.evidence(gates) == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"clusters": {"customer": 3}}, "clusters.customer"),
        (
            {**CLUSTERS, "privacy": {"fields": {"customer": "drop"}}},
            "cases are counted by clusters",
        ),
        ({**CLUSTERS, "privacy": {"fields": {"custmer": "drop"}}}, "customer"),
        ({"repeats": "customer"}, "which is not a cluster"),
    ],
)
def test_mistakes_about_clusters_are_told_with_their_line(
    make_place: Callable[..., Place], changes: dict[str, Any], told: str
) -> None:
    done = make_place(days=0, **changes).understudy("evaluate", check=None)
    assert done.returncode == 2
    assert told in done.stdout + done.stderr


def test_a_file_without_the_column_of_a_cluster_is_refused(study: Callable[..., Place]) -> None:
    place = study(records(), clusters={"customer": "customer_no"})
    done = place.understudy("run", check=None)
    assert "customer_no" in done.stdout + done.stderr
    assert place.counts()[0] == 0
