"""Conforming: every mapping rule, every reason for quarantine, and nothing lost in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.conform import Conformed, conform
from pipelines.ingest.plan import accepted_schema
from pipelines.ingest.planning import conform_plan
from pipelines.ingest.quarantine import REJECTED
from pipelines.privacy.key import Key
from pipelines.sources.refusal import FileRefused

Make = Callable[..., Study]
TIME = "2026-03-01T12:00:00Z"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def make(study: Study) -> Make:
    """Return a function that makes the small study with some keys changed."""

    def change(**changes: Any) -> Study:
        document = study.model_dump(mode="json", by_alias=True, exclude_none=True)
        for path, value in changes.items():
            *way, last = path.split("__")
            place = document
            for step in way:
                place = place.setdefault(step, {})
            place[last] = value
        return Study.model_validate(document)

    return change


def conformed(
    study: Study, stream: Stream, columns: dict[str, Any], first_row: Any = 1, **how: Any
) -> Conformed:
    """Conform some columns, and check that no row was lost and the schemas hold."""
    batch = pa.RecordBatch.from_pydict(columns)
    plan = conform_plan(study, stream, batch.schema.names, source_no=7, **how)
    done = conform(batch.select(list(plan.reads)), first_row, plan, Key(b"k" * 32))
    done.accepted.validate(full=True)
    done.rejected.validate(full=True)
    assert done.accepted.schema == accepted_schema(study, stream)
    assert done.rejected.schema == REJECTED
    assert done.accepted.num_rows + done.rejected.num_rows == batch.num_rows
    return done


def told(done: Conformed) -> list[tuple[int, str, str]]:
    """Return row number, reason and field of the rejected rows."""
    return [(r["row_no"], r["reason"], r["field"]) for r in done.rejected.to_pylist()]


def decisions(study: Study, first_row: Any = 1, **columns: Any) -> Conformed:
    """Conform decisions; columns that are not given are filled in."""
    rows = max(len(values) for values in columns.values())
    columns = {
        "decision_id": [f"case-{n}" for n in range(rows)],
        "decided_at": [TIME] * rows,
        "decision": ["yes"] * rows,
        "region": ["north"] * rows,
        **columns,
    }
    return conformed(study, Stream.DECISIONS, columns, first_row)


def recommendations(study: Study, **columns: Any) -> Conformed:
    """Conform recommendations; columns that are not given are filled in."""
    rows = max(len(values) for values in columns.values())
    columns = {
        "decision_id": [f"case-{n}" for n in range(rows)],
        "recommended_at": [TIME] * rows,
        **columns,
    }
    return conformed(study, Stream.RECOMMENDATIONS, columns)


def test_the_accepted_record(study: Study) -> None:
    done = decisions(study, decision=["yes"], decided_by=["me"], other=["unused"])
    assert done.accepted.to_pylist() == [
        {
            "decision_id": "case-0",
            "decided_at": NOON,
            "decision": "yes",
            "decided_by": "me",
            "exposed_at": None,
            "initial_decision": None,
            "exploration": None,
            "recorded_at": None,
            "segment_region": "north",
            "cohort_day": date(2026, 3, 1),
            "source_no": 7,
        }
    ]
    assert done.accepted.schema.field("decided_at").type == pa.timestamp("us", "UTC")


def test_a_rejected_row_keeps_what_it_held_and_where_it_was(study: Study) -> None:
    done = decisions(
        study,
        first_row=101,
        decision_id=["a", None, "c", ""],
        decision=["yes", "no", "perhaps", None],
    )
    assert done.rejected.to_pylist() == [
        {
            "stream": "decisions",
            "source_no": 7,
            "row_no": 102,
            "reason": "missing_value",
            "field": "decision_id",
            "raw": [
                ("decision_id", None),
                ("decided_at", TIME),
                ("decision", "no"),
                ("region", "north"),
            ],
        },
        {
            "stream": "decisions",
            "source_no": 7,
            "row_no": 103,
            "reason": "not_allowed",
            "field": "decision",
            "raw": [
                ("decision_id", "c"),
                ("decided_at", TIME),
                ("decision", "perhaps"),
                ("region", "north"),
            ],
        },
        {
            "stream": "decisions",
            "source_no": 7,
            "row_no": 104,
            "reason": "missing_value",
            "field": "decision_id",
            "raw": [
                ("decision_id", None),
                ("decided_at", TIME),
                ("decision", None),
                ("region", "north"),
            ],
        },
    ]
    assert done.accepted.column("decision_id").to_pylist() == ["a"]


def test_rows_with_numbers_of_their_own_keep_them(study: Study) -> None:
    done = decisions(study, first_row=pa.array([4, 9]), decision=["no", "?"])
    assert told(done) == [(9, "not_allowed", "decision")]


def test_only_the_first_reason_counts(study: Study) -> None:
    done = decisions(study, decision_id=[None], decided_at=["soon"], decision=["?"])
    assert told(done) == [(1, "missing_value", "decision_id")]


def test_columns_are_renamed_joined_and_constant(make: Make) -> None:
    study = make(
        streams__decisions__columns={
            "decision_id": ["flight", "day"],
            "decided_at": {"column": "when"},
            "decision": {"constant": "no"},
        }
    )
    done = conformed(
        study,
        Stream.DECISIONS,
        {
            "flight": pa.array([12, 13, None]),
            "day": ["2026-01-01", None, "2026-01-02"],
            "when": [TIME] * 3,
            "region": ["x"] * 3,
        },
    )
    assert done.accepted.column("decision_id").to_pylist() == ["12/2026-01-01"]
    assert done.accepted.column("decision").to_pylist() == ["no"]
    assert told(done) == [(2, "missing_value", "decision_id"), (3, "missing_value", "decision_id")]


def test_a_constant_that_is_not_allowed_rejects_every_row(make: Make) -> None:
    study = make(streams__decisions__columns={"decision": {"constant": "maybe"}})
    assert told(decisions(study, region=["a", "b"])) == [
        (1, "not_allowed", "decision"),
        (2, "not_allowed", "decision"),
    ]


def test_values_are_translated_and_unlisted_ones_rejected(make: Make) -> None:
    values = {"J": "yes", "1": "yes", "N": "no", "skip": None, "": "no"}
    study = make(
        streams__decisions__columns={
            "decision": {"column": "d", "values": values},
            "decided_by": {"column": "who", "values": {"A": "Ann", "nobody": None}},
        }
    )
    done = decisions(
        study,
        d=["J", "1.0", "N", "j", "skip", None],
        who=["A", "nobody", None, "A", "A", "nobody"],
    )
    assert done.accepted.column("decision").to_pylist() == ["yes", "yes", "no", "no"]
    assert done.accepted.column("decided_by").to_pylist() == ["Ann", None, None, None]
    assert told(done) == [(4, "not_allowed", "decision"), (5, "missing_value", "decision")]


@pytest.mark.parametrize(
    "ones",
    [
        pa.array(["1", "1.0", "01", "+1"]),
        pa.array([1, 1, 1, 1]),
        pa.array([1.0, 1.0, 1.0, 1.0]),
        pa.array([Decimal("1.00")] * 4),
        pa.array(["1"] * 4).dictionary_encode(),
        pa.array([b"1"] * 4),
        pa.array(["1"] * 4, pa.large_string()),
        pa.array(["1"] * 4, pa.string_view()),
    ],
    ids=lambda array: str(array.type),
)
def test_classes_are_compared_by_what_they_mean(make: Make, ones: pa.Array) -> None:
    study = make(decision={"type": "binary", "classes": [0, 1], "positive": 1})
    done = decisions(study, decision=ones)
    assert done.accepted.column("decision").to_pylist() == ["1"] * 4


def test_truth_values_are_classes(make: Make) -> None:
    study = make(decision={"type": "binary", "classes": ["false", "true"], "positive": "true"})
    done = decisions(study, decision=pa.array([True, False]))
    assert done.accepted.column("decision").to_pylist() == ["true", "false"]
    done = decisions(study, decision=["True", "FALSE", "yes"])
    assert done.accepted.column("decision").to_pylist() == ["true", "false"]
    assert told(done) == [(3, "not_allowed", "decision")]


@pytest.mark.parametrize(
    ("given_", "text"),
    [
        (pa.array([7, None]), "7"),
        (pa.array([7.0, None]), "7"),
        (pa.array([7.25, None]), "7.25"),
        (pa.array([True, None]), "true"),
        (pa.array([date(2026, 1, 2), None]), "2026-01-02"),
        (pa.array([{"a": [1, None]}, None]), '{"a":[1,null]}'),
        (pa.array([Decimal("1.50"), None]), "1.50"),
        (pa.array([b"\xc3\xbc", None]), "ü"),
        (pa.array([float("nan"), 1.0]).slice(1), "1"),
        (pa.array([7, None]).cast(pa.float32()), "7"),
    ],
)
def test_numbers_and_nested_values_become_texts(study: Study, given_: pa.Array, text: str) -> None:
    done = decisions(study, decided_by=given_)
    assert done.accepted.column("decided_by")[0].as_py() == text
    assert done.accepted.column("decided_by").slice(1).null_count == len(given_) - 1


def test_bytes_that_are_no_text_are_the_wrong_type(study: Study) -> None:
    done = decisions(study, decided_by=pa.array([b"fine", b"\xff", None]))
    assert told(done) == [(2, "wrong_type", "decided_by")]


def test_segments_and_features(make: Make) -> None:
    study = make(
        segments={
            "region": "region",
            "part": {
                "column": "hour",
                "bands": {"edges": [6, 12], "labels": ["night", "morning", "later"]},
            },
        },
        features={"size": "size"},
    )
    done = decisions(
        study,
        region=["north", None, "", "south"],
        hour=["5.9", "6", None, "noon"],
        size=pa.array([1, 2, None, 4]),
    )
    rows = done.accepted.to_pylist()
    assert [row["segment_region"] for row in rows] == ["north", "(missing)", "(missing)"]
    assert [row["segment_part"] for row in rows] == ["night", "morning", "(missing)"]
    assert [row["feature_size"] for row in rows] == ["1", "2", None]
    assert told(done) == [(4, "wrong_type", "segment_part")]


def test_numeric_decisions(make: Make) -> None:
    study = make(decision={"type": "numeric", "tolerance": 1})
    done = decisions(study, decision=["1.5", " 2 ", "+3e2", "x", "nan", "inf", "0x1", None])
    assert done.accepted.column("decision").to_pylist() == [1.5, 2.0, 300.0]
    assert told(done) == [
        *((row, "wrong_type", "decision") for row in (4, 5, 6, 7)),
        (8, "missing_value", "decision"),
    ]


def test_a_number_is_not_what_it_looks_like_elsewhere(study: Study) -> None:
    done = recommendations(
        study,
        recommendation=["yes"] * 5,
        score=pa.array([0.5, float("inf"), float("nan"), None, 1.0]),
        input_tokens=["12", "1", "1", "", "3.0"],
        latency_ms=["-0.1", "1", "1", "0", "-1"],
    )
    assert done.accepted.select(["score", "input_tokens", "latency_ms"]).to_pylist() == [
        {"score": None, "input_tokens": None, "latency_ms": 0.0}
    ]
    assert told(done) == [
        (1, "out_of_range", "latency_ms"),
        (2, "wrong_type", "score"),
        (3, "wrong_type", "score"),
        (5, "out_of_range", "latency_ms"),
    ]


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        (["1", "2.0", "1e3"], [1, 2, 1000]),
        (["0x1F", "2.5", "99999999999999999999"], []),
        ([1.0, 2.5, 4.0], [1, 4]),
        (pa.array([1, 2**63], pa.uint64()), [1]),
    ],
)
def test_whole_numbers(study: Study, values: Any, whole: list[int]) -> None:
    rows = len(values)
    done = recommendations(study, recommendation=["yes"] * rows, input_tokens=values)
    assert done.accepted.column("input_tokens").to_pylist() == whole
    assert {reason for _, reason, _ in told(done)} <= {"wrong_type"}


def test_answers_and_recommendations_agree(study: Study) -> None:
    done = recommendations(
        study,
        recommendation=["yes", None, "no", None, None, "yes", "perhaps"],
        answer=[None, "abstained", "error", None, "answered", "shrugged", "escalated"],
    )
    rows = [(row["recommendation"], row["answer"]) for row in done.accepted.to_pylist()]
    assert rows == [("yes", "answered"), (None, "abstained"), (None, "error")]
    assert told(done) == [
        (4, "no_recommendation", "recommendation"),
        (5, "no_recommendation", "recommendation"),
        (6, "not_allowed", "answer"),
        (7, "not_allowed", "recommendation"),
    ]


def test_without_a_column_of_answers_all_are_answered(study: Study) -> None:
    done = recommendations(study, recommendation=["yes", "no"])
    assert done.accepted.column("answer").to_pylist() == ["answered"] * 2


def test_an_unknown_candidate_is_rejected_and_another_version_is_not(make: Make) -> None:
    study = make(streams__recommendations__columns={})
    done = recommendations(
        study,
        recommendation=["yes"] * 3,
        candidate=["bot", "Bot", "bot"],
        model_version=["1", "1", "2-beta"],
    )
    assert done.accepted.column("model_version").to_pylist() == ["1", "2-beta"]
    assert told(done) == [(2, "unknown_candidate", "candidate")]


def test_outcomes_that_are_not_named_are_the_studys_own(make: Make) -> None:
    study = make(outcome__name="repaid", streams__outcomes__columns={})
    columns = {"decision_id": ["a"], "observed_at": [TIME], "outcome": ["yes"]}
    done = conformed(study, Stream.OUTCOMES, columns)
    assert done.accepted.to_pylist()[0]["name"] == "repaid"
    done = conformed(study, Stream.OUTCOMES, {**columns, "name": ["defaulted"]})
    assert done.accepted.to_pylist()[0]["name"] == "defaulted"


def test_a_timeless_study_has_no_cohort_day(make: Make) -> None:
    study = make(timeless=True)
    columns = {"decision_id": ["a"], "decision": ["yes"], "region": ["x"]}
    done = conformed(study, Stream.DECISIONS, columns)
    assert done.accepted.to_pylist()[0]["cohort_day"] is None
    assert done.accepted.schema.field("cohort_day").type == pa.date32()


def test_sensitive_values_never_reach_the_quarantine(study: Study) -> None:
    columns = {
        "review_id": ["1"],
        "decision_id": ["a"],
        "candidate": ["bot"],
        "model_version": ["1"],
        "reviewer": ["Ann Other"],
        "reviewed_at": ["soon"],
        "judgement": ["production"],
        "note": ["private"],
    }
    done = conformed(study, Stream.REVIEWS, columns)
    raw = dict(done.rejected.to_pylist()[0]["raw"])
    assert raw["reviewer"] == "***"
    assert "note" not in raw, "a dropped column is not even read"
    assert raw["reviewed_at"] == "soon"


def test_a_reviewer_is_one_pseudonym_however_the_address_is_written(study: Study) -> None:
    people = ["ada@example.org", "Ada@Example.ORG", "\u212aim@example.org", "kim@example.org"]
    rows = len(people)
    columns = {
        "review_id": [str(n) for n in range(rows)],
        "decision_id": ["a"] * rows,
        "candidate": ["bot"] * rows,
        "model_version": ["1"] * rows,
        "reviewer": people,
        "reviewed_at": [TIME] * rows,
        "judgement": ["production"] * rows,
    }
    accepted = conformed(study, Stream.REVIEWS, columns).accepted
    ada, again, *others = accepted.column("reviewer").to_pylist()
    assert ada == again
    assert len({ada, *others}) == 3


def test_missing_columns_are_refused_with_the_nearest_names(study: Study) -> None:
    with pytest.raises(FileRefused) as caught:
        conform_plan(study, Stream.DECISIONS, ["Decision_ID", "decided", "region"], path="d.csv")
    for word in ("`d.csv`", "`decision_id`", "`Decision_ID`", "`decided_at`", "`decision`"):
        assert word in str(caught.value)


def test_a_missing_segment_is_refused(study: Study) -> None:
    found = ["decision_id", "decided_at", "decision"]
    with pytest.raises(FileRefused, match="segment_region"):
        conform_plan(study, Stream.DECISIONS, found)


def test_a_segment_that_the_first_lines_lack_is_noticed(study: Study) -> None:
    found = ["decision_id", "decided_at", "decision"]
    plan = conform_plan(study, Stream.DECISIONS, found, open_ended=True)
    assert plan.notices == (
        "no column `region` in the first lines for `segment_region`: check the name",
    )
    assert "region" in plan.reads


def test_one_column_with_another_delimiter_in_its_name(study: Study) -> None:
    with pytest.raises(FileRefused, match="Is the delimiter ';'"):
        conform_plan(study, Stream.DECISIONS, ["decision_id;decided_at;decision"])


def test_notices(make: Make) -> None:
    study = make(streams__recommendations__columns__cost={"column": "price"})
    found = ["decision_id", "recommended_at", "recommendation", "colour"]
    plan = conform_plan(study, Stream.RECOMMENDATIONS, found)
    assert plan.notices == (
        "no column `price` for `cost`: it stays empty",
        "columns not used: `colour`",
    )
    assert "colour" not in plan.reads


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"format": "%Q"}, "the time format `%Q`"),
        ({"timezone": "Europe/Pariss"}, "the time zone `Europe/Pariss`"),
    ],
)
def test_a_mistaken_time_format_or_zone_is_refused(make: Make, how: Any, words: str) -> None:
    study = make(streams__decisions__columns={"decided_at": {"column": "decided_at", **how}})
    found = ["decision_id", "decided_at", "decision", "region"]
    with pytest.raises(FileRefused, match=words):
        conform_plan(study, Stream.DECISIONS, found)


ODD = st.none() | st.text(max_size=8) | st.sampled_from(["yes", "no", TIME, "1", "nan", "1e400"])


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "decision_id": ODD,
                "recommended_at": ODD,
                "recommendation": ODD,
                "answer": ODD,
                "score": ODD,
                "input_tokens": ODD,
            }
        ),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_the_texts_each_row_alone_fares_as_among_others(
    rows: list[dict[str, str | None]],
) -> None:
    """The fast way (a whole column casts) and the careful way must come to the same."""
    study = SMALL
    columns = {name: pa.array([r[name] for r in rows], pa.string()) for name in rows[0]}
    together = conformed(study, Stream.RECOMMENDATIONS, columns)
    alone = [
        conformed(
            study,
            Stream.RECOMMENDATIONS,
            {name: pa.array([value], pa.string()) for name, value in row.items()},
            first_row=number,
        )
        for number, row in enumerate(rows, 1)
    ]
    assert together.accepted.to_pylist() == [r for a in alone for r in a.accepted.to_pylist()]
    assert together.rejected.to_pylist() == [r for a in alone for r in a.rejected.to_pylist()]


SMALL = Study.model_validate(
    {
        "name": "small",
        "title": "Small study",
        "risk_tier": "low",
        "production": {"system": "The rule", "owner": {"name": "A. Owner"}},
        "sponsor": {"name": "A. Sponsor"},
        "decision": {"type": "binary", "classes": ["no", "yes"], "positive": "yes"},
        "candidates": [{"name": "bot", "version": "1"}],
        "streams": {
            "decisions": {"sources": ["d"]},
            "recommendations": {
                "sources": ["r"],
                "columns": {"candidate": {"constant": "bot"}, "model_version": {"constant": "1"}},
            },
        },
        "policy": {"gates": [{"kind": "duration"}]},
    }
)
