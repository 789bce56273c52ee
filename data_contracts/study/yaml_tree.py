"""YAML text read into a tree, with everything refused that could hide or blow up a study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from data_contracts.study.positions import Node

MOST_LEVELS = 32
"""Nesting beyond which a file is refused."""
MOST_NODES = 20_000
"""Values, with every alias written out, beyond which a file is refused."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMON_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq")}


class NotReadable(Exception):
    """The text is not YAML that we read: where, and why in plain words."""

    def __init__(self, line: int, why: str) -> None:
        self.line, self.why = line, why
        super().__init__(why)


def read_tree(text: str) -> Node:
    """Return the tree of a YAML text.

    Mapping keys are taken as the text that is written, so that ``on`` and ``1`` are the names
    "on" and "1". Built from parser events rather than with YAML's own composer, so that depth
    and aliases are bounded before anything is built.

    Raises
    ------
    NotReadable
        For wrong syntax, a key given twice, more than one document, tags that make objects, and
        files that are nested too deeply or blow up through aliases.
    """
    try:
        return _build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotReadable(mark.line + 1 if mark else 1, _in_our_words(error, text)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(0, error.position)) + 1
        raise NotReadable(line, "a control character, which YAML does not allow") from None
    except yaml.YAMLError:
        raise NotReadable(1, "this is not YAML") from None


def _build(events: Iterator[Any]) -> Node:
    """Return the tree of the one document in a stream of parser events."""
    anchors: dict[str, Node | None] = {}
    stack: list[_Open] = []
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise NotReadable(_line(event), "a second document (`---`); one file is one study")
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            stack.append(_opened(event, len(stack)))
            if event.anchor:
                anchors[event.anchor] = None
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent | yaml.CollectionEndEvent):
            if isinstance(event, yaml.CollectionEndEvent):
                closed = stack.pop()
                node, anchor = closed.close(), closed.anchor
            elif isinstance(event, yaml.AliasEvent):
                node, anchor = _aliased(event, anchors), None
            else:
                is_key = bool(stack) and stack[-1].wants_key
                node, anchor = _scalar(event, is_key), event.anchor
            if anchor:
                anchors[anchor] = node
            if stack:
                stack[-1].add(node)
            else:
                root = node
    return root or Node(1, None, "")


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    line: int
    anchor: str | None
    keyed: bool
    items: list[Node] = field(default_factory=list)
    mapping: dict[str, Node] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    merged: list[Node] = field(default_factory=list)
    key: Node | None = None
    size: int = 1

    @property
    def wants_key(self) -> bool:
        return self.keyed and self.key is None

    def add(self, node: Node) -> None:
        self.size += node.size
        if self.size > MOST_NODES:
            why = f"more than {MOST_NODES} values once its aliases (`*name`) are written out"
            raise NotReadable(node.line, why)
        if not self.keyed:
            self.items.append(node)
        elif self.key is None:
            self._take_key(node)
        else:
            self._take_value(self.key, node)
            self.key = None

    def _take_key(self, node: Node) -> None:
        if node.text is None:
            raise NotReadable(node.line, "a list or mapping used as a key; a key is a name")
        if node.text in self.key_lines:
            first = self.key_lines[node.text]
            why = f"the key `{node.text}` is given twice, first on line {first}; keep one"
            raise NotReadable(node.line, why)
        self.key = node
        self.key_lines[node.text] = node.line

    def _take_value(self, key: Node, value: Node) -> None:
        if key.text == "<<" and not key.quoted:
            self.merged += value.content if isinstance(value.content, list) else [value]
            del self.key_lines["<<"]
        else:
            self.mapping[str(key.text)] = value

    def close(self) -> Node:
        if not self.keyed:
            return Node(self.line, self.items, size=self.size)
        for other in self.merged:
            if not isinstance(other.content, dict):
                raise NotReadable(other.line, "`<<` merges mappings only")
            for key, value in other.content.items():
                self.mapping.setdefault(key, value)
        return Node(self.line, self.mapping, key_lines=self.key_lines, size=self.size)


def _opened(event: Any, depth: int) -> _Open:
    if depth >= MOST_LEVELS:
        raise NotReadable(_line(event), f"values nested more than {MOST_LEVELS} levels deep")
    if event.tag and event.tag not in _COMMON_TAGS:
        raise NotReadable(_line(event), f"the tag `{event.tag[:60]}`; leave it out")
    return _Open(_line(event), event.anchor, isinstance(event, yaml.MappingStartEvent))


def _aliased(event: Any, anchors: dict[str, Node | None]) -> Node:
    if event.anchor not in anchors:
        raise NotReadable(_line(event), f"`*{event.anchor}` refers to no `&{event.anchor}`")
    node = anchors[event.anchor]
    if node is None:
        raise NotReadable(_line(event), f"`*{event.anchor}` refers to itself")
    return node


def _scalar(event: Any, is_key: bool) -> Node:
    line, text, quoted = _line(event), event.value, bool(event.style)
    if is_key or (quoted and event.tag is None):
        return Node(line, text, text, quoted)
    loader = yaml.SafeLoader("")
    tag = event.tag
    if tag is None or tag == "!":
        tag = loader.resolve(yaml.ScalarNode, text, event.implicit)  # type: ignore[no-untyped-call]
    try:
        value = loader.construct_object(yaml.ScalarNode(tag, text))
    except yaml.YAMLError:
        raise NotReadable(line, f"the tag `{str(tag)[:60]}`; leave it out") from None
    except (ValueError, OverflowError, LookupError, AttributeError, TypeError):
        value = text  # looks like a date or number and is none, e.g. 2013-13-01
    if isinstance(value, bytes | list | set | dict):
        raise NotReadable(line, f"the tag `{str(tag)[:60]}`; leave it out")
    return Node(line, value, text, quoted)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _in_our_words(error: yaml.MarkedYAMLError, text: str) -> str:
    said = f"{error.context or ''} {error.problem or ''}".lower()
    if "cannot start any token" in said:
        return _wrong_start(error.problem_mark, text)
    if "mapping values are not allowed" in said:
        return (
            "a `:` where none can stand; check the indentation,"
            " and put a text that holds `: ` in quotes"
        )
    if "unexpected end" in said or "end of stream" in said:
        return "the file ends inside a quoted text or a bracket; close it"
    if "could not find expected ':'" in said:
        return "a line that is neither `key: value` nor `- item`"
    if "did not find expected key" in said or "block end" in said or "block collection" in said:
        return "the indentation does not fit the lines above"
    return f"this is not YAML ({(error.problem or 'wrong syntax').strip()})"


def _wrong_start(mark: Any, text: str) -> str:
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in line[: mark.column + 1]:
        return "a tab; YAML is indented with spaces"
    return f"a text that begins with `{line[mark.column : mark.column + 1]}`; put it in quotes"
