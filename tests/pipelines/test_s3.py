"""Files in an object store: listed, hashed, read and watched for change; faults in words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.ingest.source_file import SourceFile, hash_files
from pipelines.sources.refusal import FileRefused
from pipelines.sources.remote import StoreUnreachable, list_remote
from pipelines.sources.source import WHOLE_FILE

HEADER = b"decision_id,decided_at,decision,region\n"
ROW = b"%s,2026-03-02T10:00:00Z,no,north\n"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Return the address of a local server that speaks S3."""
    pytest.importorskip("boto3", reason="boto3 is missing")
    server = pytest.importorskip("moto.server", reason="moto is missing")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client; the environment says all that Beam needs to know, as for a user."""
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    import boto3

    client = boto3.client("s3")
    place = {"LocationConstraint": "eu-central-1"}
    if "shop" not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
        client.create_bucket(Bucket="shop", CreateBucketConfiguration=place)
    for listed in client.list_objects_v2(Bucket="shop").get("Contents", []):
        client.delete_object(Bucket="shop", Key=listed["Key"])
    return client


def environment(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def put(store: Any, name: str, *ids: bytes) -> None:
    store.put_object(Bucket="shop", Key=name, Body=HEADER + b"".join(ROW % one for one in ids))


def test_a_study_reads_a_bucket(store: Any, endpoint: str, make_place: Callable[..., Any]) -> None:
    put(store, "d/a.csv", b"a1", b"a2")
    put(store, "d/deep/b.csv", b"b1")
    put(store, "d/c.csv.tmp", b"c1")
    put(store, "d/.hidden.csv", b"c2")
    store.put_object(Bucket="shop", Key="d/notes.md", Body=b"words")
    place = make_place(days=1)
    study = yaml.safe_load((place.root / "study.yaml").read_text())
    study["streams"]["decisions"]["sources"] = ["s3://shop/d/"]
    (place.root / "study.yaml").write_text(yaml.safe_dump(study, sort_keys=False))
    place.environment.update(environment(endpoint))
    place.understudy("ingest")
    assert place.query("SELECT decision_id FROM decisions ORDER BY 1") == [
        ("a1",),
        ("a2",),
        ("b1",),
    ]
    assert place.query("SELECT path FROM sources WHERE stream = 'decisions' ORDER BY 1") == [
        ("s3://shop/d/a.csv",),
        ("s3://shop/d/deep/b.csv",),
    ]
    assert "Nothing new" in place.understudy("ingest").stdout
    put(store, "d/e.csv", b"e1")
    place.understudy("ingest")
    assert place.counts()[0] == 4


def test_bytes_that_change_after_the_hash_are_refused(store: Any) -> None:
    put(store, "d/a.csv", b"a1")
    file = described()
    file.check_unchanged()
    opened = file.opened(WHOLE_FILE)
    assert [slab.rows.num_rows for slab in opened.slabs(["decision_id"])] == [1]
    put(store, "d/a.csv", b"b1")  # as many bytes, perhaps within the same second
    with pytest.raises(FileRefused, match="changed while read"):
        file.check_unchanged()
    store.delete_object(Bucket="shop", Key="d/a.csv")
    with pytest.raises(FileRefused, match="gone"):
        file.check_unchanged()
    with pytest.raises(FileRefused, match="no file"):
        file.opened(WHOLE_FILE)
    (lost,) = hash_files([file])
    assert lost.sha256 == "unreadable s3://shop/d/a.csv"


def described() -> SourceFile:
    from data_contracts.vocabulary import Stream
    from pipelines.sources.source import Compression

    ((address, size, changed),) = list_remote("s3://shop/d/*.csv")
    file = SourceFile(
        Stream.DECISIONS, "it", 1, address, address, "csv", Compression.NONE, ",", size, changed
    )
    return hash_files([file])[0]


def test_names_with_brackets_are_read(store: Any) -> None:
    put(store, "d/x[1].csv", b"a1")
    file = described()
    file.check_unchanged()
    assert file.opened(WHOLE_FILE).columns[0] == "decision_id"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("s3://nowhere/d/*", "there is no such bucket"),
        ("s3://nowhere/d/a.csv", "there is no such file or bucket"),
        ("s3://shop/d/none.csv", "there is no such file or bucket"),
        ("s3://", "this is no address of a bucket"),
        ("zz://shop/a.csv", "`zz://` is not known"),
    ],
)
def test_what_cannot_be_listed_is_told(store: Any, path: str, said: str) -> None:
    with pytest.raises(StoreUnreachable, match=said):
        list_remote(path)


def test_an_empty_folder_of_a_bucket_is_no_fault(store: Any) -> None:
    assert list_remote("s3://shop/nothing/*") == []


def test_gs_names_what_is_missing() -> None:
    if subprocess.run([sys.executable, "-c", "import google.cloud.storage"]).returncode == 0:
        pytest.skip("apache-beam[gcp] is installed")
    with pytest.raises(StoreUnreachable, match=r"pip install 'apache-beam\[gcp\]'"):
        list_remote("gs://bucket/*.csv")


def test_a_server_that_is_not_there_is_told_soon(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreUnreachable, match="no server answers"):
        list_remote("s3://shop/d/*")


def test_missing_credentials_are_told(
    store: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreUnreachable, match="no credentials were found"):
        list_remote("s3://shop/d/*")


@pytest.mark.parametrize("code", ["AccessDenied", "SignatureDoesNotMatch", "403"])
def test_missing_rights_are_told(store: Any, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    from botocore.exceptions import ClientError

    def refuse(pattern: str) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "ListObjectsV2")

    monkeypatch.setattr("pipelines.sources.remote._look_first", refuse)
    with pytest.raises(StoreUnreachable, match="s3:ListBucket"):
        list_remote("s3://shop/d/*")
