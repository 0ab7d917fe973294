#!/usr/bin/env bash
# Builds mo.exe and tries it in Wine: what it needs of the system, that its files are those of the Linux build, byte by
# byte, and the tests of behaviour.
#
#   scripts/check_windows.sh [FOLDER OF MODELS ...]     whose files are compared too
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/progress.sh"
cd "$root"
scripts/build_windows.sh -DMO_WERROR=ON
scripts/build.sh release
scripts/python_environment.sh
program=$root/build/windows/bin/mo.exe

needs=$(x86_64-w64-mingw32-objdump -p "$program" | awk '$1 == "DLL" { print tolower($3) }' | sort | tr '\n' ' ')
for library in $needs; do
  case $library in
    kernel32.dll | msvcrt.dll | shell32.dll) ;;
    *) echo "mo.exe needs $library" >&2; exit 1 ;;
  esac
done
echo "mo.exe: $(stat -c %s "$program") bytes, needs $needs"

# One Wine for the whole run, in a folder of its own.
export WINEPREFIX=$root/build/wine WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml=
wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
work=$(mktemp -d)
finish() {
  wineserver -k || true
  rm -rf "$work"
}
trap finish EXIT
wineserver -p
with_progress "Starting Wine" build/log/wine.log "$wine" "$program" --version
cat >"$work/mo" <<EOT
#!/bin/sh
exec "$wine" "$program" "\$@"
EOT
chmod +x "$work/mo"
"$work/mo" --version

models=()
for folder in "$@"; do models+=(--models "$folder"); done
build/venv/bin/python scripts/compare_windows.py "${models[@]}" build/release/bin/mo "$work/mo"

echo "Tests of behaviour with mo.exe:"
cd tests
MO_BINARY=$work/mo ../build/venv/bin/python -m pytest -q -p no:cacheprovider -n 2 "${windows_tests[@]}"
