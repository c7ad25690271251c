// What older releases of Backstage rendered (with nunjucks), beyond what today's engine takes: tags, tests, filters, methods, literals.
export const older = [
  // Tags
  '{% asyncEach i in list %}${{ i }}{% endeach %}', '{% asyncAll i in list %}${{ i }}{% endall %}', '{% ifAsync yes %}a{% endif %}', '{% include "a.html" %}', '{% include "a.html" ignore missing %}', '{% import "a.html" as a %}', '{% from "a.html" import b %}', '{% extends "a.html" %}',
  '{% block a %}x${{ super() }}{% endblock %}', '{% verbatim %}${{ x }}{% endverbatim %}', '{% raw %}${{ x }}{% endraw %}', '{% set a = b = 1 %}${{ a }}', '{% set a %}${{ n }}{% endset %}${{ a }}', '{% if yes %}{% macro m(x) %}[${{ x }}]{% endmacro %}${{ m(1) }}{% endif %}', '{% for i in list %}{% macro m(x) %}[${{ x }}]{% endmacro %}${{ m(i) }}{% endfor %}',
  '{% switch n %}{% case 1 %}a{% case 42 %}b{% endswitch %}', '{% elseif yes %}', '{% if no %}{% elseif yes %}a{% endif %}', '{% do list.push(1) %}', '{% with a = 1 %}${{ a }}{% endwith %}', '{% autoescape false %}x{% endautoescape %}', '{% trans %}x{% endtrans %}',
  // Loops
  '{% for i in list %}${{ loop.index }}/${{ loop.length }}:${{ loop.revindex }}${{ loop.revindex0 }}${{ loop.first }}${{ loop.last }} {% endfor %}', '{% for k, v in user %}${{ k }}{% endfor %}', '{% for i in list %}${{ loop.previtem }}{% endfor %}', '{% for i in list %}${{ loop.cycle("a", "b") }}{% endfor %}', '{% for i in list if i > 1 %}${{ i }}{% endfor %}', '{% for c in name %}${{ c }}.{% endfor %}',
  // Tests
  ...['callable', 'defined', 'divisibleby(2)', 'divisibleby 2', 'escaped', 'equalto(42)', 'eq 42', 'sameas(n)', 'even', 'falsy', 'ge(1)', 'greaterthan(1)', 'gt(1)', 'le(1)', 'lessthan(1)', 'lt(1)', 'lower', 'ne(1)', 'null', 'none', 'number', 'odd', 'string', 'truthy', 'undefined', 'upper', 'iterable', 'mapping', 'sequence', 'boolean', 'integer', 'in(list)'].map((test) => '${{ n is ' + test + ' }}'),
  '${{ name is lower }}${{ name is upper }}', '${{ list is iterable }}', '${{ user is mapping }}', '${{ range is callable }}', '${{ n is not odd }}',
  // Filters
  ...['map("upper") | join', 'map(attribute="name")', 'unique', 'format("x")', 'count', 'min', 'max', 'tojson', 'items', 'filesizeformat', 'pprint', 'wordwrap(3)', 'xmlattr', 'lower', 'd("x")', 'e', 'forceescape', 'attr("name")', 'b64encode', 'yaml', 'toyaml'].map((filter) => '${{ words | ' + filter + ' }}'),
  '${{ [7] | random }}', '${{ "%s is %s" | format("a", "b") }}', '${{ people | map(attribute="name") | join }}', '${{ 5 | upper }}', '${{ missing | upper }}|', '${{ missing | length }}', '${{ nothing | trim }}|', '${{ list | first | string }}',
  // Globals
  '{% set c = cycler("a", "b") %}${{ c.next() }}${{ c.next() }}${{ c.next() }}${{ c.current }}', '{% set j = joiner(", ") %}${{ j() }}a${{ j() }}b', '${{ range(3) | join }}', '${{ lipsum(1) }}', '${{ dict(a=1) }}', '${{ namespace(a=1).a }}',
  // Methods and literals
  '${{ name.padStart(8, "-") }}', '${{ name.padEnd(8, "-") }}', '${{ name.repeat(2) }}', '${{ name.match(r/e/) }}', '${{ name.at(0) }}', '${{ list.filter(range) }}', '${{ list.map(range) }}', '${{ user.hasOwnProperty("name") }}', '${{ name.toString() }}', '${{ n.valueOf() }}', '${{ name.codePointAt(0) }}', '${{ name.localeCompare("a") }}', '${{ name.replaceAll("r", "x") }}', '${{ name.constructor("return 1")() }}',
  '${{ 1e3 }}', '${{ 0x10 }}', '${{ 1_000 }}', '${{ .5 }}', '${{ 1. }}', '${{ True }}|${{ False }}|${{ None }}', '${{ null }}', '${{ undefined }}|', "${{ 'a' 'b' }}", '${{ (1, 2) }}', '${{ a = 1 }}', '${{ yes ? 1 : 2 }}', '${{ not not yes }}', '${{ - -1 }}', '${{ +n }}', '${{ list[0:2] }}', '${{ list[-1] }}', '${{ name[0] }}', '${{ `x` }}', '${{ yes && no }}', '${{ yes || no }}', '${{ !yes }}', '${{ x => x }}', '${{ [...list] }}', '${{ list | join: "," }}',
];
