"""The names of a whole article: what its abbreviations stand for, and which province "LĐLĐ tỉnh" is of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.entities.areas import Area
from pipeline.entities.chains import CITY, Codes, chained, codes_of, codes_of_chains, codes_of_whole, province_of
from pipeline.entities.find import Mention, mentions
from pipeline.entities.naming import area_level, area_name, body_name
from pipeline.entities.organisations import Organisation
from pipeline.entities.phrases import Phrases
from pipeline.entities.ranks import kind_of, level_of, parent_of
from pipeline.entities.words import Words, words_of
from pipeline.places import province_codes, province_name
from pipeline.records import Entity, Sentence
from pipeline.syllables import Spelt, name_key, syllable_key

_NAMED: Final = re.compile(
    r"\s{0,2}\((?:(?:sau[ ]đây[ ]|dưới[ ]đây[ ])?(?:gọi|viết)[ ](?:tắt|chung)(?:[ ]là)?:?[ ]{1,2}"
    r"[“\"']?([^()“”\"'\n]{2,60}?)[”\"']?"
    r"|([A-ZĐ][A-ZĐÂÊÔƠƯĂa-z0-9&.-]{1,15}))\)"
)
# the tier that is in a head: "Tỉnh ủy", "Thành đoàn"
_OWN: Final = {
    syllable_key(word): tier
    for word, tier in (("tỉnh", "tỉnh"), ("thành", CITY), ("huyện", "huyện"), ("quận", "quận"), ("thị", "thị xã"))
}


def find_entities(
    text: str,
    sentences: Sequence[Sentence],
    *,
    on: dt.date | None = None,
    place: str | None = None,
    spelt: Spelt | None = None,
) -> tuple[tuple[Entity, ...], ...]:
    """Return the persons, organisations and places of each sentence, in reading order, none overlapping.

    `text[entity.start:entity.end] == entity.text`. Linear in the length of the text.

    Args:
        on: day of the text; without it a province's name that both schemes have gives both codes.
        place: dateline of the article, for "LĐLĐ tỉnh" in a text that names no province.
        spelt: the text, where its syllables are asked for elsewhere too.
    """
    read = words_of(spelt or Spelt(text), ((sentence.start, sentence.end) for sentence in sentences))
    found = [mentions(words) for words in read]
    article = _Article(on, place)
    for words, named in zip(read, found, strict=True):
        article.learn(words, named)
    return tuple(_entities_of(article, words, named) for words, named in zip(read, found, strict=True))


@dataclass(slots=True)
class _Article:
    """What an article says of itself: areas by tier, bodies by head and tier, abbreviations."""

    on: dt.date | None
    place: str | None
    areas: dict[str, set[str]] = field(default_factory=dict)
    persons: dict[str, set[str]] = field(default_factory=dict)
    short: dict[str, Entity] = field(default_factory=dict)
    latest: dict[tuple[str, str], str] = field(default_factory=dict)
    aliases: Phrases[str] = field(default_factory=lambda: Phrases(()))

    def learn(self, words: Words, named: list[Mention]) -> None:
        """Take note of the areas and the persons of a sentence."""
        for mention in named:
            area = mention.area
            if mention.label == "PER" and mention.last - mention.first > 1:
                name = _person_name(words, mention)
                self.persons.setdefault(name.rpartition(" ")[2], set()).add(name)
            if area is not None and area.type and area.type.tier and area.name < area.last:
                self.areas.setdefault(area.type.tier, set()).add(area_name(words, area))
            elif area is not None and area.level == "province":
                name = area_name(words, replace(area, type=None))
                self.areas.setdefault(name.partition(" ")[0].replace("thành", CITY), set()).add(name)

    def abbreviate(self, words: Words, mention: Mention, entity: Entity) -> None:
        """Take note of the abbreviation in brackets after a body: "(gọi tắt là …)", "(SKE)"."""
        short = _NAMED.match(words.text, words.ends[mention.last - 1])
        if short:
            alias = (short[1] or short[2]).strip()
            self.short[alias] = entity
            self.aliases.add(alias, alias)

    def area_of(self, body: Organisation, tier: str) -> str | None:
        """Return the area that "tỉnh" stands for after a head: the one named with that head last, or the only one."""
        latest = self.latest.get((body.head.long, tier))
        if latest is not None:
            return latest
        known = self.areas.get(tier, set())
        if not known and tier == "tỉnh" and self.place and province_codes(self.place, self.on)[1]:
            return f"tỉnh {self.place}"
        return next(iter(known)) if len(known) == 1 else None


def _entities_of(article: _Article, words: Words, named: list[Mention]) -> tuple[Entity, ...]:
    if not named and not article.short:
        return ()
    entities: list[Entity] = []
    areas = chained(words, named)
    wider_codes = codes_of_chains(article.on, words, named, areas)
    bodies: dict[int, Entity] = {}
    for index, mention in enumerate(named):
        if mention.organisation is not None:
            entity = _body(article, words, mention, areas[index], wider_codes[index])
            bodies[mention.first] = entity
            article.abbreviate(words, mention, entity)
        elif mention.area is not None:
            entity = _place(article, words, mention.area, areas[index], wider_codes[index])
        else:
            entity = _person(article, words, mention)
        entities.append(entity)
    entities = [_officer(words, mention, entity, bodies) for mention, entity in zip(named, entities, strict=True)]
    return tuple(_with_aliases(article, words, named, entities))


def _person(article: _Article, words: Words, mention: Mention) -> Entity:
    """Return a person; "chị Hiền" is the only one of the article whose full name ends so, if there is one."""
    start, end = words.starts[mention.first], words.ends[mention.last - 1]
    name = _person_name(words, mention)
    known = article.persons.get(name, set())
    return Entity(start, end, "PER", words.text[start:end], next(iter(known)) if len(known) == 1 else name)


def _person_name(words: Words, mention: Mention) -> str:
    printed = words.printed(mention.first, mention.last)
    return printed.title() if words.shouted else printed


def _officer(words: Words, mention: Mention, entity: Entity, bodies: dict[int, Entity]) -> Entity:
    """Give a person the office, and the body it is in as parent."""
    if mention.office is None:
        return entity
    first, last = mention.office
    body = next((bodies[at] for at in range(first, last) if at in bodies), None)
    return replace(entity, office=words.printed(first, last), parent=body.name if body else None)


def _place(article: _Article, words: Words, area: Area, wider: Area | None, wider_codes: Codes | None) -> Entity:
    start, end = words.starts[area.first], words.ends[area.last - 1]
    level = area_level(words, area)
    old, new = codes_of(article.on, words, area, wider_codes)
    parent = area_name(words, wider) if wider else None
    if parent is None and level in ("district", "commune") and (old or new):
        parent = province_name(old or new or "")
    kind = area.type.long if area.type else area.level
    return Entity(start, end, "LOC", words.text[start:end], area_name(words, area), kind, level, parent, old, new)


def _body(article: _Article, words: Words, mention: Mention, wider: Area | None, wider_codes: Codes | None) -> Entity:
    body = mention.organisation
    if body is None:
        raise TypeError("a place or a person has no body")
    start, end = words.starts[body.first], words.end_of(body.first, body.last)
    name, area, level = body_name(words, body), body.area, level_of(words, body)
    codes = codes_of(article.on, words, area, wider_codes)
    province = province_of(words, area, wider)
    outside = area is not None and area.first >= body.last
    if area is not None and (outside or area.name == area.last) and area.type and area.type.tier:
        if area.name < area.last:
            whole: str | None = area_name(words, area)
        else:
            whole = article.area_of(body, area.type.tier)
        if whole is not None:
            name = f"{name} {whole}" if outside else f"{_without_tier(name, area.type.long)} {whole}"
            codes = codes_of_whole(article.on, whole)
            level = level or ("province" if codes[1] and whole.startswith(("tỉnh", "thành phố")) else None)
            province = whole if level == "province" else province
    elif area is None and body.head.tail == "own":
        whole = article.area_of(body, _OWN[name_key(body.head.long)[0]])
        if whole is not None:
            name, codes = f"{name} {whole}", codes_of_whole(article.on, whole)
    elif area is not None and area.type and area.type.tier:
        article.latest[(body.head.long, area.type.tier)] = area_name(words, area)
    parent = parent_of(words, body, level, province)
    return Entity(start, end, "ORG", words.text[start:end], name, kind_of(body), level, parent, *codes)


def _without_tier(name: str, tier: str) -> str:
    """Take the bare tier off a name's end: "Liên đoàn Lao động | Thành phố"."""
    return name[: -len(tier)].rstrip() if name.casefold().endswith(tier) else name


def _with_aliases(article: _Article, words: Words, named: list[Mention], entities: list[Entity]) -> Iterable[Entity]:
    """Give abbreviations their bodies' names, and find those that the grammar does not know."""
    if not article.short:
        return entities
    resolved = [_alias(article, entity) for entity in entities]
    taken = {at for mention in named for at in range(mention.first, mention.last)}
    at = 0
    while at < words.count:
        found = article.aliases.longest(words, at) if at not in taken else None
        if found is None or words.printed(at, found[0]) != found[1] or taken & set(range(at, found[0])):
            at += 1
            continue
        start, end = words.starts[at], words.ends[found[0] - 1]
        resolved.append(replace(article.short[found[1]], start=start, end=end, text=found[1]))
        at = found[0]
    return sorted(resolved, key=lambda entity: entity.start)


def _alias(article: _Article, entity: Entity) -> Entity:
    known = article.short.get(entity.text) if entity.label == "ORG" else None
    return replace(known, start=entity.start, end=entity.end, text=entity.text) if known else entity
