"""Selectors that are answered by classes find what a search of the whole page finds, in the same order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.dom import Element, parse_document, select
from pipeline.parse.selectors import steps_of
from pipeline.parse.tree import Tree

SELECTORS = (
    *(".a", "p.a", ".a.b", "#i", "#i.a", ".a .b", "div.a > .b", ".a > p", ".a p", ".a .b p", ".a .b > .c", "#i > .a"),
    *("div#i .b", "p .a", "p > span", ".a:last-child", ".a + .b", ".a, .b", "[title] .a", ".a[title=x]", "[class*=a]"),
    *("[title]", "[title=x]", "[title*=x]", "[title=y]", "p[title] > span", "[class*='b a']", "[class=a]", "[id=i]"),
    *("span", "div span", "[title!=x]", "[title^=x]", "[title='']", "[class*=a][title] .b"),
)
PAGES = st.recursive(
    st.just(""),
    lambda inner: st.builds(
        "<{0}{1}{2}>{3}</{0}>".format,
        st.sampled_from(["div", "span"]),
        st.sampled_from(["", ' class="a"', ' class="b a"', ' class=" c\tb"', ' class="a\u00a0b"', ' class=""']),
        st.sampled_from(["", ' id="i"', ' title="x"']),
        st.lists(inner, min_size=1, max_size=4).map("".join),
    ),
    max_leaves=30,
)


def tree(inside: str) -> tuple[Tree, list[Element]]:
    root = parse_document(f"<html><body><p class='a c'>Tin</p>{inside}</body></html>")
    assert root is not None
    return Tree(root), list(root.iter())


@given(PAGES)
def test_a_page_or_a_part_of_it_gives_the_elements_of_a_search(inside: str) -> None:
    page, parts = tree(inside)
    for css in SELECTORS:
        for part in parts[:8]:
            assert page.select(css, part) == select(part, css), css


@pytest.mark.parametrize(
    "css", [".a:last-child", ".a + .b", ".a, .b", "[title^=x] .a", ".a[title!=x]", ".a::text", "a|p", ".a ~ .b"]
)
def test_what_asks_for_more_than_tags_classes_and_ids_is_searched_for(css: str) -> None:
    assert steps_of(css) == ()


def test_an_element_that_is_out_of_the_page_is_not_found_in_it() -> None:
    page, _ = tree('<div class="b"><span class="a">Ảnh</span></div>')
    (box,) = page.select("div.b")
    (shown,) = page.select("span.a", box)
    box.remove(shown)
    assert page.select("span.a", box) == []
