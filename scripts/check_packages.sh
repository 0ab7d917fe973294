#!/usr/bin/env bash
# Builds the packages and uses them in a bare Debian 12, as on a clean machine: the archive's program before anything is
# installed, then the Debian package, its library with a compiler, and its removal.  Needs root, for chroot.
#
#   scripts/check_packages.sh [FOLDER OF A BARE DEBIAN]     made in build/bookworm by debootstrap, and copied for each run
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$repository/scripts/progress.sh"
log=$repository/build/log
source "$repository/scripts/bare_system.sh"
"$repository/scripts/build_packages.sh" "$work/dist" >/dev/null
make_system "${1:-$repository/build/bookworm}"
cp "$work"/dist/* "$system/srv"
cp "$repository"/examples/digits/digits.{caffemodel,prototxt} "$system/srv"

"$repository/build/release/bin/mo" --input_model "$repository/examples/digits/digits.caffemodel" --output_dir "$work/expected" \
  --silent >/dev/null
converts() {  # with the program given, the same bytes as in the build
  inside "$@" --input_model /srv/digits.caffemodel --output_dir /srv/out --silent >/dev/null
  for kind in xml bin mapping; do cmp "$system/srv/out/digits.$kind" "$work/expected/digits.$kind"; done
  rm -r "$system/srv/out"
}

archive=$(basename "$work"/dist/*.tar.gz)
inside tar -xzf "/srv/$archive" -C /opt
program=/opt/${archive%.tar.gz}/bin/mo
converts "$program"
inside mv "/opt/${archive%.tar.gz}" "/srv/a folder"
converts "/srv/a folder/bin/mo"
needs=$(objdump -p "$system/srv/a folder/bin/mo" | awk '$1 == "NEEDED" { print $2 }' | sort | tr '\n' ' ')
for library in $needs; do
  case $library in
    libc.so.6 | libm.so.6 | ld-linux-*) ;;
    *) echo "the archive's program needs $library" >&2; exit 1 ;;
  esac
done
oldest=$(objdump -T "$system/srv/a folder/bin/mo" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1)
if [ "$(printf '%s\n' GLIBC_2.35 "$oldest" | sort -V | tail -1)" != GLIBC_2.35 ]; then
  echo "the archive's program needs $oldest: Ubuntu 22.04 has 2.35" >&2
  exit 1
fi
echo "$archive: $(stat -c %s "$work/dist/$archive") bytes, converts; needs $needs($oldest)"

package=$(basename "$work"/dist/*.deb)
with_progress "Reading package lists" "$log/check-apt.log" inside apt-get update
with_progress "Installing the Debian package" "$log/check-deb.log" inside apt-get -y --no-install-recommends install "/srv/$package"
converts mo
inside mo --version | head -1
test -s "$system/usr/share/man/man1/mo.1"
echo "$package: $(stat -c %s "$work/dist/$package") bytes, installs and converts"

with_progress "Installing a compiler" "$log/check-compiler.log" inside apt-get -y --no-install-recommends install g++ pkg-config
cat >"$system/srv/application.cpp" <<'CPP'
#include <iostream>
#include <mo/converter.hpp>
int main(int, char** argv) { std::cout << mo::convert_model({.input_model = argv[1]}).outputs.at(0).name << '\n'; }
CPP
inside sh -ec 'cd /srv && g++ -std=c++20 application.cpp $(pkg-config --cflags --libs model_optimizer) -o application'
test "$(inside /srv/application /srv/digits.caffemodel)" = prob
echo "a program builds against the installed library and runs"

with_progress "Removing it" "$log/check-remove.log" inside apt-get -y purge caffe-model-optimizer
left=$(find "$system/usr" -name '*model_optimizer*' -o -name 'caffe-model-optimizer*' -o -name mo -type f)
test -z "$left" || { echo "left behind: $left" >&2; exit 1; }
