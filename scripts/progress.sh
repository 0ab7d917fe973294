# with_progress WHAT LOG COMMAND...: runs a command with its output in LOG.
#
# Silent for two seconds; then the time and the log's last line on standard error: in place on a terminal, every ten
# seconds elsewhere.  COMMAND has no input.  When it fails: the cause, that is the log from its first error on (or the
# log's end), and the command's own status.
# shellcheck shell=bash

with_progress() {
  local what=$1 log=$2 begin=$SECONDS next=2 seconds=0 status=0 last
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null &
  local pid=$!
  # shellcheck disable=SC2064
  trap "kill $pid 2>/dev/null; exit 130" INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    seconds=$((SECONDS - begin))
    if ((seconds < next)); then continue; fi
    last=$(tail -n 1 "$log" | tr -d '\r' | cut -c "1-$((${COLUMNS:-80} - ${#what} - 10))")
    if [ -t 2 ]; then
      printf '\r%s: %d s %s\033[K' "$what" "$seconds" "$last" >&2
    else
      echo "$what: $seconds s${last:+ }$last" >&2
      next=$((seconds / 10 * 10 + 10))
    fi
  done
  wait "$pid" || status=$?
  trap - INT TERM
  if [ -t 2 ] && ((seconds >= 2)); then printf '\r\033[K' >&2; fi
  if ((status != 0)); then
    echo "$what failed (status $status); all of it is in $log:" >&2
    show_cause "$log" >&2
  elif ((seconds >= 2)); then
    echo "$what: done in $seconds s" >&2
  fi
  return "$status"
}

# The log from its first error on, at most 40 lines; its last 20 lines when no line looks like an error.
show_cause() {
  local first
  first=$(grep -nEm1 '^(FAILED|E:|ERROR|CMake Error)|(^|[ :])(fatal )?error:' "$1" | cut -d: -f1) || true
  if [ -n "$first" ]; then
    sed -n "$first,$((first + 39))p" "$1"
  else
    tail -n 20 "$1"
  fi
}
