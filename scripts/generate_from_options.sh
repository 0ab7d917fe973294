#!/usr/bin/env bash
# Writes anew what is made of the option table: shell completion, manual page, and the table in docs/cli.md.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mo=${MO_BINARY:-$root/build/release/bin/mo}

mkdir -p "$root/scripts/completion"
"$mo" --generate mo.bash >"$root/scripts/completion/mo.bash"
"$mo" --generate _mo >"$root/scripts/completion/_mo"
"$mo" --generate mo.1 >"$root/docs/mo.1"

page=$root/docs/cli.md
{
  sed '/<!-- options: begin -->/q' "$page"
  echo
  "$mo" --generate options.md
  echo
  sed -n '/<!-- options: end -->/,$p' "$page"
} >"$page.new"
mv "$page.new" "$page"
