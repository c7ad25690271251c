export { default, platformTabs } from './plugin';
export { provisioningOf } from './provisioning';
export type { Provisioning } from './provisioning';
