import { stringifyEntityRef } from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef, EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  Row,
  Rows,
  Section,
  State,
  useEvents,
  useLive,
} from '@devplatform/portal-react';
import { provisioningOf } from '../provisioning';

/** Resources of the caller's teams that are on their way, live. Nothing when none is. */
export const BeingProvisioned = () => {
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const live = useLive(
    async () => {
      const { ownershipEntityRefs } = await identity.getBackstageIdentity();
      const { items } = await catalog.getEntities({
        filter: {
          kind: 'resource',
          'metadata.annotations.devplatform.io/state': [
            'Provisioning',
            'Deleting',
          ],
          'relations.ownedBy': ownershipEntityRefs,
        },
      });
      return items;
    },
    [catalog, identity],
    { everyMs: 30_000 },
  );
  useEvents(
    'plugin://catalog/events?filter=kind=resource',
    ({ event }) => event !== 'heartbeat' && live.refresh(),
  );
  if (!live.value?.length) {
    return null;
  }
  return (
    <Section title="Being provisioned">
      <Rows>
        {live.value.map(entity => (
          <Row key={stringifyEntityRef(entity)}>
            <EntityRefLink entityRef={entity} />
            <State state={provisioningOf(entity)?.state ?? 'Provisioning'} />
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
