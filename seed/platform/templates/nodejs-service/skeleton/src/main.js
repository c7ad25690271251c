import { createService } from './service.js';

const server = createService();
server.listen(Number(process.env.PORT ?? ${{ values.port }}));

// Kubernetes asks politely first: what has begun is finished.
process.on('SIGTERM', () => server.close());
