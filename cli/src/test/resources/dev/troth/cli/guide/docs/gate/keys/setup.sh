encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem
openssl pkey -in private.pem -pubout -out key.pem
signed="$(printf '{"alg":"RS256","typ":"JWT"}' | encode).$(printf '{"sub":"ann","aud":"billing","exp":%d}' $(($(date +%s) + 600)) | encode)"
printf '%s.%s' "$signed" "$(printf '%s' "$signed" | openssl dgst -sha256 -sign private.pem | encode)" >token
