"""Persons with their office, organisations and places, by a grammar of Vietnamese union and state bodies."""

from pipeline.entities.article import find_entities
from pipeline.entities.find import named_bodies_and_areas
from pipeline.entities.tagged import tagged_before, with_tagged

__all__ = ["find_entities", "named_bodies_and_areas", "tagged_before", "with_tagged"]
