import { createApp } from '@backstage/frontend-defaults';
import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import appModuleUserSettings from '@backstage/plugin-app-module-user-settings';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import catalogImportPlugin from '@backstage/plugin-catalog-import/alpha';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import searchPlugin from '@backstage/plugin-search/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import { authModule } from './auth';
import { navModule } from './nav';

const upstream = [
  apiDocsPlugin,
  appModuleUserSettings,
  catalogPlugin,
  catalogGraphPlugin,
  catalogImportPlugin,
  notificationsPlugin,
  orgPlugin,
  scaffolderPlugin,
  searchPlugin,
  signalsPlugin,
  techdocsPlugin,
  userSettingsPlugin,
];

export default createApp({
  features: [...upstream, authModule, navModule],
});
