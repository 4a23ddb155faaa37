./troth up 2>log >said &
curl -fsS -o ready --retry 60 --retry-delay 1 --retry-connrefused http://127.0.0.1:4000/-/ready
./troth backup --data troth-data --to troth-backup.db
kill "$(cat troth-data/troth.lock)"
tail --pid="$(cat troth-data/troth.lock)" -f /dev/null
