"""Spoiled bytes through our readers: each execution ends with rows or with one of our errors.

Reproduce a failing input, which the test writes to a file and names:

    python tests/pipelines/fuzzing.py KIND FILE
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data_contracts.errors import UnderstudyError
from data_contracts.study.loader import load_study
from data_contracts.study.model import Study
from data_contracts.study.templates import all_templates, render_template
from data_contracts.study.yaml_tree import NotReadable, read_tree
from data_contracts.vocabulary import Stream
from pipelines.ingest.conform import conform
from pipelines.ingest.planning import conform_plan
from pipelines.sources.discovery import source_named
from pipelines.sources.refusal import refusing
from pipelines.sources.source import WHOLE_FILE, Compression, Place

KINDS = ("csv", "csv-gzip", "jsonl", "jsonl-zstd", "parquet", "yaml")
SECONDS = 10
"""Of the processor that an execution may take; most take less than a thousandth of one."""
CONFORMED = 4
"""One in so many goes on to be conformed, or for YAML through the whole of `load_study`."""

ROWS = [
    {
        "decision_id": f"case-{n}",
        "decided_at": f"2026-01-01T00:{n:02}:00Z",
        "decision": ("no", "yes")[n % 2],
        "region": ("north", None, "süd", 'a "b", c\nd')[n % 4],
    }
    for n in range(12)
]
TOKENS: dict[str, tuple[bytes, ...]] = {
    "csv": (
        b'"', b'""', b",", b",,", b"\r", b"\n", b"\r\n", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe",
        b"decision_id", b";", b"\t", b"9" * 400, b"\\", b"infinity", b"nan", b"\xc3\x28",
        b"2026-02-30T25:61:00+99:99", b'"\n"', b"=1+1",
    ),
    "jsonl": (
        b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u0000", b"\\ud800", b"null", b"NaN", b"1e999",
        b"-", b"\n", b"\r", b"\x00", b":", b",", b'{"a":' * 60, b"[" * 3000, b"\xff",
        b'"decision_id"', b"\xef\xbb\xbf", b"9" * 400, b"true",
    ),
    "parquet": (
        b"PAR1", b"\x00" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x15\x00", b"\x80" * 9,
        b"\x28\xb5\x2f\xfd", b"\x01\x00\x00\x00", b"\xfe\xff\xff\xff",
    ),
    "yaml": (
        b"", b" ", b"\t", b":", b": ", b"- ", b"#", b"'", b'"', b"[", b"]", b"{", b"}", b"&a ",
        b"*a", b"<<: ", b"!!set ", b"!!python/object:x ", b"!!binary ", b"? ", b"|", b">", b"%",
        b"@", b"---\n", b"...\n", b"~", b"yes", b"1e999", b".inf", b".nan", b"2013-02-30", b"=",
        b"\x00", b"\xc2\x85", b"9" * 5000, b"{a: 1}", b"[[]]", b"../..", b"[" * 90, b"*a, " * 20,
        b"postgres: {connection: ", b"postgresql://u:p@h/d",
    ),
}  # fmt: skip


def seeds(kind: str) -> list[bytes]:
    """Return valid inputs of a kind."""
    name, _, packing = kind.partition("-")
    if name == "yaml":
        texts = (render_template(template, "fuzz") for template in all_templates())
        return [
            "\n".join(line for line in t.splitlines() if line.strip()[:1] != "#").encode()
            for t in texts
        ]
    made = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}[name]()
    return [packed(one, packing) for one in made]


def packed(content: bytes, packing: str) -> bytes:
    """Return the content as a file of that packing holds it."""
    if packing == "gzip":
        return gzip.compress(content, 1, mtime=0)
    return bytes(pa.compress(content, "zstd", True)) if packing else content


def _csv() -> list[bytes]:
    def field(value: Any) -> str:
        return '"' + (value or "").replace('"', '""') + '"'

    quoted = [",".join(ROWS[0])] + [",".join(map(field, row.values())) for row in ROWS]
    plain = [",".join(ROWS[0])] + [",".join((v or "")[:5] for v in r.values()) for r in ROWS[:3]]
    return ["\n".join(quoted).encode(), b"\xef\xbb\xbf" + "\r\n".join(plain).encode()]


def _jsonl() -> list[bytes]:
    nested = [{**row, "more": {"a": [1, None, {"b": "ü"}], "n": 1e9, "t": True}} for row in ROWS]
    return ["\n".join(map(json.dumps, rows)).encode() for rows in (ROWS, nested)]


def _parquet() -> list[bytes]:
    typed = pa.table(
        {
            "decision_id": pa.array([str(n) for n in range(40)]).dictionary_encode(),
            "decided_at": pa.array(range(40), pa.timestamp("us", "UTC")),
            "decision": ["no", "yes"] * 20,
            "region": pa.array([["a"], None] * 20),
        }
    )
    made = []
    for table, how in (
        (pa.Table.from_pylist(ROWS), {"compression": "none", "write_page_checksum": True}),
        (pa.Table.from_pylist(ROWS), {"compression": "snappy", "row_group_size": 5}),
        (typed, {"compression": "zstd", "data_page_version": "2.0"}),
        (typed, {"compression": "none", "use_dictionary": False}),
    ):
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, **how)
        made.append(bytes(sink.getvalue()))
    return made


def spoiled(whole: list[bytes], tokens: tuple[bytes, ...], chance: random.Random) -> bytes:
    """Return one of the inputs with up to four faults in it."""
    data = bytearray(chance.choice(whole))
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + chance.randint(1, 30)]
            case 2:
                data[at:at] = chance.randbytes(chance.randint(1, 6))
            case 3:
                other = chance.choice(whole)
                start = chance.randrange(len(other))
                data[at : at + chance.randint(0, 60)] = other[start : start + chance.randint(1, 60)]
            case 4 if chance.random() < 0.3:
                del data[at:]
            case 5 if len(data) > 8:
                # A number of four bytes, as lengths and offsets are.
                at = min(at, len(data) - 4)
                value = chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32)))
                data[at : at + 4] = value.to_bytes(4, "little")
            case _:
                data[at:at] = chance.choice(tokens)
    return bytes(data)


def execute(kind: str, path: Path, study: Study, whole_way: bool) -> bool:
    """Read one input; return whether there were rows (or a study), False when it was refused.

    Anything but one of our own errors is a defect, and raised.
    """
    try:
        if kind == "yaml":
            if whole_way:
                load_study(path)
            else:
                read_tree(path.read_bytes().decode("utf-8", "replace"))
            return True
        name, _, packing = kind.partition("-")
        place = Place("file", str(path), Compression(packing or "none"))
        opened = source_named(name).opener(place, WHOLE_FILE)
        wanted = opened.columns
        plan = None
        if whole_way:
            plan = conform_plan(
                study, Stream.DECISIONS, opened.columns, open_ended=opened.open_ended
            )
            wanted = plan.reads
        for slab in opened.slabs(wanted):
            slab.rows.validate(full=True)
            if plan is not None:
                with refusing("file", "columns that can be read"):  # as in the pipeline
                    done = conform(slab.rows, slab.numbers, plan)
                assert done.accepted.num_rows + done.rejected.num_rows == slab.rows.num_rows
    except (UnderstudyError, NotReadable):
        return False
    return True


def run(kind: str, seed: int, count: int, path: Path) -> dict[str, int]:
    """Execute so many spoiled inputs; the one at work is always in the file at `path`."""
    study = Study.model_validate_json(os.environ["FUZZ_STUDY"])
    name, _, packing = kind.partition("-")
    chance, whole, plain = random.Random(f"{kind} {seed}"), seeds(kind), seeds(name)
    tokens = TOKENS[name]
    counts = {"rows": 0, "refused": 0}
    signal.signal(signal.SIGPROF, _too_long)
    for one in whole:
        path.write_bytes(one)
        assert execute(kind, path, study, whole_way=False), "the seeds are valid"
        execute(kind, path, study, whole_way=True)
    for number in range(count):
        if packing and chance.random() < 0.5:  # well packed, but spoiled inside
            path.write_bytes(packed(spoiled(plain, tokens, chance), packing))
        else:
            path.write_bytes(spoiled(whole, tokens, chance))
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        good = execute(kind, path, study, number % CONFORMED == 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        counts["rows" if good else "refused"] += 1
    counts["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return counts


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError(f"took longer than {SECONDS} s")


def main() -> None:
    """Run the jobs given as JSON, or reproduce one input."""
    if len(sys.argv) == 3:
        from conftest import DOCUMENT

        kind, path = sys.argv[1], Path(sys.argv[2])
        for whole_way in (True, False):
            print(execute(kind, path, Study.model_validate(DOCUMENT), whole_way))  # noqa: T201
        return
    folder = Path(tempfile.mkdtemp(prefix="understudy-fuzz-"))
    for kind, seed, count in json.loads(sys.argv[1]):
        path = folder / f"{kind}.bin"
        print(json.dumps({"at": [kind, str(path)]}), flush=True)  # noqa: T201
        print(json.dumps({"kind": kind, **run(kind, seed, count, path)}), flush=True)  # noqa: T201
        path.unlink()
    folder.rmdir()


if __name__ == "__main__":
    main()
