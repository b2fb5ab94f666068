"""Provinces of both schemes by name and day."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.places import (
    MERGER,
    UnknownProvince,
    area_province,
    communes,
    communes_until_2025,
    districts,
    province_code,
    province_codes,
    province_name,
    province_title,
    provinces,
    successor,
)

BEFORE = dt.date(2023, 9, 22)
SINCE = dt.date(2025, 11, 16)


@pytest.mark.parametrize(
    ("place", "before", "since"),
    [
        ("Bắc Ninh", "63-27", "34-24"),
        ("tỉnh Bắc Giang", "63-24", "34-24"),
        ("Hà Nội", "63-01", "34-01"),
        ("TP Hà Nội", "63-01", "34-01"),
        ("TPHCM", "63-79", "34-79"),
        ("TP.HCM", "63-79", "34-79"),
        ("TP. Hồ Chí Minh", "63-79", "34-79"),
        ("Thành phố Hồ Chí Minh", "63-79", "34-79"),
        ("Bình Dương", "63-74", "34-79"),
        ("Huế", "63-46", "34-46"),
        ("Thừa Thiên - Huế", "63-46", "34-46"),
        ("HOÀ BÌNH", "63-17", "34-25"),
        ("Bà Rịa-Vũng Tàu", "63-77", "34-79"),
        ("Đăk Lăk", "63-66", "34-66"),
        ("Lào Cai", "63-10", "34-15"),
        ("Gia Lai", "63-64", "34-52"),
        ("Vĩnh Khê", None, None),
        ("", None, None),
    ],
)
def test_a_place_has_the_code_of_its_day(place: str, before: str | None, since: str | None) -> None:
    assert province_code(place, BEFORE) == before
    assert province_code(place, SINCE) == since


def test_the_schemes_change_on_1_july_2025() -> None:
    assert province_code("Bắc Ninh", dt.date(2025, 6, 30)) == "63-27"
    assert province_code("Bắc Ninh", MERGER) == "34-24"


def test_without_a_day_there_is_no_code() -> None:
    assert province_code("Bắc Ninh", None) is None


def test_there_were_63_provinces_and_are_34() -> None:
    codes = [province.code for province in provinces()]
    assert sum(code.startswith("63-") for code in codes) == 63
    assert sum(code.startswith("34-") for code in codes) == 34
    assert {province.merged_into for province in provinces()} == {code for code in codes if code.startswith("34-")}


def test_an_old_province_leads_to_the_new_one_that_took_it_in() -> None:
    assert successor("63-62") == "34-51"
    assert province_name(successor("63-62")) == "Quảng Ngãi"
    assert successor("34-51") == "34-51"


@pytest.mark.parametrize("code", ["63-99", "27", ""])
def test_a_code_of_no_scheme_is_refused(code: str) -> None:
    with pytest.raises(UnknownProvince, match="no province code"):
        successor(code)
    with pytest.raises(UnknownProvince, match="no province code"):
        province_name(code)


def test_districts_and_communes_lie_in_known_provinces() -> None:
    codes = {province.code for province in provinces()}
    assert (len(districts()), len(communes_until_2025()), len(communes())) == (696, 9787, 3321)
    assert {area.province for area in (*districts(), *communes())} == codes
    assert {area.province for area in communes_until_2025()} == {code for code in codes if code.startswith("63-")}


@pytest.mark.parametrize(
    ("kind", "name", "province"),
    [
        ("huyện", "Lương Tài", "63-27"),
        ("Thành phố", "Vinh", "63-40"),
        ("phường", "Hải Châu", "34-48"),
        ("đặc khu", "Lý Sơn", "34-51"),
        ("huyện", "Châu Thành", None),
        ("xã", "Sao Khê", None),
        ("xã", "Ea Kao", "63-66"),
    ],
)
def test_an_area_has_a_province_where_its_name_is_in_one_only(kind: str, name: str, province: str | None) -> None:
    assert area_province(kind, name, MERGER) == province


def test_a_commune_has_a_province_by_the_communes_of_its_day() -> None:
    # "xã Bình Chánh" was in two provinces until June 2025, and is in one since
    assert [area_province("xã", "Bình Chánh", day) for day in (None, BEFORE, MERGER)] == [None, None, "34-79"]
    assert [area_province("xã", "Ea Kao", day) for day in (None, BEFORE)] == [None, "63-66"]
    assert area_province("quận", "3", BEFORE) == "63-79"


def test_a_name_of_both_schemes_has_no_old_code_after_the_merger() -> None:
    assert province_codes("Bắc Ninh", BEFORE) == ("63-27", "34-24")
    assert province_codes("Bắc Ninh", SINCE) == (None, "34-24")
    assert province_codes("Bắc Giang", SINCE) == ("63-24", "34-24")
    assert province_codes("Vĩnh Khê", None) == (None, None)


def test_a_province_is_a_city_or_a_tỉnh() -> None:
    assert (province_title("Hà Nội"), province_title("Bắc Ninh")) == ("thành phố", "tỉnh")
