// Writes golden.json and older.json; README.md describes them. Arguments: how many random templates must render (2000), their seed (1), the folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTemplateRenderer } from 'nunjitsu';
import nunjucks from 'nunjucks';
import { contexts } from './contexts.mjs';
import { syntax } from './syntax.mjs';
import { combinations, values } from './combinations.mjs';
import { generated } from './generated.mjs';
import { older } from './older.mjs';

const renderers = new Map();
function rendererFor(options) {
  const key = JSON.stringify(options);
  if (!renderers.has(key)) renderers.set(key, createTemplateRenderer({ ...options, allowRegexExecution: true }));
  return renderers.get(key);
}

function run(template, options, context, method) {
  try {
    const result = rendererFor(options)[method](template, contexts[context]);
    return method === 'render' ? { output: result } : result === undefined ? { undefined: true } : { value: result };
  } catch (error) {
    return { error: error.code ?? error.name, line: error.line, column: error.column };
  }
}

// As the releases before 1.55 set it up.
function runOlder(template) {
  try {
    const environment = new nunjucks.Environment([], { autoescape: false, tags: { variableStart: '${{', variableEnd: '}}' } });
    return { output: environment.renderString(template, structuredClone(contexts.plain)) };
  } catch {
    return { error: true };
  }
}

const [count = '2000', seed = '1', folder = fileURLToPath(new URL('.', import.meta.url))] = process.argv.slice(2);
const cases = [];
function add(entry) {
  const [template, options = {}, context = 'plain'] = Array.isArray(entry) ? entry : [entry];
  const result = run(template, options, context, 'render');
  cases.push([template, context, options, result]);
  return 'output' in result;
}

for (const entry of [...syntax, ...combinations()]) add(entry);
const first = cases.length;
let rendered = 0;
for (const entry of generated(Infinity, Number(seed))) {
  if (add(entry) && ++rendered === Number(count)) break;
}
const random = cases.length - first;
for (const template of values) cases.push([template, 'plain', {}, run(template, {}, 'plain', 'renderValue')]);

const lines = (entries) => entries.map((entry) => JSON.stringify(entry)).join(',\n');
writeFileSync(join(folder, 'golden.json'), `{"contexts":${JSON.stringify(contexts)},\n"generated":[${first},${random}],\n"cases":[\n${lines(cases)}\n]}\n`);
writeFileSync(join(folder, 'older.json'), `[\n${lines(older.map((template) => [template, run(template, {}, 'plain', 'render'), runOlder(template)]))}\n]\n`);
console.log(`${cases.length} cases, ${rendered} of the random ones render; ${older.length} of older releases`);
