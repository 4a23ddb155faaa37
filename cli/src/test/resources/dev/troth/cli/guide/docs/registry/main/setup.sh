./troth up 2>log >said &
curl -fsS -o ready --retry 60 --retry-delay 1 --retry-connrefused http://127.0.0.1:4000/-/ready
