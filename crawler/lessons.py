"""What looks at a site's articles taught: when they change, and whether its sitemaps tell of it; in the frontier."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field, replace

from crawler.known import KnownArticle
from crawler.revisit import AUDIT_EVERY, Habits, Look, is_trusted


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of one site: its habits, and the changes that its sitemaps announced or kept to themselves."""

    habits: Habits = field(default_factory=Habits)
    announced: int = 0
    unannounced: int = 0

    @property
    def trusts_sitemaps(self) -> bool:
        """Whether its sitemaps' word is taken."""
        return is_trusted(self.announced, self.unannounced)


class Lessons:
    """What was learned of all sites of a frontier; each lesson is committed at once."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._learned: dict[str, Learned] = {}

    def of(self, site: str) -> Learned:
        """Return what was learned of the site; nothing of one never looked at twice."""
        if site not in self._learned:
            row = self._base.execute(
                "SELECT hours, changes, announced, unannounced FROM habits WHERE site = ?", (site,)
            ).fetchone()
            habits = Habits(*(tuple(json.loads(text)) for text in row[:2])) if row else Habits()
            self._learned[site] = Learned(habits, *row[2:]) if row else Learned()
        return self._learned[site]

    def learn(self, site: str, known: KnownArticle, look: Look) -> None:
        """Learn from a look at an article; `known` is what was known of it before."""
        learned = self.of(site)
        learned = replace(learned, habits=learned.habits.learned(look))
        if look.changed and known.in_sitemap:
            told = known.lastmod is not None and known.lastmod > look.before
            weight = AUDIT_EVERY if learned.trusts_sitemaps and not told else 1
            count = "announced" if told else "unannounced"
            learned = replace(learned, **{count: getattr(learned, count) + weight})
        self._learned[site] = learned
        row = (json.dumps(learned.habits.hours), json.dumps(learned.habits.changes))
        self._base.execute(
            "INSERT OR REPLACE INTO habits VALUES (?, ?, ?, ?, ?)", (site, *row, learned.announced, learned.unannounced)
        )
