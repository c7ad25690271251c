// Templates made by combining: every filter, method and operator with inputs of every kind.
const inputs = ['missing', 'nothing', 'yes', 'no', 'zero', 'n', 'negative', 'half', 'empty', 'name', 'text', 'lines', 'spaced', 'html', 'unicode', 'url', 'quote', 'numeric', 'hex', 'float', 'list', 'words', 'nested', 'mixed', 'emptyList', 'user', 'people', 'arrayLike', 'indexed', 'emptyRecord', '(html | safe)', '("" | safe)', 'r/a/', 'range'];

const filters = [
  'abs', 'batch(2)', 'batch(2, "x")', 'batch(0)', 'capitalize', 'center', 'center(20)', 'center(9)', 'd("x")', 'default("x")', 'default("x", true)', 'default', 'dictsort', 'dictsort(true)', 'dictsort(false, "value")', 'dictsort(false, "other")',
  'dump', 'dump(2)', 'dump("--")', 'dump(0)', 'dump(20)', 'e', 'escape', 'forceescape', 'safe', 'first', 'last', 'float', 'float(7)', 'int', 'int(7)', 'int(0, 16)', 'int(default=3)', 'int(base=8)', 'groupby("age")', 'groupby("team.id")', 'groupby', 'indent', 'indent(2)', 'indent(2, true)', 'join', 'join(",")', 'join("-", "name")', 'join(1)',
  'length', 'list', 'lower', 'upper', 'nl2br', 'reject("odd")', 'select', 'select("even")', 'select("nosuch")', 'select("gt", 1)', 'selectattr("active")', 'rejectattr("active")', 'selectattr("nosuch")', 'replace("a", "b")', 'replace("o", "0", 1)', 'replace("", "-")', 'replace("x")', 'replace(4, 5)', 'replace(r/[ao]/g, "_")', 'reverse', 'round', 'round(1)', 'round(0, "ceil")', 'round(1, "floor")', 'round(-1)',
  'slice(2)', 'slice(2, "x")', 'slice(0)', 'sort', 'sort(true)', 'sort(false, true)', 'sort(attribute="name")', 'sort(reverse=true, attribute="age")', 'sort(false, false, "team.id")', 'string', 'striptags', 'striptags(true)', 'sum', 'sum("age")', 'sum(start=2)', 'sum("age", 10)', 'title', 'trim', 'truncate(12)', 'truncate(12, true)', 'truncate(12, false, "~")', 'truncate(5, true, "")', 'truncate', 'urlencode', 'urlize', 'urlize(5)', 'urlize(10, true)', 'wordcount', 'nosuch', 'length | string', 'sort | join("|")', 'list | length', 'dump | length', 'string | upper | replace("A", "4")',
];

