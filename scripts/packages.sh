# Debian and Ubuntu packages that the project uses: the one list of them, for scripts/install_prerequisites.sh.
# Python packages and their versions are in tests/requirements.txt.
# shellcheck shell=bash disable=SC2034

# To build and run the converter
build_packages=(g++ cmake ninja-build ccache libfmt-dev libprotozero-dev libpugixml-dev libre2-dev
                nlohmann-json3-dev libtoml11-dev libprotobuf-dev libprotoc-dev libhdf5-dev)

# To build and run mo verify, validation_app and the samples; the OpenVINO runtime comes from PyPI.  make: a user's own
# project is built as CMake does by default.
apps_packages=(make libopencv-imgcodecs-dev libopencv-imgproc-dev libopencv-dnn-dev libzip-dev python3 python3-venv)

# To make the Debian package: CPack finds its dependencies with them
package_packages=(dpkg-dev file)

# To build and run the tests, beside those of the applications: pictures are drawn by Graphviz, and completion and the
# manual page are tried where they are used
test_packages=(libgtest-dev pkg-config python3-dev graphviz zsh mandoc "${package_packages[@]}")

# A browser, for the tests of pages and for scripts/check_pages.py, which are skipped without one
browser_packages=(chromium)

# For those who change the sources: format, static checks, the reference of the public headers, and packages
development_packages=(clang-format clang-tidy doxygen debootstrap)

# For scripts/fuzz.sh, scripts/cppcheck.sh and scripts/check_memory.sh
reliability_packages=(clang cppcheck valgrind)

# To build mo.exe for Windows, and to try it in Wine.  windows_sources: source packages of the libraries linked with it
windows_packages=(g++-mingw-w64-x86-64-posix dpkg-dev make libgtest-dev python3-six unicode-data wine wine64)
windows_sources=(re2 pugixml fmtlib)
