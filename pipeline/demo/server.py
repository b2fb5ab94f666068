"""The demo newspaper on the air: a real HTTP server a paper, on loopback only."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.demo.newspaper import PAPERS, demo_folder, read_paper, read_sections
from pipeline.demo.render import Answer, Press
from pipeline.demo.thoibao import Thoibao
from pipeline.demo.thudo import Thudo

LOOPBACK = "127.0.0.1"
# an idle kept-alive connection is dropped after so many seconds, so that no thread outlives its test for long
_IDLE_SECONDS = 10.0
# how soon a server notices that it is to stop; the library's half second is long for a test
_POLL_SECONDS = 0.02
# a page of the papers is of this order; below it compression isn't worth its header
_GZIP_FROM_BYTES = 300
_AFTER_THE_NEWEST = dt.timedelta(hours=1)  # what the papers take for now: how long their newest article is there
GATE_COOKIE = ("VKGATE", "6f1c0de2a94b7735d8e01f2ab3c4d5e6")
_GATE_PAGE = (
    f'<html><body><script>document.cookie="{GATE_COOKIE[0]}={GATE_COOKIE[1]}"+"; path=/; max-age=86400";'
    "window.location.reload(true);</script></body></html>"
).encode()
_PRESSES: Mapping[str, type[Press]] = {"thoibao": Thoibao, "thudo": Thudo}


@dataclass(frozen=True, slots=True)
class Asked:
    """One answered request; `path` is the request target as it came, `bytes` what the body took on the wire."""

    paper: str
    method: str
    path: str
    status: int
    bytes: int
    user_agent: str | None


class DemoNewspaper:
    """Serves the two papers, one port each, as they are on a day; a context manager.

        with DemoNewspaper() as newspaper:
            newspaper.origin("thoibao")     # "http://127.0.0.1:40101"
            newspaper.set_day(2)

    Args:
        day: 1, or 2 with its new, edited and vanished articles.
        ports: fixed ports by paper; free ones else.
        gate: answer pages without the gate's cookie with 200 and a script that sets it, as laodong.vn does; robots.txt,
            feeds and sitemaps stay open.
        gate_robots: put robots.txt behind the gate as well.
        folder: another folder with articles in the form of `data/demo`.

    Raises:
        DemoArticleInvalid: at the first article that cannot be read.
        OSError: a fixed port is taken.
    """

    def __init__(
        self,
        day: int = 1,
        *,
        ports: Mapping[str, int] | None = None,
        gate: bool = False,
        gate_robots: bool = False,
        folder: Path | None = None,
    ) -> None:
        self.papers = {paper: read_paper(paper, folder) for paper in PAPERS}
        self._sections = {paper: read_sections(paper) for paper in PAPERS}
        self._gate, self._gate_robots = gate, gate_robots
        self._lock = threading.Lock()
        self._asked: list[Asked] = []
        self._servers: dict[str, _PaperServer] = {}
        self._threads: list[threading.Thread] = []
        self.day = 0
        try:
            for paper in PAPERS:
                self._servers[paper] = _PaperServer(self, paper, (ports or {}).get(paper, 0))
            self.set_day(day)
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,)) for server in self._servers.values()
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.shutdown()
        for thread in self._threads:
            thread.join()
        self._close()

    def _close(self) -> None:
        for server in self._servers.values():
            server.server_close()

    # ----------------------------------------------------------------- what is served
    def origin(self, paper: str) -> str:
        """The paper's scheme, host and port, without a slash at the end."""
        return f"http://{LOOPBACK}:{self._servers[paper].server_address[1]}"

    @property
    def origins(self) -> dict[str, str]:
        """The origins of all papers by paper."""
        return {paper: self.origin(paper) for paper in PAPERS}

    def url(self, paper: str, number: int) -> str:
        """The address of an article, whether it is on line or not."""
        article = next(article for article in self.papers[paper] if article.id == number)
        return self._servers[paper].press.url(article)

    def set_day(self, day: int) -> None:
        """Serve the papers as they are on that day, from the next request on."""
        if day not in (1, 2):
            raise ValueError(f"day = {day}: the demo newspaper has the days 1 and 2")
        self.day = day
        self._print()

    def _print(self) -> None:
        for paper, articles in self.papers.items():
            changes = (article.changed(self.day) for article in articles if article.on_line(self.day))
            latest = max(changes, default=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
            clock = latest + _AFTER_THE_NEWEST
            press = _PRESSES[paper](articles, self._sections[paper], self.origin(paper), self.day, clock)
            self._servers[paper].press = press

    # ----------------------------------------------------------------- what was asked
    def asked(self, paper: str | None = None, path: str | None = None, status: int | None = None) -> list[Asked]:
        """The answered requests so far, oldest first; `path` is a regular expression for the whole request target."""
        with self._lock:
            told = list(self._asked)
        return [
            one
            for one in told
            if paper in (None, one.paper)
            and status in (None, one.status)
            and (path is None or re.fullmatch(path, one.path))
        ]

    def forget_asked(self) -> None:
        """Begin counting requests anew."""
        with self._lock:
            self._asked.clear()

    def tell(self, asked: Asked) -> None:
        """Take a request into the count."""
        with self._lock:
            self._asked.append(asked)

    def gates(self, path: str, cookie: str | None) -> bool:
        """Whether a request gets the gate's page instead of what it asked for."""
        if not self._gate or (path.endswith("/robots.txt") and not self._gate_robots):
            return False
        if re.search(r"\.(?:xml|rss)$|/rss_feed/?$", path):
            return False
        try:
            given = SimpleCookie(cookie or "").get(GATE_COOKIE[0])
        except CookieError:
            return True
        return given is None or given.value != GATE_COOKIE[1]


class _PaperServer(ThreadingHTTPServer):
    """The server of one paper; `press` is replaced when the day changes."""

    daemon_threads = True
    press: Press

    def __init__(self, newspaper: DemoNewspaper, paper: str, port: int) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.newspaper, self.paper = newspaper, paper

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep silent about a client that went away in mid-answer (a killed crawl); tell anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for a press: conditional requests, compression, keep-alive."""

    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    timeout = _IDLE_SECONDS
    # headers and body would else go out as two small packets, and the second wait 40 ms for the first's receipt
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _PaperServer

    def do_GET(self) -> None:
        """Answer with head and body."""
        self._reply(with_body=True)

    def do_HEAD(self) -> None:
        """Answer with the head of what GET would give."""
        self._reply(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Keep silent; requests are counted in `DemoNewspaper.asked`."""

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - the base class's signature
        """The newspaper's own clock, not the machine's."""
        return format_datetime(self.server.press.clock.astimezone(dt.UTC), usegmt=True)

    def _reply(self, *, with_body: bool) -> None:
        newspaper = self.server.newspaper
        if newspaper.gates(self.path, self.headers.get("Cookie")):
            answer = Answer(200, _GATE_PAGE)
        else:
            answer = self.server.press.answer(self.path)
        body, coding = answer.body, None
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) >= _GZIP_FROM_BYTES:
            body, coding = gzip.compress(body, mtime=0), "gzip"
        # strong: names the very bytes, so the compressed form has a tag of its own
        tag = hashlib.sha256(answer.body).hexdigest()[:32] + ("-gzip" if coding else "")
        status = 304 if answer.tagged and self._is_known(f'"{tag}"', answer.modified) else answer.status
        self.send_response(status)
        if answer.tagged:
            self.send_header("ETag", f'"{tag}"')
        if answer.modified:
            self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(dt.UTC), usegmt=True))
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Cache-Control", "no-cache")
        sent = b"" if status == 304 or not with_body else body
        # before anything goes out: who has the answer finds it counted
        newspaper.tell(
            Asked(self.server.paper, self.command, self.path, status, len(sent), self.headers.get("User-Agent"))
        )
        if status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            if coding:
                self.send_header("Content-Encoding", coding)
        self.end_headers()
        self.wfile.write(sent)

    def _is_known(self, tag: str, modified: dt.datetime | None) -> bool:
        """Whether the client has this very version; a tag, where one is given, decides alone (RFC 9110, 13.2.2)."""
        if given := self.headers.get("If-None-Match"):
            return given.strip() == "*" or tag in (known.strip().removeprefix("W/") for known in given.split(","))
        since = self.headers.get("If-Modified-Since")
        if not since or not modified:
            return False
        try:
            moment = parsedate_to_datetime(since)
        except ValueError:
            return False  # RFC 9110, 13.1.3: a date that is none is ignored
        # a date in the "-0000" zone is read without one, and means UTC
        return modified <= (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


def demo_sites(origins: Mapping[str, str], directory: Path) -> None:
    """Write the profiles of the papers, filled with their origins, into a directory that `--sites` takes."""
    directory.mkdir(parents=True, exist_ok=True)
    for paper, origin in origins.items():
        profile = (demo_folder() / "sites" / f"{paper}.toml").read_text(encoding="utf-8")
        # not str.format: the profiles are full of braces that stay
        for mark, value in (
            ("{origin_re}", re.escape(origin)),
            ("{origin}", origin),
            ("{host}", origin.removeprefix("http://")),
        ):
            profile = profile.replace(mark, value)
        (directory / f"{paper}.toml").write_text(profile, encoding="utf-8")
