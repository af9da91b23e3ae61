# SPDX-License-Identifier: MIT
"""Builds the program with make and puts it into the wheel.

The wheel has the tag py3-none-PLATFORM: the program and the kernels are no
extension modules, so that one wheel does for every Python.  GSL's CBLAS takes
OpenBLAS's place, which alone is larger than all else; `simulate --method
direct` and `train` are slower by it.
"""

import os
import pathlib
import subprocess
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = pathlib.Path(__file__).parent.resolve()
ROOT = HERE.parent


class Hook(BuildHookInterface):
    def initialize(self, version, data):
        data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        data["tag"] = f"py3-none-{platform}"
        if version == "editable":
            return
        build = pathlib.Path(
            os.environ.get("SELFNORM_BUILD", ROOT / "build" / "python"))
        make = ["make", "-C", str(ROOT), f"B={build}", "BLAS=-lgslcblas", "all"]
        try:
            subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as failure:
            raise SystemExit(
                f"selfnorm: the program could not be built ({failure}); "
                f"'{ROOT}/with-deps make' installs what it needs") from None
        kernels, = build.glob("libselfnorm-kernels.so.[0-9]*")
        for file, place in ((build / "selfnorm", "bin/selfnorm"),
                            (build / "kernel-host", "bin/kernel-host"),
                            (kernels, "lib/libselfnorm-kernels.so")):
            stripped = build / "stripped" / file.name
            stripped.parent.mkdir(exist_ok=True)
            subprocess.run(["strip", "-o", str(stripped), str(file)], check=True)
            data["force_include"][str(stripped)] = f"selfnorm/{place}"
        # what `selfnorm report` draws with, where gnuplot is
        data["force_include"][str(ROOT / "plots")] = "selfnorm/bin/plots"
