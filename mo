#!/bin/sh
# Runs the converter, build/release/bin/mo, with the arguments given.  Nothing else happens when it is there and
# no commit was checked out since it was built; otherwise this installs what is missing and builds first.
# `./mo apps` installs and builds the applications, which `./mo verify` is one of.
if [ -L "$0" ]; then
  root=$(dirname "$(readlink -f "$0")")
else
  root=${0%/*}
  [ "$root" != "$0" ] || root=.
fi
if [ "$1" = apps ]; then
  shift
  exec "$root/scripts/apps.sh" "$@"
fi
program=$root/build/release/bin/mo
# git appends to logs/HEAD whenever HEAD moves: pull, checkout, commit.
if [ ! -x "$program" ] || [ "$root/.git/logs/HEAD" -nt "$root/build/release/built" ]; then
  "$root/scripts/install_prerequisites.sh" && "$root/scripts/build.sh" release || {
    echo "mo: the converter could not be built; the cause is above." >&2
    exit 3
  }
fi
exec "$program" "$@"
