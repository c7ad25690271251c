import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import appModuleUserSettings from '@backstage/plugin-app-module-user-settings';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import catalogImportPlugin from '@backstage/plugin-catalog-import/alpha';
import kubernetesPlugin from '@backstage/plugin-kubernetes/alpha';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import searchPlugin from '@backstage/plugin-search/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';

const may = (permission: string) => ({
  permissions: { $contains: permission },
});

/** Who may start tasks sees their own; who may only read them (approvers, auditors) sees others'. */
const seesTasks = {
  $any: [may('scaffolder.task.create'), may('scaffolder.task.read')],
};

/** Backstage's own plugins, with what the caller may not use left out. */
export const upstream = [
  apiDocsPlugin,
  appModuleUserSettings,
  catalogPlugin,
  catalogGraphPlugin,
  catalogImportPlugin.withOverrides({
    extensions: [
      catalogImportPlugin
        .getExtension('page:catalog-import')
        .override({ if: may('catalog.location.create') }),
    ],
  }),
  kubernetesPlugin.withOverrides({
    extensions: [
      kubernetesPlugin
        .getExtension('entity-content:kubernetes/kubernetes')
        .override({
          if: {
            $all: [
              may('kubernetes.clusters.read'),
              may('kubernetes.resources.read'),
            ],
          },
        }),
    ],
  }),
  notificationsPlugin,
  orgPlugin,
  scaffolderPlugin.withOverrides({
    extensions: [
      scaffolderPlugin
        .getExtension('page:scaffolder')
        .override({ if: seesTasks }),
      scaffolderPlugin
        .getExtension('sub-page:scaffolder/templates')
        .override({ if: may('scaffolder.task.create') }),
      scaffolderPlugin
        .getExtension('sub-page:scaffolder/tasks')
        .override({ if: seesTasks }),
      scaffolderPlugin
        .getExtension('sub-page:scaffolder/actions')
        .override({ if: may('scaffolder.action.execute') }),
      scaffolderPlugin
        .getExtension('sub-page:scaffolder/templating-extensions')
        .override({ if: may('scaffolder.action.execute') }),
      scaffolderPlugin
        .getExtension('entity-icon-link:scaffolder/launch-template')
        .override({ if: may('scaffolder.task.create') }),
      scaffolderPlugin
        .getExtension('sub-page:scaffolder/editor')
        .override({ if: may('scaffolder.template.management') }),
    ],
  }),
  searchPlugin,
  signalsPlugin,
  techdocsPlugin,
  userSettingsPlugin.withOverrides({
    extensions: [
      // There is one way to sign in, and no other account to connect.
      userSettingsPlugin
        .getExtension('sub-page:user-settings/auth-providers')
        .override({ disabled: true }),
    ],
  }),
];
