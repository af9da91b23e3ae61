# SPDX-License-Identifier: MIT
"""The program `selfnorm`: where it is, one run of it, and what it answered."""

from __future__ import annotations

import json
import os
import pathlib
import platform
import shutil
import subprocess
from typing import Any, Mapping, Sequence

from ._results import Result

_HERE = pathlib.Path(__file__).parent
_ROOT = _HERE.parent.parent


class SelfnormError(Exception):
    """The program refused the words it was given, or could not be run.

    ``status`` is its exit status: 2 for words, 3 for a file, a library or a
    kernel that could not be used.  A check, a proof or a comparison that
    failed (status 1) is a result, no error.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def _own(name: str, built: str) -> str:
    """A file of the package, or of the tree that the package lies in."""
    for file in (_HERE / name, _ROOT / "build" / built):
        if file.exists():
            return str(file)
    raise SelfnormError(
        f"{name} is not in {_HERE}: the package was not built; "
        "'pip install ./python' builds it", 3)


def binary() -> str:
    """The path of the program; SELFNORM_PROGRAM names another one."""
    return os.environ.get("SELFNORM_PROGRAM") or _own("bin/selfnorm",
                                                      "selfnorm")


def kernels_library() -> str:
    return _own("lib/libselfnorm-kernels.so", "libselfnorm-kernels.so")


def words_of(options: Mapping[str, Any]) -> list[str]:
    """Options of the command from keywords: ``max_ulp=1`` is --max-ulp=1.

    True is an option without a value; None and False are left out; a list or
    tuple is joined by commas; an underscore is a hyphen.
    """
    words = []
    for key, value in options.items():
        name = "--" + key.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(name)
        elif isinstance(value, (list, tuple)):
            words.append(f"{name}={','.join(map(str, value))}")
        else:
            words.append(f"{name}={value}")
    return words


def explain_start(failure: OSError) -> SelfnormError:
    if shutil.which("ldd") and platform.system() == "Linux":
        said = subprocess.run(["ldd", binary()], capture_output=True, text=True)
        missing = [line.strip() for line in
                   (said.stdout + said.stderr).splitlines()
                   if "not found" in line]
        if missing:
            return SelfnormError(f"{binary()} does not start: {missing[0]}; "
                                 "'pip install ./python' builds one for this "
                                 "system", 3)
    return SelfnormError(f"{binary()} does not start: {failure}", 3)


def answer_of(status: int, stdout: str, stderr: str) -> Result:
    """The document that a run printed, or the error that it ended with."""
    said = stderr.strip()
    if "GLIBC_" in said and "not found" in said:
        said = (f"this system's C library is too old for the wheel ({said}); "
                "'pip install ./python' from the sources builds for it")
    try:
        document = json.loads(stdout)
    except ValueError:
        raise SelfnormError(said or f"selfnorm ended with status {status} and "
                            "no document", status) from None
    if status in (0, 1):
        return Result(document)
    error = document.get("error") or {}
    raise SelfnormError(error.get("message") or said, status)


def run(command: str, *words: Any, **options: Any) -> Result:
    """``selfnorm COMMAND WORDS --json`` with options by keyword.

    Returns the document (docs/json.md says what stands in it).  Raises
    SelfnormError for words that the command refuses.
    """
    argv = [binary(), command, *words_of(options), "--json",
            *map(str, words)]
    return finished(argv)


def finished(argv: Sequence[str]) -> Result:
    try:
        ran = subprocess.run(argv, capture_output=True, text=True,
                             stdin=subprocess.DEVNULL)
    except OSError as failure:
        raise explain_start(failure) from None
    return answer_of(ran.returncode, ran.stdout, ran.stderr)
