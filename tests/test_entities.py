"""Persons, organisations and places stand where the marks say, under one name, with their codes."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from cpu_time import is_within
from entity_marks import Canonical, Marked, marked_sentences
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import analyze
from pipeline.entities import find_entities
from pipeline.entities.find import mentions
from pipeline.entities.words import Words
from pipeline.records import Entity, Sentence

BEFORE, SINCE = dt.date(2024, 5, 1), dt.date(2025, 9, 1)
# F1 of exact spans on sentences of our own, November 2026; persons, organisations, places, offices.
#   A 155, written before the grammar and developed on: 1.00 1.00 1.00 1.00
#   B 148, written before the grammar, nobody looked at what it misses: first run .950 .910 .958 .821,
#     now .971 .930 .966 .927
#   C 55, D 50, E 49, F 40, each written later, to find faults, and mended on after its first run:
#     C .960 .844 .917 .783   D .971 .788 .780 .571   E .974 .821 .973 .875   F .970 .850 .974 .833
# First runs of B to F together: persons .961, organisations .861, places .921. underthesea 9.5 reaches .624, .000 and
# .330 on A and B (.345 for places when the type word is left out of the comparison).
# Sentences of the press, marked before the grammar saw them (they are not ours to ship), November 2026, first runs:
# 129 of them .923 .820 .835; then, after mending what these showed, 120 others .953 .899 .848; then 60 more
# .930 .895 .886. Of newspapers at large, where hardly a sentence names a union, 75 and 68, first runs: .867 .791 .901
# and .925 .810 .917.
# Share of the organisations and places of B with the right name, kind, level and codes, missed ones counted as wrong:
# at the first run all of it .852; now, with eleven not found at all, .934.
CANONICAL_FLOOR = 0.93
FLOORS = {
    "A": {"PER": 0.99, "ORG": 0.99, "LOC": 0.99, "office": 0.99},
    "B": {"PER": 0.97, "ORG": 0.94, "LOC": 0.97, "office": 0.92},
    "C": {"PER": 0.97, "ORG": 0.99, "LOC": 0.99, "office": 0.97},
    "D": {"PER": 0.97, "ORG": 0.97, "LOC": 0.99, "office": 0.85},
    "E": {"PER": 0.99, "ORG": 0.97, "LOC": 0.97, "office": 0.98},
    "F": {"PER": 0.99, "ORG": 0.96, "LOC": 0.99, "office": 0.98},
}


def lines_of(text: str) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        found.append(Sentence(number, start, start + len(line), line, (), ()))
        start += len(line) + 1
    return tuple(found)


def entities(text: str, **known: Any) -> list[Entity]:
    return [entity for named in find_entities(text, lines_of(text), **known) for entity in named]


def names(text: str, label: str, **known: Any) -> list[str | None]:
    return [entity.name for entity in entities(text, **known) if entity.label == label]


def texts(text: str, label: str) -> list[str]:
    return [entity.text for entity in entities(text) if entity.label == label]


def offices_in(sentence: Marked) -> set[tuple[int, int]]:
    words = Words(sentence.text)
    found = [mention.office for mention in mentions(words) if mention.office]
    return {(words.starts[first], words.ends[last - 1]) for first, last in found}


@pytest.mark.parametrize("part", sorted(FLOORS))
@pytest.mark.parametrize("label", ["PER", "ORG", "LOC"])
def test_names_of_the_marked_sentences_are_found(part: str, label: str) -> None:
    right = found = expected = 0
    for sentence in marked_sentences(part):
        read = {(one.start, one.end, one.label) for one in entities(sentence.text) if one.label == label}
        marked = {span for span in sentence.names if span[2] == label}
        right, found, expected = right + len(read & marked), found + len(read), expected + len(marked)
    reached = 2 * right / (found + expected)
    assert reached >= FLOORS[part][label], f"{part} {label}: {reached:.3f}"


@pytest.mark.parametrize("part", sorted(FLOORS))
def test_offices_of_the_marked_sentences_are_found(part: str) -> None:
    rows = [(offices_in(sentence), sentence.offices) for sentence in marked_sentences(part)]
    right = sum(len(found & marked) for found, marked in rows)
    reached = 2 * right / sum(len(found) + len(marked) for found, marked in rows)
    assert reached >= FLOORS[part]["office"], f"{part}: {reached:.3f}"


def test_what_is_named_is_known_under_one_name_with_its_kind_level_and_codes() -> None:
    right = dict.fromkeys(Canonical._fields, 0)
    whole = total = 0
    for sentence in marked_sentences("B"):
        read = {(one.start, one.end, one.label): one for one in entities(sentence.text)}
        for span, expected in sentence.canonical.items():
            entity = read.get(span)
            found = {name: entity is not None and getattr(entity, name) == getattr(expected, name) for name in right}
            right = {name: count + found[name] for name, count in right.items()}
            whole, total = whole + all(found.values()), total + 1
    assert total == 196
    reached = {name: count / total for name, count in right.items()} | {"all of it": whole / total}
    assert {name: share for name, share in reached.items() if share < CANONICAL_FLOOR} == {}


@pytest.mark.parametrize(
    ("printed", "name", "kind", "level"),
    [
        ("LĐLĐ tỉnh Bắc Ninh", "Liên đoàn Lao động tỉnh Bắc Ninh", "union", "province"),
        ("LĐLĐ Bắc Ninh", "Liên đoàn Lao động tỉnh Bắc Ninh", "union", "province"),
        ("LĐLĐ TP.HCM", "Liên đoàn Lao động thành phố Hồ Chí Minh", "union", "province"),
        ("LĐLĐ huyện Vĩnh Khê", "Liên đoàn Lao động huyện Vĩnh Khê", "union", "district"),
        ("Tổng LĐLĐ Việt Nam", "Tổng Liên đoàn Lao động Việt Nam", "union", "central"),
        ("CĐCS Công ty CP May Thuận Phát", "Công đoàn cơ sở Công ty Cổ phần May Thuận Phát", "union", "base"),
        ("Sở GD&ĐT tỉnh Hà Trung", "Sở Giáo dục và Đào tạo tỉnh Hà Trung", "state", "province"),
        ("UBND xã Phong Hải", "Ủy ban nhân dân xã Phong Hải", "state", "commune"),
        ("UBND TP Vinh", "Ủy ban nhân dân thành phố Vinh", "state", "district"),
        ("CÔNG TY TNHH ĐIỆN TỬ SAO KHÊ TUYỂN DỤNG", "Công ty TNHH Điện tử Sao Khê", "company", None),
        ("CTCP Gốm sứ Kim Khê", "Công ty Cổ phần Gốm sứ Kim Khê", "company", None),
        ("Trường THPT Nguyễn Trãi", "Trường THPT Nguyễn Trãi", "school", None),
        ("Liên đoàn Lao động (LĐLĐ) huyện Vĩnh Khê", "Liên đoàn Lao động huyện Vĩnh Khê", "union", "district"),
        ("công an huyện Vĩnh Khê", "Công an huyện Vĩnh Khê", "state", "district"),
        ("NamKhebank chi nhánh Bắc Ninh", "NamKhebank chi nhánh tỉnh Bắc Ninh", "bank", "province"),
        ("BHXH tỉnh Hà Trung", "Bảo hiểm xã hội tỉnh Hà Trung", "state", "province"),
        (
            "Công đoàn các KCN và CX Hà Nội",
            "Công đoàn các khu công nghiệp và chế xuất thành phố Hà Nội",
            "union",
            "province",
        ),
    ],
)
def test_an_organisation_has_one_name_whatever_its_spelling(
    printed: str, name: str, kind: str, level: str | None
) -> None:
    (entity,) = [one for one in entities(printed) if one.label == "ORG"]
    assert (entity.name, entity.kind, entity.level) == (name, kind, level)


@pytest.mark.parametrize(
    ("printed", "parent"),
    [
        ("LĐLĐ tỉnh Bắc Ninh", "Tổng Liên đoàn Lao động Việt Nam"),
        ("LĐLĐ huyện Lương Tài, tỉnh Bắc Ninh", "Liên đoàn Lao động tỉnh Bắc Ninh"),
        ("Công đoàn ngành Y tế Nghệ An", "Liên đoàn Lao động tỉnh Nghệ An"),
        ("Công đoàn Y tế Việt Nam", "Tổng Liên đoàn Lao động Việt Nam"),
        ("Ban Nữ công LĐLĐ tỉnh Hà Trung", "Liên đoàn Lao động tỉnh Hà Trung"),
        ("Công đoàn Công ty May Hà Lĩnh", "Công ty May Hà Lĩnh"),
        ("Sở Y tế tỉnh Hà Trung", "Ủy ban nhân dân tỉnh Hà Trung"),
        ("Quốc hội", None),
    ],
)
def test_an_organisation_knows_what_it_is_part_of(printed: str, parent: str | None) -> None:
    assert entities(printed)[0].parent == parent


@pytest.mark.parametrize(
    ("printed", "on", "codes"),
    [
        ("tỉnh Bắc Giang", BEFORE, ("63-24", "34-24")),
        ("tỉnh Bắc Giang", SINCE, ("63-24", "34-24")),
        ("tỉnh Bắc Ninh", BEFORE, ("63-27", "34-24")),
        ("tỉnh Bắc Ninh", SINCE, (None, "34-24")),
        ("tỉnh Bắc Ninh", None, ("63-27", "34-24")),
        ("huyện Lương Tài", BEFORE, ("63-27", "34-24")),
        ("phường Hải Châu", SINCE, (None, "34-48")),
        ("TP.HCM", BEFORE, ("63-79", "34-79")),
        ("xã Tân Lập", SINCE, (None, None)),
        ("xã Tân Lập", BEFORE, (None, None)),
        ("xã Ea Kao", BEFORE, ("63-66", "34-66")),
        ("xã Ea Kao", None, (None, None)),
        ("trú tại Ea Kao", BEFORE, ("63-66", "34-66")),
        ("xã Tân Lập, tỉnh Lào Cai", BEFORE, ("63-10", "34-15")),
        ("LĐLĐ thành phố Vinh", BEFORE, ("63-40", "34-40")),
        ("tỉnh Hà Trung", BEFORE, (None, None)),
    ],
)
def test_a_place_has_the_codes_of_both_schemes_where_they_are_sure(
    printed: str, on: dt.date | None, codes: tuple[str | None, str | None]
) -> None:
    entity = entities(printed, on=on)[0]
    assert (entity.province_63, entity.province_34) == codes


def test_a_tier_alone_is_the_one_that_the_article_names() -> None:
    text = "LĐLĐ tỉnh Hà Trung họp.\nChủ tịch LĐLĐ tỉnh dự."
    assert names(text, "ORG") == ["Liên đoàn Lao động tỉnh Hà Trung"] * 2


def test_a_tier_alone_between_two_provinces_is_left_open() -> None:
    text = "Đoàn đi từ tỉnh Hà Trung sang tỉnh Lạc Giang.\nSau đó làm việc với UBND tỉnh."
    assert names(text, "ORG") == ["Ủy ban nhân dân tỉnh"]


def test_a_tier_alone_is_of_the_dateline_when_the_text_names_no_province() -> None:
    assert names("LĐLĐ tỉnh vừa họp.", "ORG", place="Bắc Ninh") == ["Liên đoàn Lao động tỉnh Bắc Ninh"]


def test_bodies_in_a_list_share_the_area_of_the_last() -> None:
    text = "Đảng ủy, HĐND, UBND, Ủy ban MTTQ Việt Nam xã Đồng Tiến trao quà."
    assert names(text, "ORG") == [
        "Đảng ủy xã Đồng Tiến",
        "Hội đồng nhân dân xã Đồng Tiến",
        "Ủy ban nhân dân xã Đồng Tiến",
        "Ủy ban Mặt trận Tổ quốc Việt Nam xã Đồng Tiến",
    ]


def test_an_abbreviation_stands_for_what_the_article_says() -> None:
    text = (
        "Công đoàn các KCN và CX Hà Nội (gọi tắt là Công đoàn KCN) họp.\nCông đoàn KCN trao quà.\n"
        "Công ty TNHH Điện tử Sao Khê (SKE) tăng lương. Thợ của SKE vui."
    )
    union = "Công đoàn các khu công nghiệp và chế xuất thành phố Hà Nội"
    assert names(text, "ORG") == [union] * 3 + ["Công ty TNHH Điện tử Sao Khê"] * 3
    assert texts("Thợ của SKE vui.", "ORG") == []


@pytest.mark.parametrize(
    ("text", "person", "office", "body"),
    [
        (
            "Đồng chí Lê Thị Mai - Chủ tịch LĐLĐ tỉnh Hà Trung phát biểu.",
            "Lê Thị Mai",
            "Chủ tịch LĐLĐ tỉnh Hà Trung",
            "Liên đoàn Lao động tỉnh Hà Trung",
        ),
        (
            "Theo Phó Chủ tịch UBND huyện Vĩnh Khê Phạm Văn Hợp, xã có 12 thôn.",
            "Phạm Văn Hợp",
            "Phó Chủ tịch UBND huyện Vĩnh Khê",
            "Ủy ban nhân dân huyện Vĩnh Khê",
        ),
        ("Giám đốc Công ty May Hà Lĩnh, ông Lò Văn Sơn, nói.", "Lò Văn Sơn", "Giám đốc Công ty May Hà Lĩnh", None),
        ("Chị Hoa vui.", "Hoa", None, None),
        ("Anh Lê Văn A hiện là Tổ trưởng sản xuất.", "Lê Văn A", "Tổ trưởng sản xuất", None),
    ],
)
def test_a_person_has_the_office_that_is_printed(text: str, person: str, office: str | None, body: str | None) -> None:
    (entity,) = [one for one in entities(text) if one.label == "PER"]
    assert (entity.text, entity.office) == (person, office)
    if body is not None:
        assert entity.parent == body


def test_a_given_name_is_the_person_of_the_article_that_bears_it() -> None:
    assert names("Bà Lê Thị Hiền nói.\nTheo bà Hiền, chị Hoa vui.", "PER") == ["Lê Thị Hiền", "Lê Thị Hiền", "Hoa"]
    assert names("Bà Lê Thị Hiền và chị Vũ Thu Hiền nói.\nChị Hiền vui.", "PER")[2] == "Hiền"


def test_persons_of_a_list_keep_their_own_offices() -> None:
    text = "Có ông Đỗ Quang Khải, Chủ tịch LĐLĐ tỉnh; bà Ngô Thị Bích, Phó Chủ tịch và chị Mai."
    found = [(one.text, one.office) for one in entities(text) if one.label == "PER"]
    assert found == [("Đỗ Quang Khải", "Chủ tịch LĐLĐ tỉnh"), ("Ngô Thị Bích", "Phó Chủ tịch"), ("Mai", None)]


@pytest.mark.parametrize(
    ("text", "label", "found"),
    [
        ("Chủ tịch UBND tỉnh Nguyễn Hoài Nam yêu cầu.", "ORG", ["UBND tỉnh"]),
        ("Chủ tịch UBND tỉnh Bắc Ninh yêu cầu.", "ORG", ["UBND tỉnh Bắc Ninh"]),
        ("LĐLĐ quận Hai Bà Trưng tặng quà.", "ORG", ["LĐLĐ quận Hai Bà Trưng"]),
        ("Công đoàn phát huy vai trò.", "ORG", []),
        ("Đại hội Công đoàn Phát huy vai trò.", "ORG", []),
        ("Ngành Sở hữu trí tuệ phát triển.", "ORG", []),
        ("Công nhân sống trong hòa bình, xã hội phát triển.", "LOC", []),
        ("Đầu tư kinh doanh của tỉnh. Các phong trào lan tỏa.", "LOC", []),
        ("Theo văn bản 09 của ngành.", "LOC", []),
        ("Học tập đạo đức Hồ Chí Minh.", "PER", ["Hồ Chí Minh"]),
        ("Công nhân TP Hồ Chí Minh về quê.", "LOC", ["TP Hồ Chí Minh"]),
        ("Ngày Nhà giáo Việt Nam.", "LOC", []),
        ("Các tỉnh Bắc Giang, Hà Trung và Sơn La.", "LOC", ["Bắc Giang", "Hà Trung", "Sơn La"]),
        ("Anh Lê Xuân Trường về quê.", "PER", ["Lê Xuân Trường"]),
        ("Giáo viên Trường Tiểu học Phan Chu Trinh được khen.", "ORG", ["Trường Tiểu học Phan Chu Trinh"]),
        ("Sở Y tế Đồng Nai và Công an tỉnh ký kết.", "ORG", ["Sở Y tế Đồng Nai", "Công an tỉnh"]),
        ("Sở Tài chính và Công an tỉnh ký kết.", "ORG", ["Sở Tài chính", "Công an tỉnh"]),
        ("THÀNH PHỐ CÓ THÊM 12 CÔNG ĐOÀN CƠ SỞ", "ORG", []),
        ("Đoàn về Binh đoàn 15 thăm lính.", "ORG", ["Binh đoàn 15"]),
        ("Khu khách sạn 21 phòng mở cửa.", "ORG", []),
        ("Tỉnh Đoàn tặng quà.", "LOC", []),
        # heads in small letters, where what follows tells
        ("Theo báo Lao Động và cục Hải quan, giá tăng.", "ORG", ["báo Lao Động", "cục Hải quan"]),
        ("Anh đến trụ sở UBND quận 3.", "ORG", ["UBND quận 3"]),
        ("Tại hội trường khách sạn Sông Khê.", "ORG", ["khách sạn Sông Khê"]),
        ("Công nhân đóng thuế GTGT, nhà báo Lê Na kể.", "ORG", []),
        ("Ông báo công an huyện Vĩnh Khê.", "ORG", ["công an huyện Vĩnh Khê"]),
        # abbreviations, in brackets and without
        ("LĐLĐ (sau đây gọi tắt) họp.", "ORG", []),
        ("Liên đoàn Lao động (LĐLĐ) huyện Vĩnh Khê họp.", "ORG", ["Liên đoàn Lao động (LĐLĐ) huyện Vĩnh Khê"]),
        ("Quỹ Tấm lòng vàng (TLV) Lao Động trao quà.", "ORG", ["Quỹ Tấm lòng vàng (TLV) Lao Động"]),
        ("Tổng LĐLĐ VN và Cục ĐTNĐ họp.", "ORG", ["Tổng LĐLĐ VN", "Cục ĐTNĐ"]),
        # a field that no lexicon has, by the area that ends it
        ("Trung tâm Bảo tồn nghề rèn tỉnh Hà Trung mở cửa.", "ORG", ["Trung tâm Bảo tồn nghề rèn tỉnh Hà Trung"]),
        ("Ban Tổ chức mời khách về tỉnh Hà Trung.", "ORG", []),
        # trades and fields in small letters, press, parts of the country
        ("Công ty cổ phần đầu tư hạ tầng Vĩnh Khê họp.", "ORG", ["Công ty cổ phần đầu tư hạ tầng Vĩnh Khê"]),
        ("Công ty cổ phần lớn nhất Hà Trung.", "ORG", []),
        ("Công đoàn giáo dục tỉnh Hà Trung họp.", "ORG", ["Công đoàn giáo dục tỉnh Hà Trung"]),
        ("Các cấp công đoàn tỉnh Hà Trung họp.", "ORG", []),
        ("Sở Tài nguyên - môi trường Hà Trung họp.", "ORG", ["Sở Tài nguyên - môi trường Hà Trung"]),
        ("PV báo Người Thợ Mỏ đến.", "ORG", ["báo Người Thợ Mỏ"]),
        ("Tổng công ty Điện lực miền Bắc họp.", "ORG", ["Tổng công ty Điện lực miền Bắc"]),
        ("Trưởng Ban Tuyên giáo Trung ương dự.", "ORG", ["Ban Tuyên giáo Trung ương"]),
        ("Phó chánh Văn phòng UBND huyện nói.", "ORG", ["UBND huyện"]),
        ("Hội Cựu chiến binh, Đoàn Thanh niên cùng làm.", "PER", []),
        # places in a chain
        ("Chị sống tại Cẩm Hà, Hội An, Quảng Nam.", "LOC", ["Cẩm Hà", "Hội An", "Quảng Nam"]),
        ("Ở tổ 51 phường Minh Tân, gần quốc lộ 1K.", "LOC", ["tổ 51", "phường Minh Tân", "quốc lộ 1K"]),
        ("Ngụ ấp Trường Giang, xã Tân Lập.", "LOC", ["ấp Trường Giang", "xã Tân Lập"]),
        ("Tặng cặp cho học sinh Lý Sơn.", "LOC", ["Lý Sơn"]),
        # bodies that are meant all at once, and members of bodies
        ("Chủ tịch LĐLĐ huyện, thành, thị dự.", "ORG", []),
        ("Ông là Tỉnh ủy viên.", "ORG", []),
        ("Bà Lê Thị Mai-UVBTV dự.", "PER", ["Lê Thị Mai"]),
        ("Công nhân nhận Giải thưởng Nguyễn Văn Linh.", "PER", []),
        ("Ở số 66/2, Lê Thị Riêng, phường 4.", "LOC", ["Lê Thị Riêng", "phường 4"]),
        ("Hai huyện miền núi Nam Khê và A Lưới.", "LOC", ["Nam Khê", "A Lưới"]),
        ("Bà con ấp Trâm Vàng 2, xã Tân Lập.", "LOC", ["ấp Trâm Vàng 2", "xã Tân Lập"]),
    ],
)
def test_names_end_where_they_end(text: str, label: str, found: list[str]) -> None:
    assert texts(text, label) == found


def test_the_document_has_the_entities_of_the_grammar() -> None:
    document = analyze("Tin mới\nĐồng chí Lê Thị Mai - Chủ tịch LĐLĐ tỉnh Hà Trung trao 12 suất quà.", tokens=True)
    found = [entity for sentence in document.sentences for entity in sentence.entities]
    assert [(one.label, one.text) for one in found] == [("PER", "Lê Thị Mai"), ("ORG", "LĐLĐ tỉnh Hà Trung")]
    assert found[0].office == "Chủ tịch LĐLĐ tỉnh Hà Trung"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_read_and_every_offset_slices(text: str) -> None:
    assert_sliced(text)


PIECES = [
    "LĐLĐ ",
    "tỉnh ",
    "TP.",
    "Công đoàn ",
    "Công ty TNHH ",
    "Nguyễn Văn ",
    "Hà Nội",
    ", ",
    " - ",
    "(gọi tắt là ",
    ")",
]
PIECES += [
    "Chủ tịch ",
    "ông ",
    "và ",
    "12 ",
    "ĐẠI HỘI ",
    "\n",
    "ngành ",
    "các KCN ",
    "xã ",
    "\u0301",
    "\ud800",
    "😀",
    "“",
    "Sở ",
    "là ",
    "phong trào ",
    "nông dân ",
    "Giải thưởng ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_order_of_words_of_names_is_read_and_every_offset_slices(text: str) -> None:
    assert_sliced(text)


def test_words_that_bear_a_persons_name_are_read_past_where_a_small_letter_follows() -> None:
    text = "Phong trào nông dân thi đua sản xuất của Hội Nông dân tỉnh Hà Trung."
    assert [entity.text for entity in entities(text)] == ["Hội Nông dân tỉnh Hà Trung"]


def assert_sliced(text: str) -> None:
    last = 0
    for entity in entities(text):
        assert text[entity.start : entity.end] == entity.text
        assert last <= entity.start < entity.end
        assert entity.name
        last = entity.end


@pytest.mark.parametrize(
    "piece",
    ["LĐLĐ tỉnh ", "HĐND, ", "Chủ tịch ", "Công ty TNHH Một và ", "Nguyễn ", "TP.", "(gọi tắt là A) Sở Y tế ", "a"],
)
def test_a_long_text_without_a_full_stop_takes_time_in_proportion(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert is_within(8.0, lambda: entities(text))  # 0.1 to 1.5 s as measured, minutes if it were quadratic


_WORDS = sorted(
    {
        word
        for name in ("persons", "organisations", "areas")
        for word in (files("pipeline") / "lexicon" / f"{name}.toml")
        .read_text(encoding="utf-8")
        .replace('"', " ")
        .split()
        if word.isalpha()
    }
)


@example([("giải", str.lower), ("đoàn", str.lower), ("viên", str.lower)])  # "đoàn" is a surname too: read for ever
@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from((str.lower, str.title, str.upper))), max_size=14))
def test_words_of_names_in_any_order_and_case_are_read_to_their_end(drawn: list[tuple[str, Any]]) -> None:
    text = " ".join(case(word) for word, case in drawn)
    (found,) = find_entities(text, [Sentence(0, 0, len(text), text, (), ())])
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(text[entity.start : entity.end] == entity.text for entity in found)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Anh Việt (sinh năm 1981, Thanh Trì, Hà Nội) là thợ hàn.", ["Thanh Trì", "Hà Nội"]),
        ("Lửa cháy ở xưởng tre (Hòa Khê, Thuận An, tỉnh Bình Dương).", ["Thuận An", "tỉnh Bình Dương"]),
        ("Nhịp cầu Thuận An (Bình Dương) được sơn lại.", ["Thuận An", "Bình Dương"]),
        ("Đoàn đến thăm các thôn: Kim Khê, Hạ Khê và Vĩnh Khê.", ["Kim Khê", "Hạ Khê", "Vĩnh Khê"]),
        ("Thủ tướng Đức Karl Becker thăm xưởng.", ["Đức"]),
        ("Hội thợ gặp mặt tại Ea Kao.", ["Ea Kao"]),
        ("Quà của Ea Kao gửi đi.", []),
    ],
)
def test_a_place_without_its_type_is_known_by_what_stands_beside_it(text: str, places: list[str]) -> None:
    assert [one.text for one in entities(text) if one.label == "LOC"] == places
