./troth up 2>log >said &
curl -fsS -o ready --retry 60 --retry-delay 1 --retry-connrefused http://127.0.0.1:4000/-/ready
./troth contract publish order.contract.yaml
./troth contract pull order --as billing --out read
sed -i -e 's/1.0.0/1.2.0/' -e 's|type: string|type: [string, integer]|' order.contract.yaml
