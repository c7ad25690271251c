import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { HomeCardBlueprint } from '@devplatform/portal-react';
import VpnKeyIcon from '@material-ui/icons/VpnKey';
import { AccessClient, accessApiRef } from './api';
import { approvalsRouteRef, requestsRouteRef, rootRouteRef } from './routes';

const accessApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: accessApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AccessClient(fetchApi),
    }),
});

const accessPage = PageBlueprint.make({
  if: { permissions: { $contains: 'access.request.read' } },
  params: {
    path: '/access',
    title: 'Access',
    icon: <VpnKeyIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
  },
});

const requestsSubPage = SubPageBlueprint.make({
  name: 'requests',
  params: {
    path: 'requests',
    title: 'My requests',
    routeRef: requestsRouteRef,
    loader: () =>
      import('./components/RequestsPage').then(m => <m.RequestsPage />),
  },
});

const approvalsSubPage = SubPageBlueprint.make({
  name: 'approvals',
  if: { permissions: { $contains: 'access.request.review' } },
  params: {
    path: 'approvals',
    title: 'Approvals',
    routeRef: approvalsRouteRef,
    loader: () =>
      import('./components/ApprovalsPage').then(m => <m.ApprovalsPage />),
  },
});

const sessionsSubPage = SubPageBlueprint.make({
  name: 'sessions',
  params: {
    path: 'sessions',
    title: 'Active sessions',
    loader: () =>
      import('./components/SessionsPage').then(m => <m.SessionsPage />),
  },
});

const historySubPage = SubPageBlueprint.make({
  name: 'history',
  params: {
    path: 'history',
    title: 'History',
    loader: () =>
      import('./components/HistoryPage').then(m => <m.HistoryPage />),
  },
});

const accessEntityCard = EntityCardBlueprint.make({
  if: { permissions: { $contains: 'access.request.create' } },
  params: {
    filter: { kind: { $in: ['resource', 'component'] } },
    loader: () => import('./components/AccessCard').then(m => <m.AccessCard />),
  },
});

const waitingHomeCard = HomeCardBlueprint.make({
  name: 'waiting',
  if: { permissions: { $contains: 'access.request.review' } },
  params: {
    loader: () =>
      import('./components/HomeCards').then(m => <m.WaitingForMe />),
  },
});

const accessHomeCard = HomeCardBlueprint.make({
  name: 'access',
  params: {
    loader: () => import('./components/HomeCards').then(m => <m.MyAccess />),
  },
});

/** Access that is asked for, approved, used and over. */
export default createFrontendPlugin({
  pluginId: 'access',
  title: 'Access',
  icon: <VpnKeyIcon fontSize="inherit" />,
  routes: {
    root: rootRouteRef,
    requests: requestsRouteRef,
    approvals: approvalsRouteRef,
  },
  extensions: [
    accessApi,
    accessPage,
    requestsSubPage,
    approvalsSubPage,
    sessionsSubPage,
    historySubPage,
    accessEntityCard,
    waitingHomeCard,
    accessHomeCard,
  ],
});
