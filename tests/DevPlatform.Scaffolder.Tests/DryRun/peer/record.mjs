// Writes golden.json: what a real Backstage makes of request.json with the files below files/. Arguments: the address of a running Backstage
// (benchmarks/peer; guest sign-in) and, if not guest, a token.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [address, given] = process.argv.slice(2);
const files = readdirSync(join(here, 'files'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
const request = JSON.parse(readFileSync(join(here, 'request.json'), 'utf8'));
request.directoryContents = files.map((file) => ({ path: relative(join(here, 'files'), file).split(sep).join('/'), base64Content: readFileSync(file).toString('base64') }));

const token = given ?? (await (await fetch(new URL('/api/auth/guest/refresh', address), { headers: { 'X-Requested-With': 'XMLHttpRequest' } })).json()).backstageIdentity.token;
const answer = await fetch(new URL('/api/scaffolder/v2/dry-run', address), {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  body: JSON.stringify(request),
});
const text = await answer.text();
if (!answer.ok) throw new Error(`${answer.status} ${text}`);
const golden = JSON.parse(text);
// Lines of actions name temporary folders and are Backstage's own; those of the run itself are compared.
golden.log = golden.log.map((line) => line.body).filter((body) => body.status);
golden.directoryContents.sort((a, b) => (a.path < b.path ? -1 : 1));
writeFileSync(join(here, 'golden.json'), `${JSON.stringify(golden, null, 1)}\n`);
console.log(`${golden.directoryContents.length} files, ${golden.log.length} lines`);
