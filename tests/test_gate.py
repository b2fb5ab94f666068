"""A gate is told from a page by its build, whatever its cookie is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from cpu_time import is_within

from crawler.gate import MAX_CHALLENGE_BYTES, MAX_COOKIE_GATE_BYTES, Gate, gate_of, is_gate

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


STYLE = f"<style>{'a{b:c}' * 1000}</style>"
BOX = '<form action="/kiem-tra"><input name="ma"></form>'
WIDGET = (
    '<div class="g-recaptcha" data-sitekey="k"></div><script src="https://www.google.com/recaptcha/api.js"></script>'
)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (f"<p>Vui lòng xác minh bạn không phải là robot</p>{BOX}", Gate.CAPTCHA),
        (f"<p>Tôi không phải là người máy</p>{BOX}", Gate.CAPTCHA),
        ("<p>Nhập mã xác nhận để tiếp tục</p><img src='/captcha.png'>", Gate.CAPTCHA),
        (f"<title>Verify you are human</title>{WIDGET}", Gate.CAPTCHA),
        (f"<title>tin.vinhkhe.vn</title>{WIDGET}", Gate.CAPTCHA),
        ("<div class='h-captcha' data-sitekey='k'></div><script src='https://js.hcaptcha.com/1/api.js'></script>", "c"),
        ("<div class='cf-turnstile'></div><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'>", "c"),
        ("<p>Please enable JS</p><script src='https://ct.captcha-delivery.com/c.js'></script>", Gate.CAPTCHA),
        ("<script>window.awsWafCookieDomainList=[];window.gokuProps={}</script>", Gate.CHALLENGE),
        ("<title>Access Denied</title><h1>Access Denied</h1><p>Reference #18.2d</p>", Gate.BLOCKED),
        ("<html><head><title>403 Forbidden</title></head><body><center>nginx</center></body></html>", Gate.BLOCKED),
        ("<h1>Sorry, you have been blocked</h1><p>You are unable to access tin.vinhkhe.vn</p>", Gate.BLOCKED),
        ("The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 7", "b"),
        ("<h2>Truy cập bị từ chối</h2><p>Mã 1020</p>", Gate.BLOCKED),
        ("<p>Địa chỉ IP của bạn đã bị chặn.</p>", Gate.BLOCKED),
    ],
)
@pytest.mark.parametrize("style", ["", STYLE], ids=["short", "long"])
def test_a_captcha_or_a_block_with_status_200_is_told_by_its_few_words(page: str, kind: str, style: str) -> None:
    kind = {"c": Gate.CAPTCHA, "b": Gate.BLOCKED}.get(kind, kind)
    assert gate_of((style + page).encode()) is kind


def test_a_question_in_entities_is_read_too() -> None:
    asked = "<p>X&aacute;c nh&#7853;n b&#7841;n kh&ocirc;ng ph&#7843;i robot</p>"
    assert gate_of((asked + BOX).encode()) is Gate.CAPTCHA


HEAD = '<meta property="og:type" content="article"><title>Xác minh bạn không phải là robot: chiêu lừa mới</title>'
ABOUT = (
    "Kẻ gian dựng trang yêu cầu xác minh bạn không phải là robot, rồi bảo truy cập bị từ chối. Công an xã khuyên dân. "
)


@pytest.mark.parametrize(
    "page",
    [
        f"{HEAD}<h1>Chiêu lừa captcha</h1><p>{ABOUT}</p>{BOX}",  # a short one, with a search box
        f"{HEAD}<p>{ABOUT}</p>{WIDGET}",  # a captcha under the comments
        f"<title>Xác minh bạn không phải là robot</title><p>{ABOUT * 9}</p>{WIDGET}",  # an old page without any head
        f"<h1>Truy cập bị từ chối: ai chặn?</h1><p>{ABOUT * 4}</p>{BOX}",
        f"<h1>Công đoàn xã</h1><p>{TEXT}</p><form><div class='cf-turnstile'></div></form>",
    ],
)
def test_an_article_about_captchas_or_with_one_under_it_is_no_gate(page: str) -> None:
    assert gate_of(page.encode()) is None
    assert gate_of((page + STYLE).encode()) is None


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Gate.WALL), (403, Gate.WALL), (451, Gate.WALL), (404, None), (500, None)]
)
def test_a_refusal_is_a_gate_by_its_status_and_a_broken_site_is_none(status: int, kind: Gate | None) -> None:
    assert gate_of(b"<h1>.</h1>", status) is kind


def test_a_challenge_is_one_whatever_its_status() -> None:
    assert gate_of(b"<title>Just a moment...</title>", 503) is Gate.CHALLENGE


@pytest.mark.parametrize("opening", ["<script ", "<!--", "<", "<img ", "<h1 ", "<title>"])
def test_a_page_of_nothing_but_openings_is_read_once_not_from_each_of_them(opening: str) -> None:
    page = ("turnstile " + opening * 60_000)[:MAX_CHALLENGE_BYTES].encode()
    assert gate_of(page) is None
    assert is_within(0.3, lambda: gate_of(page))  # from each of them: 0.5 to 6


def test_a_gate_whose_script_is_cut_off_is_one() -> None:
    assert is_gate(f"<html><script>{COOKIE}window.location.reload(true);".encode())
