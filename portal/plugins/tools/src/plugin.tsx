import {
  ApiBlueprint,
  createFrontendPlugin,
  createRouteRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { HomeCardBlueprint } from '@devplatform/portal-react';
import BuildIcon from '@material-ui/icons/Build';
import { ToolsClient, toolsApiRef } from './api';

const rootRouteRef = createRouteRef();

const toolsApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: toolsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new ToolsClient(fetchApi),
    }),
});

const seesLibrary = { permissions: { $contains: 'tool.library.read' } };

const toolsPage = PageBlueprint.make({
  if: seesLibrary,
  params: {
    path: '/tools',
    title: 'Tools',
    icon: <BuildIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    loader: () => import('./components/ToolsPage').then(m => <m.ToolsPage />),
  },
});

const toolsEntityContent = EntityContentBlueprint.make({
  if: seesLibrary,
  params: {
    path: 'tools',
    title: 'Tools',
    filter: { kind: { $in: ['component', 'resource', 'system', 'api'] } },
    loader: () =>
      import('./components/EntityTools').then(m => <m.EntityTools />),
  },
});

const favoritesHomeCard = HomeCardBlueprint.make({
  name: 'favorites',
  if: seesLibrary,
  params: {
    loader: () =>
      import('./components/FavoriteTools').then(m => <m.FavoriteTools />),
  },
});

/** The tool library: what the caller may open, and what of it an entity is in. */
export default createFrontendPlugin({
  pluginId: 'tools',
  title: 'Tools',
  icon: <BuildIcon fontSize="inherit" />,
  routes: { root: rootRouteRef },
  extensions: [toolsApi, toolsPage, toolsEntityContent, favoritesHomeCard],
});
