"""A pair of tiny papers for tests of the press, in the form of data/demo."""

from __future__ import annotations

import json
from pathlib import Path

ARTICLE = """+++
id = {id}
slug = "{slug}"
section = "cong-doan"
title = "Bài số {id} về \\"Tổ xanh\\" & bạn"
{lead}published = 2026-09-{day:02d}T08:05:00+07:00
authors = ["Hoàng Nhiên", "Đức Vịnh"]
tags = ["Thi đua", "Tổ xanh"]
{more}+++
Câu đầu của bài {id} nói về Tổ xanh.

## Tiểu mục

![Chú thích ảnh. Ảnh: Minh Tuệ](anh-1.jpg)

Câu sau tiểu mục.

- ý một
- ý hai

| Đơn vị | Kết quả |
|---|---|
| CĐCS Hà Lĩnh | 50 sáng kiến |

> dòng trong khung
{second}"""
FIRST = {"thoibao": 1510901, "thudo": 210901}
COUNT = 8
BODY_LINES = [
    "Tiểu mục",
    "Câu sau tiểu mục.",
    "ý một",
    "ý hai",
    "Đơn vị | Kết quả",
    "CĐCS Hà Lĩnh | 50 sáng kiến",
    "dòng trong khung",
]


def write_papers(folder: Path) -> Path:
    """Write 8 articles a paper: the 2nd without a lead, the 3rd edited, the 4th gone and the 8th new on day 2."""
    for paper, first in FIRST.items():
        (folder / paper).mkdir(parents=True)
        for number in range(COUNT):
            dateline = 'dateline = "Vĩnh Khê"\n' if paper == "thoibao" and number == 0 else ""
            more = {
                0: f"related = [{first + 3}, {first + 4}]\n{dateline}",
                2: "modified = 2026-09-25T09:00:00+07:00\n",
                3: "gone_on_day_2 = true\n",
                7: "day = 2\n",
            }
            written = ARTICLE.format(
                id=first + number,
                slug=f"bai-so-{number}",
                lead="" if number == 1 else f'lead = "Sa pô của bài {first + number}."\n',
                day=number + 10,
                more=more.get(number, ""),
                second="\n// day 2\nCâu mới của ngày thứ hai.\n" if number == 2 else "",
            )
            path = folder / paper / f"{first + number}.md"
            path.write_text(written, encoding="utf-8")
            truth: dict[str, list[object]] = {"movements": [], "figures": []}
            if number == 2:
                truth |= {"movements_day_2": [], "figures_day_2": []}
            path.with_suffix(".json").write_text(json.dumps(truth), encoding="utf-8")
    return folder
