"""A stage's version changes with every file that makes it, and no module that shapes rows is forgotten."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest
from vinhkhe import SITE

import pipeline
from crawler.profile import Politeness, Start, Topics
from crawler.sites import Sites
from pipeline.versions import ANNOTATING, READING, _digest, current_versions, profile_version, sources, stage_files

PACKAGE = Path(pipeline.__file__).parent
# what the build imports that cannot change a row: how work is shared out, when, and the versions themselves
ELSEWHERE = {"cleared.py", "retention.py", "plan.py", "versions.py", "inputs.py", "__init__.py"}


# what reading captures imports of the crawler that says nothing of a page: logs, notes, hours, refusals of a disk
CRAWL_ONLY = {"runlog.py", "notes.py", "manners.py", "storage.py"}


def imported_modules(start: str, packages: tuple[str, ...] = ("pipeline.",)) -> set[Path]:
    """Return the files of the packages that a module imports, at whatever remove."""
    found: set[Path] = set()
    left = [start]
    while left:
        name = left.pop()
        path = PACKAGE.parent / name.replace(".", "/")
        file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if not name.startswith(packages) or not file.is_file() or file in found:
            continue
        found.add(file)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                left += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                left += [alias.name for alias in node.names]
    return found


def test_every_module_that_the_build_imports_is_in_a_stage() -> None:
    listed = {file.resolve() for files in stage_files().values() for file in files}
    forgotten = {file for file in imported_modules("pipeline.build") if file.resolve() not in listed}
    names = {file.relative_to(PACKAGE).as_posix() for file in forgotten}
    assert {name for name in names if not name.startswith("workers/")} <= ELSEWHERE


def test_what_the_crawler_lends_to_the_reading_of_captures_is_in_a_stage() -> None:
    listed = {file.resolve() for files in stage_files().values() for file in files}
    reached = imported_modules("pipeline.captures", ("pipeline.", "crawler."))
    assert {file.name for file in reached if file.resolve() not in listed} <= CRAWL_ONLY


def test_every_word_list_is_in_a_stage() -> None:
    listed = {file.resolve() for files in stage_files().values() for file in files}
    assert {file.resolve() for file in (PACKAGE / "lexicon").glob("*.toml")} <= listed


def test_a_change_of_any_file_changes_its_stage(tmp_path: Path) -> None:
    copy = tmp_path / "pipeline"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parent / "crawler", tmp_path / "crawler", ignore=shutil.ignore_patterns("__pycache__"))
    for stage, files in stage_files(copy).items():
        before = _digest(files)
        for file in files:
            content = file.read_bytes()
            file.write_bytes(content + b"\n# another rule\n")
            assert _digest(files) != before, f"{stage}: {file}"
            file.write_bytes(content)
        assert _digest(files) == before


def test_a_new_module_is_of_a_stage_and_a_new_command_of_none(tmp_path: Path) -> None:
    copy = tmp_path / "pipeline"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parent / "crawler", tmp_path / "crawler", ignore=shutil.ignore_patterns("__pycache__"))
    before = stage_files(copy)
    (copy / "wages.py").write_text("")
    (copy / "cli" / "wages.py").write_text("")
    assert stage_files(copy) == {**before, "tables": sorted([*before["tables"], copy / "wages.py"])}


def test_a_listed_file_that_is_gone_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"vanished: named as part of a stage"):
        sources(["vanished"], tmp_path)


def test_a_changed_profile_changes_its_own_version_only(sites: Sites) -> None:
    shipped, with_own = current_versions(Sites()), current_versions(sites)
    assert shipped.stages == with_own.stages
    assert dict(with_own.profiles.items() - shipped.profiles.items()).keys() == {SITE}
    assert shipped.of_site("laodong_vn") == with_own.of_site("laodong_vn")
    assert shipped.of_site(SITE) != with_own.of_site(SITE)
    assert shipped.stages["models"].startswith("underthesea 9.")
    assert "trafilatura 2." in shipped.stages["readers"]


@pytest.mark.parametrize(
    ("change", "reads_otherwise"),
    [
        ({"politeness": Politeness(delay=9)}, False),
        ({"verified": True}, False),
        ({"languages": ("vi", "en")}, True),
        ({"deny": ("/anh/",)}, True),
        ({"hosts": ("tin.vinhkhe.vn", "m.tin.vinhkhe.vn")}, True),
        ({"start": Start(topics=Topics(address="https://tin.vinhkhe.vn/chu-de/"))}, True),
        ({"start": Start(robots_sitemaps=False)}, False),
    ],
)
def test_only_what_pages_are_read_by_is_in_the_version_of_a_profile(
    sites: Sites, change: dict[str, object], reads_otherwise: bool
) -> None:
    site = sites[SITE]
    assert (profile_version(site.model_copy(update=change)) != profile_version(site)) is reads_otherwise


def test_no_stage_reads_by_what_only_a_later_one_is_made_of() -> None:
    """A change of the later one would leave the rows of the earlier one as they were."""
    files = {stage: {file.resolve() for file in some} for stage, some in stage_files().items()}
    read = {file for stage in READING if stage in files for file in files[stage]}
    annotated = read | {file for stage in ANNOTATING if stage in files for file in files[stage]}
    package = {(PACKAGE / "__init__.py").resolve()}
    for start, enough in (
        (["pipeline.captures", "pipeline.revisions", "pipeline.redirects"], read),
        (["pipeline.nlp", "pipeline.entities", "pipeline.rows"], annotated | files["movements"]),
        (["pipeline.nlp", "pipeline.entities"], annotated),
        (["pipeline.movements"], annotated | files["movements"]),
        (["pipeline.figures"], annotated | files["movements"] | files["figures"]),
        (["pipeline.attribution"], annotated | files["attribute"]),
    ):
        needed = {file.resolve() for name in start for file in imported_modules(name)}
        assert {str(file.relative_to(PACKAGE)) for file in needed - enough - package} == set()


@pytest.mark.parametrize(
    ("name", "stage"), [("units", "figures"), ("movement_words", "movements"), ("roles", "attribute")]
)
def test_a_word_list_of_what_is_extracted_is_of_one_stage_alone(name: str, stage: str) -> None:
    words = (PACKAGE / "lexicon" / f"{name}.toml").resolve()
    assert [own for own, files in stage_files().items() if words in {file.resolve() for file in files}] == [stage]
