"""Put the base that ships into the wheel, so that an installed package has something to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARTS = ("evidence", "schema", "loaders", "metadata.yml")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the folders of the base under `evidencebase/shipped`; an editable install reads them where they lie."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a wheel is put together."""
        if version == "editable":
            return
        for part in PARTS:
            if (Path(self.root) / part).exists():
                build_data["force_include"][str(Path(self.root) / part)] = f"evidencebase/shipped/{part}"
