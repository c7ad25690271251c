// Templates from a random grammar. The same seed gives the same templates.
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const names = ['name', 'title', 'empty', 'zero', 'one', 'n', 'half', 'negative', 'yes', 'no', 'nothing', 'missing', 'list', 'words', 'nested', 'mixed', 'emptyList', 'user', 'people', 'html', 'text', 'lines', 'numeric', 'indexed', 'a', 'b', 'i', 'loop', 'm'];
const literals = ['0', '1', '2', '3', '10', '1.5', '0.1', '"x"', "'orders'", '""', '" a b "', '"1"', 'true', 'false', 'none', '[]', '{}', '"a,b,c"', '"é\\n"'];
const members = ['name', 'length', 'age', 'team', 'id', 'roles', 'address', 'city', 'index', 'last', 'first'];
// Per kind: values, methods and filters that fit together, so that most templates render.
const kinds = [
  {
    values: ['name', 'title', 'text', 'lines', 'html', 'numeric', 'user.name', 'words[1]', '"a,b,c"', "'orders'", '(n ~ "x")', '("a" if yes else "b")'],
    methods: ['split(",")', 'toUpperCase()', 'slice(1)', 'includes("a")', 'indexOf("r")', 'replace("o", "0")', 'trim()', 'substring(1, 3)', 'startsWith("o")', 'concat("!")', 'charAt(1)', 'split(" ").length', 'length', 'toLowerCase()', 'replace(r/[aeiou]/g, "<$&>")'],
    filters: ['upper', 'lower', 'title', 'capitalize', 'trim', 'length', 'first', 'last', 'default("d")', 'dump', 'replace("a", "b")', 'replace(r/[a-m]/g, "_")', 'reverse', 'int', 'string', 'list', 'safe', 'e', 'indent(2)', 'wordcount', 'truncate(5)', 'urlencode', 'center(12)', 'striptags', 'nl2br', 'urlize'],
  },
  {
    values: ['list', 'words', 'nested', 'mixed', 'emptyList', 'user.roles', 'range(4)', '[n, one]', 'list | sort', '(words + "").split(",")', 'people'],
    methods: ['join("-")', 'slice(1)', 'includes(1)', 'indexOf(2)', 'concat([1])', 'push(5)', 'pop()', 'reverse()', 'sort()', 'at(-1)', 'flat()', 'length', 'shift()', 'splice(1, 1)'],
    filters: ['length', 'first', 'last', 'join(",")', 'join', 'default("d", true)', 'dump', 'dump(2)', 'reverse', 'sort', 'sort(true)', 'sum', 'list', 'batch(2)', 'slice(2)', 'select("odd")', 'reject("even")', 'select', 'groupby("length")', 'string'],
  },
  {
    values: ['n', 'half', 'negative', 'one', 'zero', '3', '(n / 3)', 'list[0]', 'list.length', '(1 / 3)'],
    methods: ['toFixed(2)', 'toString()', 'toString(16)', 'toPrecision(3)', 'toFixed()'],
    filters: ['abs', 'int', 'float', 'round', 'round(1)', 'round(0, "floor")', 'string', 'default(1)', 'dump'],
  },
  {
    values: ['people', 'people | sort(attribute="name")'],
    methods: ['length', 'slice(1)', 'at(0)'],
    filters: ['groupby("age")', 'selectattr("active")', 'rejectattr("active")', 'sort(attribute="name")', 'sort(true, false, "age")', 'join(",", "name")', 'sum("age")', 'dump', 'length', 'first'],
  },
  { values: ['user', 'indexed', 'people[0]', '{a: 1, b: n}'], methods: ['name', 'a', 'b'], filters: ['dictsort', 'dump', 'list', 'length', 'default(1)', 'urlencode'] },
];
const anyFilter = kinds.flatMap((kind) => kind.filters).concat('nosuch');
const anyMethod = kinds.flatMap((kind) => kind.methods).concat('nope()');
const tests = ['defined', 'undefined', 'even', 'odd', 'number', 'string', 'null', 'none', 'mapping', 'truthy', 'falsy', 'divisibleby(2)', 'eq(1)', 'gt(1)', 'not defined', 'escaped', 'sameas(n)', 'nosuch'];
const binary = ['+', '-', '*', '/', '//', '%', '**', '~', '==', '!=', '===', '!==', '<', '<=', '>', '>=', 'and', 'or', 'and', 'or'];
const containers = ['list', 'words', 'name', 'user', '[1, "a", n]'];
const texts = ['', ' ', '\n', '  \n', 'text', ' - ', '\n  key: ', 'é', '{', '}', '$', '"', '\t', ': \n', '\r\n', '{ x }', '%}'];

