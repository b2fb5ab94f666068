"""Persons with their office, organisations and places, by a grammar of Vietnamese union and state bodies."""

from pipeline.entities.article import find_entities, with_tagged
from pipeline.entities.find import named_bodies_and_areas

__all__ = ["find_entities", "named_bodies_and_areas", "with_tagged"]
