"""The study file as a tree that knows the line of every key and value, and the text as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from data_contracts.study.problems import Place


@dataclass(slots=True)
class Node:
    """One value of the file.

    Attributes
    ----------
    line
        Where it starts, counted from 1.
    content
        A dict of nodes, a list of nodes, or the scalar itself.
    text
        A scalar as it is written; None for a mapping or list.
    quoted
        Whether a scalar stands in quotes (or is a block of text).
    key_lines
        Of a mapping: the line of each key.
    size
        Values in it, with every alias written out.
    """

    line: int
    content: Any
    text: str | None = None
    quoted: bool = False
    key_lines: dict[str, int] = field(default_factory=dict)
    size: int = 1

    def plain(self) -> Any:
        """Return the value as plain dicts, lists and scalars."""
        if isinstance(self.content, dict):
            return {key: child.plain() for key, child in self.content.items()}
        if isinstance(self.content, list):
            return [child.plain() for child in self.content]
        return self.content

    def child(self, step: str | int) -> Node | None:
        """Return the value under a key or list position, or None."""
        if isinstance(self.content, dict):
            found: Node | None = self.content.get(str(step))
            return found
        if isinstance(self.content, list) and isinstance(step, int):
            return self.content[step] if 0 <= step < len(self.content) else None
        return None

    def at(self, path: Place) -> Node | None:
        """Return the value at a path, or None."""
        node: Node | None = self
        for step in path:
            node = node.child(step) if node else None
        return node

    def line_of(self, path: Place) -> int:
        """Return the line of a path: of its key, or of the nearest parent that is there."""
        node, line = self, self.line
        for step in path:
            child = node.child(step)
            if child is None:
                break
            line = node.key_lines.get(str(step), child.line)
            node = child
        return line

    def entries(self, *path: str | int) -> dict[str, Node]:
        """Return the mapping at a path; empty where there is none."""
        node = self.at(path)
        return node.content if node and isinstance(node.content, dict) else {}

    def items(self, *path: str | int) -> list[Node]:
        """Return the list at a path; empty where there is none."""
        node = self.at(path)
        return node.content if node and isinstance(node.content, list) else []


def written(node: Node | None) -> str:
    """Return a scalar as it is written; empty for anything else."""
    return "" if node is None or node.text is None or node.content is None else node.text
