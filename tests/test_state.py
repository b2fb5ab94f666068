"""Pages that are made in the browser: their article is only in the state that the application keeps in a script."""

from __future__ import annotations

import datetime as dt
import html
import json
from typing import Any

import pytest

from pipeline.parse import PageNotUnderstood, parse_html
from pipeline.records import Page

FETCHED = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
ADDRESS = "https://congdoan.songtra.example.vn/bai-viet/to-lai-cau-giu-nhip-cang-dem-4471"
TITLE = "Tổ lái cẩu giữ nhịp cảng đêm"
LEAD = "Mười hai người thợ chia nhau ba chiếc cẩu, để hàng không đêm nào nằm lại cầu cảng."
PARAGRAPHS = (
    "Đêm nào cũng vậy, đúng 22 giờ, anh Vi Văn Thào trèo 118 bậc thang lên buồng lái của chiếc cẩu số 3. Dưới chân anh,"
    " con tàu chở 640 container vừa cập cảng Sông Trà sau hai ngày chờ con nước.",
    "Tổ của anh có mười hai người, người trẻ nhất mới 23 tuổi. Mỗi ca họ bốc 180 container, nhiều hơn định mức 30"
    " chiếc, mà sáu năm nay chưa để xảy ra một vụ tai nạn nào.",
    "“Chúng tôi có một luật riêng: ai thấy mệt thì nói, không ai chê cười”, anh Thào kể. Công đoàn cảng đã đặt một"
    " phòng nghỉ ngay dưới chân cẩu, có giường, có ấm trà nóng và một chiếc quạt.",
)
CAPTION = "Buồng lái cẩu số 3 lúc nửa đêm. Ảnh: Tạ Hà"
CONTENT = (
    f"<p>{PARAGRAPHS[0]}</p><h2>Luật của tổ</h2><p>{PARAGRAPHS[1]}</p>"
    f"<figure><img src='/a.jpg'><figcaption>{CAPTION}</figcaption></figure><p>{PARAGRAPHS[2]}</p>"
)
OTHERS = [
    {
        "title": f"Công đoàn phường Hạ Lũng mở lớp học số {number}",
        "summary": "Lớp học buổi tối.",
        "slug": f"lop-{number}",
    }
    for number in range(4)
]
ARTICLE: dict[str, Any] = {
    "id": 4471,
    "title": TITLE,
    "sapo": LEAD,
    "content": CONTENT,
    "author": {"name": "Tạ Hà"},
    "category": {"id": 7, "name": "Gương thợ giỏi"},
    "tags": [{"name": "cảng đêm"}, {"name": "lái cẩu"}],
    "createdAt": "2026-11-08T22:11:09+07:00",
    "publishedAt": "2026-11-10T06:30:00+07:00",
}
MENU = "".join(f"<a href='/muc-{number}'>Chuyên mục {number}</a>" for number in range(12))


def page_with(script: str, kind: str = "text/javascript", name: str = "") -> str:
    return (
        f"<html><head><title>Công đoàn Sông Trà</title></head><body><div id='app'><nav>{MENU}</nav><main>Đang tải nội"
        f" dung...</main></div><script id='{name}' type='{kind}'>{script}</script></body></html>"
    )


def read(page: str, address: str = ADDRESS) -> Page:
    return parse_html(page, address, None, fetched_at=FETCHED)


def flattened(value: object) -> str:
    """Write a state as Nuxt 3 does: a list of values that name one another by their numbers."""
    values: list[object] = []

    def put(one: object) -> int:
        number = len(values)
        values.append(None)
        if isinstance(one, dict):
            values[number] = {name: put(inner) for name, inner in one.items()}
        elif isinstance(one, list):
            values[number] = [put(inner) for inner in one]
        else:
            values[number] = one
        return number

    put(value)
    return json.dumps(values)


