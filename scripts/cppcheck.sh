#!/usr/bin/env bash
# Static checks by cppcheck, beside clang-tidy's (scripts/tidy.sh).  Status 1 when there is a finding.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if ! command -v cppcheck >/dev/null; then
  echo "cppcheck is missing: scripts/install_prerequisites.sh --reliability installs it" >&2
  exit 3
fi
# Left out:
#   missingInclude...    headers of libraries are not read, and each would be named
#   accessMoved          moves into both branches of a ?:, and into functions that do not return, are taken for two
#   returnStdMoveLocal   a part of a local variant is not moved by itself
#   constStatement       a subscript behind float{} is taken for a statement
#   cppcheckError        version 2.10 fails on this one file ("Cyclic reverse analysis")
#   passedByValue        clang-tidy looks for it, and knows what is moved
exec cppcheck --enable=warning,performance,portability --std=c++20 --language=c++ --inline-suppr --error-exitcode=1 \
  --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro \
  --suppress=accessMoved --suppress=returnStdMoveLocal --suppress=constStatement --suppress=passedByValue \
  --suppress=cppcheckError:src/passes/legacy_layers.cpp -I src -I include --quiet \
  src apps python/src fuzz
