// Confluent's own client against a registry: node client.mjs REGISTRY_URL. Prints what happened as one JSON object.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const {
  SchemaRegistryClient, AvroSerializer, AvroDeserializer, JsonSerializer, JsonDeserializer, SerdeType, Compatibility,
} = require('@confluentinc/schemaregistry');

const client = new SchemaRegistryClient({ baseURLs: [process.argv[2]] });
const said = {};

const avro = (type) => JSON.stringify({
  type: 'record', name: 'Order', namespace: 'shop', fields: [{ name: 'amount', type }],
});
const json = (type) => JSON.stringify({
  type: 'object', required: ['amount'], properties: { amount: { type } },
});

async function status(work) {
  try {
    return await work();
  } catch (refused) {
    return { status: refused.status, errorCode: refused.errorCode };
  }
}

async function kind(name, schemaType, good, bad, Serializer, Deserializer) {
  const subject = `${name}-value`;
  const info = { schemaType, schema: good };
  const full = await client.registerFullResponse(subject, info);
  const other = { schemaType, schema: bad };
  const latest = await client.getLatestSchemaMetadata(subject);
  const serializer = new Serializer(client, SerdeType.VALUE, { useLatestVersion: true });
  const deserializer = new Deserializer(client, SerdeType.VALUE, {});
  const bytes = await serializer.serialize(name, { amount: 7 });
  said[name] = {
    id: full.id,
    again: await client.register(subject, info),
    latest: latest.id,
    guid: latest.guid,
    byGuid: (await client.getByGuid(latest.guid)).schema,
    byId: (await client.getBySubjectAndId(subject, full.id)).schema,
    known: await client.getId(subject, info),
    version: await client.getVersion(subject, info),
    versions: await client.getAllVersions(subject),
    magic: bytes[0],
    idInBytes: bytes.readInt32BE(1),
    decoded: await deserializer.deserialize(name, bytes),
    compatible: await client.testCompatibility(subject, 1, other),
    refused: await status(() => client.register(subject, other)),
    invalid: await status(async () => serializer.serialize(name, { amount: 'seven' }).then(() => 'taken', () => 'refused')),
  };
}

await kind('avro', 'AVRO', avro('int'), avro('string'), AvroSerializer, AvroDeserializer);
await kind('json', 'JSON', json('integer'), json('string'), JsonSerializer, JsonDeserializer);

await client.register('labelled-value', {
  schemaType: 'JSON', schema: json('integer'), metadata: { properties: { team: 'sales' } },
});
said.labelled = (await client.getLatestWithMetadata('labelled-value', { team: 'sales' })).version;
said.otherLabel = await status(() => client.getLatestWithMetadata('labelled-value', { team: 'ops' }));
said.defaultLevel = await client.getDefaultCompatibility();
said.level = await client.updateCompatibility('json-value', Compatibility.Full ?? 'FULL');
said.levelOf = await client.getCompatibility('json-value');
said.config = await client.updateConfig('json-value', { compatibility: 'NONE', normalize: true });
said.configOf = await client.getConfig('json-value');
said.subjects = await client.getAllSubjects();
said.deletedVersion = await client.deleteSubjectVersion('json-value', 1);
said.purgedVersion = await client.deleteSubjectVersion('json-value', 1, true);
said.gone = await status(() => client.getAllVersions('json-value'));
said.deleted = await client.deleteSubject('avro-value');
said.purged = await client.deleteSubject('avro-value', true);
said.left = await client.getAllSubjects();
await client.close();
console.log(JSON.stringify(said));
