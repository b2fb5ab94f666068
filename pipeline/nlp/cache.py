"""Tables kept in a file of the user's cache: worked out once a version of underthesea, mapped into every process.

A file is never written in place but replaced whole, so two processes may build at once and a mapped one stays good.
What is not whole, or not ours, is built anew. Nothing in it is ever run: it holds numbers and texts only.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import mmap
import os
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.nlp.build_tables import build_tables
from pipeline.nlp.installed import installed_digest
from pipeline.nlp.tables import Tables

_MAGIC = b"congdoan tables\n"
_HEADER = struct.Struct("<16s I Q")  # magic, CRC-32 of all that follows the header, length of the JSON part
_ALIGNMENT = 64  # bytes: a cache line
_SUFFIX = ".tables"
_KEPT_FILES = 4  # of 18 MB: for environments with different versions, side by side
_LEFT_SECONDS = 3600


class NotTables(ValueError):
    """A file that is not whole, or not one of ours."""


def cache_folder() -> Path:
    """Return where this user's caches lie: CONGDOAN_CACHE, or what the system uses for them."""
    if "CONGDOAN_CACHE" in os.environ:
        return Path(os.environ["CONGDOAN_CACHE"])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "congdoan"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "congdoan" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "congdoan"


def load_tables(folder: Path) -> Tables:
    """Return the tables of the installed underthesea: from their file in the folder, or built and written there.

    Where the folder cannot be written, the tables are built each time: half a second a process.
    """
    path = tables_path(folder)
    with contextlib.suppress(OSError, NotTables):
        return read_tables(path)
    tables = build_tables()
    with contextlib.suppress(OSError):
        write_tables(tables, path)
        _remove_old(folder)
    return tables


def tables_path(folder: Path) -> Path:
    """Return where in a folder the tables of the installed underthesea lie."""
    return folder / f"nlp-{_key()}{_SUFFIX}"


def write_tables(tables: Tables, path: Path) -> None:
    """Write tables to a file, whole or not at all.

    Raises:
        OSError: the folder cannot be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        try:
            _write(part, _packed(tables))
        finally:
            os.close(part)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def read_tables(path: Path) -> Tables:
    """Return the tables in a file, their arrays mapped and read only.

    Raises:
        OSError: there is no such file, or it cannot be read.
        NotTables: it is not whole, or not one of ours.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < _HEADER.size:
            raise NotTables(f"{path}: too short")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    magic, checksum, length = _HEADER.unpack_from(mapped)
    if magic != _MAGIC or zlib.crc32(memoryview(mapped)[_HEADER.size :]) != checksum:
        raise NotTables(f"{path}: cut short, changed or not written by congdoan")
    listed = json.loads(mapped[_HEADER.size : _HEADER.size + length])
    first = _aligned(_HEADER.size + length)
    return Tables({name: _array(mapped, first, place) for name, place in listed["arrays"].items()}, listed["texts"])


def _write(file: int, content: bytes) -> None:
    """Write past any buffer: what a full disk leaves in one is written, and refused, again when it is thrown away."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def _packed(tables: Tables) -> bytes:
    places: dict[str, tuple[str, list[int], int]] = {}
    body = bytearray()
    for name, array in tables.arrays.items():
        places[name] = (array.dtype.str, list(array.shape), len(body))
        body += np.ascontiguousarray(array).tobytes()
        body += bytes(_aligned(len(body)) - len(body))
    listed = json.dumps({"arrays": places, "texts": dict(tables.texts)}).encode()
    gap = _aligned(_HEADER.size + len(listed)) - _HEADER.size - len(listed)
    rest = listed + bytes(gap) + body
    return _HEADER.pack(_MAGIC, zlib.crc32(rest), len(listed)) + rest


def _array(mapped: mmap.mmap, first: int, place: tuple[str, list[int], int]) -> np.ndarray[Any, Any]:
    kind, shape, offset = place
    count = int(np.prod(shape, dtype=np.int64))
    return np.frombuffer(mapped, np.dtype(kind), count, first + offset).reshape(shape)


def _aligned(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT


@functools.cache
def _key() -> str:
    """Return what the tables follow from: underthesea's files, and the code that reads them."""
    total = hashlib.sha256(installed_digest().encode())
    total.update(f"{np.dtype(np.int64).str}\n".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        total.update(source.read_bytes())
    return total.hexdigest()[:24]


def _remove_old(folder: Path) -> None:
    """Keep the newest files, and of those that are being written all but what a process that was killed has left."""
    newest_first = sorted(folder.glob(f"nlp-*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    left = (path for path in folder.glob("nlp-*.part") if path.stat().st_mtime < time.time() - _LEFT_SECONDS)
    for path in (*newest_first[_KEPT_FILES:], *left):
        path.unlink()