const methods = {
  text: ['charAt(1)', 'charAt()', 'charAt(-1)', 'charCodeAt(0)', 'charCodeAt(99)', 'concat("x", 1, none)', 'endsWith("s")', 'endsWith("r", 2)', 'includes("rd")', 'includes("o", 1)', 'includes("")', 'indexOf("r")', 'indexOf("", 99)', 'indexOf("r", 2)', 'lastIndexOf("r")', 'lastIndexOf("r", 0)', 'lastIndexOf("")', 'replace("r", "[$&]")', 'replace("zz", "y")', 'replace("")', 'slice(1)', 'slice(-2)', 'slice(1, -1)', 'slice(3, 1)', 'slice()', 'split("r")', 'split("")', 'split()', 'split("r", 1)', 'split("", -1)', 'startsWith("or")', 'startsWith("r", 1)', 'substring(2)', 'substring(4, 1)', 'substring(-3, 2)', 'toLowerCase()', 'toUpperCase()', 'trim()', 'trimStart()', 'trimEnd()', 'trim(1)', 'padStart(3)', 'at(0)', 'length()', 'repeat(3)', 'match("x")'],
  number: ['toFixed(2)', 'toFixed()', 'toFixed(101)', 'toFixed(-1)', 'toPrecision(3)', 'toPrecision()', 'toPrecision(0)', 'toExponential(2)', 'toExponential()', 'toString()', 'toString(2)', 'toString(16)', 'toString(36)', 'toString(1)', 'toLocaleString()', 'valueOf()'],
  list: ['at(0)', 'at(-1)', 'at(9)', 'concat([1], 2)', 'copyWithin(0, 1)', 'copyWithin(1, 0, 2)', 'fill(0)', 'fill(7, 1, 2)', 'flat()', 'flat(9)', 'includes(1)', 'includes(none)', 'includes(1, 2)', 'indexOf(1)', 'indexOf(1, -1)', 'join()', 'join("-")', 'join(none)', 'lastIndexOf(1)', 'lastIndexOf(1, 0)', 'pop()', 'push(4)', 'push()', 'reverse()', 'shift()', 'slice(1)', 'slice(-1)', 'slice(0, -1)', 'sort()', 'splice(1, 1)', 'splice(0, 1, "x", "y")', 'splice(1)', 'splice()', 'splice(-1, 5)', 'unshift(0)', 'append(1)', 'map(range)', 'at()', 'push(range)'],
};
const receivers = { text: ['name', 'empty', 'spaced', 'unicode'], number: ['n', 'half', 'negative', 'big', 'tiny', '(1 / 3)', '255.5', '(0 / 0)', '1.005', '2.5', '1234.5678'], list: ['list', 'words', 'nested', 'mixed', 'emptyList'] };

const operands = ['missing', 'nothing', 'yes', 'zero', 'n', 'half', 'empty', 'name', 'numeric', 'list', 'emptyList', 'user', '("7" | safe)', '[5]'];
const operators = ['+', '-', '*', '/', '//', '%', '**', '~', '==', '===', '!=', '<', '>=', 'and', 'or', 'in'];

export function* combinations() {
  for (const filter of filters) for (const input of inputs) yield '${{ ' + input + ' | ' + filter + ' }}';
  for (const kind of Object.keys(methods)) for (const method of methods[kind]) for (const receiver of receivers[kind]) {
    yield kind === 'list' ? '{% set l = ' + receiver + ' %}${{ l.' + method + ' | dump }} ${{ l | dump }}' : '${{ ' + receiver + '.' + method + ' }}';
  }
  for (const operator of operators) for (const left of operands) for (const right of operands) yield '${{ ' + left + ' ' + operator + ' ' + right + ' }}';
  for (const number of ['1', '10', '123', '1.5', '100000', '123456.789', '0.000001', '0.0000015', '1234567890123456789', '4.35', '1.1', '33.333333333333336', '9007199254740993', '5000000000000000000000', '0.1', '1.7976931348623157'])
    for (const scale of ['', ' * 10 ** 15', ' * 10 ** 21', ' / 10 ** 7', ' * 10 ** 300 * 10 ** 8', ' / 10 ** 300 / 10 ** 20']) yield '${{ ' + number + scale + ' }}';
}

// Templates whose single expression keeps its type.
export const values = ['${{ n }}', '${{ list }}', '${{ user }}', '${{ yes }}', '${{ nothing }}', '${{ missing }}', '${{ n }} ', ' ${{ n }}', '${{ n }}${{ n }}', '{# c #}${{ n }}', '{% set x = 1 %}${{ x }}', '{% filter upper %}a{% endfilter %}', '${{ "x" | safe }}', '${{ [missing, 1] }}', '${{ {a: missing, b: 1} }}', '${{ r/a/g }}', '${{ 0 / 0 }}', '${{ n == 42 }}', '${{ people | selectattr("active") }}', '${{ user.roles }}', '${{ n if no }}', '${{ range(3) }}', '${{ range }}', '${{ list.slice(1) }}', '${{ indexed }}', '${{ n | nosuch }}', '${{ n', 'plain', '', '${{- n -}}', '${{ "a" ~ n }}', '{% if yes %}${{ n }}{% endif %}', '${{ (list, user) }}', '${{ [[1], {a: [none]}] }}', '{% raw %}x{% endraw %}'];
