# SPDX-License-Identifier: MIT
"""The version stands in one place, cli/cli.h."""
import pathlib
import re

_header = pathlib.Path(__file__).parent.parent / "cli" / "cli.h"
__version__ = re.search(r'CLI_VERSION "(.*)"', _header.read_text())[1]
