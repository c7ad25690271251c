import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { createFrontendModule, useApi } from '@backstage/frontend-plugin-api';
import {
  NavContentBlueprint,
  NavContentComponent,
} from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import { toolsApiRef } from '@devplatform/plugin-tools';
import { useLive } from '@devplatform/portal-react';
import MenuIcon from '@material-ui/icons/Menu';
import SearchIcon from '@material-ui/icons/Search';
import { Logo } from './Logo';

/** Pages in the order of the menu; after them the tool library, then the others by title. */
const ORDER = [
  'page:home',
  'page:catalog',
  'page:api-docs',
  'page:techdocs',
  'page:scaffolder',
  'page:access',
];

const NavContent: NavContentComponent = ({ navItems }) => {
  const tools = useApi(toolsApiRef);
  const openable = useLive(() => tools.list(), [tools]).value;
  const nav = navItems.withComponent(item => (
    <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
  ));
  // Reached in other ways: the modal above, the bell and the avatar below, and buttons of the catalog.
  nav.take('page:search');
  nav.take('page:notifications');
  nav.take('page:catalog-import');
  nav.take('page:catalog-graph');
  const settings = nav.take('page:user-settings');
  const toolsItem = nav.take('page:tools');
  const menu = [
    ...ORDER.map(id => nav.take(id)),
    openable?.length ? toolsItem : null,
    ...nav.rest({ sortBy: 'title' }),
  ];
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
