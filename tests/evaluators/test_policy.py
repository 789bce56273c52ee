"""Policies: every mistake is found, and defaults are filled in."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from data_contracts.study.policy import GateSpec, Policy
from evaluators.policy import PolicyInvalid, build_gates, check_policy, name_of

CUTS = ("all", "origin", "origin x carrier")

MISTAKES: list[tuple[dict[str, Any], str | None, str, str]] = [
    ({"kind": "noninferority"}, "kind", '"noninferority"', 'did you mean "noninferiority"?'),
    (
        {"kind": "noninferiority", "magin": 0.1},
        "magin",
        "an unknown setting",
        'did you mean "margin"?',
    ),
    ({"kind": "books", "strict": True}, "strict", "an unknown setting", ""),
    ({"kind": "noninferiority", "margin": "1%"}, "margin", '"1%"', ""),
    ({"kind": "noninferiority", "margin": True}, "margin", "true", ""),
    ({"kind": "noninferiority", "margin": -0.01}, "margin", "-0.01", ""),
    ({"kind": "duration", "weeks": 2.5}, "weeks", "2.5", ""),
    ({"kind": "duration", "weeks": 0}, "weeks", "0", ""),
    ({"kind": "segments"}, "cut", "nothing", ""),
    ({"kind": "segments", "cut": "orgin"}, "cut", '"orgin"', 'did you mean "origin"?'),
    ({"kind": "segments", "cut": "origin", "share": 95}, "share", "95", ""),
    ({"kind": "segments", "cut": "origin", "smallest": 0}, "smallest", "0", ""),
    ({"kind": "pairing", "minimum": 1.5}, "minimum", "1.5", ""),
    ({"kind": "answered", "minimum": 1}, "minimum", "1", ""),
]


@pytest.mark.parametrize(("gate", "key", "found", "hint"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_the_nearest_name(
    gate: dict[str, Any], key: str | None, found: str, hint: str
) -> None:
    (problem,) = check_policy([GateSpec(kind="books", name="first"), GateSpec(**gate)], CUTS)
    assert (problem.position, problem.key, problem.found) == (1, key, found)
    assert problem.path == ("policy", "gates", 1, key)
    assert problem.hint == hint
    assert problem.expected
    assert pickle.loads(pickle.dumps(problem)) == problem


def test_all_mistakes_are_told_at_once() -> None:
    gates = [GateSpec(**gate) for gate, *_ in MISTAKES]
    named = {problem.position for problem in check_policy(gates, CUTS)}
    assert named == set(range(len(MISTAKES)))


def test_a_setting_of_the_wrong_kind_says_what_it_must_be() -> None:
    gates = [GateSpec(kind="duration", weeks="4"), GateSpec(kind="segments", cut=7)]
    assert [p.expected for p in check_policy(gates, CUTS)] == ["a whole number", "a text"]


def test_two_gates_must_not_have_the_same_name() -> None:
    twice = [GateSpec(kind="segments", cut="origin"), GateSpec(kind="segments", cut="all")]
    (problem,) = check_policy(twice, CUTS)
    assert (problem.position, problem.found) == (1, '"segments" again')
    named = [twice[0], GateSpec(kind="segments", cut="all", name="whole")]
    assert check_policy(named, CUTS) == ()
    clash = [twice[0], GateSpec(kind="books", name="segments")]
    assert [p.key for p in check_policy(clash, CUTS)] == ["name"]


def test_gates_are_built_with_defaults_filled_in() -> None:
    policy = Policy(
        gates=(
            GateSpec(kind="noninferiority"),
            GateSpec(kind="segments", cut="origin", name="everywhere", margin=0.03),
            GateSpec(kind="duration"),
            GateSpec(kind="books"),
        )
    )
    gates = build_gates(policy)
    assert [g.name for g in gates] == ["noninferiority", "everywhere", "duration", "books"]
    assert gates[0].as_dict == {"margin": 0.01}
    assert gates[1].as_dict == {
        "cut": "origin",
        "margin": 0.03,
        "share": 0.95,
        "smallest": 30,
        "by": "segments",
        "combine": "product",
        "also": [],
    }
    assert [json.loads(json.dumps(g.as_dict)) for g in gates] == [g.as_dict for g in gates]
    assert pickle.loads(pickle.dumps(gates)) == gates
    assert name_of(policy.gates[1]) == "everywhere"


def test_an_unchecked_policy_is_refused_with_its_mistakes() -> None:
    policy = Policy(gates=(GateSpec(kind="nonesuch"),))
    with pytest.raises(PolicyInvalid, match=r"policy\.gates\.0\.kind.*nonesuch.*noninferiority"):
        build_gates(policy)


def test_a_value_that_makes_no_sense_says_what_would() -> None:
    gates = [GateSpec(kind="duration", weeks=0), GateSpec(kind="noninferiority", margin=2)]
    told = [p.expected for p in check_policy(gates, CUTS)]
    assert told == ["at least 1", "above 0 and below 1"]
