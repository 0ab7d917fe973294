#!/usr/bin/env bash
# Static checks by cppcheck, beside clang-tidy's (scripts/tidy.sh).  Status 1 when there is a finding.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if ! command -v cppcheck >/dev/null; then
  echo "cppcheck is missing: scripts/install_prerequisites.sh --reliability installs it" >&2
  exit 3
fi
# Headers of libraries are not read: missingInclude would name each.
exec cppcheck --enable=warning,performance,portability --std=c++20 --language=c++ --inline-suppr --error-exitcode=1 \
  --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro -I src -I include --quiet \
  src apps python/src fuzz
