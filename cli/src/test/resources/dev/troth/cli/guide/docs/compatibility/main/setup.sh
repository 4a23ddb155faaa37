git init --quiet
mv order_placed.contract.yaml new.yaml
mv old.contract.yaml order_placed.contract.yaml
git add order_placed.contract.yaml
git commit --quiet --message "the contract"
git update-ref refs/remotes/origin/main HEAD
mv new.yaml order_placed.contract.yaml
