"""Where pages of unknown design say which section an article is of: ways to it, menus, labels, the page's title."""

from __future__ import annotations

import pytest
from plain_article import BODY, TITLE

from pipeline.document import analyze

HOME, OUTER, INNER = (
    '<a href="/">Trang chủ</a>',
    '<a href="/tin-tuc">Tin tức</a>',
    '<a href="/nghiep-doan">Nghiệp đoàn</a>',
)
ENTRIES = "".join(f"<li>{link}</li>" for link in (HOME, OUTER, INNER, '<a href="/x">Đời sống</a>'))
MENU = f'<nav class="main-nav"><ul>{ENTRIES}</ul></nav>'
SISTER = "<a href='/nu-cong'>Nữ công</a>"
ABOVE = {
    "a list": f"<ul class='breadcrumb'><li>{HOME}</li><li>{OUTER}</li><li>{INNER}</li><li>{TITLE}</li></ul>",
    "a last step without link": f"<div class='bc'>{HOME} / {OUTER} / <span>Nghiệp đoàn</span></div>",
    "arrows that are drawn": f"<div>{HOME} <i class='fa'></i> {OUTER} <i class='fa'></i> {INNER}</div>",
    "arrows in elements": f"<div><span>{HOME} <span>›</span></span> <span>{OUTER} <span>›</span></span> {INNER}</div>",
    "where you are": f"<div>Bạn đang ở: {HOME} / {OUTER} / {INNER} / Chi tiết tin</div>",
    "microdata": "<div itemscope itemtype='http://schema.org/BreadcrumbList'>"
    + " ".join(f"<span itemprop='itemListElement'>{step}</span>" for step in (HOME, OUTER, INNER))
    + "</div>",
    "a list of terms": f"<dl class='way'><dt>Vị trí</dt><dd>{HOME}</dd><dd>{INNER}</dd></dl>",
    "cells": f"<table><tr><td>{HOME}</td><td>&gt;</td><td>{INNER}</td></tr></table>",
    "tabs": f"<div class='tabs'><a href='/a' class='active'>Nghiệp đoàn</a>{SISTER}</div>",
    "subsections": f"<div class='cat'>{OUTER}<ul><li>{SISTER}</li><li class='active'>{INNER}</li></ul></div>",
    "all subsections in crumbs": f"<div class='breadcrumb_x'><h3>{OUTER}</h3><ul><li>{SISTER}</li>"
    f"<li class='active'>{INNER}</li><li><a href='/c'>Tài chính</a></li></ul></div>",
    "a heading": "<h2 class='block-title'>Nghiệp đoàn</h2>",
    "a line that the menu has too": "<div class='bt'>Nghiệp đoàn</div>",
}


def page(above: str = "", beside: str = "", below: str = "", menu: str = MENU, title: str = TITLE) -> str:
    """Return a page; `above` stands above its title, `beside` with its date, `below` under its body."""
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    return (
        f"<html><head><title>{title}</title></head><body><header>{menu}</header><div>{above}<h1>{TITLE}</h1>"
        f"<div class='t'>12/03/2020 10:20{beside}</div><div class='ct'>{paragraphs}</div>{below}</div></body></html>"
    )


def section(html: str) -> str | None:
    article = analyze(html=html, url="https://phusa.example/ben-xe-77213.html").article
    assert (article.title, article.text) == (TITLE, "\n".join((TITLE, *BODY)))
    return article.section


@pytest.mark.parametrize("way", ABOVE)
def test_a_section_is_read_off_what_stands_above_the_title(way: str) -> None:
    assert section(page(above=ABOVE[way])) == "Nghiệp đoàn"


@pytest.mark.parametrize("tag", ["li", "td", "span"])
def test_a_section_is_read_off_the_menus_active_entry(tag: str) -> None:
    entries = "".join(f"<{tag}>{link}</{tag}>" for link in (HOME, OUTER)) + f'<{tag} class="active">{INNER}</{tag}>'
    rows = {"li": f"<ul>{entries}</ul>", "td": f"<table><tr>{entries}</tr></table>", "span": entries}
    assert section(page(menu=f'<div class="menu">{rows[tag]}</div>')) == "Nghiệp đoàn"


def test_a_section_is_read_off_a_label_beside_the_date_or_below_the_body() -> None:
    assert section(page(beside=" | Chuyên mục: Nghiệp đoàn")) == "Nghiệp đoàn"
    assert section(page(beside=f" trong {INNER}")) == "Nghiệp đoàn"
    assert section(page(below=f"<div>Chuyên mục: {INNER}</div>")) == "Nghiệp đoàn"


def test_a_section_is_read_off_the_middle_of_the_pages_title() -> None:
    assert section(page(title=f"{TITLE} | Nghiệp đoàn | Báo Phù Sa")) == "Nghiệp đoàn"
    assert section(page(title=f"{TITLE} | Bến xe đêm | Báo Phù Sa")) is None  # no link of the menu


def test_a_table_of_contents_names_no_section() -> None:
    contents = "<div class='x'>MỤC LỤC</div><div><a href='/so-11'>Giữ nghề mây tre ở Thượng Lâm</a></div>"
    assert section(page(below=contents, menu="")) is None
