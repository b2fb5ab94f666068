"""Movement names in every form in which union papers print them, and all that only looks like one."""

from __future__ import annotations

import collections
import itertools
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from cpu_time import is_within, least_seconds
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate import NOTHING, score_movements
from pipeline.movements import extract_movements, load_registry, read_movements
from pipeline.movements.names import without_when
from pipeline.movements.registry import LexiconInvalid, Registry, read_registry
from pipeline.nlp import split_sentences
from pipeline.records import Movement
from pipeline.syllables import name_key

# variants whose texts hold a quoted passage that is none; each is refused with one of the reasons
QUOTED_TRAPS = (
    *(
        "trap: slogan",
        "trap: theme",
        "trap: award",
        "trap: fund",
        "trap: contest",
        "trap: meeting",
        "trap: song or work",
    ),
    *("trap: document", "trap: speech", "trap: company", "trap: broadcast", "trap: too long", "trap: counted thing"),
)
REASONS = {
    *("theme", "slogan", "award", "fund", "contest", "meeting", "work", "document", "speech", "company", "broadcast"),
    *("too long", "several sentences", "empty", "no trigger", "in passing", "within quotes", "trigger", "all capitals"),
    *("abbreviation", "organisation or place", "description", "a feast", "end unknown", "not like a name"),
    *("no name before", "several names before", "counted", "given", "cut off", "before quotes"),
}
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/movements.jsonl").read_text(encoding="utf-8").splitlines()
]


def movements_of(text: str) -> tuple[Movement, ...]:
    return extract_movements(text, split_sentences(text))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['variant']}: {case['text'][:50]}" for case in CASES])
def test_a_text_gives_exactly_its_movements(case: dict[str, Any]) -> None:
    reading = read_movements(case["text"], split_sentences(case["text"]))
    found = reading.movements
    assert [(movement.surface, movement.kind) for movement in found] == [
        (wanted["surface"], wanted["kind"]) for wanted in case["movements"]
    ]
    for movement, wanted in zip(found, case["movements"], strict=True):
        assert movement.name == wanted.get("name", movement.name)
    if "references" in case:
        assert [[one.surface, one.name] for one in reading.back_references] == case["references"]


@pytest.mark.parametrize("case", [case for case in CASES if case["variant"] in QUOTED_TRAPS and not case["movements"]])
def test_a_trap_in_quotes_is_refused_with_a_reason(case: dict[str, Any]) -> None:
    refused = read_movements(case["text"], split_sentences(case["text"])).refused
    assert refused
    assert {name.reason for name in refused} <= REASONS
    assert all(case["text"][name.start : name.end] == name.surface for name in refused)


def test_every_variant_and_trap_is_held_by_five_cases_or_more() -> None:
    cases = collections.Counter(case["variant"] for case in CASES)
    assert {variant for variant, count in cases.items() if count < 5} == set()
    traps = collections.Counter(case["variant"] for case in CASES if not case["movements"])
    assert set(QUOTED_TRAPS) <= {variant for variant, count in traps.items() if count >= 5}


# what the words of a text do not tell, or our rules do not read yet
KNOWN_FAILURES = [
    ("Người ta bảo đó là phong trào “cho có”.", []),
    ("Ban tổ chức gọi tắt chương trình ấy là “Sách về bản”.", ["Sách về bản"]),
    ("Mảng “Giờ vui của thợ” có thêm 12 buổi.", ["Giờ vui của thợ"]),
    ("Chương trình Áo rét tặng thợ hầm lò trao 900 áo.", ["Áo rét tặng thợ hầm lò"]),
    ("PHONG TRÀO GIỮ MÁY SẠCH LAN RỘNG", ["GIỮ MÁY SẠCH"]),
]


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize(("text", "surfaces"), KNOWN_FAILURES)
def test_a_known_failure_fails(text: str, surfaces: list[str]) -> None:
    assert [movement.surface for movement in movements_of(text)] == surfaces


def hits(registry: Registry) -> tuple[int, int, int]:
    """Distinct names of our cases found, missed and false, by the definitions of `congdoan eval`."""
    total = NOTHING
    for case in CASES:
        if case["variant"] == "list: after a known name" and not len(registry):
            continue
        found = read_movements(case["text"], (), registry).movements
        total += score_movements(case["movements"], [{"surface": one.surface, "kind": one.kind} for one in found])
    return total.hits, len(total.missed), len(total.false)


