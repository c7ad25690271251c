import { createServer } from 'node:http';
import { countRequest, metrics } from './metrics.js';

const routes = {
  '/health/live': () => ({ status: 'ok' }),
  '/health/ready': () => ({ status: 'ok' }),
  '/api/hello': () => ({ message: 'Hello from ${{ values.name }}' }),
};

export function createService() {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/metrics') {
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(metrics());
      return;
    }

    const known = Object.hasOwn(routes, pathname);
    const status = !known ? 404 : request.method === 'GET' ? 200 : 405;
    const body = status === 200 ? routes[pathname]() : { error: `${request.method} ${pathname}: ${status}` };
    countRequest(status);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
}
