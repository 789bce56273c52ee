"""Policies against the gate kinds: every mistake in one pass, then gates ready to judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from data_contracts.errors import UnderstudyError
from data_contracts.study.policy import GateSpec, Policy
from data_contracts.study.problems import Place, did_you_mean, one_of, shown
from evaluators.kinds import GateKind, all_gate_kinds

_WORDS = {float: "a number", int: "a whole number", str: "a text", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """A mistake in one gate of a policy.

    Attributes
    ----------
    position
        Of the gate in the list, from 0.
    key
        The setting it is about; None when it is about the gate as a whole.
    found, expected
        In plain words; with an empty `found`, `expected` is a whole sentence.
    known
        Names that may stand there.
    """

    position: int
    key: str | None
    found: str
    expected: str
    known: tuple[str, ...] = ()

    @property
    def path(self) -> Place:
        """Keys and positions that lead to it in the study file."""
        where: Place = ("policy", "gates", self.position)
        return where if self.key is None else (*where, self.key)

    @property
    def hint(self) -> str:
        """The nearest known name as a question; may be empty."""
        word = self.key if self.found == _UNKNOWN_SETTING else self.found.strip('"')
        return did_you_mean(word, self.known)


_UNKNOWN_SETTING = "an unknown setting"


class PolicyInvalid(UnderstudyError):
    """A policy that was not checked before it was used; the fact is `problems`."""

    def sentence(self) -> str:
        """Return every mistake in one sentence."""
        said = [
            f"`{'.'.join(map(str, p.path))}`: found {p.found}, expected {p.expected}"
            for p in self.facts["problems"]
        ]
        return f"The policy cannot be used: {'; '.join(said)}. Correct the study file."


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of a checked policy: its name, its kind and the kind's settings, defaults filled."""

    name: str
    kind: GateKind
    settings: Any

    @property
    def as_dict(self) -> dict[str, Any]:
        """The settings as JSON values."""
        return asdict(self.settings)


def check_policy(gates: Sequence[GateSpec], cuts: Sequence[str]) -> tuple[PolicyProblem, ...]:
    """Return every mistake in the gates of a policy; empty when it can be used.

    Parameters
    ----------
    gates
        As in the study file.
    cuts
        Names of the study's cuts.

    Examples
    --------
    >>> [p.expected for p in check_policy([GateSpec(kind="duration", weeks=0)], ["all"])]
    ['at least 1']
    """
    return tuple(problem for i in range(len(gates)) for problem in _problems(i, gates, cuts))


def build_gates(policy: Policy) -> tuple[Gate, ...]:
    """Return the gates of a policy, ready to judge.

    Raises
    ------
    PolicyInvalid
        When a kind or a setting is unknown or makes no sense.
    """
    named = [str(g.settings["cut"]) for g in policy.gates if "cut" in g.settings]
    problems = check_policy(policy.gates, named)
    if problems:
        raise PolicyInvalid(problems=problems)
    kinds = all_gate_kinds()
    return tuple(
        Gate(name_of(spec), kinds[spec.kind], kinds[spec.kind].settings(**spec.settings))
        for spec in policy.gates
    )


def name_of(spec: GateSpec) -> str:
    """Return the name of a gate: its own, else its kind's.

    Examples
    --------
    >>> name_of(GateSpec(kind="duration")), name_of(GateSpec(kind="duration", name="long"))
    ('duration', 'long')
    """
    return spec.name or spec.kind


def _problems(
    position: int, gates: Sequence[GateSpec], cuts: Sequence[str]
) -> Iterator[PolicyProblem]:
    spec = gates[position]
    names = Counter(name_of(other) for other in gates[:position])
    if names[name_of(spec)]:
        yield PolicyProblem(
            position,
            "kind" if spec.name is None else "name",
            f'"{name_of(spec)}" again',
            "another `name`: two gates must not have the same",
        )
    kinds = all_gate_kinds()
    if spec.kind not in kinds:
        yield PolicyProblem(position, "kind", shown(spec.kind), one_of(kinds), tuple(kinds))
        return
    wrong = list(_settings(position, spec, kinds[spec.kind].settings, cuts))
    yield from wrong
    if wrong:
        return
    try:
        kinds[spec.kind].settings(**spec.settings)
    except ValueError as fault:
        key = next((k for k in spec.settings if f"`{k}`" in str(fault)), None)
        found = "" if key is None else shown(spec.settings[key])
        expected = str(fault).removeprefix(f"`{key}` must be ")
        yield PolicyProblem(position, key, found, expected)


def _settings(
    position: int, spec: GateSpec, settings: type[Any], cuts: Sequence[str]
) -> Iterator[PolicyProblem]:
    hints = get_type_hints(settings)
    known = tuple(field.name for field in fields(settings))
    for key, value in spec.settings.items():
        if key not in known:
            expected = one_of(known) if known else "no settings for this kind"
            yield PolicyProblem(position, key, _UNKNOWN_SETTING, expected, known)
        elif not _fits(value, hints[key]):
            yield PolicyProblem(position, key, shown(value), _in_words(hints[key]))
        elif key == "cut" and value not in cuts:
            yield PolicyProblem(position, key, shown(value), one_of(cuts), tuple(cuts))
    for field in fields(settings):
        needed = field.default is MISSING and field.default_factory is MISSING
        if needed and field.name not in spec.settings:
            of_cuts = field.name == "cut"
            expected = one_of(cuts) if of_cuts else _in_words(hints[field.name])
            yield PolicyProblem(
                position, field.name, "nothing", expected, tuple(cuts) if of_cuts else ()
            )


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return any(_fits(value, one) for one in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, list | tuple) and all(_fits(v, get_args(hint)[0]) for v in value)
    if isinstance(value, bool):
        return hint is bool
    if hint is float:
        return isinstance(value, int | float)
    return isinstance(value, hint)


def _in_words(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return "a list of texts"
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return " or ".join(_WORDS[kind] for kind in kinds if kind in _WORDS)