def test_what_the_rules_find_without_any_registry_stays_above_its_floor() -> None:
    hit, missed, false = hits(Registry([]))
    assert hit / (hit + missed) >= 0.9  # measured 0.926 on 2026-11-30
    assert hit / (hit + false) >= 0.98


LINKS = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases/movement_links.tsv").read_text(encoding="utf-8").splitlines()
]
# "năm" is five and the year: read as a number nowhere
UNLINKED = {"Xây dựng gia đình năm không, ba sạch"}


@pytest.mark.parametrize(
    ("printed", "movement_id"),
    [
        pytest.param(printed, known, marks=pytest.mark.xfail(strict=True) if printed in UNLINKED else ())
        for printed, known in LINKS
    ],
)
def test_a_printed_name_is_linked_to_what_it_names_and_to_nothing_else(printed: str, movement_id: str) -> None:
    found = load_registry().find(printed)
    assert (found.id if found else "-") == movement_id


def test_there_are_sixty_links_and_a_third_of_them_must_stay_apart() -> None:
    apart = [printed for printed, known in LINKS if known == "-"]
    assert len(LINKS) >= 60
    assert len(apart) >= 20
    assert len({load_registry().link(printed).movement_id for printed in apart}) == len(apart)


def test_a_mention_knows_its_trigger_and_its_sentence() -> None:
    text = "Xưởng Hà Lĩnh có 40 tổ.\nPhong trào thi đua “Giữ máy sạch” đã qua ba mùa. Nay là Tháng Công nhân."
    first, second = movements_of(text)
    assert (first.trigger, first.sentence) == ("Phong trào thi đua", 1)
    assert (second.trigger, second.sentence) == (None, 2)
    assert text[first.start : first.end] == "Giữ máy sạch"


def test_every_item_of_a_list_has_the_trigger_of_the_list() -> None:
    found = movements_of("Các cuộc vận động “Ca trực không rác”; “Xưởng sáng đèn” và “Bếp ấm” đều đạt.")
    assert [movement.trigger for movement in found] == ["cuộc vận động"] * 3


def test_an_unknown_name_keeps_its_id_however_it_is_spelled() -> None:
    printed = ("“Giữ máy sạch, giữ tay khỏe”", "“Giữ máy sạch - Giữ tay khoẻ”", '"GIỮ MÁY SẠCH, GIỮ TAY KHỎE năm 2024"')
    ids = {movements_of(f"Phong trào {name} lan rộng.")[0].movement_id for name in printed}
    assert len(ids) == 1
    assert ids.pop().startswith("x-")


def test_two_unknown_names_have_two_ids() -> None:
    first, second = movements_of("Các phong trào “Giữ máy sạch”, “Giữ tay sạch” lan rộng.")
    assert first.movement_id != second.movement_id


def test_no_place_without_sentences_loses_a_movement() -> None:
    assert [movement.sentence for movement in extract_movements("Phong trào “Giữ máy sạch”.", ())] == [0]


@given(st.text(alphabet=list("“”\"'‘’ ,;:-.\nPhongtràothiđuaLĐgỏi5"), max_size=200))
def test_any_heap_of_quotes_gives_names_of_the_text_on_one_line(text: str) -> None:
    found = extract_movements(text, ())
    for movement in found:
        assert text[movement.start : movement.end] == movement.surface
        assert "\n" not in movement.surface
        assert 1 <= len(name_key(movement.surface)) <= 60
    assert list(found) == sorted(found, key=lambda movement: movement.start)
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))


