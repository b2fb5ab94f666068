"""The profiles that come with the package, one TOML file a site; nothing to register."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.site import Site, SiteProfileInvalid, load_site

_SHIPPED = Path(__file__).parent


class Sites:
    """Site profiles by name. Those of a directory of the operator's own come before the shipped ones."""

    def __init__(self, directories: tuple[Path, ...] = ()) -> None:
        self._by_name: dict[str, Site] = {}
        for directory in (_SHIPPED, *directories):
            if not directory.is_dir():
                raise SiteProfileInvalid(f"{directory}: no such directory of site profiles (--sites)")
            for path in sorted(directory.glob("*.toml")):
                site = load_site(path)
                if site.name != path.stem:
                    raise SiteProfileInvalid(f"{path}: name = {site.name!r}: expected the file's name, {path.stem!r}")
                self._by_name[site.name] = site

    def __iter__(self) -> Iterator[Site]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Site:
        try:
            return self._by_name[name]
        except KeyError:
            raise SiteProfileInvalid(f"no site {name!r}; known: {', '.join(sorted(self._by_name))}") from None

    def of_url(self, url: str) -> Site | None:
        """Return the site that owns the URL's host, or None for a site without a profile."""
        return next((site for site in self if site.owns(url)), None)
