"""Read a linear-chain model from a CRFsuite file, as it lies in underthesea's wheel."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"lCRF"
_HEADER = struct.Struct("<4s I 4s I I I I I I I I I")
_SECTION = struct.Struct("<4s 5I")  # of strings: magic, size, offset, byte order, count, offset of the bucket table
_FEATURE = np.dtype([("kind", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
_STATE, _TRANSITION = 0, 1
_FEATURES_BEGIN = 12  # bytes from the start of their section
# underthesea_core leaves out state weights nearer to nothing than this
_NO_WEIGHT = 1e-10


class ModelNotRead(ValueError):
    """A file that is not a CRFsuite model as underthesea 9 ships them."""


@dataclass(frozen=True, slots=True)
class Model:
    """A linear-chain CRF.

    `transitions[before, after]`; `rows` gives each attribute, "T[0]=nhà", its row of `weights[row, label]`:
    `rows["T[0]"]["nhà"]`. Row 0 is all zero and stands for every attribute that the model does not know.
    """

    labels: list[str]
    transitions: NDArray[np.float64]
    rows: dict[str, dict[str, int]]
    weights: NDArray[np.float64]


def read_model(content: bytes) -> Model:
    """Return the model in a CRFsuite file.

    Raises:
        ModelNotRead: it is no such file, or it names an attribute twice.
    """
    if len(content) < _HEADER.size or content[:4] != _MAGIC:
        raise ModelNotRead("this is no CRFsuite model: it does not start with 'lCRF'")
    *_, features_at, labels_at, attributes_at, _unused, _unused2 = _HEADER.unpack_from(content)
    labels, attributes = _strings(content, labels_at), _strings(content, attributes_at)
    if len(set(attributes)) != len(attributes):
        raise ModelNotRead("this CRFsuite model names an attribute twice")
    rows: dict[str, dict[str, int]] = {}
    for row, attribute in enumerate(attributes, 1):
        name, _, value = attribute.partition("=")
        rows.setdefault(name, {})[value] = row
    features = _features(content, features_at)
    states = features[(features["kind"] == _STATE) & (np.abs(features["weight"]) > _NO_WEIGHT)]
    weights = np.zeros((len(attributes) + 1, len(labels)))
    weights[states["source"] + 1, states["target"]] = states["weight"]
    changes = features[features["kind"] == _TRANSITION]
    transitions = np.zeros((len(labels), len(labels)))
    transitions[changes["source"], changes["target"]] = changes["weight"]
    return Model(labels, transitions, rows, weights)


def _features(content: bytes, at: int) -> NDArray[Any]:
    (count,) = struct.unpack_from("<I", content, at + 8)
    return np.frombuffer(content, _FEATURE, count, at + _FEATURES_BEGIN)


def _strings(content: bytes, at: int) -> list[str]:
    """Return the strings of a constant quark database, by id."""
    *_, count, table = _SECTION.unpack_from(content, at)
    strings = []
    for offset in np.frombuffer(content, "<u4", count, at + table).tolist():
        if offset == 0:
            continue
        start = at + offset
        size = int.from_bytes(content[start + 4 : start + 8], "little")
        raw = content[start + 8 : start + 8 + size]
        strings.append(raw.partition(b"\0")[0].decode("utf-8", "replace"))
    return strings
