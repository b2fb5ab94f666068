"""One article is one article, whatever its address: host, scheme, section, view, case, percent signs, tracking."""

from __future__ import annotations

import pytest

from crawler.known import Found
from crawler.listing import articles_among
from crawler.site import Site
from crawler.sites import Sites

SITES = Sites()
TRACKING = "utm_source=zalo&utm_medium=zalo&utm_campaign=zalo&zarsrc=30&fbclid=x_Y-1&gidzl=ab"

# profile: the article's id, the address it is fetched by, others of the same article
SAME = {
    "laodong_vn": (
        "1812345",
        "https://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
        [
            "http://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
            "https://www.laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
            "https://amp.laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
            "http://m.laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
            "https://congdoanvietnam.laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
            "https://LaoDong.VN/cong-doan/vinh-khe-thi-dua-1812345.ldo",
            "https://laodong.vn:443/cong-doan/vinh-khe-thi-dua-1812345.ldo",
            f"https://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo?{TRACKING}#binh-luan",
            "https://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo?amp=1",
            "https://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo/",
            "https://laodong.vn//cong-doan/vinh-khe-thi-dua-1812345.ldo",
            "https://laodong.vn/cong-doan/vinh%2Dkhe%2dthi-dua-1812345%2Eldo",
        ],
    ),
    "congdoanvietnam_vn": (
        "32901",
        "https://congdoanvietnam.vn/thoi-su/nha-o-32901.tld",
        [
            "http://www.congdoanvietnam.vn/thoi-su/nha-o-32901.tld",
            "https://amp.congdoanvietnam.vn/thoi-su/nha-o-32901.tld#top",
        ],
    ),
    "laodongthudo_vn": (
        "201234",
        "https://laodongthudo.vn/hien-ke-201234.html",
        [
            "http://laodongthudo.vn/hien-ke-201234.html",
            "https://tacnghiep.laodongthudo.vn/hien-ke-201234.html",
            "http://lamgiau.laodongthudo.vn/hien-ke-201234.html?fbclid=x",
            "https://laodongvaphapluat.laodongthudo.vn/hien-ke-201234.html",
            "https://laodongthudo.vn/hien-ke-201234.html/",
        ],
    ),
    "laodongcongdoan_vn": (
        "51234",
        "https://laodongcongdoan.vn/phuc-loi-51234.html",
        ["http://bk.laodongcongdoan.vn/phuc-loi-51234.html", "https://www.laodongcongdoan.vn/phuc-loi-51234.html?amp"],
    ),
    "cuocsongantoan_vn": (
        "30417",
        "https://cuocsongantoan.vn/mu-bao-ho-30417.html",
        ["http://www.cuocsongantoan.vn/mu-bao-ho-30417.html?utm_source=x"],
    ),
    "nld_com_vn": (
        "196260401080512345",
        "https://nld.com.vn/luong-196260401080512345.htm",
        [
            "http://www.nld.com.vn/luong-196260401080512345.htm",
            f"https://m.nld.com.vn/luong-196260401080512345.htm?{TRACKING}",
        ],
    ),
    "congdoangdvn_org_vn": (
        "556-2470",
        "http://congdoangdvn.org.vn/index.aspx?Def=556&ID=2470",
        [
            "https://www.congdoangdvn.org.vn/Index.aspx?utm_source=x&id=2470&def=556&fbclid=y#top",
            "http://congdoangdvn.org.vn/INDEX.ASPX?ID=2470&Def=556",
            "http://congdoangdvn.org.vn:80//index.aspx?Def=556&ID=2470",
        ],
    ),
}
# the number is the article where the rest of the address is another, and there is no telling the one from the other
SAME_NUMBER = {
    "laodong_vn": [
        "https://laodong.vn/archived/vinh-khe-thi-dua-1812345.ldo",
        "https://laodong.vn/ldld-yen-bai/vinh-khe-thi-dua-1812345.bld",
        "https://laodong.vn/vinh-khe-phat-dong-thi-dua-1812345.ldo",
        "https://laodong.vn/Cong-Doan/Vinh-Khe-Thi-Dua-1812345.LDO",
    ],
    "congdoanvietnam_vn": ["https://congdoanvietnam.vn/archived/nha-o-cong-nhan-32901.tld"],
    "laodongthudo_vn": [
        "https://laodongthudo.vn/apicenter@/print_article&i=201234",
        "http://tacnghiep.laodongthudo.vn/apicenter%40/print_article%26i%3D201234",
    ],
    "laodongcongdoan_vn": ["https://laodongcongdoan.vn/apicenter@/print_article&i=51234"],
    "cuocsongantoan_vn": ["https://cuocsongantoan.vn/apicenter@/print_article&i=30417"],
    "nld_com_vn": ["https://nld.com.vn/lao-dong/luong-toi-thieu-196260401080512345.htm"],
}
NOT_ARTICLES = {
    "laodong_vn": [
        "https://en.laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
        "https://news.laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
        "https://zh.laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
        "https://laodong.vn/en/vinh-khe-launches-campaign-1812345.ldo",
        "https://laodong.vn/KO/vinh-khe-thi-dua-1812345.ldo",
        "https://laodong.vn/tags/thi-dua-354795.ldo",
        "https://laodong.vn/Tags/thi-dua-354795.ldo/",
        "https://laodong.vn/event/dai-hoi-cong-doan-12345.ldo",
        "https://khac.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
    ],
    "congdoanvietnam_vn": ["https://es.congdoanvietnam.vn/thoi-su/nha-o-32901.tld"],
    "laodongthudo_vn": [
        "https://en.laodongthudo.vn/hien-ke-201234.html",
        "https://laodongthudo.vn/en/hien-ke-201234.html",
        "https://laodongthudo.vn/widgets@/article_statistic&aid=MjAxMjM0",
        "https://laodongthudo.vn/tag/cong-doan-1234.tag",
    ],
    "nld_com_vn": ["https://nld.com.vn/en/wages-196260401080512345.htm", "https://nld.com.vn/cong-doan.html"],
    "congdoangdvn_org_vn": [
        "http://congdoangdvn.org.vn/index.aspx?Def=556",
        "http://congdoangdvn.org.vn/index.aspx?ID=2470",
    ],
}


