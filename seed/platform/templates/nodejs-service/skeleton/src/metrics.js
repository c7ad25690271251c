const requests = new Map();

export function countRequest(code) {
  requests.set(code, (requests.get(code) ?? 0) + 1);
}

/** Prometheus' text format. */
export function metrics() {
  const lines = ['# HELP http_requests_total Requests that were answered.', '# TYPE http_requests_total counter'];
  for (const [code, count] of requests) {
    lines.push(`http_requests_total{code="${code}"} ${count}`);
  }

  lines.push(
    '# HELP process_resident_memory_bytes Memory in use.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
  );
  return `${lines.join('\n')}\n`;
}
