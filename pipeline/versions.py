"""Versions of the stages: a digest of their code and data, so that no change of a rule goes unnoticed.

A version by hand is forgotten sooner or later; the files that make a stage are its version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from crawler.sites import Sites
from pipeline.nlp import models

_HERE = Path(__file__).parent
_FILES = {
    "parse": ("parse", "furniture.py", "lexicon/furniture.toml"),
    "clean": ("clean.py", "furniture.py", "lexicon/furniture.toml", "places.py", "lexicon/places.toml"),
    "annotate": ("nlp.py", "tagging.py"),
    "extract": ("amounts.py", "figures", "movements", "attribution.py", "lexicon"),
    "tables": ("schema.py", "tables.py", "captures.py", "revisions.py", "reprints.py", "build.py"),
}


def stage_versions(sites: Sites) -> dict[str, str]:
    """Return the version of each stage; two builds with equal versions make equal rows of equal captures."""
    versions = {stage: _digest(_sources(names)) for stage, names in _FILES.items()}
    profiles = "".join(site.model_dump_json() for site in sorted(sites, key=lambda site: site.name))
    versions["sites"] = hashlib.sha256(profiles.encode()).hexdigest()[:12]
    versions["models"] = models()
    return versions


def _sources(names: Iterable[str]) -> list[Path]:
    """Return the files of modules, packages and data named relative to this package; a split module keeps its name."""
    files: list[Path] = []
    for name in names:
        path = _HERE / name
        module = path.with_suffix(".py")
        if path.is_dir():
            files += [file for file in path.rglob("*") if file.suffix in (".py", ".toml")]
        elif path.is_file():
            files.append(path)
        elif module.is_file():
            files.append(module)
    return sorted(files)


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(_HERE).as_posix().encode())
        total.update(file.read_bytes())
    return total.hexdigest()[:12]
