git init --quiet
git add order_placed_v1.json
git commit --quiet --message "the schema"
git update-ref refs/remotes/origin/main HEAD
sed -i 's/"properties": {/"properties": {"note": {"type": "string"}, /' order_placed_v1.json
