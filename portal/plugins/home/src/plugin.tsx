import {
  coreExtensionData,
  createExtensionInput,
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { HomeCardBlueprint } from '@devplatform/portal-react';
import HomeIcon from '@material-ui/icons/Home';

const rootRouteRef = createRouteRef();

const homePage = PageBlueprint.makeWithOverrides({
  inputs: { cards: createExtensionInput([coreExtensionData.reactElement]) },
  factory(originalFactory, { inputs }) {
    return originalFactory({
      path: '/',
      title: 'Home',
      icon: <HomeIcon fontSize="inherit" />,
      routeRef: rootRouteRef,
      loader: async () => {
        const { HomePage } = await import('./components/HomePage');
        const cards = inputs.cards.map(card =>
          card.get(coreExtensionData.reactElement),
        );
        return <HomePage cards={cards} />;
      },
    });
  },
});

const announcements = HomeCardBlueprint.make({
  name: 'announcements',
  params: {
    loader: () =>
      import('./components/Announcements').then(m => <m.Announcements />),
  },
});

const tasks = HomeCardBlueprint.make({
  name: 'tasks',
  if: { permissions: { $contains: 'scaffolder.task.create' } },
  params: {
    loader: () => import('./components/MyTasks').then(m => <m.MyTasks />),
  },
});

const software = HomeCardBlueprint.make({
  name: 'software',
  params: {
    loader: () => import('./components/MySoftware').then(m => <m.MySoftware />),
  },
});

/** The page at `/`. Its cards come from whatever plugin has something to say there. */
export default createFrontendPlugin({
  pluginId: 'home',
  title: 'Home',
  icon: <HomeIcon fontSize="inherit" />,
  routes: { root: rootRouteRef },
  extensions: [homePage, announcements, software, tasks],
});
