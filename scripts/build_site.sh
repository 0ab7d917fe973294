#!/usr/bin/env bash
# Builds the documentation as a site, build/site/index.html, with MkDocs in an environment of its own.  Dead links, missing
# anchors and pages that are in no navigation are errors.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/progress.sh"

venv=$root/build/site-venv
requirements=$root/docs/requirements.txt
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
  [ -x "$venv/bin/python" ] || with_progress "Making build/site-venv" "$root/build/log/site-venv.log" python3 -m venv "$venv"
  with_progress "Installing MkDocs" "$root/build/log/site-pip.log" \
    "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off -r "$requirements"
  cp "$requirements" "$venv/requirements.txt"
fi
"$venv/bin/python" "$root/scripts/site_pages.py" "$root/build/site-source"
with_progress "Building the site" "$root/build/log/site.log" env NO_MKDOCS_2_WARNING=1 \
  "$venv/bin/mkdocs" build --quiet --strict --clean --config-file "$root/build/site-source/mkdocs.yml"
echo "The site is $root/build/site/index.html"
