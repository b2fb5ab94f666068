"""Tables are published to S3, here moto's server on loopback: what changed is sent, and a kill leaves a whole state."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from test_publish import FORMS, expected, next_state
from test_snapshots import commit_state

from pipeline.cli.publish import command
from pipeline.publish import Published, PublishRefused, publish
from pipeline.snapshots import Snapshot

boto3 = pytest.importorskip("boto3", reason="the extra s3 and moto are not installed")
pytest.importorskip("moto.server", reason="moto is not installed")
deltalake = pytest.importorskip("deltalake", reason="the extra publish is not installed")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Bucket:
    """A bucket of a real server."""

    endpoint: str
    client: Any

    @property
    def options(self) -> dict[str, str]:
        """The options by the names that s3fs knows."""
        return {"key": "ten", "secret": "bi-mat", "endpoint_url": self.endpoint}

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the tools of AWS, fsspec and Delta all read."""
        return {
            "AWS_ACCESS_KEY_ID": "ten",
            "AWS_SECRET_ACCESS_KEY": "bi-mat",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def objects(self, folder: str) -> dict[str, str]:
        """Return when each object was written, by its key below the folder."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket="cong-doan", Prefix=f"{folder}/")
        return {
            found["Key"].removeprefix(f"{folder}/"): f"{found['LastModified']} {found['ETag']}"
            for page in pages
            for found in page.get("Contents", ())
        }

    def get(self, key: str) -> bytes:
        """Return an object."""
        content: bytes = self.client.get_object(Bucket="cong-doan", Key=key)["Body"].read()
        return content

    def published(self, folder: str) -> tuple[int, list[str]]:
        """Return what a reader who follows latest.json sees: the snapshot, and the details of `dropped`."""
        said = json.loads(self.get(f"{folder}/latest.json"))
        if said["format"] == "parquet":
            files = [pa.BufferReader(self.get(f"{folder}/dropped/{path}")) for path, *_ in said["files"]["dropped"]]
            details = [text for file in files for text in pq.ParquetFile(file).read()["detail"].to_pylist()]
        else:
            table = deltalake.DeltaTable(
                f"s3://cong-doan/{folder}/dropped",
                version=said["versions"]["dropped"],
                storage_options={**self.environment, "AWS_ALLOW_HTTP": "true"},
            )
            details = table.to_pyarrow_table()["detail"].to_pylist()
        return said["snapshot"], sorted(details)


# A process of its own: while deltalake works it lets no other thread of ours answer it.
SERVER = """
import sys
from moto.server import ThreadedMotoServer
serving = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
serving.start()
print(serving.get_host_and_port()[1], flush=True)
sys.stdin.read()
serving.stop()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as serving:
        assert serving.stdout is not None
        yield f"http://127.0.0.1:{int(serving.stdout.readline())}"
        serving.communicate("")


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bucket:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    keys = {"aws_access_key_id": "ten", "aws_secret_access_key": "bi-mat", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=server, **keys)
    client.create_bucket(Bucket="cong-doan")
    return Bucket(server, client)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    commit_state(tmp_path / "corpus", 1)
    return tmp_path / "corpus"


@pytest.mark.parametrize("form", FORMS)
def test_what_changed_is_sent_to_s3_and_nothing_else(
    bucket: Bucket, corpus: Path, form: Literal["parquet", "delta"]
) -> None:
    folder, first = f"gui-{form}", Snapshot.committed(corpus)
    publish(first, f"s3://cong-doan/{folder}", form, options=bucket.options)
    assert bucket.published(folder) == (1, expected(first))
    before = bucket.objects(folder)
    assert publish(first, f"s3://cong-doan/{folder}", form, options=bucket.options) == Published(1, 0, 0)
    assert bucket.objects(folder) == before
    second = next_state(corpus)
    publish(second, f"s3://cong-doan/{folder}", form, options=bucket.options)
    assert bucket.published(folder) == (2, expected(second))
    after = bucket.objects(folder)
    written = [key for key in after if after[key] != before.get(key)]
    assert {key.split("/")[0] for key in written} == {"dropped", "latest.json"}
    assert sum(key.endswith(".parquet") for key in written) == 2
    if form == "parquet":
        listed = {f"{table}/{file.path}" for table, file in second.all_files()}
        assert set(after) == {*listed, "latest.json"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("named", ["by the names of Delta", "by the environment"])
def test_keys_and_endpoint_are_told_as_users_of_either_library_expect(
    bucket: Bucket, corpus: Path, monkeypatch: pytest.MonkeyPatch, form: str, named: str
) -> None:
    options: list[str] = []
    if named == "by the environment":
        for name, value in bucket.environment.items():
            monkeypatch.setenv(name, value)
    else:
        options = [word for name, value in bucket.environment.items() for word in ("--option", f"{name}={value}")]
    folder = f"{form}-{named[-5:].strip()}"
    done = CliRunner().invoke(
        command, [f"s3://cong-doan/{folder}", "--format", form, *options, "--corpus", str(corpus)]
    )
    assert done.exit_code == 0, done.output
    assert bucket.published(folder) == (1, expected(Snapshot.committed(corpus)))


KILLED_AT_A_REQUEST = """
import os, signal, sys
from http.client import HTTPConnection
from pathlib import Path
import fsspec
from pipeline import delta, publish
from pipeline.remote import RemoteFolder
from pipeline.snapshots import Snapshot

left = int(sys.argv[1])

def counted(work):
    def working(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*given, **named)
    return working

for owner, names in ((RemoteFolder, ("send", "write_latest", "remove")), (delta.DeltaFolder, ("write",))):
    for name in names:
        setattr(owner, name, counted(getattr(owner, name)))
publish.publish(Snapshot.committed(Path(sys.argv[2])), sys.argv[3], sys.argv[4], options={options!r})
"""


@pytest.mark.parametrize(("form", "steps"), [("parquet", (2, 3, 5)), ("delta", (10, 12))])
def test_a_publication_killed_at_any_step_leaves_the_old_state_or_the_new(
    bucket: Bucket, corpus: Path, form: Literal["parquet", "delta"], steps: tuple[int, ...]
) -> None:
    folder = f"chet-{form}"
    uri = f"s3://cong-doan/{folder}"
    first = Snapshot.committed(corpus)
    publish(first, uri, form, options=bucket.options)
    second = next_state(corpus)
    states = {1: expected(first), 2: expected(second)}
    script = KILLED_AT_A_REQUEST.replace("{options!r}", repr(bucket.options))
    seen = []
    for step in steps:
        died = subprocess.run([sys.executable, "-c", script, str(step), str(corpus), uri, form], timeout=120)
        assert died.returncode == -signal.SIGKILL, f"step {step}"
        number, details = bucket.published(folder)
        assert details == states[number], f"killed at step {step}"
        seen.append(number)
        if number == 2:
            break
    assert set(seen) == ({1, 2} if form == "parquet" else {1})  # in the last step old files are taken away
    third = commit_state(corpus, 3)  # what the killed ones had begun is in none of its files
    publish(third, uri, form, options=bucket.options)
    assert bucket.published(folder) == (3, expected(third))
    if form == "parquet":
        there = {key for key in bucket.objects(folder) if key.endswith(".parquet")}
        assert there == {f"{table}/{file.path}" for table, file in third.all_files()}
    else:
        table = deltalake.DeltaTable(f"{uri}/dropped", storage_options={**bucket.environment, "AWS_ALLOW_HTTP": "true"})
        assert sorted(table.to_pyarrow_table()["detail"].to_pylist()) == expected(third)


def failures(endpoint: str) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Yield an address, options and what is said of them."""
    keys = {"key": "ten", "secret": "bi-mat"}
    yield "s3://khong-co/tin", {**keys, "endpoint_url": endpoint}, "bucket does not exist"
    yield "s3://cong-doan/tin", {"endpoint_url": endpoint}, "(?i)credentials"
    yield "s3://cong-doan/tin", {**keys, "endpoint_url": endpoint, "la": "1"}, "unexpected keyword argument 'la'"


@pytest.mark.parametrize("case", range(3))
def test_what_s3_refuses_is_one_line(bucket: Bucket, corpus: Path, case: int) -> None:
    uri, options, said = [*failures(bucket.endpoint)][case]
    with pytest.raises(PublishRefused, match=said) as refused:
        publish(Snapshot.committed(corpus), uri, options=options)
    assert "\n" not in str(refused.value)
    assert [found["Name"] for found in bucket.client.list_buckets()["Buckets"]] == ["cong-doan"]
