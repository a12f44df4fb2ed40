#!/usr/bin/env bash
# From sign-in to a scheduled campaign's delivery report, with curl. A test runs this file as it stands
# (test/journeys/campaigns/example.test.ts). Needs curl and Node.
#
#   PREGONERO_URL  http://127.0.0.1:8080
#   EMAIL, PASSWORD, TOTP_SECRET  of an owner, editor or agent (no TOTP_SECRET: no second factor)
#   CONTACTS       ids of contacts, with commas between
#   STARTS_AT, TIME_ZONE  such as 2026-12-01T09:00 and America/Costa_Rica; none: now
set -euo pipefail

api="$PREGONERO_URL/api/v1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One field of the JSON on standard input, such as `field state` or `field bots.0.id`.
field() {
  node -e 'let v = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const key of process.argv[1].split(".")) v = v?.[key];
    console.log(typeof v === "object" ? JSON.stringify(v) : String(v))' "$1"
}

# call METHOD PATH [BODY] [more of curl]: cookies are kept, the CSRF token goes back as a header. Prints the body;
# the headers of the answer are in $work/headers.
call() {
  local method=$1 path=$2 body=${3-} csrf
  shift 2
  [ $# -gt 0 ] && shift
  csrf=$(awk '$6 ~ /csrf$/ { print $7 }' "$work/cookies" 2>/dev/null || true)
  curl --silent --show-error --fail-with-body --cookie "$work/cookies" --cookie-jar "$work/cookies" \
    --dump-header "$work/headers" --request "$method" --header "x-csrf-token: $csrf" \
    ${body:+--header "content-type: application/json" --data "$body"} "$@" "$api$path"
}

# The ETag of the last answer: whoever changes something says what they read.
etag() { awk 'tolower($1) == "etag:" { print $2 }' "$work/headers" | tr -d '\r'; }

totp() {
  node -e 'const { createHmac } = require("crypto");
    const bits = [...process.argv[1]].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
    const hash = createHmac("sha1", key).update(step).digest();
    const at = hash[19] & 15;
    console.log(String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0"))' "$1"
}

echo "== sign in"
touch "$work/cookies"
call GET /session > "$work/answer"
call POST /session "{\"email\": \"$EMAIL\", \"password\": \"$PASSWORD\"}" > "$work/answer"
if [ "$(field state < "$work/answer")" = totp-needed ]; then
  call POST /session/totp "{\"code\": \"$(totp "$TOTP_SECRET")\"}" > "$work/answer"
fi
field state < "$work/answer"

echo "== the first Telegram bot"
bot=$(call GET /bots | node -e 'const { bots } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(bots.find(({ channel }) => channel === "telegram").id)')
echo "$bot"

echo "== write it; the same key again makes no second one"
draft="{\"name\": \"Corte de agua\", \"bots\": [\"$bot\"],
  \"text\": \"Hola {nombre|vecina o vecino}: *mañana* no hay agua de 8 a 12.\"}"
key=$(node -p 'crypto.randomUUID()')
id=$(call POST /campaigns "$draft" --header "Idempotency-Key: $key" | field id)
[ "$(call POST /campaigns "$draft" --header "Idempotency-Key: $key" | field id)" = "$id" ]
call GET "/campaigns/$id" | field state

echo "== what Telegram would show"
call POST "/campaigns/$id/preview" '{"values": {"nombre": "Ana"}}' | field previews.0.messages

echo "== to whom"
contacts=$(node -p 'JSON.stringify(process.argv[1].split(","))' "$CONTACTS")
call GET "/campaigns/$id" > "$work/answer"
call PUT "/campaigns/$id/audience" "{\"kind\": \"contacts\", \"contacts\": $contacts}" \
  --header "If-Match: $(etag)" > "$work/answer"

echo "== who would get it, and who not"
call GET "/campaigns/$id/dry-run?limit=3" | field outcomes

echo "== send it"
call GET "/campaigns/$id" > "$work/answer"
when=${STARTS_AT:+"\"startsAt\": \"$STARTS_AT\", \"timeZone\": \"$TIME_ZONE\""}
call POST "/campaigns/$id/schedule" "{${when-}}" --header "If-Match: $(etag)" \
  --header "Idempotency-Key: $(node -p 'crypto.randomUUID()')" > "$work/answer"
field startsAt < "$work/answer"

echo "== until it is done"
for _ in $(seq 600); do
  call GET "/campaigns/$id" > "$work/answer"
  state=$(field state < "$work/answer")
  [ "$state" = done ] && break
  sleep 0.5
done
field counts < "$work/answer"
[ "$state" = done ]

echo "== the delivery report"
call GET "/campaigns/$id/report.csv"