def test_a_decomposed_text_gives_the_same_movements_with_offsets_in_itself() -> None:
    text = unicodedata.normalize("NFD", "Xưởng mở phong trào thi đua “Lao động giỏi” và Tháng Công nhân.")
    first, second = extract_movements(text, ())
    assert (first.movement_id, second.movement_id) == ("lao-dong-gioi", "thang-cong-nhan")
    for movement in (first, second):
        assert text[movement.start : movement.end] == movement.surface
        assert unicodedata.is_normalized("NFC", movement.name)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("phong trao lao dong gioi", ["lao-dong-gioi"]),
        ("Cong doan phat dong phong trao thi dua 'Gioi viec nuoc, dam viec nha'.", ["gioi-viec-nuoc-dam-viec-nha"]),
        ("LDLD tinh Ha Trung to chuc Thang Cong nhan nam 2025.", ["thang-cong-nhan"]),
        ('Chuong trinh "1 trieu sang kien" co 40 to dang ky.', ["1-trieu-sang-kien"]),
        ("Viet Nam co 40 to san xuat.", []),
    ],
)
def test_a_text_typed_without_marks_gives_its_known_movements(text: str, ids: list[str]) -> None:
    assert [movement.movement_id for movement in extract_movements(text, ())] == ids


LONG_LINES = (
    *("phong trào “Giữ máy sạch”, ", "“", '"', "“a ", "a” ", "phong trào ,,,,", "'a' "),
    *("“A” b phong trào “Giữ máy sạch”. ", "phong trào “Giữ máy” chương trình x ", "chương trình Áo ấm gửi thợ, ai "),
)


@pytest.mark.parametrize("unit", LONG_LINES)
def test_time_grows_with_the_length_of_a_line_of_quotes_and_no_faster(unit: str) -> None:
    short, long = (unit * (length // len(unit)) for length in (8_000, 80_000))
    bound = 40 * max(least_seconds(lambda: extract_movements(short, ())), 0.005)
    assert is_within(bound, lambda: extract_movements(long, ()))  # 10 times the text; 40 leaves room for a noisy clock


def test_the_registry_has_150_movements_and_says_of_120_where_each_was_read() -> None:
    registry = load_registry()
    assert len(registry) >= 150
    read = [entry for entry in registry if not entry.unsure]
    assert len(read) >= 120
    assert [entry.id for entry in read if not entry.source.startswith("http")] == []
    assert [entry.id for entry in registry if entry.sector is None] == []
    assert registry["gioi-viec-nuoc-dam-viec-nha"].since == "1989"


def test_no_movement_of_the_registry_ends_before_it_begins() -> None:
    backwards = [entry.id for entry in load_registry() if entry.since and entry.until and entry.until < entry.since[:4]]
    assert backwards == []


def test_every_name_and_alias_of_the_registry_is_found_again() -> None:
    registry = load_registry()
    for entry in registry:
        for name in (entry.name, *entry.aliases, entry.name.upper(), entry.name.replace(",", " -")):
            found = registry.find(name)
            assert found is not None, name
            assert found.id == entry.id


def test_different_names_are_never_merged() -> None:
    registry = load_registry()
    old = registry.link("Trung thành, sáng tạo, tận tụy, gương mẫu").movement_id
    new = registry.link("Trung thành, trách nhiệm, liêm chính, sáng tạo").movement_id
    assert old != new
    assert registry.find("76 nghìn sáng kiến, vượt khó, phát triển") is None
    assert registry.find("Giỏi việc xưởng, đảm việc nhà") is None


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("Tháng Công nhân năm 2021", "Tháng Công nhân"),
        ("Tháng Công nhân lần thứ 17", "Tháng Công nhân"),
        ("Chung sức xây dựng nông thôn mới giai đoạn 2016 - 2020", "Chung sức xây dựng nông thôn mới"),
        ("Chuyến bay Công đoàn (2024)", "Chuyến bay Công đoàn"),
        ("75 nghìn sáng kiến", "75 nghìn sáng kiến"),
    ],
)
def test_when_a_movement_was_held_is_no_part_of_its_name(printed: str, plain: str) -> None:
    assert without_when(printed) == plain


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('[[movement]]\nid = "a"\nname = "A"\nkind = "phong_trao"', "no source"),
        ('[[movement]]\nid = "a"\nname = "A"\nkind = "trò"\nsource = "s"', "kind = 'trò'"),
        ('[[movement]]\nid = "a"\nname = "A"\nkind = "khac"\nsource = "s"\nsinc = "1990"', "sinc = '1990'"),
        (
            '[[movement]]\nid = "a"\nname = "Hai tốt"\nkind = "khac"\nsource = "s"\n'
            '[[movement]]\nid = "b"\nname = "B"\naliases = ["2 TỐT"]\nkind = "khac"\nsource = "s"',
            "a name of a and of b",
        ),
        (
            '[[movement]]\nid = "m"\nname = "Giữ máy sạch"\nkind = "phong_trao"\nsource = "s"\nsector = "xưởng"',
            "expected one of cong_doan",
        ),
        (
            '[[movement]]\nid = "m"\nname = "Giữ máy sạch"\nkind = "phong_trao"\nsource = "s"\nsince = "năm 2014"',
            "expected a year, month or day",
        ),
        (
            '[[movement]]\nid = "m"\nname = "Giữ máy sạch"\nkind = "phong_trao"\nsource = "s"\nuntil_source = "s"',
            "until_source without until",
        ),
    ],
)
def test_a_wrong_registry_is_refused_with_what_is_wrong(toml: str, says: str) -> None:
    with pytest.raises(LexiconInvalid, match=says):
        read_registry(toml)


