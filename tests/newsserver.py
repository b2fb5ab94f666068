"""A small newspaper on loopback for the crawler's tests: real HTTP, pages of our making, every request noted."""

from __future__ import annotations

import gzip
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, TypeVar
from urllib.parse import parse_qs, urlsplit

from crawler.profile import Paging, Politeness, Start
from crawler.site import Site

GATE = b'<html><body><script>document.cookie="K3=0f";window.location.reload(true);</script></body></html>'
PER_PAGE = 5


@dataclass
class Answer:
    """What the server answers at one path."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    validators: bool = True


def article_html(id_: int, text: str = "", published: str = "2026-09-22T11:20:00+07:00") -> bytes:
    return (
        f'<html><head><meta property="article:published_time" content="{published}"></head><body>'
        f"<h1>Công đoàn xã Vĩnh Khê {id_}</h1><p>Bài số {id_}. {text}</p>"
        f'<a href="/cong-doan/khac-{id_}.html">Khác</a></body></html>'
    ).encode()


Server = TypeVar("Server", bound=ThreadingHTTPServer)


class NewsServer(ThreadingHTTPServer):
    """Serves `answers` by path (with its query, where `answers` has that);
    `/cong-doan` lists `listed` and never ends: past the end it shows the newest again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {
            "/robots.txt": Answer(b"User-agent: *\nAllow: /\n", content_type="text/plain")
        }
        self.raw: dict[str, Callable[[BinaryIO], None]] = {}  # writes its answer itself, head and all; then all is over
        self.listed: list[str] = []
        self.asked: list[str] = []
        self.answered: list[tuple[str, int]] = []
        self.agents: set[str] = set()
        self.cookies: set[str] = set()
        self.headers_seen: defaultdict[str, set[str]] = defaultdict(set)
        self.delay = 0.0
        self.on_request: Callable[[str], None] | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep silent about a crawl that was killed in mid-answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def publish(self, *ids: int, listed: bool = True, published: str = "2026-09-22T11:20:00+07:00") -> None:
        for id_ in ids:
            self.answers[f"/cong-doan/bai-{id_}.ldo"] = Answer(article_html(id_, published=published))
            if listed:
                self.listed.insert(0, f"/cong-doan/bai-{id_}.ldo")

    def times_asked(self) -> Counter[str]:
        """How often each article was asked for."""
        return Counter(path for path in self.asked if path.endswith((".ldo", ".bld")))

    def listing(self, number: int) -> Answer:
        start = (number - 1) * PER_PAGE
        shown = self.listed[start : start + PER_PAGE] or self.listed[:PER_PAGE]
        links = "".join(f'<article><a class="link-title" href="{path}">Bài</a></article>' for path in shown)
        return Answer(f"<html><body>{links}</body></html>".encode(), validators=False)

    def site(self, **more: object) -> Site:
        values: dict[str, object] = {
            "name": "vinhkhe",
            "title": "Báo Vĩnh Khê",
            "hosts": (self.host,),
            "aliases": (f"localhost:{self.server_address[1]}",),
            "article": r"^https?://[^/]+/(?:[a-z0-9-]+/)?(?P<slug>[a-z0-9-]+)-(?P<id>\d+)\.(?:ldo|bld)(?:[?#].*)?$",
            "address": self.url("/cong-doan/{slug}-{id}.ldo"),
            "start": Start(sections=(self.url("/cong-doan"),), paging=Paging(template="{section}?page={n}")),
            "politeness": Politeness(delay=0, timeout=5),
        }
        return Site.model_validate(values | more)


class _Handler(BaseHTTPRequestHandler):
    server: NewsServer
    protocol_version = "HTTP/1.1"
    # head and body in one packet: as two, the second waits 40 ms for the receipt of the first
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(parts.path)
        self.server.agents.add(self.headers["User-Agent"])
        self.server.cookies |= {self.headers["Cookie"]} - {None}
        for name, value in self.headers.items():
            self.server.headers_seen[name].add(value)
        if self.server.on_request:
            self.server.on_request(parts.path)
        if write := self.server.raw.get(parts.path):
            self.close_connection = True
            write(self.wfile)
            return
        time.sleep(self.server.delay)
        answer = self.server.answers.get(self.path, self.server.answers.get(parts.path))
        if answer is None and parts.path == "/cong-doan":
            answer = self.server.listing(int(parse_qs(parts.query).get("page", ["1"])[0]))
        self._send(answer or Answer(b"<h1>404</h1>", status=404, validators=False))

    def _send(self, answer: Answer) -> None:
        etag = f'"{sha256(answer.body).hexdigest()[:16]}"'
        headers = dict(answer.headers)
        status, body = answer.status, answer.body
        if answer.validators and status == 200:
            headers["ETag"] = etag
            if self.headers["If-None-Match"] == etag:
                status, body = 304, b""
        if body and "Content-Encoding" not in headers and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.server.answered.append((urlsplit(self.path).path, status))
        self.send_response(status)
        for name, value in ({"Content-Type": answer.content_type, "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def news_server() -> Iterator[NewsServer]:
    """Serve on a free port of loopback until the block ends."""
    with served(NewsServer()) as server:
        yield server


@contextmanager
def served(server: Server) -> Iterator[Server]:
    """Let a server of a test's own serve until the block ends."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
