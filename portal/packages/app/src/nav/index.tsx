import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import {
  NavContentBlueprint,
  NavContentComponent,
} from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import { useCapabilities } from '@devplatform/portal-react';
import AssignmentIcon from '@material-ui/icons/Assignment';
import MenuIcon from '@material-ui/icons/Menu';
import SearchIcon from '@material-ui/icons/Search';
import { Logo } from './Logo';

/** Pages in the order of the menu; after them the others by title. */
const ORDER = [
  'page:home',
  'page:catalog',
  'page:api-docs',
  'page:techdocs',
  'page:scaffolder',
  'page:access',
  'page:tools',
];

const NavContent: NavContentComponent = ({ navItems }) => {
  const { known, may } = useCapabilities();
  const nav = navItems.withComponent(item => (
    <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
  ));
  // Reached in other ways: the modal above, the bell and the avatar below, and buttons of the catalog.
  nav.take('page:search');
  nav.take('page:notifications');
  nav.take('page:catalog-import');
  nav.take('page:catalog-graph');
  const settings = nav.take('page:user-settings');
  const pages = new Map(ORDER.map(id => [id, nav.take(id)]));
  if (pages.get('page:scaffolder') && !may('scaffolder.task.create')) {
    // Who only looks at tasks, to approve or audit them, finds nothing to create there.
    pages.set(
      'page:scaffolder',
      known ? (
        <SidebarItem icon={AssignmentIcon} to="/create/tasks" text="Tasks" />
      ) : null,
    );
  }
  const menu = [...pages.values(), ...nav.rest({ sortBy: 'title' })];
  return (
    <Sidebar>
      <Logo />
      <SidebarGroup label="Search" icon={<SearchIcon />} to="/search">
        <SidebarSearchModal />
      </SidebarGroup>
      <SidebarDivider />
      <SidebarGroup label="Menu" icon={<MenuIcon />}>
        <SidebarScrollWrapper>{menu}</SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <NotificationsSidebarItem />
      <SidebarGroup
        label="Settings"
        icon={<UserSettingsSignInAvatar />}
        to="/settings"
      >
        {settings}
      </SidebarGroup>
    </Sidebar>
  );
};

const navContent = NavContentBlueprint.make({
  params: { component: NavContent },
});

export const navModule = createFrontendModule({
  pluginId: 'app',
  extensions: [navContent],
});
