"""The two papers of the demo newspaper, and what is wrong in their files.

`python -m pipeline.demo.newspaper [PAPER…] [--unmarked]` lists every problem.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import tomli

from pipeline.demo.articles import DemoArticle, read_article
from pipeline.demo.truth import DemoArticleInvalid

PAPERS = ("thoibao", "thudo")
FULL_LENGTH_WORDS = 450


def demo_folder() -> Path:
    """Return the folder of the demo newspaper: inside the installed package, else the repository's `data/demo`."""
    packed = Path(str(files("pipeline"))) / "demo" / "data"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "data" / "demo"


def read_sections(paper: str, folder: Path | None = None) -> dict[str, str]:
    """Return the paper's sections in menu order: path without slashes around it, and heading."""
    table = tomli.loads(((folder or demo_folder()) / "sections.toml").read_text(encoding="utf-8"))
    return {str(path): str(heading) for path, heading in table[paper].items()}


def read_paper(paper: str, folder: Path | None = None) -> tuple[DemoArticle, ...]:
    """Read all articles of a paper, the newest first.

    Raises:
        DemoArticleInvalid: at the first file that cannot be used.
    """
    paths = sorted(((folder or demo_folder()) / paper).glob("*.md"))
    return tuple(sorted(map(read_article, paths), key=lambda article: (article.published, article.id), reverse=True))


# --------------------------------------------------------------------------- the checker
def problems(paper: str, folder: Path | None = None) -> list[str]:
    """Return every problem of a paper's files, one line each: unreadable files, ids, related ids, truth surfaces."""
    found: list[str] = []
    articles: list[DemoArticle] = []
    for path in sorted(((folder or demo_folder()) / paper).glob("*.md")):
        try:
            articles.append(read_article(path))
        except DemoArticleInvalid as error:
            found.append(str(error))
    # a related id of a file that is there but unreadable is not a second problem
    ids = {int(path.stem) for path in ((folder or demo_folder()) / paper).glob("*.md") if path.stem.isdigit()}
    sections = read_sections(paper)
    for article in articles:
        found += _article_problems(article, ids, sections)
    return found


def _article_problems(article: DemoArticle, ids: set[int], sections: Mapping[str, str]) -> Iterator[str]:
    # ids are unique when every id is its file's name
    if article.path.stem != str(article.id):
        yield f"{article.path}: id = {article.id}: expected the file's name"
    for related in article.related:
        if related not in ids or related == article.id:
            yield f"{article.path}: related: there is no other article {related}"
    if article.section not in sections:
        yield f"{article.path}: section = {article.section!r}: expected one of {', '.join(sections)} (sections.toml)"
    yield from _front_problems(article)
    for day in (1, 2) if article.second else (1,):
        yield from _edition_problems(article, day)


def _front_problems(article: DemoArticle) -> Iterator[str]:
    if article.dateline and (article.paper == "thudo" or not article.lead):
        yield f"{article.path}: dateline: only before a lead, and not in thudo (it prints its initials there)"
    if article.modified and article.modified <= article.published:
        yield f"{article.path}: modified: expected later than published"
    if article.gone_on_day_2 and (article.day == 2 or article.second):
        yield f"{article.path}: gone_on_day_2: neither with day = 2 nor with a second body"
    words = len(article.text().split())
    if article.full_length and words < FULL_LENGTH_WORDS:
        yield f"{article.path}: full_length: {words} words, expected {FULL_LENGTH_WORDS} or more"


def _edition_problems(article: DemoArticle, day: int) -> Iterator[str]:
    edition, text = article.edition(day), article.text(day)
    if unicodedata.normalize("NFC", text) != text:
        yield f"{article.path}: day {day}: letters are not composed (NFC)"
    for name, truth in (("movements", edition.movements), ("figures", edition.figures)):
        _, missing = locate([true.surface for true in truth], text)
        if missing is not None:
            yield (
                f"{article.path.with_suffix('.json')}: day {day}: {name}[{missing}] {truth[missing].surface!r} "
                "does not occur in the text after the one before it"
            )


def locate(surfaces: list[str], text: str) -> tuple[list[tuple[int, int]], int | None]:
    """Find the surfaces one after the other, as whole words.

    Returns:
        The spans found, and the number of the first surface that does not follow the one before, or None.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for number, surface in enumerate(surfaces):
        found = re.compile(rf"(?<![\w])(?<!\d[.,]){re.escape(surface)}(?!\w)(?![.,]\d)").search(text, start)
        if not found or not surface:
            return spans, number
        spans.append(found.span())
        start = found.end()
    return spans, None


def unmarked(article: DemoArticle, day: int = 1) -> Iterator[str]:
    """Yield, with their surroundings, the digits that no truth surface covers and the names that are said once more."""
    text, edition = article.text(day), article.edition(day)
    covered = list(text)
    for truth in (edition.figures, edition.movements):
        for start, end in locate([true.surface for true in truth], text)[0]:
            covered[start:end] = "\0" * (end - start)
    left = "".join(covered)
    names = "|".join(re.escape(name) for name in sorted({true.surface for true in edition.movements}, reverse=True))
    for found in re.finditer(rf"\d[\d.,/]*{'|' + names if names else ''}", left):
        around = text[max(0, found.start() - 40) : found.end() + 40].replace("\n", " ⏎ ")
        yield f"{article.path.name}: day {day}: {found[0]!r} in: …{around}…"


def main(arguments: list[str]) -> int:
    """List the problems (and with --unmarked also the digits and names outside the truth); 1 when there are any."""
    show_unmarked = "--unmarked" in arguments
    papers = [argument for argument in arguments if argument != "--unmarked"] or list(PAPERS)
    if wrong := [paper for paper in papers if paper not in PAPERS]:
        sys.stderr.write(f"no paper {wrong[0]!r}; known: {', '.join(PAPERS)}\n")
        return 2
    found = [problem for paper in papers for problem in problems(paper)]
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    if found:
        return 1
    for paper in papers:
        articles = read_paper(paper)
        full = sum(article.full_length for article in articles)
        truth = [edition for article in articles for edition in (article.first, article.second) if edition]
        sys.stdout.write(
            f"{paper}: {len(articles)} articles, {full} in full length, "
            f"{sum(len(edition.movements) for edition in truth)} movements, "
            f"{sum(len(edition.figures) for edition in truth)} figures\n"
        )
        for article in articles if show_unmarked else ():
            for day in (1, 2) if article.second else (1,):
                sys.stdout.writelines(f"{line}\n" for line in unmarked(article, day))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
