#!/usr/bin/env bash
# Sourced by scripts that try something on a machine that has nothing yet; needs $repository, $log and progress.sh.
#
#   make_system FOLDER   copies the bare Debian 12 in FOLDER, made by debootstrap where there is none, to $system
#   inside COMMAND ...   runs a command in it, as root with an empty environment
#
# $work is a folder for all else; both are removed at the end.
if [ "$(id -u)" != 0 ]; then
  echo "This needs root: it works in a system of its own." >&2
  exit 3
fi
work=$(mktemp -d)
system=$work/system

finish() {
  for place in dev proc; do
    mountpoint -q "$system/$place" && umount -l "$system/$place"
  done
  rm -rf --one-file-system "$work"
}
trap finish EXIT

make_system() {
  if [ ! -x "$1/usr/bin/apt-get" ]; then
    command -v debootstrap >/dev/null || { echo "debootstrap is missing: scripts/install_prerequisites.sh --development" >&2; exit 3; }
    with_progress "Making a bare Debian 12" "$log/debootstrap.log" debootstrap --variant=minbase bookworm "$1.part"
    mv "$1.part" "$1"
  fi
  cp -a "$1" "$system"
  mount -t proc proc "$system/proc"
  mount --bind /dev "$system/dev"
  cp /etc/resolv.conf "$system/etc/resolv.conf"
}

inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv DEBIAN_FRONTEND=noninteractive chroot "$system" "$@"; }
