import {
  ApiBlueprint,
  createFrontendModule,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { HomeCardBlueprint } from '@devplatform/portal-react';
import HistoryIcon from '@material-ui/icons/History';
import { ArgoCdClient, argoCdApiRef } from './argocd';
import { HistoryClient, historyApiRef } from './history';
import { provisioningOf } from './provisioning';

const argoCdApi = ApiBlueprint.make({
  name: 'argocd',
  params: defineParams =>
    defineParams({
      api: argoCdApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new ArgoCdClient(fetchApi),
    }),
});

const historyApi = ApiBlueprint.make({
  name: 'history',
  params: defineParams =>
    defineParams({
      api: historyApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new HistoryClient(fetchApi),
    }),
});

const ARGO_CD = [
  'argocd/app-name',
  'argocd/app-selector',
  'devplatform.io/argocd-app',
];

const argoCdCard = EntityCardBlueprint.make({
  name: 'argocd',
  params: {
    filter: entity =>
      ARGO_CD.some(name => name in (entity.metadata.annotations ?? {})),
    loader: () => import('./components/ArgoCdCard').then(m => <m.ArgoCdCard />),
  },
});

const provisioningCard = EntityCardBlueprint.make({
  name: 'provisioning',
  params: {
    filter: entity =>
      entity.kind === 'Resource' && provisioningOf(entity) !== undefined,
    loader: () =>
      import('./components/ProvisioningCard').then(m => <m.ProvisioningCard />),
  },
});

const historyContent = EntityContentBlueprint.make({
  name: 'history',
  params: {
    path: 'history',
    title: 'History',
    icon: <HistoryIcon fontSize="inherit" />,
    loader: () =>
      import('./components/HistoryContent').then(m => <m.HistoryContent />),
  },
});

const provisioningHomeCard = HomeCardBlueprint.make({
  name: 'provisioning',
  params: {
    loader: () =>
      import('./components/BeingProvisioned').then(m => <m.BeingProvisioned />),
  },
});

/** What the platform's tools say about an entity, as cards on its page. A tool that comes later adds a card here. */
export default createFrontendPlugin({
  pluginId: 'platform',
  title: 'Platform',
  extensions: [
    argoCdApi,
    historyApi,
    provisioningCard,
    argoCdCard,
    provisioningHomeCard,
  ],
});

/** Its tabs on entity pages; apart, so that its cards can come first on the overview and its tabs last. */
export const platformTabs = createFrontendModule({
  pluginId: 'platform',
  extensions: [historyContent],
});
