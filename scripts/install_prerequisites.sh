#!/usr/bin/env bash
# Installs what the project needs from the distribution (Debian 12, Ubuntu 22.04 or later).  Says what it installs,
# asks nothing, does nothing when all is there.
#
#   scripts/install_prerequisites.sh               to build and run the converter
#   scripts/install_prerequisites.sh --apps        and for mo verify, validation_app and the samples
#   scripts/install_prerequisites.sh --package     and to make packages of it
#   scripts/install_prerequisites.sh --windows     and to build and try the converter for Windows
#   scripts/install_prerequisites.sh --test        and to run the tests, those of the applications too
#   scripts/install_prerequisites.sh --browser     and to try the pages of --graph and --report in a browser
#   scripts/install_prerequisites.sh --development and to check the sources' format and style
#   scripts/install_prerequisites.sh --reliability what --test does, and to fuzz and check the use of memory
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/packages.sh"
source "$root/scripts/progress.sh"

packages=("${build_packages[@]}")
case ${1:-} in
  '') ;;
  --apps) packages+=("${apps_packages[@]}") ;;
  --package) packages+=("${package_packages[@]}") ;;
  --windows) packages+=("${windows_packages[@]}") ;;
  --test) packages+=("${apps_packages[@]}" "${test_packages[@]}") ;;
  --browser) packages+=("${apps_packages[@]}" "${test_packages[@]}" "${browser_packages[@]}") ;;
  --development) packages+=("${apps_packages[@]}" "${test_packages[@]}" "${development_packages[@]}") ;;
  --reliability) packages+=("${apps_packages[@]}" "${test_packages[@]}" "${reliability_packages[@]}") ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "This system has no apt-get. Install the counterparts of these Debian packages, then run scripts/build.sh:" >&2
  echo "  ${packages[*]}" >&2
  exit 3
fi

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then exit 0; fi

echo "Installing ${missing[*]}" >&2
privilege=()
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "That needs root, and there is no sudo here. As root, run:" >&2
    echo "  apt-get install ${missing[*]}" >&2
    exit 3
  fi
  # The password, where sudo wants one, is asked for before output goes to a log.
  sudo -n true 2>/dev/null || sudo -v
  privilege=(sudo)
fi
apt=("${privilege[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300)
with_progress "Reading package lists" "$root/build/log/apt-update.log" "${apt[@]}" update
with_progress "Installing packages" "$root/build/log/apt-install.log" \
  "${apt[@]}" install --no-install-recommends "${missing[@]}"
