# SPDX-License-Identifier: MIT
"""The command, as `selfnorm` or `python -m selfnorm`."""

import os
import sys

from . import _program


def main() -> None:
    try:
        program = _program.binary()
        os.execv(program, ["selfnorm", *sys.argv[1:]])
    except _program.SelfnormError as refused:
        sys.exit(f"selfnorm: {refused}")
    except OSError as failure:
        sys.exit(f"selfnorm: {_program.explain_start(failure)}")


if __name__ == "__main__":
    main()
