// Registers, encodes, decodes, and is refused: node client.mjs REGISTRY_URL. Prints what happened as one JSON object.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry');

const registry = new SchemaRegistry({ host: process.argv[2], retry: { retries: 0 } });
const said = {};

const avro = (type) => JSON.stringify({
  type: 'record', name: 'Order', namespace: 'shop', fields: [{ name: 'amount', type }],
});
const json = (type) => JSON.stringify({
  type: 'object', required: ['amount'], properties: { amount: { type } },
});

async function kind(name, type, good, bad, value) {
  const subject = `${name}-value`;
  const { id } = await registry.register({ type, schema: good }, { subject });
  const again = await registry.register({ type, schema: good }, { subject });
  const bytes = await registry.encode(id, value);
  said[name] = {
    id,
    again: again.id,
    latest: await registry.getLatestSchemaId(subject),
    known: await registry.getRegistryId(subject, 1),
    found: await registry.getRegistryIdBySchema(subject, { type, schema: good }),
    magic: bytes[0],
    idInBytes: bytes.readInt32BE(1),
    decoded: await registry.decode(bytes),
  };
  try {
    await registry.register({ type, schema: bad }, { subject });
    said[name].refused = false;
  } catch (refused) {
    said[name].refused = refused.message;
    said[name].status = refused.status;
  }
}

await kind('avro', SchemaType.AVRO, avro('int'), avro('string'), { amount: 7 });
await kind('json', SchemaType.JSON, json('integer'), json('string'), { amount: 7 });
console.log(JSON.stringify(said));
