encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
token() {
  signed="$(printf '{"alg":"HS256","typ":"JWT","kid":"%s"}' "$1" | encode).$(printf '{"sub":"%s","client_id":"%s","exp":%d}' "$3" "$4" $(($(date +%s) + 600)) | encode)"
  printf '%s.%s' "$signed" "$(printf '%s' "$signed" | openssl dgst -sha256 -hmac "$2" -binary | encode)"
}
ask() {
  for i in $(seq "$1"); do
    curl -fsS -o answer -H "authorization: Bearer $2" -H 'x-original-method: GET' -H 'x-original-uri: /orders' http://127.0.0.1:3000/auth
  done
}
./troth gate run --secret-file secrets.json --record verdicts.jsonl --path-from x-original >said 2>&1 &
gate=$!
curl -fsS -o ready --retry 60 --retry-delay 1 --retry-connrefused http://127.0.0.1:3000/-/ready
former='one secret of thirty-two bytes, and some'
newer='another secret of thirty-two bytes, and more'
ask 3 "$(token 2026-01 "$former" b billing-svc)"
ask 2 "$(token 2026-02 "$newer" a orders-svc)"
ask 2 "$(token 2026-02 "$newer" c stock-svc)"
kill "$gate"
wait "$gate" || true
