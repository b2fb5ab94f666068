"""Named movements (phong trào, cuộc vận động, chương trình, …) and the registry that they are linked to."""

from pipeline.movements.extract import MovementReading, RefusedName, extract_movements, read_movements
from pipeline.movements.registry import Registry, load_registry

__all__ = [
    "MovementReading",
    "RefusedName",
    "Registry",
    "extract_movements",
    "load_registry",
    "read_movements",
]
