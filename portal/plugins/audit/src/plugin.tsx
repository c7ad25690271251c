import {
  ApiBlueprint,
  createFrontendPlugin,
  createRouteRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import VerifiedUserIcon from '@material-ui/icons/VerifiedUser';
import { AuditClient, auditApiRef } from './api';

const rootRouteRef = createRouteRef();

const auditApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: auditApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AuditClient(fetchApi),
    }),
});

const auditPage = PageBlueprint.make({
  if: { permissions: { $contains: 'audit.read' } },
  params: {
    path: '/audit',
    title: 'Audit',
    icon: <VerifiedUserIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    loader: () => import('./components/AuditPage').then(m => <m.AuditPage />),
  },
});

/** The audit trail: search it, prove it, take it along. */
export default createFrontendPlugin({
  pluginId: 'audit',
  title: 'Audit',
  icon: <VerifiedUserIcon fontSize="inherit" />,
  routes: { root: rootRouteRef },
  extensions: [auditApi, auditPage],
});