def in_json(value: object) -> str:
    """Write JSON as servers put it into pages: no tag ends the script."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\u002f")


def in_function(article: dict[str, Any]) -> str:
    """Write a state as Nuxt 2 does: names for values that recur, an object that is filled before it is returned."""
    filled = "".join(f"a.{name}={in_json(value)};" for name, value in article.items() if name not in ("title", "sapo"))
    listed = ",".join(f'{{title:"{one["title"]}",slug:"{one["slug"]}",pinned:!1,views:.5e3}}' for one in OTHERS)
    arguments = f'{{"tagline":null}},{json.dumps(article["title"])},{in_json(article["sapo"])},null,void 0'
    return (
        f'window.__NUXT__=(function(a,b,c,d,e){{a.title=b;a["sapo"]=c;{filled}return {{layout:"a",data:[{{article:a,'
        f'heading:b}},{{others:[{listed}],empty:Array(2)}}],fetch:{{}},error:d,state:{{"auth":{{loggedIn:e}}}},'
        f"serverRendered:!0,'routePath':\"\\u002Fbai-viet\"}}}}({arguments}));"
    )


def in_rows(article: dict[str, Any], length: int) -> str:
    """Write a state as the application router of Next pushes it: long texts in rows of their own, cut anywhere."""
    text = str(article["content"])
    state = {"page": ["$", "$L4", None, {"article": {**article, "content": "$1a"}, "others": OTHERS}]}
    long = f"1a:T{len(text.encode()):x},{text}"
    rows = f'2:I[4711,["static/chunks/a.js"],"default"]\n{long}3:{json.dumps(state)}\n5:HL["/a.css"]\n'
    pieces = [rows[at : at + length] for at in range(0, len(rows), length)]
    pushed = "</script><script>".join(f"self.__next_f.push([1,{in_json(piece)}])" for piece in pieces)
    return f"(self.__next_f=self.__next_f||[]).push([0])</script><script>{pushed}"


def in_literal(article: dict[str, Any]) -> str:
    """Write a state as a literal of the script's own language, further down in it, as hand-made pages have it."""
    fields = ",\n".join(
        f"{name}: `{value}`" if name == "content" else f"{name}: {in_json(value)}" for name, value in article.items()
    )
    page = f"{{article: {{{fields}, 'shown': new Date(17e11)}}, others: {in_json(OTHERS)}}}"
    return f"boot('/app.js');\nconst page = {page};"


def in_attribute(state: object) -> str:
    """Write a page as Inertia does: all of its state in an attribute of the only element."""
    return (
        "<html><head><title>Công đoàn Sông Trà</title><script src='/app.js'></script></head><body>"
        f'<div id="app" data-page="{html.escape(json.dumps(state, ensure_ascii=False))}"></div></body></html>'
    )


STATE = {"props": {"pageProps": {"related": OTHERS, "article": ARTICLE, "viewed": OTHERS}}}
ANGULAR = json.dumps(STATE, ensure_ascii=False)
for meant, written in (("&", "&a;"), ('"', "&q;"), ("<", "&l;"), (">", "&g;"), ("'", "&s;")):
    ANGULAR = ANGULAR.replace(meant, written)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            page_with(in_json(STATE), "application/json", "__NEXT_DATA__"), id="a script of JSON, as Next has it"
        ),
        pytest.param(
            page_with(flattened(STATE), "application/json", "__NUXT_DATA__"), id="flattened, as Nuxt 3 has it"
        ),
        pytest.param(
            page_with(ANGULAR, "application/json", "serverApp-state"), id="its quotes escaped, as Angular has it"
        ),
        pytest.param(
            page_with(f'window.__INITIAL_STATE__ = {in_json(STATE)[:-1]}, "user": undefined}}; boot();'), id="assigned"
        ),
        pytest.param(page_with(in_function(ARTICLE)), id="built by a function, as Nuxt 2 has it"),
        pytest.param(page_with(in_rows(ARTICLE, 97)), id="pushed in rows, as Next's application router has it"),
        pytest.param(page_with(in_literal(ARTICLE)), id="a literal of the script's own language, further down"),
        pytest.param(in_attribute(STATE), id="in an attribute, as Inertia has it"),
        pytest.param(page_with(f"window['__APP__']=JSON.parse({in_json(json.dumps(STATE))});"), id="a string of JSON"),
    ],
)
def test_the_article_of_an_application_is_read_from_its_state_however_it_is_written(page: str) -> None:
    found = read(page)
    assert (found.title, found.lead, found.authors, found.section) == (TITLE, LEAD, ("Tạ Hà",), "Gương thợ giỏi")
    assert [block.text for block in found.blocks] == [PARAGRAPHS[0], "Luật của tổ", *PARAGRAPHS[1:]]
    assert found.blocks[1].role == "heading"
    assert found.captions == (CAPTION,)
    assert found.tags == ("cảng đêm", "lái cẩu")
    assert found.published_at == dt.datetime(2026, 11, 9, 23, 30, tzinfo=dt.UTC)
    assert found.origin["blocks"].startswith("state: ")


