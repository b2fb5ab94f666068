"""What it costs to keep up with a newspaper for 120 days, and what is missed: the policy beside two simple ways.

    python benchmarks/revisits.py                     # 120 days, without and with a sitemap: about 5 minutes
    python benchmarks/revisits.py --days 30 --seed 1

The newspaper (`tests/stepped_news.py`) brings 25 articles a day on six listings; 6 % are edited within two days, 1 %
later (to 60 days), 0.5 % deleted. `congdoan refresh` comes once a day. It is the real crawl over HTTP on loopback, with
the real frontier, policy and archive; only the clock is stepped. The two ways beside it are counted, not played:
"everything" asks for every known article each day and "never again" for none, both reading the same listings.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from stepped_news import (
    Played,
    Tally,
    play,
    requests_of_everything,
    requests_of_never_again,
    tally_of,
)

# of the requests of "everything", at most; without and with a sitemap
DEAREST = {False: 12, True: 40}
FEWEST_EDITS = 0.97


def main() -> int:
    """Play, print, and return 1 when a target is missed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--days", type=int, default=120)
    arguments.add_argument("--a-day", type=int, default=25)
    arguments.add_argument("--seed", type=int, default=7)
    options = arguments.parse_args()
    print(f"{options.days} days, {options.a_day} new articles a day on six listings, one refresh a day")
    with ProcessPoolExecutor(2) as pool:
        ways = [
            pool.submit(played_to_the_end, options.days, options.a_day, options.seed, has_sitemap)
            for has_sitemap in (False, True)
        ]
        missed = [report(*way.result(), has_sitemap) for way, has_sitemap in zip(ways, (False, True), strict=True)]
    return int(any(missed))


def played_to_the_end(days: int, a_day: int, seed: int, has_sitemap: bool) -> tuple[Played, float]:
    """Play in a folder that is thrown away; return what came of it and the seconds it took."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        *_, played = play(Path(folder), days, a_day, has_sitemap=has_sitemap, seed=seed)
    return played, time.monotonic() - began


def report(played: Played, seconds: float, has_sitemap: bool) -> bool:
    """Print one table; return whether a target is missed."""
    tally, everything = tally_of(played), requests_of_everything(played)
    times, once = everything / tally.requests, requests_of_never_again(played)
    print(f"\n{'with a sitemap that has lastmod' if has_sitemap else 'without a sitemap'} ({seconds:.0f} s)")
    print(f"{'':26}{'congdoan refresh':>18}{'everything':>14}{'never again':>14}")
    for name, found, known in _rows(tally):
        print(f"{name:26}{f'{found} of {known}':>18}{known:>14,}{known if name.startswith('new') else 0:>14,}")
    print(f"{'requests':26}{tally.requests:>18,}{everything:>14,}{once:>14,}")
    print(f"{'of everything':26}{f'1/{times:.1f}':>18}{'1':>14}{f'1/{everything / once:.1f}':>14}")
    print("requests by kind: " + ", ".join(f"{count:,} {kind}" for kind, count in played.asked.most_common()))
    targets = {
        "all new articles at the first refresh": tally.new_found == tally.new,
        f"{FEWEST_EDITS:.0%} of edits in time": tally.edits_found >= FEWEST_EDITS * tally.edits,
        "all deletions in time": tally.deletions_found == tally.deletions,
        f"at most 1/{DEAREST[has_sitemap]} of the requests": times >= DEAREST[has_sitemap],
    }
    print("; ".join(f"{target}: {'yes' if met else 'MISSED'}" for target, met in targets.items()), flush=True)
    return not all(targets.values())


def _rows(tally: Tally) -> list[tuple[str, int, int]]:
    return [
        ("new articles, same day", tally.new_found, tally.new),
        ("edits, within 3 days", tally.edits_found, tally.edits),
        ("edits after a week, ever", tally.late_edits_found, tally.late_edits),
        ("deletions, within 30 days", tally.deletions_found, tally.deletions),
    ]


if __name__ == "__main__":
    sys.exit(main())
