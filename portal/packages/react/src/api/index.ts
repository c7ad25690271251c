export { PlatformClient, messageOf } from './PlatformClient';
export type { Page } from './PlatformClient';
export {
  capabilitiesApiRef,
  capabilitiesModule,
  useCapabilities,
} from './capabilities';
export type { Capabilities, CapabilitiesApi } from './capabilities';
