"""A folder that tables are published to: on a disk, or in object storage by way of fsspec."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

LATEST = "latest.json"
# Storages that know keys and no folders: to make one of these would make a bucket that somebody mistyped.
_WITHOUT_FOLDERS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "oci"}
# What the two libraries call the same thing: the name that s3fs knows, and that of Delta and of the environment
_S3_NAMES = {
    "key": "AWS_ACCESS_KEY_ID",
    "secret": "AWS_SECRET_ACCESS_KEY",
    "token": "AWS_SESSION_TOKEN",
    "endpoint_url": "AWS_ENDPOINT_URL",
}
_REGION = "AWS_REGION"
_MESSAGE = re.compile(r"<Message>([^<]+)</Message>")  # of S3, among the whole answer that Delta repeats
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_OURS = {"builtins", "pipeline", "json", "pyarrow"}  # an error of these is a bug, not one of the storage


class PublishRefused(ValueError):
    """A place or format that cannot be published to; what was published before is as it was."""


@contextmanager
def refused_by_storage(uri: str) -> Iterator[None]:
    """Turn the errors of a storage, of which each library has its own, into PublishRefused."""
    try:
        yield
    except PublishRefused:
        raise
    except Exception as error:
        if not isinstance(error, OSError) and type(error).__module__.partition(".")[0] in _OURS:
            raise
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        answered = _MESSAGE.search(said)
        said = " ".join(_COLOURS.sub("", answered[1] if answered else said).split())
        raise PublishRefused(f"{uri}: {said}; what was published before is as it was") from error


@dataclass(frozen=True)
class RemoteFolder:
    """A folder on some storage. `options` are those that Delta takes."""

    uri: str
    path: str
    storage: AbstractFileSystem
    options: Mapping[str, str]

    @classmethod
    def at(cls, uri: str, options: Mapping[str, str]) -> RemoteFolder:
        """Return the folder at an address.

        Args:
            options: for S3 by the names of s3fs (key, secret, endpoint_url) or of Delta (AWS_ACCESS_KEY_ID, …), for
                other storages as fsspec takes them, or Delta where the tables are.

        Raises:
            PublishRefused: no such storage, an option it does not know, or the extra is not installed.
        """
        of_fsspec, of_delta = _options_of(uri, options)
        try:
            import fsspec

            storage, path = fsspec.core.url_to_fs(uri, **of_fsspec)
        except ImportError as error:
            raise PublishRefused(
                f"{uri}: {error}; publishing needs `pip install 'congdoan[publish]'`, to S3 'congdoan[s3]'"
            ) from error
        except (ValueError, TypeError) as error:
            raise PublishRefused(f"{uri}: {error}") from error
        return cls(uri.rstrip("/"), path.rstrip("/"), storage, of_delta)

    def is_in(self, folder: Path) -> bool:
        """Whether it is a folder of this machine, or lies in it."""
        return "file" in self._protocols and Path(self.path).resolve().is_relative_to(folder.resolve())

    def latest(self) -> dict[str, Any]:
        """Return what the last publication says, nothing before the first.

        Raises:
            PublishRefused: the storage refuses, or what is there is none of ours.
        """
        try:
            with refused_by_storage(self.uri):
                text = self.storage.cat_file(f"{self.path}/{LATEST}")
        except PublishRefused as refused:
            if isinstance(refused.__cause__, FileNotFoundError):
                return {}
            raise
        except TypeError as error:  # s3fs looks at its options when it connects
            raise PublishRefused(f"{self.uri}: {error}") from error
        try:
            said: dict[str, Any] = json.loads(text)
            said["files"], said["snapshot"]
        except (ValueError, KeyError, TypeError) as error:
            raise PublishRefused(f"{self.uri}/{LATEST}: not written by congdoan publish; name another place") from error
        return said

    def write_latest(self, said: Mapping[str, Any]) -> None:
        """Say what is published, by one write: on a disk by a rename, on object storage by one request."""
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        self._make_folder(self.path)
        if "file" in self._protocols:
            self.storage.pipe_file(f"{self.path}/{LATEST}.new", text)
            self.storage.mv(f"{self.path}/{LATEST}.new", f"{self.path}/{LATEST}")
        else:
            self.storage.pipe_file(f"{self.path}/{LATEST}", text)

    def send(self, source: str, target: str) -> None:
        """Copy a file of this machine to a path in the folder."""
        path = f"{self.path}/{target}"
        self._make_folder(path.rpartition("/")[0])
        self.storage.put_file(source, path)

    def remove(self, target: str) -> None:
        """Take a file of the folder away."""
        self.storage.rm_file(f"{self.path}/{target}")

    def files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder in it; none where there is no such folder."""
        found = self.storage.find(f"{self.path}/{folder}")
        return [path[path.index(f"{self.path}/") + len(self.path) + 1 :] for path in found]

    def _make_folder(self, path: str) -> None:
        if not _WITHOUT_FOLDERS.intersection(self._protocols):
            self.storage.makedirs(path, exist_ok=True)

    @property
    def _protocols(self) -> tuple[str, ...]:
        named = self.storage.protocol
        return (named,) if isinstance(named, str) else tuple(named)


def _options_of(uri: str, options: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the options as fsspec takes them and as Delta does; S3's may be given by the names of either."""
    if not uri.startswith(("s3://", "s3a://")):
        return dict(options), dict(options)
    of_fsspec: dict[str, Any] = dict(options)
    of_delta = dict(options)
    for ours, theirs in _S3_NAMES.items():
        if theirs in options:
            of_fsspec[ours] = of_fsspec.pop(theirs)
        elif ours in options:
            of_delta[theirs] = of_delta.pop(ours)
    of_fsspec = {name: value for name, value in of_fsspec.items() if not name.startswith("AWS_")}
    if region := options.get(_REGION):
        of_fsspec["client_kwargs"] = {"region_name": region}
    if (of_delta.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT_URL", "")).startswith("http://"):
        of_delta.setdefault("AWS_ALLOW_HTTP", "true")  # who names such an address has allowed it
    return of_fsspec, of_delta
