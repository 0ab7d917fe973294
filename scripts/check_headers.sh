#!/usr/bin/env bash
# Checks that everything in the public headers is documented: Doxygen, whose warnings are errors.  --html FOLDER also
# keeps its pages.
#
#   scripts/check_headers.sh [--html FOLDER] [FOLDER OF HEADERS]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if ! command -v doxygen >/dev/null; then
  echo "doxygen is missing, the headers are not checked: scripts/install_prerequisites.sh --development installs it" >&2
  exit 0
fi
html=
if [ "${1:-}" = --html ]; then
  html=$2
  shift 2
fi
headers=${1:-$root/include/mo}
generated=
[ $# -gt 0 ] || generated=$root/cmake/version.hpp.in
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  echo "PROJECT_NAME = Model Optimizer for Caffe"
  echo "INPUT = $headers $generated"
  echo "STRIP_FROM_PATH = $(dirname "$headers")"
  echo "OUTPUT_DIRECTORY = ${html:-$work}"
  if [ -n "$html" ]; then
    echo "HTML_OUTPUT = ."
  else
    echo "GENERATE_HTML = NO"
    echo "GENERATE_XML = YES"
  fi
  cat <<'SETTINGS'
RECURSIVE = YES
FILE_PATTERNS = *.h *.hpp *.hpp.in
EXTENSION_MAPPING = in=C++
GENERATE_LATEX = NO
QUIET = YES
WARN_IF_UNDOCUMENTED = YES
WARN_NO_PARAMDOC = NO
WARN_AS_ERROR = FAIL_ON_WARNINGS
ENABLE_PREPROCESSING = YES
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = __GNUC__=4 MO_CONVERTER_API=
EXCLUDE_SYMBOLS = *::detail *::detail::*
SETTINGS
} >"$work/Doxyfile"
doxygen "$work/Doxyfile" >&2
echo "the public headers are documented"
