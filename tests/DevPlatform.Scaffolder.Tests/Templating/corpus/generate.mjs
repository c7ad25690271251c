// Writes golden.json: each case is [template, context, options, result]; see README.md.
import { writeFileSync } from 'node:fs';
import { createTemplateRenderer } from 'nunjitsu';
import { contexts } from './contexts.mjs';
import { syntax } from './syntax.mjs';
import { combinations, values } from './combinations.mjs';

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

const cases = [];
for (const entry of [...syntax, ...combinations()]) {
  const [template, options = {}, context = 'plain'] = Array.isArray(entry) ? entry : [entry];
  cases.push([template, context, options, run(template, options, context, 'render')]);
}
for (const template of values) cases.push([template, 'plain', {}, run(template, {}, 'plain', 'renderValue')]);

const lines = cases.map((entry) => JSON.stringify(entry)).join(',\n');
writeFileSync(new URL('golden.json', import.meta.url), `{"contexts":${JSON.stringify(contexts)},\n"cases":[\n${lines}\n]}\n`);
console.log(`${cases.length} cases`);
