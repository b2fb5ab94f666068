"""What a movement and a figure are reported for: movement, organisation, place, period and role, each with its rule."""

from pipeline.attribution.attribute import attribute

__all__ = ["attribute"]