EDITORS = {
    "Editor.js": {
        "blocks": [
            {"type": "paragraph", "data": {"text": PARAGRAPHS[0]}},
            {"type": "header", "data": {"text": "Luật của tổ", "level": 2}},
            {"type": "paragraph", "data": {"text": PARAGRAPHS[1]}},
            {"type": "image", "data": {"file": {"url": "/a.jpg"}, "caption": CAPTION}},
            {"type": "embed", "data": {"caption": "Phim về cảng", "source": "https://phim.example.vn/7"}},
            {"type": "paragraph", "data": {"text": PARAGRAPHS[2]}},
        ]
    },
    "ProseMirror": {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": PARAGRAPHS[0]}]},
            {"type": "heading", "content": [{"type": "text", "text": "Luật của tổ"}]},
            {
                "type": "paragraph",
                "content": [
                    {"type": "text", "text": PARAGRAPHS[1][:40]},
                    {"type": "text", "marks": [{"type": "bold"}], "text": PARAGRAPHS[1][40:]},
                ],
            },
            {"type": "image", "attrs": {"src": "/a.jpg", "caption": CAPTION}},
            {"type": "paragraph", "content": [{"type": "text", "text": PARAGRAPHS[2]}]},
        ],
    },
    "blocks of HTML": [
        {"type": "text", "value": f"<p>{PARAGRAPHS[0]}</p><h3>Luật của tổ</h3><p>{PARAGRAPHS[1]}</p>"},
        {"type": "photo", "src": "/a.jpg", "caption": CAPTION},
        {"type": "text", "value": f"<p>{PARAGRAPHS[2]}</p>"},
    ],
}


@pytest.mark.parametrize("editor", EDITORS)
def test_a_body_of_blocks_is_read_block_by_block(editor: str) -> None:
    state = {"data": {"article": ARTICLE | {"content": EDITORS[editor]}}}
    found = read(page_with(in_json(state), "application/json", "__NEXT_DATA__"))
    assert [block.text for block in found.blocks] == [PARAGRAPHS[0], "Luật của tổ", *PARAGRAPHS[1:]]
    assert found.captions == (CAPTION,)


WRAPPED: dict[str, dict[str, Any]] = {
    "nodes": {"author": {"node": {"name": "Tạ Hà"}}, "category": {"nodes": [{"name": "Gương thợ giỏi"}]}},
    "attributes": {
        "author": {"data": {"id": 3, "attributes": {"name": "Tạ Hà"}}},
        "category": {"data": {"id": 7, "attributes": {"name": "Gương thợ giỏi"}}},
    },
    "embedded": {
        "author": 3,
        "category": 7,
        "_embedded": {
            "author": [{"name": "Tạ Hà"}],
            "wp:term": [
                [{"taxonomy": "category", "name": "Gương thợ giỏi"}],
                [{"taxonomy": "post_tag", "name": "cẩu"}],
            ],
        },
    },
    "a text of JSON": {"content": json.dumps({"blocks": [{"type": "paragraph", "text": line} for line in PARAGRAPHS]})},
}


@pytest.mark.parametrize("interface", WRAPPED)
def test_names_and_bodies_are_read_however_an_interface_wraps_them(interface: str) -> None:
    state = {"props": {"pageProps": {"post": ARTICLE | WRAPPED[interface], "others": OTHERS}}}
    page = read(page_with(json.dumps(state), "application/json", "__NEXT_DATA__"))
    assert (page.authors, page.section) == (("Tạ Hà",), "Gương thợ giỏi")
    assert [block.text for block in page.blocks if block.role == "paragraph"] == [*PARAGRAPHS]


