// node check.mjs FILE...: holds manifests against the schemas that Kubernetes publishes. Exit code 1 names each that differs.
import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";

/** Those schemas let unknown fields pass, which the server drops: so what the check of a schema never reads is unknown. */
function watched(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  const inner = new Map();
  for (const key of Object.keys(value)) {
    unread.add(`${path}/${key}`);
    inner.set(key, watched(value[key], `${path}/${key}`, unread));
  }
  return new Proxy(value, {
    get(target, key) {
      unread.delete(`${path}/${String(key)}`);
      return inner.has(key) ? inner.get(key) : target[key];
    },
  });
}

let wrong = 0;
let held = 0;
const refuse = (file, manifest, why) => {
  wrong++;
  console.error(`${file}: ${manifest.kind} ${manifest.metadata?.name}: ${why}`);
};
for (const file of process.argv.slice(2)) {
  for (const manifest of loadAll(readFileSync(file, "utf8"))) {
    if (manifest.kind === "Kustomization") continue;
    const { [manifest.kind]: Model } = await import(`kubernetes-models/${manifest.apiVersion}`);
    const unread = new Set();
    try {
      Model.prototype.validate.call(watched(manifest, "", unread));
      const unknown = [...unread].filter((path) => !["/apiVersion", "/kind"].includes(path));
      if (unknown.length) refuse(file, manifest, `unknown: ${unknown.join(", ")}`);
      else held++;
    } catch (error) {
      refuse(file, manifest, error.message);
    }
  }
}
console.log(`${held} manifests are such as Kubernetes takes them`);
process.exit(wrong ? 1 : 0);
