"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from evidencebase.problems import EvidenceError


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file beside its place, flush it to disk, and rename it into place.

    Raises EvidenceError where that cannot be done; the old file is then as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    name = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        Path(name).replace(file)
    except OSError as error:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        message = f"{file} cannot be written: {error.strerror or error}"
        raise EvidenceError(message, "check the folder's permissions and free space") from error
