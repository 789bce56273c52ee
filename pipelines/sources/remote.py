"""Files in object stores, through Beam's file systems; what goes wrong is told in words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from data_contracts.errors import UnderstudyError

_PATIENCE = 10
"""Seconds that a store has to answer the first question; Beam itself would ask for many minutes."""
_EXTRAS = {
    "gs": "apache-beam[gcp]",
    "s3": "understudy[s3]",
    "azfs": "apache-beam[azure]",
    "hdfs": "apache-beam[hadoop]",
}


class StoreUnreachable(UnderstudyError):
    """A place outside this machine cannot be listed."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` cannot be listed: {self.facts['found']}; expected"
            f" {self.facts['expected']}. {self.facts['advice']} Nothing was read."
        )


def is_remote(location: str) -> bool:
    """Return whether a location is an address in an object store.

    Examples
    --------
    >>> is_remote("s3://bucket/name"), is_remote("/data/name")
    (True, False)
    """
    return "://" in location


def list_remote(pattern: str) -> list[tuple[str, int, int]]:
    """Return (address, bytes, time of change in ns) of what a pattern matches, by address.

    Raises
    ------
    StoreUnreachable
        When there is no such store, or it does not let us look. A bucket that is missing is never
        taken for an empty one.
    """
    with _told(pattern):
        systems = _file_systems(pattern)
        if pattern.startswith("s3://"):
            _look_first(pattern)
        (match,) = systems.match([pattern])
    found = (
        (str(e.path), int(e.size_in_bytes), _nanoseconds(e.last_updated_in_seconds))
        for e in match.metadata_list
    )
    return sorted(found)


def remote_state(location: str) -> tuple[int, int, str]:
    """Return (bytes, time of change in ns, version) of a file as it is now.

    The version is what the store calls these bytes, on S3 the ETag: bytes that were replaced by as
    many within one second have another.

    Raises
    ------
    OSError
        When it is gone or cannot be asked.
    """
    with _only_os_errors(location):
        systems = _file_systems(location)
        entry = systems.get_filesystem(location).metadata(location)
        changed = _nanoseconds(entry.last_updated_in_seconds)
        return int(entry.size_in_bytes), changed, str(systems.checksum(location))


def remote_stream(location: str) -> Any:
    """Return the bytes of a file, open for reading.

    Raises
    ------
    OSError
        When it is gone or cannot be read.
    """
    from apache_beam.io.filesystem import CompressionTypes

    with _only_os_errors(location):
        return _file_systems(location).open(
            location, compression_type=CompressionTypes.UNCOMPRESSED
        )


def _file_systems(location: str) -> Any:
    """Return Beam's file systems, with options: without any, S3 cannot be used at all."""
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions

    # Retries are told with their tracebacks; what comes of them in the end is told by us.
    logging.getLogger("apache_beam.utils.retry").setLevel(logging.ERROR)
    FileSystems.set_options(PipelineOptions([]))
    return FileSystems


def _nanoseconds(seconds: float | None) -> int:
    return int((seconds or 0) * 1e9)


def _look_first(pattern: str) -> None:
    """Ask S3 itself for one name: Beam takes a missing bucket for an empty one."""
    from boto3.session import Session
    from botocore.config import Config

    bucket, _, key = pattern.removeprefix("s3://").partition("/")
    patience = Config(
        connect_timeout=_PATIENCE, read_timeout=_PATIENCE, retries={"max_attempts": 1}
    )
    prefix = re.split(r"[*?\[]", key)[0]
    # A session of its own, as Beam makes one: the shared one remembers credentials that are gone.
    client = Session().client("s3", config=patience)
    if prefix == key and key:
        client.head_object(Bucket=bucket, Key=key)
    else:
        client.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)


@contextmanager
def _only_os_errors(location: str) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as fault:
        raise OSError(f"{location}: {_line(fault)}") from fault


@contextmanager
def _told(pattern: str) -> Iterator[None]:
    try:
        yield
    except ImportError as fault:
        raise _missing_extra(pattern, fault) from fault
    except Exception as fault:
        if "Unable to get" in str(fault) and "ilesystem" in str(fault):
            raise _missing_extra(pattern, fault) from fault
        code = getattr(fault, "response", {}).get("Error", {}).get("Code", "")
        if code == "404" and not re.search(r"[*?\[]|/$", pattern):
            return_of_nothing = StoreUnreachable(
                path=pattern,
                found="there is no such file or bucket",
                expected="a file",
                advice="Correct `path` in the study, or put the file there.",
            )
            raise return_of_nothing from fault
        text = f"{code} {_line(fault)}".strip()
        for signs, found, expected, advice in _SIGNS:
            if re.search(signs, text):
                raise StoreUnreachable(
                    path=pattern, found=found, expected=expected, advice=advice
                ) from fault
        raise StoreUnreachable(
            path=pattern, found=text, expected="a list of files", advice="Correct `path`."
        ) from fault


_SIGNS = (
    (
        "NoSuchBucket",
        "there is no such bucket",
        "a bucket",
        "Correct `path` in the study or the region (AWS_DEFAULT_REGION).",
    ),
    (
        "AccessDenied|403|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken",
        "these credentials may not list it",
        "the right to list the bucket and to read its objects",
        "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or ask for the rights"
        " s3:ListBucket and s3:GetObject.",
    ),
    (
        "[Nn]o[ -]?[Cc]redentials|Unable to locate credentials|Partial credentials",
        "no credentials were found",
        "AWS credentials in the environment, a profile or a role",
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.",
    ),
    (
        "Could not connect|timed? ?out|Name or service|[Cc]onnection",
        "no server answers",
        "the store",
        "Check the network and AWS_ENDPOINT_URL.",
    ),
    (
        "must be in the form|Parameter validation|Invalid bucket",
        "this is no address of a bucket",
        "an address such as s3://bucket/folder/*.parquet",
        "Correct `path` in the study.",
    ),
)


def _missing_extra(pattern: str, fault: BaseException) -> StoreUnreachable:
    scheme = pattern.partition("://")[0]
    extra = _EXTRAS.get(scheme)
    if extra is None:
        return StoreUnreachable(
            path=pattern,
            found=f"`{scheme}://` is not known",
            expected=f"a path, or an address with {', '.join(f'{s}://' for s in _EXTRAS)}",
            advice="Copy the files to one of these.",
        )
    return StoreUnreachable(
        path=pattern,
        found=f"the packages for `{scheme}://` are not installed",
        expected=f"`{extra}`",
        advice=f"Install them with `pip install '{extra}'`.",
    )


def _line(fault: BaseException) -> str:
    text = " ".join(str(fault).split()) or type(fault).__name__
    return text if len(text) <= 300 else f"{text[:299]}…"
