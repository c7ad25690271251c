import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createService } from '../src/service.js';

const server = createService();
let address;

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

test('says hello', async () => {
  const answer = await fetch(`${address}/api/hello`);
  assert.deepEqual(await answer.json(), { message: 'Hello from ${{ values.name }}' });
});

test('is alive and ready', async () => {
  for (const path of ['/health/live', '/health/ready']) {
    assert.equal((await fetch(address + path)).status, 200);
  }
});

test('counts requests', async () => {
  assert.equal((await fetch(`${address}/nothing-here`)).status, 404);
  assert.match(await (await fetch(`${address}/metrics`)).text(), /http_requests_total\{code="404"\} 1/);
});
