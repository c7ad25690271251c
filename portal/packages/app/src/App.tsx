import { createApp } from '@backstage/frontend-defaults';
import accessPlugin from '@devplatform/plugin-access';
import auditPlugin from '@devplatform/plugin-audit';
import homePlugin from '@devplatform/plugin-home';
import platformPlugin, { platformTabs } from '@devplatform/plugin-platform';
import toolsPlugin from '@devplatform/plugin-tools';
import { capabilitiesModule } from '@devplatform/portal-react';
import { authModule } from './auth';
import { fetchModule } from './fetch';
import { layoutModule } from './layout';
import { navModule } from './nav';
import { upstream } from './upstream';

export default createApp({
  features: [
    // Their cards stand first on entity pages.
    platformPlugin,
    accessPlugin,
    ...upstream,
    homePlugin,
    toolsPlugin,
    auditPlugin,
    platformTabs,
    authModule,
    capabilitiesModule,
    fetchModule,
    layoutModule,
    navModule,
  ],
});
