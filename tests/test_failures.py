"""Our own code failing is told, never swallowed: a page costs a row, many pages stop the build."""

import datetime as dt

import pytest

from pipeline.schema import DroppedRow
from pipeline.work import FAILURES_BORNE, TooManyFailures, refuse_failures


def failed(number: int, reason: str = "error") -> DroppedRow:
    now = dt.datetime(2026, 9, 22, tzinfo=dt.UTC)
    url = f"https://vinhkhe.example/{number}.html"
    return DroppedRow(url, "vinhkhe", now, "parse", reason, "ValueError: a bug", "a.warc.gz", number, f"urn:{number}")


def test_a_few_failures_are_borne_and_so_is_a_small_share_of_many_captures() -> None:
    refuse_failures([failed(number) for number in range(FAILURES_BORNE)], captures=10)
    refuse_failures([failed(number) for number in range(20)], captures=1000)


def test_many_failures_stop_the_build_and_name_the_first_page() -> None:
    with pytest.raises(TooManyFailures, match=r"on 6 of 100 captures.*example/0\.html: parse: ValueError: a bug"):
        refuse_failures([failed(number) for number in range(FAILURES_BORNE + 1)], captures=100)


def test_pages_that_are_no_articles_are_no_failures() -> None:
    refuse_failures([failed(number, "listing") for number in range(100)], captures=100)
