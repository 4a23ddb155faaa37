git init --quiet
git add pay.contract.yaml
git commit --quiet --message "the contract"
git update-ref refs/remotes/origin/main HEAD
sed -i -e 's/1.0.0/1.1.0/' -e 's/amt > 0/amt > 10/' pay.contract.yaml
