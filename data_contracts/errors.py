"""The base of every error a user can meet: facts in, one clear message out."""

from typing import Any


class UnderstudyError(Exception):
    """An error that carries facts and says where, what was found, what was expected, what to do.

    Subclasses declare their facts as keyword-only arguments, pass them on to this constructor
    and build their sentence in `sentence`. Facts survive pickling, so that an error raised on a
    Beam worker reaches the user whole.

    Attributes
    ----------
    facts
        What is known about the fault, by name. Every value must pickle.
    exit_code
        The process's exit code when the error ends a command: 1, or 3 for data that cannot be
        trusted.

    Examples
    --------
    >>> class LostKey(UnderstudyError):
    ...     def sentence(self) -> str:
    ...         return f"`{self.facts['key']}` is lost; look under the mat."
    >>> str(LostKey(key="front door"))
    '`front door` is lost; look under the mat.'
    >>> import pickle
    >>> pickle.loads(pickle.dumps(UnderstudyError(key=1))).facts
    {'key': 1}
    """

    exit_code = 1

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Return the message shown to the user."""
        return ", ".join(f"{name}: {value}" for name, value in self.facts.items())

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the class and its facts, so that workers can send errors home."""
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[UnderstudyError], facts: dict[str, Any]) -> UnderstudyError:
    return kind(**facts)
