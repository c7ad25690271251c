// Contexts the corpus renders with, by name.
export const contexts = {
  plain: {
    name: 'orders', title: 'Order service', empty: '', zero: 0, one: 1, n: 42, half: 0.5, negative: -7.25, big: 123456789012345680000,
    tiny: 0.00000012, yes: true, no: false, nothing: null, list: [3, 1, 2], words: ['banana', 'Apple', 'cherry', 'apple'],
    nested: [[1, 2], [3, [4, 5]], []], mixed: [1, 'two', null, true, { a: 1 }, [9]], emptyList: [], emptyRecord: {},
    user: { name: 'Åsa', mail: 'asa@example.com', roles: ['dev', 'ops'], address: { city: 'Ö', zip: '1' } },
    people: [
      { name: 'Bo', age: 30, team: { id: 'a' }, active: true }, { name: 'al', age: 25, team: { id: 'b' }, active: false },
      { name: 'Cy', age: 30, team: { id: 'a' }, active: true },
    ],
    html: '<p class="x">a &amp; b</p> <b>bold</b>\n\n\n<i>it</i>', text: 'the quick brown fox jumps over the lazy dog',
    lines: 'one\ntwo\r\nthree\n\nfive', spaced: '  padded\t ', unicode: 'straße İstanbul ΣΑΣ ﬁn', url: 'see http://example.com/a?b=c, www.x.org. and me@x.com',
    arrayLike: { length: 2, 0: 'a', 1: 'b' }, indexed: { 10: 'ten', b: 1, 2: 'two', a: 2 }, numeric: '12', hex: '0x1F', float: '3.14abc', quote: '"\'\\/\u0001\u2028',
  },
  backstage: {
    values: {
      component_id: 'orders-api', owner: 'group:default/team-orders', description: 'Handles "orders"', port: 8080, tags: ['java', 'rest'],
      repoUrl: 'github.com?owner=acme&repo=orders', database: { enabled: true, size: 'small', replicas: 3 }, features: { cache: false, queue: true },
    },
    parameters: { name: 'orders', replicas: 2, env: 'production', labels: { app: 'orders', tier: 'backend' }, hosts: ['a.example', 'b.example'] },
    steps: { fetch: { output: { path: '/x', count: 3, list: [1, 2] } }, 'with-dash': { output: { url: 'https://x' } } },
    secrets: { TOKEN: 's3cr3t' }, user: { ref: 'user:default/asa', entity: { metadata: { name: 'asa' }, spec: { profile: { email: 'a@x' } } } },
  },
  cookiecutter: { cookiecutter: { project_name: 'My Project', project_slug: 'my-project', flags: ['a', 'b'], map: { k: 'v', n: 1 }, use: 'y' } },
};
