git init --quiet
git add price.contract.yaml
git commit --quiet --message "the contract"
git update-ref refs/remotes/origin/main HEAD
sed -i -e 's/1.0.0/1.1.0/' -e 's/scale: 2/scale: 4/' price.contract.yaml
