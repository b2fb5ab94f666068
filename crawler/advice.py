"""What a crawl says to its operator when it ends for a reason of the site's: what was seen, and what can be done."""

from __future__ import annotations

import datetime as dt

from crawler.gate import Gate
from crawler.site import Site


def gate_advice(site: Site, kind: Gate = Gate.COOKIE) -> str:
    """Return the line for a site that shows gates."""
    secrets = [*site.politeness.cookies, *site.politeness.headers]
    own = "the cookie or header in the profile opens it no longer: renew it" if secrets else _OWN[kind]
    slower = "" if kind is Gate.COOKIE else " Perhaps it was asked too fast: raise politeness.delay."
    return (
        f"{site.hosts[0]} answers with a gate ({kind}) instead of articles. Ask the publisher for access; or {own}."
        f"{slower} The crawler breaks no gate; the queue is kept"
    )


_COOKIE = "put a cookie of your own browser, with which you can read there, under [politeness.cookies] of the profile"
_ELSEWHERE = "crawl from another network (some sites answer Vietnamese networks only)"
_OWN = {
    Gate.COOKIE: _COOKIE,
    Gate.CHALLENGE: _COOKIE,
    Gate.CAPTCHA: _COOKIE,
    Gate.BLOCKED: _ELSEWHERE,
    Gate.WALL: f"{_ELSEWHERE}, or put what the publisher gave you under [politeness.headers] of the profile",
}


def unreachable_advice(host: str, reason: str) -> str:
    """Return the line for a host that cannot be reached."""
    return f"{host} cannot be reached: {reason}. Check the network and the address, then run the same command again"


def refused_advice(host: str, answer: str) -> str:
    """Return the line for a host that answers errors only."""
    return (
        f"{host} answers {answer} to everything. It is out of order, or refuses this crawler or this network (some "
        f"sites answer Vietnamese networks only). Try again later or from elsewhere, or ask the publisher"
    )


def robots_advice(url: str, site: Site, what: str) -> str:
    """Return the line for a site whose robots.txt does not say what is allowed."""
    return (
        f"{url} is {what}, so what may be crawled is unknown and nothing is. Ask the publisher; "
        f'if you may, set politeness.robots_unknown = "crawl" in the profile of {site.name}'
    )


def outside_hours(site: Site) -> str:
    """Return the line for a site that is asked at some hours only."""
    return f"by its profile it is asked at {site.politeness.hours} ({site.timezone}) only; the next crawl goes on then"


def day_spent(site: Site, host: str, requests: int) -> str:
    """Return the line for a host that had all its requests for today."""
    return (
        f"{host} was sent {requests} requests today and politeness.requests_a_day of the profile allows "
        f"{site.politeness.requests_a_day}; the crawl of tomorrow goes on from here"
    )


def clock_stands(site: Site, now: dt.datetime, hours: float) -> str:
    """Return the line for a pause that is over by all measures but the clock's."""
    return (
        f"waited {hours:.0f} hours for the hours of {site.name}, and by the clock it is only "
        f"{now:%d/%m/%Y %H:%M} UTC: the clock of this machine stands still or jumps back; set it and run "
        f"the same command again"
    )


def asked_to_wait(site: Site, status: int, seconds: float) -> str:
    """Return the line for a site that wants to be left alone."""
    return (
        f"{site.hosts[0]} answers {status} and asks to wait {seconds:.0f} s; it is left for this run. The next one "
        f"goes on from here; if this comes back, raise politeness.delay in the profile"
    )
