import {
  BreadcrumbEntry,
  PageLayoutProps,
  useBreadcrumbEntries,
} from '@backstage/frontend-plugin-api';
import { PluginHeader } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { NavLink, useResolvedPath } from 'react-router-dom';

const useStyles = makeStyles(theme => ({
  tabs: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    listStyle: 'none',
    margin: 0,
    padding: theme.spacing(1, 2.5, 0),
  },
  tab: {
    display: 'block',
    padding: theme.spacing(0.5, 0),
    borderBottom: '2px solid transparent',
    color: theme.palette.text.primary,
    textDecoration: 'none',
    '&:hover': { borderBottomColor: theme.palette.divider },
    '&[aria-current=page]': {
      borderBottomColor: 'currentColor',
      fontWeight: 600,
    },
  },
}));

/**
 * Backstage's page layout, but for the tabs: those of its header claim to control panels that are not there. They lead to other
 * addresses, so here they are what they are, links.
 */
export const PortalPageLayout = (props: PageLayoutProps) => {
  const classes = useStyles();
  const { title, icon, noHeader, titleLink, headerActions, tabs, children } =
    props;
  const parent = useResolvedPath('.').pathname.replace(/\/$/, '');
  const { items: breadcrumbs } = useBreadcrumbEntries();
  if (noHeader) {
    return <>{children}</>;
  }
  const content = (
    <>
      <PluginHeader
        title={title}
        icon={icon}
        titleLink={titleLink}
        breadcrumbs={breadcrumbs}
        customActions={headerActions}
      />
      {tabs && tabs.length > 1 && (
        <nav aria-label={title}>
          <ul className={classes.tabs}>
            {tabs.map(tab => (
              <li key={tab.id}>
                <NavLink
                  className={classes.tab}
                  to={
                    tab.href.startsWith('/')
                      ? tab.href
                      : `${parent}/${tab.href}`
                  }
                >
                  {tab.label}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {children}
    </>
  );
  return title ? (
    <BreadcrumbEntry
      entry={{ label: title, href: titleLink ?? (parent || '/') }}
    >
      {content}
    </BreadcrumbEntry>
  ) : (
    content
  );
};
