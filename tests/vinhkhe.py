"""tin.vinhkhe.vn, a paper that does not exist: its profile, its pages, and a corpus of two days of it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from newsserver import GATE

from crawler.archive import ArchiveWriter, Exchange
from crawler.notes import Code, Note
from crawler.runlog import RunLog, write_run
from crawler.sites import Sites
from pipeline.build import build
from pipeline.imports import import_files
from pipeline.outcome import BuildReport

SITE = "tin_vinhkhe_vn"
HTML = "text/html; charset=utf-8"
DAY_1 = dt.datetime(2026, 9, 1, 3, 0, tzinfo=dt.UTC)
DAY_2 = dt.datetime(2026, 9, 2, 3, 0, tzinfo=dt.UTC)

PROFILE = r"""
name = "tin_vinhkhe_vn"
title = "Tin Vĩnh Khê"
hosts = ["tin.vinhkhe.vn"]
article = 'https?://tin\.vinhkhe\.vn/(?:[^?]*-)?(?P<id>\d+)\.html'

[start]
sections = ["https://tin.vinhkhe.vn/cong-doan/"]

[[layouts]]
name = "2026"
title = ["h1.ten-bai"]
lead = ["p.sa-po"]
body = ["div.than-bai"]
captions = ["figcaption"]
published = ["time.ngay::attr(datetime)"]
section = ["a.chuyen-muc"]
"""

# Each paragraph is a fact of its own, so that no two articles are near copies of each other.
FACTS = (
    "Công ty May Hà Lĩnh cho biết phong trào “Chuyền may không lỗi” đã có 738 sáng kiến, làm lợi 17,3 tỉ đồng.",
    "Nghiệp đoàn xe ôm phường Tân Vượng trao 45 suất quà, mỗi suất 500.000 đồng, cho đoàn viên nghèo dịp khai giảng.",
    "LĐLĐ tỉnh Vĩnh Khê phát động cuộc vận động “Mỗi tổ một việc xanh” tới 312 công đoàn cơ sở trong quý III.",
    "Bệnh viện Đa khoa Bình Khê rút thời gian chờ khám xuống dưới 45 phút nhờ 96 đề tài của điều dưỡng và bác sĩ trẻ.",
    "Nhà máy Sao Khê giảm gần 1,1 triệu kWh điện sau khi công nhân ca đêm đề xuất tắt dây chuyền phụ lúc giao ca.",
    "Trường mầm non Hoa Mua mở thêm 6 nhóm trẻ ngoài giờ cho con công nhân, học phí bằng 60% mức chung của thị trấn.",
    "Chương trình “Bữa cơm Công đoàn” nấu 2.400 suất ăn trưa, giám đốc và tổ trưởng ngồi chung mâm với thợ mới.",
    "Cảng cá Cửa Rạng tổ chức khám sức khỏe miễn phí cho 1.250 ngư phủ, phát hiện 31 ca cao huyết áp cần theo dõi.",
    "Ký túc xá khu công nghiệp An Lạc có phòng đọc mới với 3.600 đầu sách do đoàn viên các tỉnh bạn gửi tặng.",
    "Đội thợ hàn xưởng đóng tàu Lạch Giang thi tay nghề bậc 5/7, người thắng cuộc nhận 20 triệu đồng tiền thưởng.",
    "Hội đồng trọng tài lao động huyện Sơn Trà hòa giải xong 14 vụ tranh chấp về tiền làm thêm giờ của thợ mỏ đá.",
    "Xe buýt chuyên tuyến đưa đón 5.200 công nhân mỗi ngày, giúp hàng nghìn người chỉ còn đi bộ 400 mét từ khu trọ "
    "ra bến.",
)


def url_of(id_: int) -> str:
    return f"https://tin.vinhkhe.vn/cong-doan/bai-so-{id_}.html"


def page(
    title: str, paragraphs: Sequence[str], *, lead: str = "", published: str = "2026-08-31T09:15:00+07:00"
) -> bytes:
    """Return an article page of the paper, with its menu and a box of related titles."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    sapo = f'<p class="sa-po">{escape(lead)}</p>' if lead else ""
    return (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{escape(title)} - Tin Vĩnh Khê</title></head>"
        '<body><nav><a href="/">Trang chủ</a> <a class="chuyen-muc" href="/cong-doan/">Công đoàn</a></nav>'
        f'<h1 class="ten-bai">{escape(title)}</h1><time class="ngay" datetime="{published}">{published}</time>{sapo}'
        f'<div class="than-bai">{body}<figure><img src="a.jpg"><figcaption>Thợ trẻ ở xưởng {escape(title)}. '
        "Ảnh: Minh Tuệ</figcaption></figure></div>"
        '<aside><a href="/cong-doan/bai-khac-999.html">Một tựa bài khác</a></aside></body></html>'
    ).encode()


def article_page(id_: int, *extra: str, facts: int = 3) -> bytes:
    """Return the page of an article whose text no other article shares."""
    chosen = [f"{FACTS[(id_ * 3 + step) % len(FACTS)]}" for step in range(facts)]
    own = (
        f"Ghi nhận của phóng viên tại xã số {id_} cho thấy cách làm riêng của tổ {id_ * 7}, nơi bà Đặng Thị Số {id_} "
        f"làm tổ trưởng suốt {id_ + 3} năm và quen từng nhà trọ trong ngõ {id_ * 11}."
    )
    return page(
        f"Chuyện thi đua ở tổ sản xuất số {id_}",
        [own, *chosen, *extra],
        lead=f"Sa pô của bài số {id_} kể một việc nhỏ mà bền.",
    )


