"""The pages that a draft profile is written from: asked for politely, a handful, kept nowhere."""

from __future__ import annotations

from pathlib import Path

from crawler.advice import gate_advice
from crawler.profile import Politeness, Start
from crawler.site import Site
from pipeline.cli import crawl
from pipeline.sitedraft import Draft, DraftRefused, Survey, draft_site, name_of

LONGEST_SILENCE = 20.0  # seconds; a site that answers no sooner is not to be crawled now
_NO_ARTICLE = "^(?P<id>(?!))"  # matches nothing: what is asked for is the survey's affair


def drafted(folder: Path, corpus: Path, url: str, host: str, delay: float, contact: str) -> Draft:
    """Ask the site through the crawl's own engine, into a folder of its own, and draft its profile.

    The requests count to those that the corpus may send the host in a day.

    Raises:
        DraftRefused: robots.txt is unknown or forbids, the site cannot be reached, shows a gate, or has no articles.
    """
    survey = Survey(url)
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    site = Site(
        name=name_of(host),
        title=host,
        hosts=(host, other),
        article=_NO_ARTICLE,
        start=Start(sections=(survey.url,)),
        politeness=Politeness(delay=delay, timeout=LONGEST_SILENCE),
    )
    log = crawl.ask(folder, corpus, site, contact, survey)
    if log.gated:
        raise DraftRefused(gate_advice(site))
    if log.failed and not survey.samples:
        raise DraftRefused(log.warnings[0] if log.warnings else f"{host}: {log.finish_reason}")
    return draft_site(survey, delay)
