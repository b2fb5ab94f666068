"""A site profile says what it means, or is refused with file, key, value and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.site import Site, SiteProfileInvalid, load_site
from crawler.sites import Sites

GOOD = r"""
name = "vinhkhe_vn"
title = "Báo Vĩnh Khê"
hosts = ["vinhkhe.vn"]
aliases = ["www.vinhkhe.vn", "amp.vinhkhe.vn"]
article = '^https?://(?:www\.|amp\.)?vinhkhe\.vn/(?:(?P<slug>[a-z-]+)-|in&i=)(?P<id>\d+)(?:\.ldo)?'
deny = ["/tags/"]

[start]
sections = ["https://vinhkhe.vn/cong-doan"]

[[layouts]]
name = "2024"
title = ["h1.title"]
body = ["div.art-body"]
"""


def write(tmp_path: Path, text: str, name: str = "vinhkhe_vn.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_of_a_few_lines_is_enough(tmp_path: Path) -> None:
    site = load_site(write(tmp_path, GOOD))
    assert site.article_id("https://vinhkhe.vn/lan-toa-phong-trao-1510231.ldo") == "1510231"
    assert site.article_id("https://vinhkhe.vn/tags/thi-dua-12.ldo") is None
    assert site.article_id("https://vinhkhe.vn/cong-doan") is None
    assert (site.politeness.delay, site.politeness.concurrency, site.verified) == (2.0, 1, False)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('name = "vinhkhe_vn"', 'name = "Vĩnh Khê"', ["name = 'Vĩnh Khê'", "pattern"]),
        ('["vinhkhe.vn"]', '["https://vinhkhe.vn/"]', ["hosts = ", 'bare lower-case host names such as "laodong.vn"']),
        ('["vinhkhe.vn"]', "[]", ["hosts = []", "at least 1 item"]),
        ("(?P<id>", "(?P<so>", ["article = ", "a regular expression with a named group (?P<id>…)"]),
        ("(?P<id>", "(?P<id>[", ["article = ", "a regular expression ("]),
        ('["/tags/"]', '["("]', ["deny.0 = '('", "a regular expression ("]),
        ("https://vinhkhe.vn/cong-doan", "https://thanhson.vn/tin", ["start: an http(s) URL on one of vinhkhe.vn"]),
        ('"h1.title"', '"h1..title"', ["layouts.0.title.0 = 'h1..title'", "a CSS selector ("]),
        ('title = ["h1.title"]', "title = []", ["layouts.0.title = []", "at least 1 item"]),
        (
            'title = "Báo',
            'tile = "Báo',
            ["title: expected a value: the key is missing", "tile = 'Báo Vĩnh Khê': expected no such key"],
        ),
        ("[start]", 'timezone = "Asia/Vinh_Khe"\n[start]', ["timezone = 'Asia/Vinh_Khe'", "a time zone such as"]),
        ("[start]", 'address = "https://vinhkhe.vn/{so}"\n[start]', ["address: a URL with {id} in it"]),
        ("[start]", "politeness = {delay = -1}\n[start]", ["politeness.delay = -1", "greater than or equal to 0"]),
        ("[start]", 'start.paging.template = "{section}?page={page}"\n', ["start.paging.template", "{n} or {offset}"]),
        ("[start]", 'start.paging.template = "/t/{zone}/{n}"\n', ["start.paging", "a CSS selector for the {zone}"]),
        ("[start]", "[start", ["not a TOML file in UTF-8"]),
    ],
)
def test_a_wrong_profile_is_refused_with_file_key_value_and_expectation(
    tmp_path: Path, old: str, new: str, expected: list[str]
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(SiteProfileInvalid) as refusal:
        load_site(path)
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for words in expected:
        assert words in message


def test_a_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vinhkhe_vn.toml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(SiteProfileInvalid, match="not a TOML file in UTF-8"):
        load_site(path)


def test_an_article_has_one_address(tmp_path: Path) -> None:
    site = load_site(write(tmp_path, GOOD))
    assert (
        site.article_url("https://amp.vinhkhe.vn/bai-7.ldo?utm_source=x&i=2#top") == "https://vinhkhe.vn/bai-7.ldo?i=2"
    )
    built = Site.model_validate(site.model_dump() | {"address": "https://vinhkhe.vn/{slug}-{id}.ldo"})
    assert built.article_url("http://www.vinhkhe.vn/bai-7.ldo?i=2") == "https://vinhkhe.vn/bai-7.ldo"
    # a print view names no slug: its own address is all there is
    assert built.article_url("https://vinhkhe.vn/in&i=7") == "https://vinhkhe.vn/in&i=7"


def test_an_identity_in_the_query_is_kept_whole_and_tracking_is_not() -> None:
    site = Sites()["congdoangdvn_org_vn"]
    address = "http://congdoangdvn.org.vn/index.aspx?Def=556&ID=2470"
    for url in (address, "https://www.congdoangdvn.org.vn/Index.aspx?utm_source=x&id=2470&def=556&fbclid=y#top"):
        assert (site.article_id(url), site.article_url(url)) == ("556-2470", address)
    # the same number in another part of the portal may be another page
    assert site.article_id(address.replace("556", "601")) == "601-2470"
    for url in (address.removesuffix("&ID=2470"), address.replace("ID=", "MID="), address.replace("Def=", "xDef=")):
        assert site.article_id(url) is None


def test_the_operators_profiles_come_before_the_shipped_ones(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("vinhkhe_vn", "laodong_vn"), "laodong_vn.toml")
    sites = Sites((tmp_path,))
    assert sites["laodong_vn"].title == "Báo Vĩnh Khê"
    assert sites["vinhkhe_vn"].title == "Báo Vĩnh Khê"
    assert {site.name for site in Sites()} >= {"laodong_vn", "laodongthudo_vn", "nld_com_vn"}
    with pytest.raises(SiteProfileInvalid, match=r"no site 'khong_co'; known: .*laodong_vn, "):
        sites["khong_co"]


def test_a_profile_is_named_like_its_file(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, "khac.toml")
    with pytest.raises(SiteProfileInvalid, match=f"{path}: name = 'vinhkhe_vn': expected the file's name, 'khac'"):
        Sites((tmp_path,))
    with pytest.raises(SiteProfileInvalid, match="no such directory of site profiles"):
        Sites((tmp_path / "nowhere",))
