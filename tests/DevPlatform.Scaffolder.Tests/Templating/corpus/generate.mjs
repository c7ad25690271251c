// Writes golden.json; README.md describes it. Arguments: how many random templates (2000), their seed (1), the file to write.
import { writeFileSync } from 'node:fs';
import { createTemplateRenderer } from 'nunjitsu';
import { contexts } from './contexts.mjs';
import { syntax } from './syntax.mjs';
import { combinations, values } from './combinations.mjs';
import { generated } from './generated.mjs';

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

const [count = '2000', seed = '1', file = new URL('golden.json', import.meta.url)] = process.argv.slice(2);
const cases = [];
for (const entry of [...syntax, ...combinations(), ...generated(Number(count), Number(seed))]) {
  const [template, options = {}, context = 'plain'] = Array.isArray(entry) ? entry : [entry];
  cases.push([template, context, options, run(template, options, context, 'render')]);
}
for (const template of values) cases.push([template, 'plain', {}, run(template, {}, 'plain', 'renderValue')]);

const lines = cases.map((entry) => JSON.stringify(entry)).join(',\n');
writeFileSync(file, `{"contexts":${JSON.stringify(contexts)},\n"cases":[\n${lines}\n]}\n`);
console.log(`${cases.length} cases`);
