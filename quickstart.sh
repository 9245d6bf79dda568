#!/usr/bin/env bash
# From a fresh clone to a running gateway on tcp://127.0.0.1:2376: builds, finds or installs an engine, makes certificates and a
# starter policy in your own folders, starts the gateway and prints what to export. Ctrl-C stops it. A second run reuses them.
#   ./quickstart.sh [--yes] [--engine unix:///PATH]
set -euo pipefail
cd "$(dirname "$0")"

yes= engine=unix:///var/run/docker.sock
while [[ $# -gt 0 ]]; do
  case $1 in
    --yes) yes=yes ;;
    --engine) engine=${2:?"quickstart.sh: --engine needs an address"}; shift ;;
    -h|--help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "quickstart.sh: unknown option '$1'; known are --yes and --engine unix:///PATH" >&2; exit 2 ;;
  esac
  shift
done

say() { echo "quickstart: $*"; }
answers() { [[ -S ${engine#unix://} ]] && curl -fsS --max-time 5 --unix-socket "${engine#unix://}" http://docker/_ping >/dev/null 2>&1; }
as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi; }
agreed() { [[ -n $yes ]] && return; read -r -p "quickstart: $1 [y/N] " reply && [[ $reply == [yY]* ]]; }

command -v dotnet >/dev/null || { say "the .NET 10 SDK is missing: install it first" >&2; exit 1; }
if ! command -v curl >/dev/null; then
  agreed "install curl with apt?" || exit 1
  as_root apt-get update -qq && as_root apt-get install -y -qq curl
fi

say "building both programs"
dotnet build gateway -c Release -v quiet --nologo
dotnet build certs-tool -c Release -v quiet --nologo
gateway=$PWD/gateway/bin/Release/net10.0/gateway
certs_tool=$PWD/certs-tool/bin/Release/net10.0/certs-tool

started=
if ! answers; then
  if [[ $engine != unix:///var/run/docker.sock ]]; then say "no engine answers on $engine" >&2; exit 1; fi
  if ! command -v dockerd >/dev/null; then
    command -v apt-get >/dev/null || { say "no engine answers on $engine, and there is no apt to install one with" >&2; exit 1; }
    agreed "no engine answers on $engine; install Debian's docker.io?" || exit 1
    say "installing docker.io"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables
  fi
  if ! answers; then
    say "starting the engine"
    if [[ -d /run/systemd/system ]]; then as_root systemctl start docker
    else
      as_root sh -c 'setsid nohup dockerd >/var/log/dockerd-quickstart.log 2>&1 </dev/null & echo $! >/run/dockerd-quickstart.pid'
      started=$(cat /run/dockerd-quickstart.pid)
    fi
    for _ in $(seq 60); do answers && break; sleep 1; done
    answers || { say "the engine does not answer on $engine; see /var/log/dockerd-quickstart.log" >&2; exit 1; }
  fi
fi

person=$(id -un | tr '[:upper:]' '[:lower:]')
data=${XDG_DATA_HOME:-$HOME/.local/share}/docker-gateway
config=${XDG_CONFIG_HOME:-$HOME/.config}/docker-gateway
pki=$data/pki policies=$config/policies

if [[ -f $pki/ca.pem ]]; then say "using the certificates in $pki"
else
  mkdir -p "$data"
  "$certs_tool" init --dir "$pki" --client "$person" --host 127.0.0.1 --host localhost
fi
[[ -d $pki/clients/$person ]] || "$certs_tool" client "$person" --dir "$pki"

# A gateway obeys no policies that others can write.
umask 022
mkdir -p "$policies"
for role in policies/*.yaml; do
  [[ $role == *.test.yaml || -f $policies/${role##*/} ]] || cp "$role" "$policies/"
done
if [[ ! -f $policies/users.yaml ]]; then
  printf '# Who may do what: a role of the files beside this one for each certificate.\nversion: 1\nusers:\n  %s: {roles: [developer]}\n' "$person" >"$policies/users.yaml"
  say "wrote $policies/users.yaml: $person is a developer"
fi

cat <<EOF

In another terminal:
  export DOCKER_HOST=tcp://127.0.0.1:2376
  export DOCKER_TLS_VERIFY=1
  export DOCKER_CERT_PATH=$pki/clients/$person
  docker version

Ctrl-C stops the gateway.

EOF

stop() {
  trap - INT TERM EXIT
  kill -TERM "$child" 2>/dev/null || true
  wait "$child" 2>/dev/null || true
  if [[ -n $started ]]; then say "stopping the engine"; as_root kill "$started" 2>/dev/null || true; fi
}
"$gateway" serve -H tcp://127.0.0.1:2376 --engine "$engine" --pki "$pki" --policies "$policies" --audit-log "$data/audit.log" &
child=$!
trap stop INT TERM EXIT
wait "$child"
