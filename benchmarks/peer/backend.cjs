// A Backstage backend without development tooling: what `backstage-cli package start` would run in production.
const { createBackend } = require('@backstage/backend-defaults');

const plugins = [
  'auth-backend',
  'auth-backend-module-guest-provider',
  'catalog-backend',
  'catalog-backend-module-logs',
  'catalog-backend-module-scaffolder-entity-model',
  'notifications-backend',
  'permission-backend',
  'permission-backend-module-allow-all-policy',
  'proxy-backend',
  'scaffolder-backend',
  'search-backend',
  'search-backend-module-catalog',
  'search-backend-module-pg',
  'search-backend-module-techdocs',
  'signals-backend',
  'techdocs-backend',
  'user-settings-backend',
];

const backend = createBackend();
for (const plugin of plugins) {
  const module = require(`@backstage/plugin-${plugin}`);
  backend.add(module.default ?? module);
}

backend.start();
