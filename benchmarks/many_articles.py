"""An archive of many articles for the benchmarks of builds: pages of about 20 kB with the demo's paragraphs, shuffled.

Every third number in them is another one, and each article has a paragraph of its own, so that no two are copies.
Pages are of three sites with profiles, published evenly over three years, and archived as a crawl would have it.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from crawler.archive import ArchiveWriter, Exchange
from pipeline.demo.newspaper import PAPERS, read_paper

SITES = ("bao_mot_example", "bao_hai_example", "bao_ba_example")
FIRST_DAY = dt.datetime(2023, 1, 1, 1, 0, tzinfo=dt.UTC)
DAYS = 3 * 365
PARAGRAPHS = 9
_NUMBER = re.compile(r"\d+")
_MENU = "".join(f'<li><a href="/chuyen-muc-{number}/">Chuyên mục số {number}</a></li>' for number in range(150))
_SCRIPT = "<script>" + "var quangCao = {vi_tri: 'tren', rong: 980, cao: 120};\n" * 120 + "</script>"

_PROFILE = r"""
name = "{name}"
title = "Báo thử {name}"
hosts = ["{host}"]
article = 'https://{pattern}/bai-(?P<id>\d+)\.html'

[[layouts]]
name = "2023"
title = ["h1.ten-bai"]
lead = ["p.sa-po"]
body = ["div.than-bai"]
captions = ["figcaption"]
published = ["time.ngay::attr(datetime)"]
section = ["a.chuyen-muc"]
"""


def host_of(site: str) -> str:
    """Return the host of a site."""
    return site.replace("_", ".")


def write_profiles(folder: Path) -> Path:
    """Write the profiles of the three sites and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for site in SITES:
        host = host_of(site)
        text = _PROFILE.format(name=site, host=host, pattern=re.escape(host))
        (folder / f"{site}.toml").write_text(text, encoding="utf-8")
    return folder


class ManyArticles:
    """Makes the page of any article, in any edition, the same each time."""

    def __init__(self) -> None:
        texts = [article.text().split("\n") for paper in PAPERS for article in read_paper(paper)]
        self._titles = [lines[0] for lines in texts]
        self._paragraphs = [line for lines in texts for line in lines[1:] if len(line) > 120]

    def page(self, number: int, edition: int = 0) -> bytes:
        """Return an article's page as served."""
        dice = random.Random(number)  # noqa: S311
        chosen = [self._with_other_numbers(dice.choice(self._paragraphs), dice) for _ in range(PARAGRAPHS)]
        own = f"Tại xã số {number}, tổ {number * 7} có {number % 97 + 3} đoàn viên quen nhau từ ngõ {number * 11}."
        edited = [f"Tin thêm lần {edition}: tổ nhận {edition + 1} triệu đồng tiền thưởng."] if edition else []
        title = f"{dice.choice(self._titles)} ({number})"
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in [own, *chosen, *edited])
        at = self.published(number).isoformat()
        return (
            f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{escape(title)}</title>{_SCRIPT}</head>"
            f'<body><nav><ul>{_MENU}</ul><a class="chuyen-muc" href="/cong-doan/">Công đoàn</a></nav>'
            f'<h1 class="ten-bai">{escape(title)}</h1><time class="ngay" datetime="{at}">{at}</time>'
            f'<p class="sa-po">Sa pô của bài số {number}.</p><div class="than-bai">{body}</div></body></html>'
        ).encode()

    def published(self, number: int) -> dt.datetime:
        """Return when an article was published: evenly over the days."""
        return FIRST_DAY + dt.timedelta(days=(number * 37) % DAYS, minutes=number % 600)

    def _with_other_numbers(self, paragraph: str, dice: random.Random) -> str:
        return _NUMBER.sub(lambda found: str(dice.randint(1, 999)) if dice.random() < 0.3 else found[0], paragraph)


def write_archive(
    corpus: Path, numbers: Iterable[int], *, edition: int = 0, at: dt.datetime = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
) -> None:
    """Archive articles, each on the site that its number falls to, one run a site."""
    made = ManyArticles()
    by_site: dict[str, list[int]] = {site: [] for site in SITES}
    for number in numbers:
        by_site[SITES[number % len(SITES)]].append(number)
    headers = [("Content-Type", "text/html; charset=utf-8")]
    for site, own in by_site.items():
        if not own:
            continue
        with ArchiveWriter(corpus, site, f"{at:%Y%m%dT%H%M%S}-run") as writer:
            for count, number in enumerate(own):
                url = f"https://{host_of(site)}/bai-{number}.html"
                page = made.page(number, edition)
                writer.write_response(Exchange(url, at + dt.timedelta(seconds=count), headers=headers), page)
