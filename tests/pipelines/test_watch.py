"""Watching a study: what comes is judged, what is being written waits, faults do not end it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from pipelines.study_folder import StudyFolder
from pipelines.watching import Watch


class Watched:
    """A watch whose rounds a test runs one by one."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self.told: list[tuple[str, bool]] = []
        self.runs: list[Any] = []
        self.watch = Watch(
            StudyFolder.at(place.root),
            lambda text, fault: self.told.append((text, fault)),
            lambda ingested, evaluation: self.runs.append(ingested),
            Event(),
        )

    def round(self) -> int:
        """Do one round and return how many runs there were so far."""
        self.watch.round(0.01)
        return len(self.runs)

    @property
    def faults(self) -> list[str]:
        """What was told as a fault."""
        return [text for text, fault in self.told if fault]


@pytest.fixture
def watched(place: Any) -> Watched:
    """Return a watch of a study with three days of files."""
    return Watched(place)


def test_a_round_works_only_when_something_is_new(watched: Watched) -> None:
    assert watched.round() == 1
    assert watched.place.counts() == (60, 60, 60, 0)
    assert watched.round() == 1
    watched.place.write_day(3)
    assert watched.round() == 1, "a new file is looked at twice"
    assert watched.round() == 2
    assert watched.place.counts() == (80, 80, 80, 0)
    assert watched.place.status()["data_to"] == "2026-03-05"
    assert not watched.faults


def test_a_file_that_is_being_written_waits(watched: Watched) -> None:
    watched.round()
    growing = watched.place.root / "data" / "decisions" / "growing.csv"
    growing.write_text("decision_id,decided_at,decision,region\n")
    for number in range(3):
        watched.round()
        with growing.open("a") as file:
            file.write(f"g{number},2026-03-04T10:00:00Z,no,north\n")
    assert len(watched.runs) == 1
    watched.round()
    assert watched.round() == 2
    assert watched.place.counts()[0] == 63
    # It grows once more after it was read: what was known of it holds until it rests.
    with growing.open("a") as file:
        file.write("g9,2026-03-04T10:00:00Z,no,north\n")
    assert watched.round() == 2
    assert watched.round() == 3
    assert watched.place.counts()[0] == 64


def test_a_file_that_comes_in_the_middle_of_a_round_waits(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.round()
    watched.place.write_day(3)
    watched.round()
    import pipelines.watching

    real = pipelines.watching.run_study

    def late(*args: Any, **how: Any) -> Any:
        watched.place.write_day(4)
        return real(*args, **how)

    monkeypatch.setattr("pipelines.watching.run_study", late)
    watched.round()
    assert watched.place.counts()[0] == 80
    monkeypatch.undo()
    watched.round()
    watched.round()
    assert watched.place.counts()[0] == 100


def test_a_refused_file_is_read_once_until_it_changes(watched: Watched) -> None:
    bad = watched.place.root / "data" / "decisions" / "bad.csv"
    bad.write_bytes(b"PAR1")
    assert watched.round() == 1
    assert [path for path, _ in watched.runs[0].refused] == ["data/decisions/bad.csv"]
    for _ in range(3):
        assert watched.round() == 1
    bad.unlink()
    assert watched.round() == 2
    assert watched.runs[1].refused == ()


def test_a_broken_study_is_told_once_and_watched_on(watched: Watched) -> None:
    watched.round()
    file = watched.place.root / "study.yaml"
    text = file.read_text()
    file.write_text(text.replace("risk_tier: low", "risk_tier: lwo"))
    for _ in range(3):
        watched.round()
    assert len(watched.faults) == 1
    assert 'did you mean "low"' in watched.faults[0]
    file.write_text(text.replace("Small study", "Other title"))
    assert watched.round() == 2
    assert watched.place.status()["title"] == "Other title"


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), ValueError("odd")])
def test_a_fault_ends_a_round_and_not_the_watch(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*args: Any, **how: Any) -> Any:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.watching.run_study", fail)
        watched.round()
        watched.round()
    assert len(watched.faults) == 1
    assert str(fault.args[-1]) in watched.faults[0]
    assert watched.round() == 1
    assert watched.place.counts()[0] == 60


def test_another_writer_is_waited_for_and_named(watched: Watched) -> None:
    watched.round()
    watched.place.write_day(3)
    watched.round()
    with held(watched.place.root / "state" / "writer.lock") as holder:
        watched.round()
        watched.round()
    assert len(watched.faults) == 1
    assert f"process {holder}" in watched.faults[0]
    assert watched.round() == 2


@contextmanager
def held(lock: Path) -> Iterator[int]:
    program = (
        "import sys; from pathlib import Path; from pipelines.warehouse.lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdout.readline()
        yield holder.pid
        holder.stdin.close()


def test_a_stop_ends_the_run_after_its_step(watched: Watched) -> None:
    watched.watch.stop.set()
    watched.watch.round(0.01)
    assert not watched.runs
    watched.watch.stop.clear()
    heard: list[str] = []

    def tell(text: str, fault: bool) -> None:
        heard.append(text)
        watched.watch.stop.set()  # while files are read

    watched.watch.tell = tell
    assert watched.watch.round(0.01)
    assert heard == ["Reading 9 new files"]
    assert watched.place.counts() == (60, 60, 60, 0), "what was read is committed"
    assert not watched.runs, "and judged at the next start"
    watched.watch.stop.clear()
    assert watched.round() == 1


def start(root: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "watch", str(root), "--every", "0.2", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_well(place: Any, sign: signal.Signals) -> None:
    process = start(place.root)
    assert process.stdout is not None
    for line in process.stdout:
        if "books balance" in line:
            break
    process.send_signal(sign)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Stopped" in out
    assert "Traceback" not in out + err
    assert place.counts() == (60, 60, 60, 0)


def test_once(place: Any) -> None:
    done = place.understudy("watch", "--once")
    assert "COLLECTING" in done.stdout or "GO" in done.stdout
    assert place.counts() == (60, 60, 60, 0)
    (place.root / "study.yaml").write_text("name: [")
    assert "study.yaml has" in place.understudy("watch", "--once", check=1).stderr


def test_many_rounds_take_little_time_and_no_more_memory(
    watched: Watched, make_place: Callable[..., Any]
) -> None:
    watched.round()
    started = time.process_time()
    for _ in range(100):
        watched.round()
    assert time.process_time() - started < 2
    sizes = []
    for day in range(3, 15):
        watched.place.write_day(day)
        watched.round()
        watched.round()
        sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
    assert len(watched.runs) == 13
    assert sizes[-1] - sizes[4] < 60 << 20, sizes
