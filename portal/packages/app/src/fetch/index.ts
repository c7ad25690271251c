import { createFetchApi, FetchMiddlewares } from '@backstage/core-app-api';
import {
  ApiBlueprint,
  configApiRef,
  createFrontendModule,
  discoveryApiRef,
  fetchApiRef,
  identityApiRef,
} from '@backstage/frontend-plugin-api';
import { resumeStreams } from './resumeStreams';
import { retryReads } from './retry';

const fetchApi = ApiBlueprint.make({
  name: 'fetch',
  params: defineParams =>
    defineParams({
      api: fetchApiRef,
      deps: {
        configApi: configApiRef,
        discoveryApi: discoveryApiRef,
        identityApi: identityApiRef,
      },
      factory: ({ configApi, discoveryApi, identityApi }) =>
        createFetchApi({
          middleware: [
            resumeStreams,
            retryReads,
            FetchMiddlewares.resolvePluginProtocol({ discoveryApi }),
            FetchMiddlewares.injectIdentityAuth({
              config: configApi,
              identityApi,
            }),
          ],
        }),
    }),
});

export const fetchModule = createFrontendModule({
  pluginId: 'app',
  extensions: [fetchApi],
});
