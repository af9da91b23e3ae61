# SPDX-License-Identifier: MIT
"""The notebook's cells, one after the other."""

import json
import pathlib

import pytest

TOUR = pathlib.Path(__file__).parent.parent / "tour.ipynb"


@pytest.mark.skipif(not TOUR.exists(), reason="no notebook beside the tests")
def test_every_cell_runs():
    cells = [cell for cell in json.loads(TOUR.read_text())["cells"]
             if cell["cell_type"] == "code"]
    assert len(cells) == 10
    names: dict = {}
    for cell in cells:
        exec(compile("".join(cell["source"]), str(TOUR), "exec"), names)