export function* generated(count, seed) {
  const next = random(seed);
  const pick = (from) => from[Math.floor(next() * from.length)];
  const chance = (probability) => next() < probability;

  const expression = (depth) => {
    const kind = depth <= 0 ? next() * 0.4 : next();
    if (kind < 0.28) return pick(names);
    if (kind < 0.4) return pick(literals);
    if (kind < 0.48) return `${expression(depth - 1)}.${pick(members)}`.replace(/^(\d+)\./, '($1).');
    if (kind < 0.53) return `${expression(depth - 1)}[${chance(0.7) ? expression(depth - 2) : `${pick(['', '0', '1', '-1'])}:${pick(['', '2', '-1'])}${pick(['', ':2', ':-1'])}`}]`;
    if (kind < 0.72) {
      const kindOf = pick(kinds);
      if (chance(0.08)) return `(${expression(depth - 1)}).${pick(anyMethod)}`;
      if (chance(0.1)) return `${expression(depth - 1)} | ${pick(anyFilter)}`;
      return chance(0.4) ? `(${pick(kindOf.values)}).${pick(kindOf.methods)}` : `${pick(kindOf.values)} | ${pick(kindOf.filters)}`;
    }
    if (kind < 0.77) return `${expression(depth - 1)} is ${pick(tests)}`;
    if (kind < 0.88) return `${expression(depth - 1)} ${pick(binary)} ${expression(depth - 1)}`;
    if (kind < 0.89) return `${expression(depth - 1)} ${pick(['in', 'not in'])} ${pick(containers)}`;
    if (kind < 0.9) return `not ${expression(depth - 1)}`;
    if (kind < 0.92) return `-${expression(depth - 1)}`;
    if (kind < 0.94) return `${expression(depth - 1)} if ${expression(depth - 1)}${chance(0.7) ? ` else ${expression(depth - 1)}` : ''}`;
    if (kind < 0.96) return `[${expression(depth - 1)}, ${expression(depth - 1)}]`;
    if (kind < 0.975) return `{a: ${expression(depth - 1)}, "b": ${expression(depth - 1)}}`;
    if (kind < 0.985) return `range(${expression(0)})`;
    return `(${expression(depth - 1)})`;
  };

  const open = () => (chance(0.15) ? '{%-' : '{%');
  const close = () => (chance(0.15) ? '-%}' : '%}');
  const tag = (content) => `${open()} ${content} ${close()}`;
  const safely = (value) => value.replaceAll('}}', '} }').replaceAll('%}', '% }');

  const body = (depth) => {
    let out = '';
    for (let parts = 1 + Math.floor(next() * 3); parts > 0; parts -= 1) out += pick(texts) + statement(depth);
    return out + pick(texts);
  };

  const statement = (depth) => {
    const kind = depth <= 0 ? 0 : next();
    if (kind < 0.45) return `\${{${chance(0.1) ? '-' : ''} ${safely(expression(3))} ${chance(0.1) ? '-' : ''}}}`;
    if (kind < 0.57) return `${tag(`if ${safely(expression(2))}`)}${body(depth - 1)}${chance(0.3) ? `${tag(`elif ${safely(expression(2))}`)}${body(depth - 1)}` : ''}${chance(0.5) ? `${tag('else')}${body(depth - 1)}` : ''}${tag('endif')}`;
    if (kind < 0.7) return `${tag(`for ${pick(['i', 'a', 'a, b', 'n', 'i, a, b'])} in ${safely(expression(1))}`)}${body(depth - 1)}${chance(0.3) ? `${tag('else')}${body(depth - 1)}` : ''}${tag('endfor')}`;
    if (kind < 0.79) return tag(`set ${pick(['a', 'b', 'n', 'list', 'a, b'])} = ${safely(expression(2))}`);
    if (kind < 0.82) return `${tag(`set ${pick(['a', 'b'])}`)}${body(depth - 1)}${tag('endset')}`;
    if (kind < 0.87) return `${tag(`macro ${pick(['m', 'm2'])}(${pick(['', 'a', 'a, b=1', 'b="x"', 'n, a'])})`)}${body(depth - 1)}${tag('endmacro')}\${{ m(${pick(['', '1', 'b=2', 'n, 3', 'list'])}) }}`;
    if (kind < 0.89) return `${tag(`call ${pick(['', '(i) '])}m(${pick(['', '1'])})`)}${body(depth - 1)}${tag('endcall')}`;
    if (kind < 0.92) return `${tag(`filter ${pick(kinds[0].filters)}`)}${body(depth - 1)}${tag('endfilter')}`;
    if (kind < 0.94) return `${tag('raw')}${pick(texts)}\${{ x }}{% endraw %}`;
    if (kind < 0.96) return `{#${chance(0.3) ? '-' : ''} comment ${chance(0.3) ? '-' : ''}#}`;
    if (kind < 0.975) return `${tag(`switch ${expression(1)}`)}${tag(`case ${expression(0)}`)}${body(depth - 1)}${tag(`case ${expression(0)}`)}${tag('default')}${body(depth - 1)}${tag('endswitch')}`;
    if (kind < 0.985) return `${tag(`block b${Math.floor(next() * 1000)}`)}${body(depth - 1)}${tag('endblock')}`;
    if (chance(0.6)) return '${{ n }}';
    return `{# c #}${tag(pick(['endif', 'else', 'include "x"', 'nosuch', 'for i', 'if']))}`;
  };

  for (let index = 0; index < count; index += 1) {
    const trim = chance(0.3);
    yield [body(2), trim ? { trimBlocks: true, lstripBlocks: true } : {}];
  }
}
