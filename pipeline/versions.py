"""Versions of the stages: a digest of their code and data, so that no change of a rule goes unnoticed.

A version by hand is forgotten sooner or later; the files that make a stage are its version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from crawler.sites import Sites
from pipeline.nlp import models

_HERE = Path(__file__).parent
_FURNITURE = ("furniture", "furniture_rules", "lexicon/furniture.toml", "repair", "syllables")
# by stage: modules, packages and data, named relative to this package; a module that becomes a package keeps its name
FILES: dict[str, tuple[str, ...]] = {
    "archive": ("../crawler/archive", "../crawler/payload", "../crawler/gate", "../crawler/site"),
    "parse": ("parse", *_FURNITURE, "lexicon/families.toml"),
    "clean": ("boxes", "clean", "dateline", *_FURNITURE, "parse", "language", "spelling"),
    "annotate": ("nlp", "document", "entities", "places", "syllables", "lexicon"),
    "extract": ("amounts", "attribution", "entities", "figures", "movements", "places", "lexicon"),
}
# modules that only read tables, fill the archive or share out work; all that is named nowhere is of the stage "tables",
# so that a new module is never forgotten
_NO_STAGE = (
    "__init__",
    "answers",
    "check",
    "cli",
    "columns",
    "demo",
    "differences",
    "evaluate",
    "exports",
    "imports",
    "inputs",
    "keywords",
    "parts",
    "query",
    "recurring",
    "retention",
    "search",
    "sitecheck",
    "textquery",
    "versions",
    "webarchives",
    "workers",
)
# libraries that decide what is read off a page
_READERS = ("ftfy", "htmldate", "lxml", "parsel", "pycld2", "trafilatura")


def stage_versions(sites: Sites) -> dict[str, str]:
    """Return the version of each stage; two builds with equal versions make equal rows of equal captures."""
    versions = {stage: _digest(files) for stage, files in stage_files().items()}
    profiles = "".join(site.model_dump_json() for site in sorted(sites, key=lambda site: site.name))
    versions["sites"] = hashlib.sha256(profiles.encode()).hexdigest()[:12]
    versions["readers"] = ", ".join(f"{name} {version(name)}" for name in _READERS)
    versions["models"] = models()
    return versions


def stage_files(package: Path = _HERE) -> dict[str, list[Path]]:
    """Return the files of each stage."""
    files = {stage: sources(names, package) for stage, names in FILES.items()}
    elsewhere = {*sources(_NO_STAGE, package), *(file for some in files.values() for file in some)}
    files["tables"] = [file for file in sources(["."], package) if file not in elsewhere]
    return files


def sources(names: Iterable[str], package: Path = _HERE) -> list[Path]:
    """Return the files of modules, packages and data named relative to the package.

    Raises:
        FileNotFoundError: a name that is no module, package or file; the list of the stage is out of date.
    """
    files: set[Path] = set()
    for name in names:
        path = package / name
        if path.is_dir():
            files |= {file for file in path.rglob("*") if file.suffix in (".py", ".toml")}
        elif path.with_suffix(".py").is_file():
            files.add(path.with_suffix(".py"))
        elif path.is_file():
            files.add(path)
        else:
            raise FileNotFoundError(f"{path}: named as part of a stage in versions.py, and not there")
    return sorted(files)


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.parent.name}/{file.name}\n".encode())
        total.update(file.read_bytes())
    return total.hexdigest()[:12]
