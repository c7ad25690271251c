import { Entity } from '@backstage/catalog-model';

/** What the cluster says about a Resource: `status.resource` of its entity. */
export type Provisioning = {
  /** Requested, Provisioning, Ready, Degraded, Failed or Deleting. */
  state: string;
  message?: string;
  environment?: string;
  size?: string;
  claim?: string;
  since?: string;
  vaultPath?: string;
  connection?: { host?: string; port?: number; database?: string };
  backup?: { schedule?: string; lastSuccessful?: string };
};

const CLAIM = 'devplatform.io/claim';

/** The state of what a Resource's claim provisions; nothing for a Resource without a claim. */
export function provisioningOf(entity: Entity): Provisioning | undefined {
  const { resource } =
    (entity as { status?: { resource?: Provisioning } }).status ?? {};
  if (resource) {
    return resource;
  }
  const claim = entity.metadata.annotations?.[CLAIM];
  return claim ? { state: 'Requested', claim } : undefined;
}

/** The stations on the way, and how far a state is. */
export const STATIONS = ['Requested', 'Provisioning', 'Ready'] as const;

/** @returns the index of the station that is being worked on; past the last when all is done. */
export function progressOf(state: string): number {
  switch (state) {
    case 'Requested':
      return 1;
    case 'Ready':
      return STATIONS.length;
    case 'Degraded':
      return 2;
    default:
      return 1;
  }
}
