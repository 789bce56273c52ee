"""A worker process: Beam's own, known by its process id and never outliving the run.

Beam waits for ever for a worker that was killed. So each worker leaves a file named after its
process id, which the run's watchdog looks at; and it ends when its parent does.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

WORKERS_VARIABLE = "UNDERSTUDY_WORKERS"
"""Environment variable that names the folder of process ids."""
DONE = ".done"
"""Ending of the file's name once the worker has ended by itself."""


def die_with_parent() -> None:
    """End this process, at once and without a word, when its parent has ended."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def main() -> None:
    """Run the worker until the pipeline is done."""
    mark = Path(os.environ[WORKERS_VARIABLE]) / str(os.getpid())
    mark.touch()
    die_with_parent()
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)
    mark.rename(mark.with_name(mark.name + DONE))


if __name__ == "__main__":
    main()
