"""STUB: being written."""
from dataclasses import dataclass
from pathlib import Path


class CatalogError(Exception):
    """The data file has faults; str() lists every one as 'file:line: what is wrong; what to do'."""


@dataclass(frozen=True)
class Catalog:
    contact: str | None = None


def load_catalog(path: Path, contact: str | None = None) -> Catalog:
    """Read and check the data file; CatalogError when anything is wrong with it."""
    return Catalog(contact)