def referred(text: str) -> list[tuple[str, str]]:
    """What refers back in the text, and the name that each stands for."""
    found = read_movements(text, split_sentences(text)).back_references
    for reference in found:
        assert text[reference.start : reference.end] == reference.surface
        assert reference.named_at < reference.start
    return [(reference.surface, reference.name) for reference in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Phong trào “Giữ máy sạch” có ở 40 tổ.\nPhong trào này bớt 12 vụ tai nạn.",
            [("Phong trào này", "Giữ máy sạch")],
        ),
        ("Cuộc vận động “Ca trực không rác” đã ba năm. Nhờ cuộc vận động trên, sân bệnh viện sạch.",
         [("cuộc vận động trên", "Ca trực không rác")]),
        ("Chương trình “Sách về bản nhỏ” thu 900 cuốn; chương trình này còn kéo dài.",
         [("chương trình này", "Sách về bản nhỏ")]),
        (
            "Cuộc vận động “Ca trực không rác” (gọi tắt là Cuộc vận động) có hai đợt. Ban chỉ đạo Cuộc vận động họp.",
            [("Cuộc vận động", "Ca trực không rác"), ("Cuộc vận động", "Ca trực không rác")],
        ),
        ("Mô hình “Tủ thuốc đầu ca” có ở 40 xưởng. Mô hình nói trên được nhân rộng.",
         [("Mô hình nói trên", "Tủ thuốc đầu ca")]),
        ("Bữa cơm Công đoàn có 900 suất. Chương trình này do LĐLĐ tỉnh Hà Trung mở.",
         [("Chương trình này", "Bữa cơm Công đoàn")]),
        ("CVĐ “Ca trực không rác” đã ba năm. Cuộc vận động này giữ sân sạch.",
         [("Cuộc vận động này", "Ca trực không rác")]),
    ],
)  # fmt: skip
def test_a_back_reference_stands_for_the_name_before_it(text: str, wanted: list[tuple[str, str]]) -> None:
    assert referred(text) == wanted
    assert not {surface for surface, _ in wanted} & {movement.surface for movement in movements_of(text)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Phong trào này bớt 12 vụ tai nạn.", "no name before"),
        ("Các phong trào “Giữ máy sạch”, “Giữ tay sạch” lan rộng. Phong trào này còn tiếp.", "several names before"),
        ("Phong trào “Giữ máy sạch” lan rộng. Phong trào đọc sách cũng vậy. Phong trào này còn mới.", "no name before"),
        ("Cuộc vận động “Ca trực không rác” đã ba năm. Phong trào này còn mới.", "no name before"),
    ],
)
def test_a_back_reference_that_could_stand_for_another_name_stands_for_none(text: str, reason: str) -> None:
    assert referred(text) == []
    refused = read_movements(text, split_sentences(text)).refused
    assert ("Phong trào này", reason) in [(name.surface, name.reason) for name in refused]


def test_what_a_text_says_elsewhere_of_a_movement_is_no_reference() -> None:
    text = "Phong trào “Giữ máy sạch” có 40 tổ. Phong trào trên địa bàn tỉnh lan rộng. Phong trào được 3 năm."
    assert referred(text) == []
