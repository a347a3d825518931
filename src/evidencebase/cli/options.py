"""The options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

base_option = click.option(
    "--base",
    "base",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The knowledge base. Default: found by walking up from here, else the one that ships.",
)
documents_option = click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The documents. Default: EVIDENCE_DOCUMENTS, else documents/ of the base.",
)


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, with `text` for people as the default."""
    return click.option("--format", "shape", type=click.Choice(["text", *formats]), default="text", show_default=True)


def codes(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split comma-separated codes; what names none at all is kept, to be refused."""
    return tuple(code.strip() for part in value for code in part.split(",") if code.strip()) or value
