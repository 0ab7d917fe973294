"""Where `mo` differs from the original's legacy IR on purpose: what legacy_deviations.toml names."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

DEVIATIONS = Path(__file__).with_suffix(".toml")


class Deviations:
    """Where `mo` differs from the original on purpose, and models whose outputs say nothing."""

    def __init__(self, path: Path):
        known = tomllib.loads(path.read_text())
        self.entries, self.unusable = known["deviation"], {e["model"]: e["why"] for e in known["no_outputs"]}
        self.used = set()  # (entry, version, pattern)
        self.seen = set()  # (model, version)

    def unexplained(self, model: str, version: int, differences: list) -> list:
        """Those of `differences`, (layer, text), that no entry names."""
        self.seen.add((model, version))
        rest = []
        for layer, text in differences:
            explained = False
            for number, entry in enumerate(self.entries):
                if not fnmatch(model, entry["model"]) or version not in entry["versions"]:
                    continue
                for pattern in entry["layers"]:
                    if fnmatch(layer, pattern):
                        self.used.add((number, version, pattern))
                        explained = True
            if not explained:
                rest.append(text)
        return rest

    def stale(self) -> list:
        """What the file names, but no compared reference shows."""
        return [f"{entry['model']} v{version}: {pattern} does not differ (any more)"
                for number, entry in enumerate(self.entries)
                for version in entry["versions"]
                for pattern in entry["layers"]
                if any(fnmatch(m, entry["model"]) and v == version for m, v in self.seen)
                and (number, version, pattern) not in self.used]  # fmt: skip
