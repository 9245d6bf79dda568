#!/usr/bin/env bash
# Everything that CI checks: format, build, unit tests, end-to-end tests on real engines, the policies' own tests.
# ./test.sh --quick leaves out what needs an engine. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")" || exit 1

quick=
case ${1:-} in
  '') ;;
  --quick) quick=yes ;;
  *) echo "test.sh: unknown option '$1' (only --quick is known)" >&2; exit 2 ;;
esac

passed=0 failed=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# step NAME COMMAND…: one check that passes or fails as a whole.
step() {
  local name=$1; shift
  echo "== $name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; return 1; fi
}

# tests PROJECT: runs one test project and adds up its cases.
tests() {
  local project=$1 trx="$results/$(basename "$1").trx" counts
  echo "== $project"
  dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$trx" --verbosity quiet || echo "FAILED: $project"
  counts=$(sed -n 's/.*<Counters .*passed="\([0-9]*\)" failed="\([0-9]*\)".*/\1 \2/p' "$trx" 2>/dev/null)
  if [[ -z $counts ]]; then failed=$((failed + 1)); return; fi
  passed=$((passed + ${counts% *})); failed=$((failed + ${counts#* }))
}

# cases DIR: the policies' own tests, through the command that an administrator uses; each rule and grant has one that it decides.
cases() {
  local output
  echo "== gateway policy test $1"
  if output=$(gateway/bin/Release/net10.0/gateway policy test "$1" --coverage-threshold 100) && [[ $output =~ ([0-9]+)\ passed,\ 0\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
  else failed=$((failed + 1)); fi
  echo "$output"
}

# need PROGRAM…: installs what the end-to-end tests use and this machine lacks.
need() {
  local program packages=()
  for program in "$@"; do
    case $program in
      docker) command -v docker >/dev/null || packages+=(docker.io) ;;
      python3-docker) /usr/bin/python3 -c 'import docker' 2>/dev/null || packages+=(python3-docker) ;;
      *) command -v "$program" >/dev/null || packages+=("$program") ;;
    esac
  done
  command -v script >/dev/null || packages+=(bsdutils)
  [[ ${#packages[@]} -eq 0 ]] && return
  echo "installing ${packages[*]}"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

finish() { echo "$passed passed, $failed failed"; [[ $failed -eq 0 && $passed -gt 0 ]]; exit; }

step restore dotnet restore Gateway.sln --locked-mode -v quiet || finish
step format dotnet format Gateway.sln --verify-no-changes --no-restore
step build dotnet build Gateway.sln -c Release --no-restore -v quiet --nologo || finish
tests tests/Gateway.Tests
need openssl
tests tests/CertsTool.Tests
cases policies
if [[ -z $quick ]]; then
  need docker python3-docker
  tests tests/Gateway.EndToEnd
fi
finish
