#!/usr/bin/env bash
# Runs the tests of the site's state, unless this build has no site.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -f target/classes/console/absent.txt ]; then
  echo "console: its unit tests are skipped: $(cat target/classes/console/absent.txt)" >&2
  exit 0
fi
. tools/node.sh
use_node
node node_modules/vitest/vitest.mjs run --reporter=agent > target/unit-tests.log 2>&1 ||
  { cat target/unit-tests.log >&2; exit 1; }
