"""A newspaper of many pages for the speed benchmark, served by a process of its own; pages are made once, at start.

    python benchmarks/big_paper.py ARTICLES LISTED [--undated]     # prints its port, serves until stdin closes

ARTICLES pages of 20 to 60 kB on `/tin?page=N`, 20 a listing page, each gzipped once for clients that take it. LISTED
more addresses are in its sitemaps (50,000 each) and answered with the same pages. `/first` answers with the
time.monotonic() of the first request and of the first for an article: the clock is one for all processes of a machine.
--undated: the pages do not state their date in their metadata, only print it.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import sys
import time

PER_LISTING, PER_SITEMAP = 20, 50_000
PAGES_MADE = 200  # articles beyond are the same pages at other addresses: to make 2,000 costs more than to serve them
_PHRASES = (
    "công đoàn xã Vĩnh Khê",
    "tổ chức thăm hỏi đoàn viên",
    "người lao động trong ca làm việc",
    "tại phân xưởng dệt may",
    "hội nghị sơ kết phong trào thi đua",
    "ban chấp hành",
    "bữa ăn ca",
    "quà tặng gia đình ở khu trọ",
)
_ARTICLE = re.compile(r"/tin/bai-(\d+)\.html")


class BigPaper:
    """Answers by path, from memory."""

    def __init__(self, articles: int, listed: int, *, states_dates: bool) -> None:
        self.articles, self.listed = articles, listed
        self.made = [_both(_article(number, states_dates=states_dates)) for number in range(min(articles, PAGES_MADE))]
        self.times: list[float] = [0.0, 0.0]
        self.host = ""

    def answer(self, path: str) -> tuple[bytes, bytes]:
        """Return the page at a path, plain and gzipped; b"" where there is none."""
        self.times[0] = self.times[0] or time.monotonic()
        if match := _ARTICLE.fullmatch(path):
            self.times[1] = self.times[1] or time.monotonic()
            return self.made[int(match[1]) % len(self.made)]
        if path == "/robots.txt":
            return _both("User-agent: *\nAllow: /\n")
        if path == "/sitemap.xml":
            parts = range(0, self.listed, PER_SITEMAP)
            return _both(_xml("sitemap", [f"http://{self.host}/sitemap-{part}.xml" for part in parts]))
        if path.startswith("/sitemap-"):
            start = self.articles + int(path[len("/sitemap-") : -len(".xml")])
            end = min(start + PER_SITEMAP, self.articles + self.listed)
            return _both(_xml("url", [f"http://{self.host}/tin/bai-{number}.html" for number in range(start, end)]))
        page = int(path.partition("?page=")[2] or "1")
        start = (page - 1) * PER_LISTING
        return _both(_listing(range(start, min(start + PER_LISTING, self.articles)), page))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode("ascii")
                if path == "/first":
                    plain = packed = json.dumps(self.times).encode()
                else:
                    plain, packed = self.answer(path)
                takes_gzip = path != "/first" and b"gzip" in head
                body = packed if takes_gzip else plain
                kind = "application/xml" if path.endswith(".xml") else "text/html; charset=utf-8"
                encoding = "Content-Encoding: gzip\r\n" if takes_gzip else ""
                writer.write(
                    f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{encoding}Content-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is done
        finally:
            writer.close()


def _both(text: str) -> tuple[bytes, bytes]:
    plain = text.encode()
    return plain, gzip.compress(plain, 6, mtime=0)


def _article(number: int, *, states_dates: bool) -> str:
    chance = random.Random(number)  # noqa: S311 - the same pages each time, no secret
    menu = "".join(
        f'<li class="muc"><a href="/muc-{item}/trang-{item}.htm" title="Mục {item}">Mục {item}</a></li>'
        for item in range(chance.randrange(70, 180))
    )
    paragraphs = "".join(
        f"<p>{' '.join(chance.choices(_PHRASES, k=12)).capitalize()}.</p>" for _ in range(chance.randrange(12, 60))
    )
    stated = '<meta property="article:published_time" content="2026-09-22T11:20:00+07:00">' if states_dates else ""
    return (
        f"<!DOCTYPE html><html><head><title>Bài {number}</title>{stated}<style>{'.a{color:red}' * 200}</style></head>"
        f'<body><ul>{menu}</ul><h1 class="title">Vĩnh Khê, bài {number}</h1>'
        f'<span class="date">11:20 | 22/09/2026</span><div class="lead">Tin số {number}.</div><div class="body">'
        f"{paragraphs}</div><aside>{menu}</aside><script>{'var a=1;' * 300}</script></body></html>"
    )


def _listing(numbers: range, page: int) -> str:
    links = "".join(f'<article><a href="/tin/bai-{number}.html">Bài {number}</a></article>' for number in numbers)
    following = f'<a class="next" href="/tin?page={page + 1}">Sau</a>' if numbers else ""
    return f"<html><body>{links}{following}</body></html>"


def _xml(name: str, addresses: list[str]) -> str:
    root = "sitemapindex" if name == "sitemap" else "urlset"
    entries = "".join(f"<{name}><loc>{address}</loc></{name}>" for address in addresses)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'


async def main() -> None:
    """Serve on loopback, at a free port, until stdin closes."""
    paper = BigPaper(int(sys.argv[1]), int(sys.argv[2]), states_dates="--undated" not in sys.argv)
    server = await asyncio.start_server(paper.serve, "127.0.0.1", 0)
    paper.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(paper.host, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
