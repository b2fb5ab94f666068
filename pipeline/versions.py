"""Versions of the stages: a digest of their code and data, so that no change of a rule goes unnoticed.

A version by hand is forgotten sooner or later; the files that make a stage are its version.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from os.path import normpath, sep
from pathlib import Path

from crawler.site import Site
from crawler.sites import Sites

_HERE = Path(__file__).parent
_FURNITURE = ("furniture", "furniture_rules", "lexicon/furniture.toml", "repair", "syllables")
_OF_PAGES = ("lexicon/furniture.toml", "lexicon/families.toml")
_MOVEMENT_LISTS, _FIGURE_LISTS, _ATTRIBUTION_LISTS = (
    tuple(f"lexicon/{name}.toml" for name in names)
    for names in (("movements", "movement_words"), ("units", "limits", "corrections"), ("roles",))
)
# by stage: modules, packages and data, named relative to this package; a module that becomes a package keeps its name
FILES: dict[str, tuple[str, ...]] = {
    "archive": tuple(
        f"../crawler/{name}"
        for name in ("archive", "payload", "gate", "profile", "profile_values", "site", "addresses", "sites/__init__")
    ),
    "parse": ("parse", *_FURNITURE, "lexicon/families.toml"),
    "clean": (
        *("boxes", "clean", "dateline", *_FURNITURE, "parse", "language", "spelling"),
        *("places", "lexicon/districts.tsv"),  # a district before a lead is its place
    ),
    "annotate": ("nlp", "document", "entities", "places", "syllables", "trie", "lexicon"),
    "movements": ("movements", "syllables", "trie", *_MOVEMENT_LISTS),
    "figures": ("amounts", "figures", *_FIGURE_LISTS),
    "attribute": ("attribution", "entities", "places", "syllables", "trie", *_ATTRIBUTION_LISTS),
    "reprints": ("deduplicate", "reprints", "spelling"),
}
# what is in a stage's folders and no part of it: words that only a later or an earlier stage reads
_NOT_OF = {
    "annotate": (*_MOVEMENT_LISTS, *_FIGURE_LISTS, *_ATTRIBUTION_LISTS, *_OF_PAGES),
}
# From which versions on a record is made anew: a change of one of READING means from its capture, of ANNOTATING from
# the article's text, of EXTRACTING from its stored sentences.
READING = ("archive", "parse", "clean", "readers", "tables")
ANNOTATING = ("annotate", "models")
EXTRACTING = ("movements", "figures", "attribute")
# modules that only read tables, fill the archive or share out work; all that is named nowhere is of the stage "tables",
# so that a new module is never forgotten
_NO_STAGE = (
    "__init__",
    "answers",
    "check",
    "claims",
    "cleared",
    "cli",
    "columns",
    "delta",
    "demo",
    "differences",
    "evaluate",
    "exports",
    "health",
    "imported_pages",
    "imports",
    "inputs",
    "integrity",
    "invariants",
    "keywords",
    "movementquery",
    "parts",
    "plan",
    "publish",
    "query",
    "recurring",
    "redesign",
    "remote",
    "restoration",
    "retention",
    "search",
    "sitecheck",
    "sitedraft",
    "tallies",
    "textquery",
    "versions",
    "views",
    "wanted_records",
    "webarchives",
    "workers",
)
# libraries that decide what is read off a page
_READERS = ("ftfy", "htmldate", "lxml", "parsel", "pycld2", "trafilatura")
_MODELS = ("underthesea",)  # what annotates
_SOURCES = (".py", ".toml", ".tsv", ".txt")
# keys of a profile that only the crawl reads
_CRAWLED_BY = {"owner", "address", "start", "expected", "politeness", "verified", "unverified"}


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the stages, of each site's profile as far as pages are read by it, and of each stage's files.

    Two builds with equal `stages` and equal profile of a site make equal rows of its captures.
    """

    stages: Mapping[str, str]
    profiles: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]]

    def of_site(self, site: str) -> str:
        """Return the versions that made the rows of a site, as JSON."""
        return json.dumps({**self.stages, "site": self.profiles.get(site, "none")})

    def annotate_as(self, made_by: str) -> bool:
        """Whether the stages that made a row, as JSON, annotate as these do."""
        stages = json.loads(made_by)
        return all(stages.get(stage) == self.stages[stage] for stage in ANNOTATING)


def current_versions(sites: Sites) -> Versions:
    """Return the versions of the code and data that are installed."""
    files = stage_files()
    named = {stage: {_name(file): _digest([file]) for file in some} for stage, some in files.items()}
    stages = {stage: _combined(some.values()) for stage, some in named.items()}
    stages["readers"], stages["models"] = _installed(_READERS), _installed(_MODELS)
    return Versions(stages, {site.name: profile_version(site) for site in sites}, named)


@functools.cache
def code_version() -> str:
    """Return one digest of all stages that are installed: two processes with the same make the same rows."""
    versions = current_versions(Sites(())).stages
    return _combined(f"{stage} {versions[stage]}" for stage in sorted(versions))


def profile_version(site: Site) -> str:
    """Return a digest of what pages of the site are known and read by; politeness, starts and expectations are not."""
    read_by = site.model_dump_json(exclude=_CRAWLED_BY)
    return hashlib.sha256(f"{read_by}{site.start.topics.address}".encode()).hexdigest()[:12]


def stage_files(package: Path = _HERE) -> dict[str, list[Path]]:
    """Return the files of each stage."""
    files = {
        stage: sorted({*sources(names, package)} - {*sources(_NOT_OF.get(stage, ()), package)})
        for stage, names in FILES.items()
    }
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
            files |= {file for file in path.rglob("*") if file.suffix in _SOURCES}
        elif path.with_suffix(".py").is_file():
            files.add(path.with_suffix(".py"))
        elif path.is_file():
            files.add(path)
        else:
            raise FileNotFoundError(f"{path}: named as part of a stage in versions.py, and not there")
    return sorted(files)


def _name(file: Path) -> str:
    """Return a source's name for people: "figures/units.py", "crawler/site.py"."""
    path = normpath(file)  # `Path.resolve` looks at each of its folders on the disk
    base = _HERE if path.startswith(f"{_HERE}{sep}") else _HERE.parent
    return path.removeprefix(f"{base}{sep}").replace(sep, "/")


def _installed(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {version(name)}" for name in names)


def _combined(digests: Iterable[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:12]


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.parent.name}/{file.name}\n".encode())
        total.update(file.read_bytes())
    return total.hexdigest()[:12]
