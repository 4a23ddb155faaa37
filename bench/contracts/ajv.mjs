// Measures ajv with JSON.parse on the documents of each schema: node ajv.mjs DIR SECONDS. One line a schema: name, ns CPU per document, valid.
import {readFileSync, readdirSync, existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [dir, seconds] = [resolve(process.argv[2]), Number(process.argv[3])];
const require = createRequire(join(dir, 'package.json'));
const load = name => { const module = require(name); return module.default ?? module; };
const classes = {'2020-12': 'ajv/dist/2020', '2019-09': 'ajv/dist/2019', 'draft-04': 'ajv-draft-04'};

function validator(folder, unicode) {
  const schema = JSON.parse(readFileSync(join(folder, 'schema.json')));
  const draft = Object.keys(classes).find(key => String(schema.$schema).includes(key));
  const Ajv = load(draft ? classes[draft] : 'ajv');
  const ajv = new Ajv({strict: false, validateSchema: false, logger: false, unicodeRegExp: unicode});
  load('ajv-formats')(ajv);
  for (const file of readdirSync(join(folder, 'more'))) {
    ajv.addSchema({...JSON.parse(readFileSync(join(folder, 'more', file))), $id: new URL(file, schema.$id).href});
  }
  return ajv.compile(schema);
}

const cpu = () => { const {user, system} = process.cpuUsage(); return (user + system) * 1000; };

for (const name of readdirSync(join(dir, 'schemas')).sort()) {
  const folder = join(dir, 'schemas', name);
  if (!existsSync(join(folder, 'documents.jsonl'))) continue;
  try {
    let validate;
    try {
      validate = validator(folder, true);
    } catch (e) {
      // A pattern that is an error in Unicode mode.
      validate = validator(folder, false);
    }
    const documents = readFileSync(join(folder, 'documents.jsonl')).toString().split('\n').filter(Boolean).map(line => Buffer.from(line));
    let valid = documents.filter(document => validate(JSON.parse(document))).length;
    let sink = 0;
    const run = duration => {
      const until = performance.now() + duration;
      let count = 0;
      do {
        for (const document of documents) if (validate(JSON.parse(document))) sink++;
        count += documents.length;
      } while (performance.now() < until);
      return count;
    };
    run(seconds * 600);
    const start = cpu();
    const count = run(seconds * 400);
    const best = (cpu() - start) / count;
    console.log([name, Math.round(best), `${valid}/${documents.length}`].join('\t'));
  } catch (e) {
    console.log([name, 'error', String(e.message).slice(0, 100)].join('\t'));
  }
}
