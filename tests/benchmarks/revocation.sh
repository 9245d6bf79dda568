#!/usr/bin/env bash
# How long a revoked holder's streams live: the time from `certs-tool revoke` returning to the client's end of stream, for each
# kind of stream, while another user's stream runs on and is compared by checksum.
#
#   tests/benchmarks/revocation.sh unix:///var/run/docker.sock [ROUNDS]
#
# Needs both programs built in Release, docker, openssl and script. Starts a gateway of its own on a free port.
set -uo pipefail
engine=${1:?usage: revocation.sh unix:///PATH [ROUNDS]} rounds=${2:-10}
root=$(cd "$(dirname "$0")/../.." && pwd)
gateway=$root/gateway/bin/Release/net10.0/gateway
certs=$root/certs-tool/bin/Release/net10.0/certs-tool
work=$(mktemp -d) port=$((20000 + RANDOM % 10000))
kinds=(exec-tty exec attach logs events stats wait upload build idle)

on_engine() { docker -H "$engine" "$@"; }
as() { local user=$1; shift; DOCKER_BUILDKIT=0 DOCKER_HOST=tcp://127.0.0.1:$port DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$work/pki/clients/$user "$@"; }

finish() {
  kill "$served" 2>/dev/null
  on_engine ps -aq --filter label=gateway.owner=bystander | xargs -r docker -H "$engine" rm -f >/dev/null
  for ((i = 1; i <= rounds; i++)); do on_engine ps -aq --filter "label=gateway.owner=round$i" | xargs -r docker -H "$engine" rm -f >/dev/null; done
  rm -rf "$work"
}
trap finish EXIT

clients=(--client bystander) users='  bystander: {roles: [developer]}'
for ((i = 1; i <= rounds; i++)); do clients+=(--client "round$i"); users+=$'\n'"  round$i: {roles: [developer]}"; done
"$certs" init --dir "$work/pki" --host 127.0.0.1 "${clients[@]}" >/dev/null || exit 1
mkdir "$work/policies" && cp "$root/policies/developer.yaml" "$work/policies/" && printf 'version: 1\nusers:\n%s\n' "$users" >"$work/policies/users.yaml"
"$gateway" serve -H "tcp://127.0.0.1:$port" --engine "$engine" --policies "$work/policies" --pki "$work/pki" --audit-log "$work/audit.log" 2>"$work/log" &
served=$!
until grep -q 'listening on' "$work/log"; do kill -0 "$served" || { cat "$work/log"; exit 1; }; sleep 0.1; done

# stream NAME COMMAND…: runs it, and notes when it ended.
stream() {
  local name=$1; shift
  exec 3<&0
  { "$@" <&3 >"$work/$name.out" 2>&1; date +%s%N >"$work/$name.end"; } &
  exec 3<&-
}

# A tar archive that goes on for ever.
slow_tar() { tar c -C "$work" --transform 's/stream.in/big/' stream.in | while head -c 16384; do sleep 0.05; done; }

# raw USER TARGET: one GET on a connection that is then left open.
raw() {
  openssl s_client -quiet -connect "127.0.0.1:$port" -CAfile "$work/pki/ca.pem" -cert "$work/pki/clients/$1/cert.pem" -key "$work/pki/clients/$1/key.pem" \
    < <(printf 'GET %s HTTP/1.1\r\nHost: x\r\n\r\n' "$2"; sleep 60)
}

as bystander docker run -d --name revocation-bystander busybox sleep 3600 >/dev/null
head -c 200000000 /dev/urandom >"$work/stream.in"
{ as bystander docker exec -i revocation-bystander cat <"$work/stream.in" | sha256sum >"$work/stream.sum"; } &
bystander=$!

declare -A worst
for kind in "${kinds[@]}"; do worst[$kind]=0; done
for ((i = 1; i <= rounds; i++)); do
  user=round$i
  as "$user" docker run -d --name "revocation-$i" busybox sh -c 'while :; do echo tick; sleep 0.1; done' >/dev/null
  rm -f "$work"/*.end
  stream exec-tty as "$user" script -qec "docker exec -it revocation-$i sh -c 'while :; do echo tick; sleep 0.1; done'" /dev/null
  stream exec as "$user" docker exec -i "revocation-$i" cat < <(while echo x; do sleep 0.1; done)
  stream attach as "$user" docker attach --no-stdin "revocation-$i"
  stream logs as "$user" docker logs -f "revocation-$i"
  stream events as "$user" docker events
  stream stats raw "$user" "/containers/revocation-$i/stats"
  stream wait as "$user" docker wait "revocation-$i"
  stream upload as "$user" docker cp - "revocation-$i:/tmp" < <(slow_tar)
  stream build as "$user" docker build -q - < <(slow_tar)
  stream idle raw "$user" /_ping
  sleep 3
  "$certs" revoke "$user" --dir "$work/pki" >/dev/null || exit 1
  revoked=$(date +%s%N)
  for ((n = 0; n < 60; n++)); do [[ $(find "$work" -name '*.end' | wc -l) -eq ${#kinds[@]} ]] && break; sleep 0.1; done
  for kind in "${kinds[@]}"; do
    [[ -f $work/$kind.end ]] || { echo "round $i: $kind did not end"; tail -c 300 "$work/$kind.out"; worst[$kind]=999999; continue; }
    ms=$((($(cat "$work/$kind.end") - revoked) / 1000000))
    printf '%-10s round %2d  %5d ms\n' "$kind" "$i" "$ms"
    ((ms > worst[$kind])) && worst[$kind]=$ms
  done
  [[ $(as "$user" docker ps 2>&1) == *'was revoked on'* ]] || echo "round $i: the next call was not refused in words"
done

wait "$bystander"
[[ $(sha256sum <"$work/stream.in") == "$(cat "$work/stream.sum")" ]] && echo "the bystander's stream: whole" || echo "the bystander's stream: DAMAGED"
echo "worst of $rounds:"
for kind in "${kinds[@]}"; do printf '  %-10s %5d ms\n' "$kind" "${worst[$kind]}"; done
grep -c RightsEnded "$work/audit.log" | sed 's/$/ records of ended rights/'
