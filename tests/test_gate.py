"""A gate is told from a page by its build, whatever its cookie is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.gate import MAX_COOKIE_GATE_BYTES, is_gate

SHARED = Path(__file__).parents[2] / "shared"
COOKIE = 'document.cookie="K3=0f"+"; path=/";'


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><script>{COOKIE}window.location.reload(true);</script></body></html>",
        f"<!DOCTYPE html><html><head><title>Đang tải…</title><script>{COOKIE}</script></head>"
        "<body><script>location.href = location.href</script><noscript>Hãy bật JavaScript</noscript></body></html>",
        f"<script type='text/javascript'>\n{COOKIE}\nsetTimeout(function(){{location.replace('/')}}, 9)</script>",
        f'<html><head><meta http-equiv="refresh" content="0"><script>{COOKIE}</script></head></html>',
    ],
    ids=["bare", "with a title and a noscript", "no html around it", "by meta refresh"],
)
def test_a_script_that_sets_a_cookie_and_loads_again_is_a_gate(page: str) -> None:
    assert is_gate(page.encode())


TEXT = "Công đoàn xã Vĩnh Khê trao nhà Mái ấm cho đoàn viên. " * 30


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><body></body></html>",
        "<h1>Công đoàn xã Vĩnh Khê</h1>",
        f"<script>{COOKIE}</script>",
        "<script>window.location.reload(true)</script>",
        f"<h1>Công đoàn xã Vĩnh Khê</h1><p>{TEXT}</p><script>{COOKIE}location.reload()</script>",
        "<p>Bài về lệnh document.cookie= và location.reload()</p>",
        f"<script>{COOKIE}location.reload()</script>" + " " * MAX_COOKIE_GATE_BYTES,
        f"<p>{TEXT}</p><script src='/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js'></script>",
    ],
)
def test_a_page_with_anything_to_read_is_no_gate(page: str) -> None:
    assert not is_gate(page.encode())


def test_a_page_that_asks_whether_the_reader_is_human_is_a_gate() -> None:
    page = (
        "<title>Just a moment...</title><p>Verifying you are human.</p><script src='/cdn-cgi/challenge-platform/h/b/'>"
    )
    assert is_gate(page.encode())


@pytest.mark.shared
def test_the_gate_seen_on_laodong_vn_is_known_and_no_stored_page_is_taken_for_one() -> None:
    assert is_gate((SHARED / "pages" / "d1n_challenge_177bytes.html").read_bytes())
    pages = [path for path in (SHARED / "pages").glob("*.html") if "challenge" not in path.name]
    assert len(pages) == 9
    assert not any(is_gate(path.read_bytes()) for path in pages)


@pytest.mark.parametrize(
    "mark",
    [
        *(
            f"<TITLE> {title}</TITLE>"
            for title in (
                "Just a moment",
                "Attention Required",
                "DDoS-Guard",
                "Checking your browser",
                "One moment, please",
                "Access denied",
            )
        ),
        "<script>window._CF-CHL-opt = 1</script>",
        "<script src='/cdn-cgi/Challenge-Platform/h/b/'></script>",
        "<iframe src='/_Incapsula_Resource?a=1'></iframe>",
        "<a href='/cdn-cgi/challenge'></a>",
        "<div class='g-recaptcha' data-sitekey='k' data-callback='OnCaptcha'></div>",
    ],
)
def test_a_long_page_with_any_challenge_mark_and_little_to_read_is_a_gate(mark: str) -> None:
    page = f"<html>{mark}<script>{'var a=1;' * 1000}</script></html>".encode()
    assert len(page) > MAX_COOKIE_GATE_BYTES
    assert is_gate(page)
