git init --quiet
git add order_placed.contract.yaml
git commit --quiet --message "the contract"
git update-ref refs/remotes/origin/main HEAD
sed -i -e 's/1.2.0/1.3.0/' -e 's/orderId/id/' -e 's/, email]/]/' -e 's/USD/USD, CHF/' -e 's/99.9/99.5/' order_placed.contract.yaml