def test_linked_data_may_hold_the_whole_text() -> None:
    thing = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "articleBody": "\n".join(PARAGRAPHS),
        "datePublished": "2026-11-10",
    }
    found = read(page_with(json.dumps(thing), "application/ld+json"))
    assert [block.text for block in found.blocks] == [*PARAGRAPHS]


@pytest.mark.parametrize("written", [1762731000, 1762731000000, "1762731000000", "2025-11-10T06:30:00+07:00"])
def test_a_moment_may_be_a_number(written: object) -> None:
    state = ARTICLE | {"publishedAt": written}
    found = read(page_with(in_json(state), "application/json"))
    assert found.published_at == dt.datetime(2025, 11, 9, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("written", ['"²"', "NaN", "99999999999999999999", '"chưa đăng"', "[]", "true"])
def test_a_moment_that_is_none_hinders_nothing(written: str) -> None:
    state = in_json(ARTICLE).replace('"2026-11-10T06:30:00+07:00"', written)
    found = read(page_with(state.replace('"2026-11-08T22:11:09+07:00"', '"²"'), "application/json"))
    assert found.title == TITLE


def test_of_several_texts_the_one_that_the_address_names_is_the_article() -> None:
    other = {"title": "Lớp đêm ở xóm trọ Hạ Lũng", "slug": "lop-dem-4470", "content": CONTENT + CONTENT}
    found = read(page_with(in_json({"articles": [other, ARTICLE]}), "application/json"))
    assert found.title == TITLE


def test_of_several_texts_that_nothing_names_none_is_taken() -> None:
    other = {"title": "Lớp đêm ở xóm trọ Hạ Lũng", "slug": "lop-dem-4470", "content": CONTENT}
    with pytest.raises(PageNotUnderstood) as refused:
        read(
            page_with(in_json({"articles": [other, ARTICLE]}), "application/json"), "https://songtra.example.vn/muc-moi"
        )
    assert refused.value.reason == "empty"


def test_a_page_that_prints_its_article_is_read_as_printed() -> None:
    printed = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = page_with(in_json(STATE), "application/json").replace("Đang tải nội dung...", f"<h1>{TITLE}</h1>{printed}")
    assert read(page).layout == "generic"


def test_a_list_of_titles_in_an_application_is_a_listing() -> None:
    titles = "".join(f"<a href='/tin/{one}'>Công đoàn phường Hạ Lũng mở lớp học đêm số {one}</a>" for one in range(20))
    with pytest.raises(PageNotUnderstood) as refused:
        read(page_with("start()").replace("Đang tải nội dung...", titles), "https://songtra.example.vn/tin-tuc")
    assert refused.value.reason == "listing"


def test_the_shell_of_an_application_is_empty_whatever_its_menu_links_to() -> None:
    with pytest.raises(PageNotUnderstood) as refused:
        read(page_with("load('/api/bai-viet/4471')"))
    assert refused.value.reason == "empty"
    assert "browser" in refused.value.detail


@pytest.mark.parametrize(
    "script",
    [
        "window.__NUXT__=(function(a){return {a:" + "[" * 5_000,
        "window.__NUXT__=(function(a,b){a.b=b;b.a=a;return {x:a}}({},{}));",
        "window.__NUXT__=(function(a){return a.map(function(b){return b})}([1]));",
        "window.__NUXT__=(function(" + "a," * 9_000 + "b){return {a:a",
        "boot();const a = {b:" + "[" * 5_000,
        "boot();" + "const a = [1, 2, `" * 3_000,
        "boot();" + "window.a = {b: c(d), " * 3_000 + "x" * 500,
        'self.__next_f.push([1,"1:T' + "f" * 6 + ',abc"])',
        'self.__next_f.push([1,"1:' + "[" * 5_000 + '"])',
        'self.__next_f.push([1,"' + "1:" * 5_000 + '"])',
    ],
)
def test_a_script_that_builds_no_article_is_left_out(script: str) -> None:
    with pytest.raises(PageNotUnderstood) as refused:
        read(page_with(script))
    assert refused.value.reason == "empty"
