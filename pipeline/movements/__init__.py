"""Named movements (phong trào, cuộc vận động, chương trình, …) and the registry that they are linked to."""

from pipeline.movements.extract import extract_movements
from pipeline.movements.registry import Registry, load_registry

VERSION = "1"

__all__ = ["VERSION", "Registry", "extract_movements", "load_registry"]
