import { Entity } from '@backstage/catalog-model';
import { progressOf, provisioningOf, STATIONS } from './provisioning';

const resource = (annotations: Record<string, string>, status?: object) =>
  ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name: 'orders-db', annotations },
    ...(status && { status }),
  } as Entity);

describe('provisioningOf', () => {
  it('is what the cluster says', () => {
    const state = { state: 'Ready', claim: 'team-orders/orders-db' };
    expect(provisioningOf(resource({}, { resource: state }))).toEqual(state);
  });

  it('is requested while the cluster has not said anything', () => {
    const claim = 'team-orders/orders-db';
    expect(provisioningOf(resource({ 'devplatform.io/claim': claim }))).toEqual(
      { state: 'Requested', claim },
    );
  });

  it('is nothing for a resource that nothing provisions', () => {
    expect(provisioningOf(resource({}))).toBeUndefined();
  });
});

it('is at the end when ready, at the last station when degraded', () => {
  expect(progressOf('Ready')).toBe(STATIONS.length);
  expect(progressOf('Degraded')).toBe(2);
  expect(progressOf('Provisioning')).toBe(1);
});
