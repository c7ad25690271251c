export { useLive } from './useLive';
export type { Live, LiveOptions } from './useLive';
export { useEvents } from './useEvents';
export type { ServerEvent } from './useEvents';
export { useLivePages } from './useLivePages';
export { useNow } from './useNow';
export { useAction } from './useAction';