@dataclass(frozen=True)
class Answered:
    """A response to put into an archive."""

    url: str
    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    minute: int = 0
    location: str = ""


def archive(corpus: Path, day: dt.datetime, answers: Iterable[Answered], run: str = "run") -> None:
    """Write the answers as one run of our crawler, a minute apart from `day` on where they do not say."""
    with ArchiveWriter(corpus, SITE, f"{day:%Y%m%dT%H%M%S}-{run}") as writer:
        for number, answer in enumerate(answers):
            at = day + dt.timedelta(minutes=answer.minute or number)
            headers = [("Content-Type", answer.content_type)]
            headers += [("Location", answer.location)] if answer.location else []
            writer.write_response(
                Exchange(answer.url, at, status=answer.status, reason="", headers=headers), answer.body
            )


def write_profile(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{SITE}.toml").write_text(PROFILE, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Built:
    """A corpus of two days and what its builds said."""

    corpus: Path
    sites: Sites
    first: BuildReport
    second: BuildReport


COPIED = [*FACTS[:8], "Bài được nhiều báo đăng lại trong cùng một ngày."]


def first_day() -> list[Answered]:
    """Ten articles, and one of each kind of page that is none."""
    articles = [Answered(url_of(id_), article_page(id_)) for id_ in range(1, 11)]
    others = [
        Answered("https://tin.vinhkhe.vn/robots.txt", b"User-agent: *\nAllow: /\n", content_type="text/plain"),
        Answered("https://tin.vinhkhe.vn/cong-doan/", page("Công đoàn", ["Danh sách bài"])),
        Answered("https://tin.vinhkhe.vn/sitemap.xml", b"<urlset/>", content_type="application/xml"),
        Answered(url_of(101), b""),
        Answered(url_of(102), GATE),
        Answered(url_of(103), b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
        Answered(url_of(104), page("Bài dài quá", ["chữ " * 1_700_000])),
        Answered(url_of(105), b"", 404),
        Answered(url_of(106), b"oops", 500),
        Answered("https://tin.vinhkhe.vn/anh/1.jpg", b"\xff\xd8\xff", content_type="image/jpeg"),
        Answered(url_of(20), page("Bản tin chung của ba tờ báo công nhân", COPIED)),
    ]
    return articles + others


def second_day() -> list[Answered]:
    """Article 2 is edited, 3 is as it was, 4 is gone, 11 is new, and another paper prints article 20 again."""
    return [
        Answered(url_of(2), article_page(2, "Tin thêm buổi chiều: tổ nhận 12 triệu đồng tiền thưởng nóng.")),
        Answered(url_of(3), article_page(3)),
        Answered(url_of(4), b"gone", 410),
        Answered(url_of(11), article_page(11)),
        Answered(
            "https://bao-ban.example/tin/ban-tin-chung.html",
            page(
                "Bản tin chung của ba tờ báo",
                [*COPIED[:-1], "Theo Tin Vĩnh Khê."],
                published="2026-09-02T07:00:00+07:00",
            ),
        ),
    ]


def write_imports(folder: Path) -> list[Path]:
    """Write what somebody else collected: a page, a text, JSON lines and a WARC file of plain records."""
    folder.mkdir(parents=True)
    (folder / "luu.html").write_bytes(article_page(31))
    (folder / "chep-tay.txt").write_text(
        "Tổ thợ nề Cầu Rạng giữ nghề\n\n25/08/2026 08:30\n\n" + "\n".join(FACTS[4:8]) + "\n", encoding="utf-8"
    )
    rows = [
        {"id": "a", "text": "Thợ rèn Làng Gôi mở lớp dạy nghề\n" + "\n".join(FACTS[8:11])},
        {"id": "b", "html": article_page(32).decode(), "url": "https://bao-ban.example/tin/32.html"},
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "hang.jsonl").write_text(lines, encoding="utf-8")
    with ArchiveWriter(folder, "khac", "khac") as writer:
        headers = [("Content-Type", HTML), ("Content-Encoding", "gzip")]
        body = gzip.compress(article_page(33), mtime=0)
        writer.write_response(Exchange("https://bao-ban.example/tin/33.html", DAY_1, headers=headers), body)
    (written,) = folder.rglob("*.warc.gz")
    written.rename(folder / "khac.warc.gz")
    return [folder / name for name in ("luu.html", "chep-tay.txt", "hang.jsonl", "khac.warc.gz")]


def built_corpus(corpus: Path) -> Built:
    """Archive and build day 1, then day 2 and the imports."""
    sites = Sites((write_profile(corpus / "sites"),))
    archive(corpus, DAY_1, first_day())
    write_run(
        corpus,
        RunLog(
            "20260901T030000Z-1",
            SITE,
            DAY_1,
            DAY_1 + dt.timedelta(hours=1),
            22,
            20,
            articles=14,
            finish_reason="finished",
            notes=(Note(Code.ERRORS, "few leads"),),
        ),
    )
    first = build(corpus, sites, workers=2)
    archive(corpus, DAY_2, second_day())
    import_files(corpus, write_imports(corpus.parent / "collected"), DAY_2)
    second = build(corpus, sites, workers=2)
    return Built(corpus, sites, first, second)
