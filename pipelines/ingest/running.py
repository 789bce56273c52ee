"""The ingest pipeline itself, on Beam's in-process runner."""

from __future__ import annotations

import shlex
import sys

import apache_beam as beam
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.transforms.environments import (
    EmbeddedPythonGrpcEnvironment,
    Environment,
    SubprocessSDKEnvironment,
)

from pipelines.ingest.job import Job, RunningMode
from pipelines.ingest.steps import REPORTS, ConformRows, KeepReports, ReadChunks, WriteParts


def run_job(job: Job) -> None:
    """Run a job to its end; its parts and its reports are then in the staging folder.

    Raises
    ------
    RuntimeError
        Beam's own, holding a worker's traceback as text.
    """
    options = PipelineOptions([])
    direct = options.view_as(DirectOptions)
    direct.direct_num_workers = job.workers
    direct.direct_running_mode = None  # the environment says how to run
    # Named by its class: by its short name, Beam would look for another runner and download it.
    runner = FnApiRunner(_environment(job.mode))
    with beam.Pipeline(runner=runner, options=options) as pipeline:
        read = (
            pipeline
            | "Chunks" >> beam.Create(job.chunks)
            | "Deal out" >> beam.Reshuffle()
            | "Read"
            >> beam.ParDo(ReadChunks(job.study, job.staging)).with_outputs(REPORTS, main="rows")
        )
        checked = read["rows"] | "Conform" >> beam.ParDo(
            ConformRows(job.study, job.staging, job.home)
        ).with_outputs(REPORTS, main="rows")
        parts = checked["rows"] | "Write parts" >> beam.ParDo(WriteParts(job.study, job.staging))
        _ = (
            (read[REPORTS], checked[REPORTS], parts)
            | "All reports" >> beam.Flatten()
            | "Under one key" >> beam.Map(_under_one_key)
            | "Gather" >> beam.GroupByKey()
            | "Keep reports" >> beam.ParDo(KeepReports(job.staging))
        )


def _environment(mode: RunningMode) -> Environment | None:
    if mode is RunningMode.MULTI_THREADING:
        return EmbeddedPythonGrpcEnvironment.default()
    if mode is RunningMode.MULTI_PROCESSING:
        # `exec`: the process that is killed is then the worker, not a shell around it.
        return SubprocessSDKEnvironment.from_command_string(
            f"exec {shlex.quote(sys.executable)} -m pipelines.ingest.worker"
        )
    return None  # a thread a worker


def _under_one_key(report: object) -> tuple[int, object]:
    return 0, report