def found_at(site: Site, *urls: str) -> dict[str, str]:
    return {id_: entry.url for id_, entry in articles_among(site, (Found(url) for url in urls)).items()}


@pytest.mark.parametrize(
    ("name", "url"), [(name, url) for name, (_, own, others) in SAME.items() for url in (own, *others)]
)
def test_an_article_is_fetched_by_one_address(name: str, url: str) -> None:
    id_, own, _ = SAME[name]
    assert found_at(SITES[name], url) == {id_: own}


@pytest.mark.parametrize("name", SAME_NUMBER)
def test_all_addresses_of_an_article_give_one_row(name: str) -> None:
    id_, own, others = SAME[name]
    for urls in ([own, *others, *SAME_NUMBER[name]], [*SAME_NUMBER[name], own]):
        assert [*found_at(SITES[name], *urls)] == [id_]


@pytest.mark.parametrize(("name", "url"), [(name, url) for name, urls in NOT_ARTICLES.items() for url in urls])
def test_translated_editions_and_pages_of_other_kinds_are_no_articles(name: str, url: str) -> None:
    assert found_at(SITES[name], url) == {}


@pytest.mark.parametrize(
    ("name", "url", "topic"),
    [
        (
            "laodong_vn",
            "http://amp.laodong.vn/tags/to-cong-doan-354795.ldo?utm_source=x#top",
            "https://laodong.vn/tags/to-cong-doan-354795.ldo",
        ),
        ("laodong_vn", "https://laodong.vn/tags/giam-mo-noi-tang-484604.ldo", None),
        ("laodong_vn", "https://en.laodong.vn/tags/to-cong-doan-354795.ldo", None),
        (
            "laodongthudo_vn",
            "https://lamgiau.laodongthudo.vn/tag/thang-cong-nhan-1234.tag",
            "https://laodongthudo.vn/tag/thang-cong-nhan-1234.tag",
        ),
        (
            "laodongcongdoan_vn",
            "https://laodongcongdoan.vn/chuyen-de/mot-trieu-sang-kien.topic",
            "https://laodongcongdoan.vn/chuyen-de/mot-trieu-sang-kien.topic",
        ),
        ("nld_com_vn", "https://nld.com.vn/cong-doan-co-so.html", "https://nld.com.vn/cong-doan-co-so.html"),
        ("nld_com_vn", "https://nld.com.vn/lao-dong/cong-doan-cong-nhan.htm", None),
        ("congdoangdvn_org_vn", "http://congdoangdvn.org.vn/index.aspx?Def=556", None),
    ],
)
def test_a_topic_is_read_by_one_address_and_only_when_it_is_about_labour(
    name: str, url: str, topic: str | None
) -> None:
    assert SITES[name].topic_url(url) == topic


def test_a_host_that_the_profile_names_is_no_translation() -> None:
    site = SITES["laodong_vn"].model_copy(
        update={"hosts": ("en.laodong.vn",), "article": r"^https://.*-(?P<id>\d+)\.ldo$"}
    )
    assert site.article_id("https://en.laodong.vn/cong-doan/vinh-khe-1812345.ldo") == "1812345"
    read_in_english = SITES["laodong_vn"].model_copy(update={"languages": ("vi", "en")})
    assert read_in_english.article_id("https://laodong.vn/en/vinh-khe-1812345.ldo") == "1812345"


def test_letter_case_matters_where_the_pattern_says_so() -> None:
    site = Site(
        name="vinhkhe", title="V", hosts=("vinhkhe.vn",), article=r"^https://vinhkhe\.vn/bai-(?P<id>[A-Za-z]{4})$"
    )
    assert site.article_id("https://vinhkhe.vn/bai-aBcD") != site.article_id("https://vinhkhe.vn/bai-abcd")
