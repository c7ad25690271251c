import {
  AppRootElementBlueprint,
  createFrontendModule,
  PageLayout,
} from '@backstage/frontend-plugin-api';
import { SwappableComponentBlueprint } from '@backstage/plugin-app-react';
import { GlobalStyles } from './GlobalStyles';

const pageLayout = SwappableComponentBlueprint.make({
  name: 'core-page-layout',
  params: define =>
    define({
      component: PageLayout,
      loader: () => import('./PortalPageLayout').then(m => m.PortalPageLayout),
    }),
});

const globalStyles = AppRootElementBlueprint.make({
  name: 'global-styles',
  params: { element: <GlobalStyles /> },
});

export const layoutModule = createFrontendModule({
  pluginId: 'app',
  extensions: [pageLayout, globalStyles],
});
